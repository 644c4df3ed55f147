"""The loops of a compiled kernel, and what is in them."""

from dataclasses import dataclass, field


@dataclass
class Instruction:
    """What matters of one: at most one of these kinds is set."""

    fma: bool = False
    barrier: bool = False
    load_bits: int = 0  # of a load from global memory
    local_bits: int = 0  # of a load from local memory
    jump: str = ""  # the label that it may go to
    counted: bool = True  # takes an issue slot that a multiply-add could have had
    loaded: frozenset = frozenset()  # registers that a load from global memory writes
    named: frozenset = frozenset()  # registers that it cannot do without, if known
    leaves: int = -1  # it waits until no more loads than these are under way


@dataclass
class Listing:
    """A kernel, instruction by instruction; labels say which one they stand before."""

    instructions: list = field(default_factory=list)
    labels: dict = field(default_factory=dict)

    def loops(self):
        """(first, last) of each loop: a jump back and what it goes to."""
        for last, instruction in enumerate(self.instructions):
            first = self.labels.get(instruction.jump, last + 1)
            if first <= last:
                yield first, last

    def inside(self, loop):
        return self.instructions[loop[0] : loop[1] + 1]

    def fmas(self, loop):
        return sum(i.fma for i in self.inside(loop))

    def issued(self, loop):
        return sum(i.counted for i in self.inside(loop))


@dataclass
class MainLoop:
    """The loop in which a kernel spends its time."""

    inner_share: float  # of multiply-adds among what its innermost loop issues
    share: float  # the same over a whole turn of the main loop
    load_bits: list  # of each load from global memory in a turn
    local_bits: list
    under_way: int  # loads from global memory at once, at most


def under_way(turn):
    """How many loads are asked for before one is waited for, at most. They come in the
    order in which they were asked for, and some are asked for a turn ahead."""
    waiting, most = [], 0
    for instruction in turn * 2:
        if instruction.leaves >= 0:
            waiting = waiting[max(len(waiting) - instruction.leaves, 0) :]
        for i in range(len(waiting) - 1, -1, -1):
            if waiting[i] & instruction.named:
                waiting = waiting[i + 1 :]
                break
        if instruction.load_bits:
            waiting.append(instruction.loaded)
            most = max(most, len(waiting))
    return most


def size(loop):
    return loop[1] - loop[0]


def is_within(loop, other):
    return loop != other and other[0] <= loop[0] and loop[1] <= other[1]


def main_loop(listing, products, staged):
    """The loop that multiplies what it loads: the one with most multiply-adds, among those
    with barriers if there are any. `products`: how many an item makes in a turn of it, some
    of them in turns of an inner loop. Not `staged`: it loads what it multiplies itself, and
    has no other inside. None if there is no such loop."""
    working = [
        loop
        for loop in listing.loops()
        if listing.fmas(loop) and any(i.load_bits for i in listing.inside(loop))
    ]
    if not staged:
        working = [
            loop
            for loop in working
            if not any(is_within(other, loop) for other in working)
            and not any(i.barrier for i in listing.inside(loop))
        ]
    with_barrier = [
        loop for loop in working if any(i.barrier for i in listing.inside(loop))
    ]
    if not working:
        return None
    # Blocks that the compiler moved make some jumps back look like loops around others.
    smallest = [
        loop
        for loop in with_barrier or working
        if not any(is_within(other, loop) for other in with_barrier or working)
    ]
    main = max(smallest, key=listing.fmas)
    inner = [
        loop
        for loop in listing.loops()
        if main[0] <= loop[0] and loop[1] <= main[1] and listing.fmas(loop)
    ]
    innermost = min(inner, key=size)
    issued, fmas = listing.issued(main), listing.fmas(main)
    for loop in inner:
        if loop != main:
            again = products // listing.fmas(loop) - 1
            issued += again * listing.issued(loop)
            fmas += again * listing.fmas(loop)
    return MainLoop(
        inner_share=listing.fmas(innermost) / listing.issued(innermost),
        share=fmas / issued,
        load_bits=[i.load_bits for i in listing.inside(main) if i.load_bits],
        local_bits=[i.local_bits for i in listing.inside(main) if i.local_bits],
        under_way=under_way(listing.inside(main)),
    )
