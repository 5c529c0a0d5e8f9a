"""Runs `make run`'s program and samples it: where its one thread was, each few milliseconds of CPU time.

The kernel counts the process's own CPU time, so waiting is not sampled and a loaded machine changes
little. Prints nothing; writes stacks and their counts as JSON when it ends.

    python -m bench.sampled STACKS.json MODULE
"""

import atexit
import json
import os
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY = 0.004
"""Seconds of CPU time between two samples."""
DEEPEST = 120
Stack = tuple[str, ...]


class Samples:
    """Stacks, innermost first, and how often each was met; counted anew on SIGUSR1."""

    def __init__(self) -> None:
        self.met: Counter[Stack] = Counter()
        self._names: dict[object, str] = {}

    def take(self, _: int, frame: FrameType | None) -> None:
        stack: list[str] = []
        while frame is not None and len(stack) < DEEPEST:
            stack.append(self._name(frame))
            frame = frame.f_back
        self.met[tuple(stack)] += 1

    def begin_anew(self, _: int, __: FrameType | None) -> None:
        self.met.clear()

    def write(self, path: Path) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        stacks = [[list(stack), times] for stack, times in self.met.most_common()]
        path.write_text(json.dumps(stacks), encoding="utf-8")

    def _name(self, frame: FrameType) -> str:
        code = frame.f_code
        if (known := self._names.get(code)) is None:
            module = frame.f_globals.get("__name__", "?")
            known = self._names[code] = f"{module}:{code.co_qualname}"
        return known


def main() -> None:
    path, module = Path(sys.argv[1]), sys.argv[2]
    samples, owner = Samples(), os.getpid()

    def end() -> None:
        if os.getpid() == owner:
            samples.write(path)

    atexit.register(end)
    signal.signal(signal.SIGPROF, samples.take)
    signal.signal(signal.SIGUSR1, samples.begin_anew)
    signal.siginterrupt(signal.SIGPROF, False)  # noqa: FBT003 - the call has no name for it
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
