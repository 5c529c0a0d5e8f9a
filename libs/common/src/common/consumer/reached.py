"""How far this process itself has brought its consumers: what it has just committed need not be looked up.

Other processes may be further, so only a yes counts; and only what is fresh, so that nothing of an
earlier life of a log is believed.
"""

import asyncio
from collections.abc import Callable, Mapping

FRESH_SECONDS = 10.0
MOST = 10_000


class Reached:
    """Sequences by the key of their place, for ten to twenty seconds; and a bell that rings with each."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock or _loop_time
        self._recent: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._since = float("-inf")
        self._bell: asyncio.Future[None] | None = None

    def note(self, sequences: Mapping[str, int]) -> None:
        """These places have come so far; their transaction is committed."""
        self._turn()
        self._recent.update(sequences)
        bell, self._bell = self._bell, None
        if bell is not None and not bell.done():
            bell.set_result(None)

    def of(self, key: str) -> int:
        """The last sequence that this process applied there lately, 0 for none."""
        self._turn()
        return self._recent.get(key, self._before.get(key, 0))

    async def news(self, seconds: float) -> None:
        """Returns when something has moved on, at the latest after so many seconds."""
        if self._bell is None:
            self._bell = asyncio.get_running_loop().create_future()
        await asyncio.wait((self._bell,), timeout=seconds)

    def _turn(self) -> None:
        now = self._clock()
        age = now - self._since
        if age >= FRESH_SECONDS or len(self._recent) >= MOST:
            self._before = self._recent if age < 2 * FRESH_SECONDS else {}
            self._recent, self._since = {}, now


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
