"""A process of the simulation: tasks that die together, a clock of its own, a pause button."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

_inside: ContextVar["Process | None"] = ContextVar("process", default=None)


def register(task: asyncio.Task[Any], context: Context | None) -> None:
    """Told of every task of the loop: it belongs to the process that made it."""
    process = context.get(_inside) if context is not None else _inside.get()
    if process is not None:
        process.tasks[task] = None
        task.add_done_callback(process.forget)


@dataclass(eq=False)
class Process:
    """One life of a process; `skew` is how far its clock is off, in seconds."""

    name: str
    skew: float = 0.0
    alive: bool = True
    tasks: dict[asyncio.Task[Any], None] = field(default_factory=dict[asyncio.Task[Any], None])
    _runs: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._runs.set()

    @property
    def is_paused(self) -> bool:
        return not self._runs.is_set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something inside this process."""
        context = copy_context()
        context.run(_inside.set, self)
        return asyncio.get_running_loop().create_task(work, context=context)

    def forget(self, task: asyncio.Task[Any]) -> None:
        self.tasks.pop(task, None)
        if not task.cancelled():
            task.exception()

    def crash(self) -> None:
        """kill -9: whatever it would still do reaches no engine."""
        self.alive = False
        self._runs.set()
        for task in list(self.tasks):
            task.cancel()

    def pause(self) -> None:
        """SIGSTOP, as the engines see it: nothing goes out, no answer is taken."""
        self._runs.clear()

    def resume(self) -> None:
        self._runs.set()

    async def gate(self) -> None:
        """Pass while running; wait while paused; the dead do not come through."""
        if not self._runs.is_set():
            await self._runs.wait()
        if not self.alive:
            raise asyncio.CancelledError
