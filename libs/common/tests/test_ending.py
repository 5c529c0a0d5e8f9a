"""Tasks end, whatever becomes of a cancellation on its way."""

import asyncio

import pytest

from common.ending import AGAIN_SECONDS, ended
from common.testing.loop import VirtualLoop, elapse, run_virtually


async def loses(cancellations: int) -> None:
    """A loop that takes what a driver makes of a cancellation for an engine that is away."""
    while True:
        try:
            await elapse(3600)
        except asyncio.CancelledError:
            cancellations -= 1
            if cancellations < 0:
                raise


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_a_lost_cancellation_is_sent_again(lost: int):
    async def story(loop: VirtualLoop) -> tuple[bool, float]:
        task, began = asyncio.create_task(loses(lost)), loop.time()
        await elapse(1)
        await ended(task, None)
        return task.done(), loop.time() - began - 1

    assert run_virtually(story) == (True, lost * AGAIN_SECONDS)


def test_what_a_task_does_at_its_end_is_done_and_what_it_raises_is_no_surprise():
    async def cleans_up(noted: list[str]) -> None:
        try:
            await elapse(3600)
        finally:
            await elapse(AGAIN_SECONDS - 1)
            noted.append("released")
            raise RuntimeError("too late")

    async def story(_: VirtualLoop) -> list[str]:
        noted: list[str] = []
        task = asyncio.create_task(cleans_up(noted))
        await elapse(1)
        await ended(task)
        return noted

    assert run_virtually(story) == ["released"]
