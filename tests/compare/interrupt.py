"""interrupt.py WORDS COMMAND...: Ctrl-C once the command says WORDS on its terminal.

It must then say what it still waits for and exit with 130, having worked for no more than two seconds of processor time,
which other programs on the machine do not change.
"""

import os
import pty
import signal
import sys

TICKS = os.sysconf("SC_CLK_TCK")


def worked(pid):
    """Its processor time in seconds."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main(words, *command):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(command[0], command)
    seen, before = b"", None
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        seen += more
        if before is None and words.encode() in seen:
            before = worked(pid)
            os.kill(pid, signal.SIGINT)
    _, status, used = os.wait4(pid, 0)
    after = used.ru_utime + used.ru_stime
    assert before is not None, f"it never said {words}: {seen[-400:]}"
    assert os.waitstatus_to_exitcode(status) == 130, (status, seen[-400:])
    assert f"stopping after this: {words}".encode() in seen, f"what is it waiting for? {seen[-400:]}"
    assert after - before < 2, f"{words}: it worked for another {after - before:.1f} s"


main(*sys.argv[1:])
