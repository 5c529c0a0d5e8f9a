"""Ends tasks for sure.

A cancellation can be lost on its way: a driver answers it with an error of its own, which a loop takes for
an engine that is away; `asyncio.wait_for` before Python 3.12 forgets one that comes with the answer.
"""

import asyncio
from typing import Any

AGAIN_SECONDS = 3.0
"""Between two cancellations: what a task does at its end is done by then."""


async def ended(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel these tasks, again and again until each has ended. Whatever they raise is nobody's surprise."""
    running = {task for task in tasks if task is not None}
    while running:
        for task in running:
            task.cancel()
        done, running = await asyncio.wait(running, timeout=AGAIN_SECONDS)
        for task in done:
            if not task.cancelled():
                task.exception()
