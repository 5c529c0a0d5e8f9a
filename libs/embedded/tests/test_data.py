"""`make reset` and `make down` act on what runs in this checkout, and on nothing else."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from embedded import births
from embedded.data import down, holder, reset
from embedded.trouble import Trouble

HOLDS = """
import fcntl, os, signal, sys
lock = open(sys.argv[1] + "/lock", "w+")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.write(str(os.getpid())); lock.flush()
print("held", flush=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.pause()
"""


@contextmanager
def running(data: Path):
    """A process that holds the data as `make run` does."""
    data.mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(data)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        try:
            yield program
        finally:
            program.kill()


def test_data_in_use_is_not_deleted(tmp_path):
    data = tmp_path / "data"
    with running(data) as program:
        (data / "kept").touch()

        with pytest.raises(Trouble, match=f"Process {program.pid} runs on .*make down"):
            reset(data)

        assert (data / "kept").exists()
        assert holder(data) == program.pid


def test_data_is_deleted_when_nothing_runs_on_it(tmp_path):
    data = tmp_path / "data"
    with running(data):
        pass

    assert reset(data) == f"deleted {data}"
    assert not data.exists()
    assert reset(data) == "there is no data"


def test_what_runs_is_asked_to_stop_and_waited_for(tmp_path):
    data = tmp_path / "data"
    with running(data) as program:
        ended = down_of_a_child(data, program)

        assert ended == f"process {program.pid} has ended; the data is kept in {data}"
        assert program.wait(10) == 0
        assert data.exists()
        assert holder(data) is None


def test_where_nothing_runs_nobody_is_stopped(tmp_path):
    left = tmp_path / "data"
    left.mkdir()
    (left / "lock").write_text(str(os.getpid()))

    assert down(left) == "nothing runs here"
    assert down(tmp_path / "none") == "nothing runs here"
    assert births.birth(os.getpid())


def down_of_a_child(data: Path, program: subprocess.Popen[str]) -> str:
    """A child that has ended stays until its parent looks: another process asks, as `make down` does."""
    asked = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"from pathlib import Path; from embedded.data import down; print(down(Path({str(data)!r})))",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    program.wait(20)
    return asked.communicate(timeout=20)[0].strip()
