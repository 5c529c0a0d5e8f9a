"""Becomes the program it is given, after asking the kernel to kill it when its parent dies.

It may open as many files as the machine lets this person: a shell's usual 1,024 are fewer than the
databases of a whole house need, and mongod panics when it gets no more.

Run by path: `python -I -S tether.py PARENT PROGRAM ARGUMENT…`. The request survives `exec`, so the engine
itself carries it and no helper process stays behind.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
MOST_FILES = 64_000
"""What MongoDB recommends; more is never asked for."""


def die_with_parent(number: int) -> None:
    """Asks for the signal `number` when the thread that started this process ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def open_many_files() -> None:
    """Raises this process's limit of open files as far as it may itself, never lowers it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(parent: int, argv: list[str]) -> None:
    die_with_parent(signal.SIGKILL)
    open_many_files()
    if os.getppid() == parent:
        os.execv(argv[0], argv)  # noqa: S606 - becoming the engine is this module's whole job


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
