"""Waiting for what other processes do, which set no event here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

LOOK_SECONDS = 0.05


async def until(condition: Callable[[], Awaitable[Any]], within: float = 60) -> None:
    """Asked again and again until it holds; raises TimeoutError when it does not in time."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - another process sends no event
            await asyncio.sleep(LOOK_SECONDS)
