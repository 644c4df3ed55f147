/* philox: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011): four words that depend on nothing but counter and key. Included by the kernel
 * files that draw numbers. lib/memory/random.c has it in plain C.
 *
 * WORD is uint, or a vector of them, which makes as many blocks side by side: each of the
 * four words of a block is a WORD of its own.
 */
#ifndef WORD
#define WORD uint
#endif

/* Both halves of m * x. Of vectors, which PAIRS takes for half as many of 64 bits, even and
 * odd lanes are multiplied apart, as CPUs do it: compilers widen whole vectors instead, and
 * narrow them again, which takes twice as many instructions. */
void halves(uint m, WORD x, WORD *high, WORD *low)
{
#ifdef PAIRS
    const PAIRS even = (AS_PAIRS(x) & 0xffffffffUL) * m, odd = (AS_PAIRS(x) >> 32) * m;

    *high = AS_WORDS(even >> 32 | (odd & 0xffffffff00000000UL));
    *low = AS_WORDS((even & 0xffffffffUL) | odd << 32);
#else
    *high = mul_hi((WORD)m, x);
    *low = m * x;
#endif
}

/* Takes the counter, and leaves the block in its place. */
void philox(WORD words[4], uint2 key)
{
    WORD w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
    uint k0 = key.s0, k1 = key.s1;

    for (int round = 0; round < 10; round++) {
        WORD high0, low0, high1, low1;

        halves(0xD2511F53u, w0, &high0, &low0);
        halves(0xCD9E8D57u, w2, &high1, &low1);
        w0 = high1 ^ w1 ^ k0, w1 = low1;
        w2 = high0 ^ w3 ^ k1, w3 = low0;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    words[0] = w0, words[1] = w1, words[2] = w2, words[3] = w3;
}
