"""A log that is restored to an earlier point while a process of its service works on it.

Seen from both sides: the process notices that the log is not the one it remembers, and the
operator's command notices that a process still works.
"""

import asyncio

from common.errors import Refused, Said, Unavailable
from common.log.committer import COLLECTION as COMMITS
from common.mongo import ANY, Database
from common.relay.relay import LEASE_SECONDS, LONGEST_PAUSE, incarnation
from common.words import say

LOOK_SECONDS = 3.0
SURE_SECONDS = 2 * LOOK_SECONDS
"""So long after a look a process still believes what it saw: it looks every `LOOK_SECONDS`, unless the
database is away or the process stood still, and either may have been the restore."""
NOTICED_SECONDS = LEASE_SECONDS / 3 + LONGEST_PAUSE * 1.5
"""Within these a process that works takes a lease that is free, even just after an error."""
WATCH_SECONDS = 0.25
UNREAD = ("parts", "proof")


class Life:
    """Whether the log is still the one that this process remembers.

    trouble  why not, in words; from then on nothing is decided here
    over     a new life of the log has begun: a process that starts anew is right again
    """

    def __init__(self, service: str, database: Database) -> None:
        self.trouble: Said | None = None
        self.over = False
        self._service = service
        self._database = database
        self._began: int | None = None
        self._newest = ""
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    def must_go_on(self) -> None:
        """Raises Unavailable when the log is known to be another one."""
        if self.trouble is not None:
            raise Unavailable("log-restored", self.trouble)

    async def sure(self) -> None:
        """Before anything is written: costs no round trip while somebody looks regularly.

        Raises Unavailable when the log is another one, Transient when nobody can tell.
        """
        if not self._is_sure():
            async with self._looking:
                if not self._is_sure():
                    await self._look()
        self.must_go_on()

    async def look(self) -> None:
        """Raises Transient."""
        async with self._looking:
            await self._look()

    async def check(self) -> str:
        """For the health report."""
        self.must_go_on()
        return say("log-is-known")

    def _is_sure(self) -> bool:
        return _loop_time() - self._looked_at < SURE_SECONDS

    async def _look(self) -> None:
        asked = _loop_time()
        life = await incarnation(self._database)
        self._began = began = self._began or life
        if life != began:
            self.over = True
            self.trouble = say("log-begun-anew", service=self._service, life=life, began=began)
        elif await self._moved_back():
            self.trouble = say("log-moved-back", service=self._service)
        self._looked_at = asked

    async def _moved_back(self) -> bool:
        """Whether the newest commit that was seen is gone: commits are never removed.

        The newest is read first, so that a restore between the two reads shows now or next time; it
        takes the place of the one that was seen when that was found to stand.
        """
        found = await self._database.find(
            COMMITS, ANY, sort=(("_id", -1),), limit=1, without=UNREAD
        )
        newest = found[0]["_id"] if found else ""
        if self._newest not in {"", newest} and not await self._stands(self._newest):
            return True
        self._newest = max(self._newest, newest)
        return False

    async def _stands(self, commit: str) -> bool:
        where = {"_id": commit}
        return bool(await self._database.find(COMMITS, where, limit=1, without=UNREAD))


async def must_be_at_rest(service: str, database: Database) -> None:
    """Returns when no process of this service works; raises Refused when one does, Transient.

    A lease that came back with the backup may look unexpired: whoever works renews it, so it moves.
    """
    known = await database.leased("relay")
    free_since = _loop_time() if known is None else None
    while free_since is None or _loop_time() - free_since < NOTICED_SECONDS:
        await asyncio.sleep(WATCH_SECONDS)
        lease = await database.leased("relay")
        if lease is not None and lease != known:
            raise Refused(
                "service-works", say("service-works", service=service, holder=_place(lease.holder))
            )
        if lease is None and free_since is None:
            free_since = _loop_time()


def _place(holder: str) -> str:
    """Machine and process, without the part that only tells two of them apart."""
    return holder.rpartition(":")[0] or holder


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
