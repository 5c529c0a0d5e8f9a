"""Tells one process from another that later got the same number: by boot, number and start time."""

import contextlib
import os
import signal
import time
from pathlib import Path

# Fields of /proc/PID/stat, counted after "PID (name) "
STATE, THREADS, START_TIME = 3 - 3, 20 - 3, 22 - 3


def birth(pid: int) -> str | None:
    """What names the living process `pid` for ever ("boot:pid:start"), or None when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    # a dead main thread may leave others behind that still hold the ports
    gone = fields[STATE] in {"Z", "X"} and int(fields[THREADS]) <= 1
    return None if gone else f"{boot}:{pid}:{fields[START_TIME]}"


def end(born: str) -> None:
    """Kills the process named by `born`, if it is still that one, and waits until it is gone."""
    pid = int(born.split(":")[1])
    while birth(pid) == born:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
