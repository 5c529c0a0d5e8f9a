"""An asyncio loop whose time is virtual: it jumps to the next timer when nothing is ready.

Order is the standard loop's own, so what varies between seeds is what varies in the world: how long
each answer takes. Runs on every Python that runs the product.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")
TaskWatcher = Callable[[asyncio.Task[Any], Context | None], None]


class NothingLeft(RuntimeError):
    """Everybody waits for something that nobody will do."""


class _Jump:
    """Stands where the loop asks the operating system: instead of waiting, time moves."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> tuple[()]:
        if timeout is None:
            raise NothingLeft
        self._loop.now += max(timeout, 0.0)
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    """`now` is seconds since the loop began; `watch_tasks` is told of each task made."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._selector = _Jump(self)

    def time(self) -> float:
        return self.now

    def watch_tasks(self, watcher: TaskWatcher) -> None:
        def make(
            loop: asyncio.AbstractEventLoop,
            coroutine: Coroutine[Any, Any, Any],
            **options: Any,
        ) -> asyncio.Task[Any]:
            task = asyncio.Task(coroutine, loop=loop, **options)
            watcher(task, options.get("context"))
            return task

        self.set_task_factory(make)  # pyright: ignore[reportArgumentType] - the options differ by version

    def _process_events(self, event_list: object) -> None:
        del event_list

    def _write_to_self(self) -> None:
        return


def run_virtually(work: Callable[[VirtualLoop], Awaitable[T]]) -> T:
    """Run to the end on a new loop."""

    async def main() -> T:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        return await work(loop)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


async def elapse(seconds: float) -> None:
    """Let virtual time pass; where time is real a test waits for its condition instead."""
    assert isinstance(asyncio.get_running_loop(), VirtualLoop)
    await asyncio.sleep(seconds)
