"""An engine that cannot start says why in one line; one that does not answer is given up."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from embedded import births, tether
from embedded.process import EngineProcess, Recipe, common_trouble
from embedded.trouble import Trouble


def engine(home: Path, script: str, *, ready=lambda: False) -> EngineProcess:
    argv = [sys.executable, "-c", script]
    return EngineProcess(Recipe("mongod", argv, home=home, log=home / "log", ready=ready))


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object",
            "mongod needs the system library libcurl.so.4, which this machine lacks — install the package that holds libcurl.so.4, or give NHIPCAU_MONGO_URL and NHIPCAU_KAFKA",
        ),
        (
            "WiredTiger error (28) … No space left on device",
            "The disk that holds /data is full — free some space and start again",
        ),
        (
            "WT_PANIC … log server error: Too many open files",
            "mongod may not open as many files as it needs — raise the limit (ulimit -n 64000) and start again; the data is whole",
        ),
        (
            "java.net.BindException: Address already in use",
            "The port mongod was given is in use — start again",
        ),
    ],
)
def test_an_engine_that_ends_at_once_says_why_in_one_line(tmp_path, said, line):
    broken = engine(tmp_path, f"print({said!r}); raise SystemExit(1)")

    with pytest.raises(Trouble) as trouble:
        broken.start()

    assert str(trouble.value) == line.replace("/data", str(tmp_path))
    assert not (tmp_path / "process").exists()


def test_an_engine_that_ends_without_a_word_is_reported_with_its_logs(tmp_path):
    with pytest.raises(Trouble, match="mongod ended with code 3 while starting"):
        engine(tmp_path, "raise SystemExit(3)").start()


def test_an_engine_may_open_more_files_than_the_shell_it_was_started_from():
    of_the_shell, most = 512, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    shell = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({of_the_shell}, {most})); "
    starts = "os.execv(sys.executable, [sys.executable, sys.argv[1], str(os.getppid()), sys.executable, '-c', sys.argv[2]])"
    tells = "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"

    told = subprocess.check_output([sys.executable, "-c", shell + starts, tether.__file__, tells])

    assert int(told) == min(tether.MOST_FILES, most) > of_the_shell


def test_an_engine_that_is_killed_while_starting_is_reported_by_its_signal(tmp_path):
    with pytest.raises(Trouble, match="mongod ended with signal SIGKILL while starting"):
        engine(tmp_path, "import os; os.kill(os.getpid(), 9)").start()


def test_an_engine_that_never_answers_is_ended(tmp_path):
    silent = engine(tmp_path, "import time; time.sleep(600)")

    with pytest.raises(Trouble, match=r"did not answer within 0\.5 s"):
        silent.start(within=0.5)

    assert not silent.alive


def test_a_frozen_engine_that_ignores_the_request_to_end_is_killed(tmp_path):
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    stubborn = engine(tmp_path, script, ready=lambda: (tmp_path / "output.log").read_text() != "")
    stubborn.start()
    stubborn.pause()

    stubborn.stop(grace=0.2)

    assert not stubborn.alive
    assert births.birth(stubborn.pid) is None


def test_all_signals_to_an_engine_that_is_gone_are_quiet(tmp_path):
    gone = engine(tmp_path, "import time; time.sleep(600)", ready=lambda: True)
    gone.start()
    gone.kill9()

    for act in (gone.kill9, gone.pause, gone.resume, gone.stop):
        act()

    assert not gone.alive


def test_a_birth_names_one_process_for_ever():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    born = births.birth(child.pid)

    assert born == births.birth(child.pid)
    child.kill()
    child.wait()
    assert births.birth(child.pid) is None


PARENT = """
import os, subprocess, sys, threading, time
from embedded.process import tethered

children = []

def start():
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    children.append(tethered(command, os.environ, subprocess.DEVNULL))

thread = threading.Thread(target=start)
thread.start()
thread.join()
print(children[0].pid, flush=True)
sys.stdin.read()
"""


def test_a_child_outlives_the_thread_that_started_it_and_dies_with_the_process():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = births.birth(int(parent.stdout.readline()))
        assert child is not None
        parent.kill()

    wait_until(lambda: births.birth(int(child.split(":")[1])) is None)


def wait_until(true, within: float = 10):
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_words_no_trouble():
    assert common_trouble("mongod", Path("/data"), "") is None
