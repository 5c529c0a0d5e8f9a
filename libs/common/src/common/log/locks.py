"""One command per stream at a time in a process, without deadlock."""

import asyncio
from collections.abc import Iterable


class OutOfOrder(Exception):
    """Taking this lock now could deadlock: let go of all and take `streams` in order."""

    def __init__(self, streams: frozenset[str]) -> None:
        super().__init__(sorted(streams))
        self.streams = streams


class StreamLocks:
    """Locks by stream name, made when wanted and forgotten when nobody waits."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    def held(self) -> "HeldLocks":
        return HeldLocks(self)

    def free(self, stream: str) -> bool:
        entry = self._locks.get(stream)
        return entry is None or not entry[0].locked()

    async def take(self, stream: str) -> None:
        lock, users = self._locks.get(stream, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[stream] = (lock, users + 1)
        try:
            await lock.acquire()
        except BaseException:
            self._forget(stream)
            raise

    def release(self, stream: str) -> None:
        self._locks[stream][0].release()
        self._forget(stream)

    def _forget(self, stream: str) -> None:
        lock, users = self._locks[stream]
        if users == 1:
            del self._locks[stream]
        else:
            self._locks[stream] = (lock, users - 1)


class HeldLocks:
    """What one attempt holds; released together when its outcome is known."""

    def __init__(self, locks: StreamLocks) -> None:
        self._locks = locks
        self._held: set[str] = set()

    async def take(self, stream: str) -> None:
        """Take one more; raises OutOfOrder when waiting for it could deadlock."""
        if stream in self._held:
            return
        waits_in_order = not self._held or stream > max(self._held)
        if not waits_in_order and not self._locks.free(stream):
            raise OutOfOrder(frozenset(self._held | {stream}))
        await self._locks.take(stream)
        self._held.add(stream)

    async def take_all(self, streams: Iterable[str]) -> None:
        for stream in sorted(streams):
            await self.take(stream)

    def release(self) -> None:
        for stream in sorted(self._held):
            self._locks.release(stream)
        self._held.clear()
