"""Becomes the program it is given, after asking the kernel to kill it when its parent dies.

Run by path: `python -I -S tether.py PARENT PROGRAM ARGUMENT…`. The request survives `exec`, so the engine
itself carries it and no helper process stays behind.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> None:
    """Asks for the signal `number` when the thread that started this process ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def main(parent: int, argv: list[str]) -> None:
    die_with_parent(signal.SIGKILL)
    if os.getppid() == parent:
        os.execv(argv[0], argv)  # noqa: S606 - becoming the engine is this module's whole job


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
