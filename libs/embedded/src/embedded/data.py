"""`make reset` and `make down`: the data and the process of a `make run` in this checkout."""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from embedded import births, place
from embedded.trouble import Trouble, of_disk

PATIENCE = 60  # seconds for a graceful stop


def holder(data: Path) -> int | None:
    """The process that runs on `data` now, if there is one."""
    try:
        with (data / "lock").open("r+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read() or 0) or None
    except FileNotFoundError:
        pass
    return None


def reset(data: Path) -> str:
    """Deletes the data; raises Trouble while something runs on it."""
    if pid := holder(data):
        raise Trouble(f"Process {pid} runs on {data}", "stop it first: make down")
    if not data.exists():
        return "there is no data"
    try:
        shutil.rmtree(data)
    except OSError as error:
        raise of_disk(error, data) from error
    return f"deleted {data}"


def down(data: Path) -> str:
    """Asks the running process to stop and waits for it."""
    pid = holder(data)
    if pid is None:
        return "nothing runs here"
    born = births.birth(pid)
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while born and births.birth(pid) == born:
        if time.monotonic() > deadline:
            raise Trouble(f"Process {pid} did not end in {PATIENCE} s", f"kill -9 {pid}")
        time.sleep(0.1)
    return f"process {pid} has ended; the data is kept in {data}"


COMMANDS = {"reset": reset, "down": down}


def main() -> int:
    command = sys.argv[1]
    try:
        print(f"{command}: {COMMANDS[command](place.data_folder())}")
    except Trouble as trouble:
        print(f"{command}: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
