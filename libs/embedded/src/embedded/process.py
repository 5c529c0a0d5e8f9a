"""One engine as a child process: started, waited for, killed, frozen, resumed, restarted on its data.

The engine dies with this process whatever kills it, and what an earlier run left behind is ended by
number and start time, never by name.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from embedded import births, tether
from embedded.trouble import Trouble

# The kernel's death signal fires when the *thread* that forked ends: this one lives as long as we do.
_parent = ThreadPoolExecutor(1, thread_name_prefix="parent")


@dataclass(frozen=True)
class Recipe:
    """How to start one engine: `ready` is asked again and again until it returns True."""

    name: str
    argv: Sequence[str]
    home: Path
    log: Path
    ready: Callable[[], bool]
    env: dict[str, str] = field(default_factory=dict[str, str])
    explain: Callable[[str], Trouble | None] = lambda _: None


class EngineProcess:
    """A running engine that fault tests can kill and freeze; not safe for use from two threads."""

    def __init__(self, recipe: Recipe) -> None:
        self.name = recipe.name
        self.home = recipe.home
        self._recipe = recipe
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._child, f"{self.name} was never started"
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self, within: float = 60) -> None:
        """Starts and returns when the engine answers; raises Trouble when it ends or is not ready in time."""
        self._child = self._spawn()
        self._pid_file.write_text(births.birth(self.pid) or "", encoding="ascii")
        deadline = time.monotonic() + within
        while not self._recipe.ready():
            if not self.alive:
                raise self._ended()
            if time.monotonic() > deadline:
                self.kill9()
                raise Trouble(
                    f"{self.name} did not answer within {within:g} s",
                    f"the machine may be overloaded: try again, or read {self._recipe.log}",
                )
            time.sleep(0.02)

    def kill9(self) -> None:
        """SIGKILL, as a power cut would; returns when the process is gone."""
        self._signal(signal.SIGKILL)
        self._reap(None)

    def pause(self) -> None:
        """SIGSTOP: the engine keeps its sockets and answers nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def restart(self, within: float = 60) -> None:
        """Starts again on the same data and ports, ending the process first if it lives."""
        self.stop()
        self.start(within)

    def stop(self, grace: float = 15) -> None:
        """Asks the engine to end, and insists after `grace` seconds; quiet when it is gone already."""
        self.resume()
        self._signal(signal.SIGTERM)
        if not self._reap(grace):
            self.kill9()

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def _reap(self, within: float | None) -> bool:
        if self._child is not None:
            try:
                self._child.wait(within)
            except subprocess.TimeoutExpired:
                return False
        self._pid_file.unlink(missing_ok=True)
        return True

    @property
    def _pid_file(self) -> Path:
        return pid_file(self.home)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._output.open("wb") as output:
            return tethered(self._recipe.argv, {**os.environ, **self._recipe.env}, output)

    @property
    def _output(self) -> Path:
        return self.home / "output.log"

    def _ended(self) -> Trouble:
        assert self._child
        said = _tail(self._output) + _tail(self._recipe.log)
        code = self._child.wait()
        self._pid_file.unlink(missing_ok=True)
        return (
            common_trouble(self.name, self.home, said)
            or self._recipe.explain(said)
            or Trouble(
                f"{self.name} ended with {_spoken(code)} while starting",
                f"read {self._recipe.log} and {self._output}",
            )
        )


def tethered(
    argv: Sequence[str],
    env: Mapping[str, str],
    stdout: IO[bytes] | int,
    stderr: IO[bytes] | int = subprocess.STDOUT,
) -> subprocess.Popen[bytes]:
    """A child program, `argv[0]` by its full path, that is killed when this process ends, however it ends.

    May be called from any thread: the child outlives the thread that asked for it.
    """
    wrapper = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid())]

    def spawn() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program and arguments
            [*wrapper, *argv],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=env,
            start_new_session=True,  # a Ctrl-C at the terminal is for us; we end our children last
        )

    return _parent.submit(spawn).result()


def pid_file(home: Path) -> Path:
    return home / "process"


def sweep(home: Path) -> None:
    """Ends the engine that an earlier run left on `home`, if it still lives."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        births.end(pid_file(home).read_text(encoding="ascii"))


def common_trouble(name: str, home: Path, said: str) -> Trouble | None:
    """The trouble that any engine's last words reveal, if it is one of the known ones."""
    if "error while loading shared libraries" in said:
        library = said.partition("error while loading shared libraries:")[2].partition(":")[0]
        return Trouble(
            f"{name} needs the system library{library}, which this machine lacks",
            f"install the package that holds{library}, or give NHIPCAU_MONGO_URL and NHIPCAU_KAFKA",
        )
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return Trouble(f"The disk that holds {home} is full", "free some space and start again")
    if "Too many open files" in said:
        return Trouble(
            f"{name} may not open as many files as it needs",
            "raise the limit (ulimit -n 64000) and start again; the data is whole",
        )
    if "Address already in use" in said:
        return PortTaken(name)
    return None


class PortTaken(Trouble):
    """Another program took the engine's port between our look and its start."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The port {name} was given is in use", "start again")


def _tail(file: Path, size: int = 20_000) -> str:
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - size))
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _spoken(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
