"""Imports under way and done: progress and a result per row, kept until they are a month old.

They are no facts: the decisions themselves stand in the log. When a process dies, its import stops;
the same file sent again goes on, because what was decided is not decided twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from common.ending import ended
from common.errors import NotFound, Unavailable, spoken
from common.mongo import Database, Document, Index, Patch, Put
from common.redaction import masked_text
from common.world import World
from directory.domain.words import say
from directory.usecases.doing import Deps
from directory.usecases.importing import Plan, Result, Rights, Running, run_plan

JOBS, ROWS = "imports", "import_rows"
INDEXES = (
    Index(JOBS, (("by", 1), ("_id", -1))),
    Index(JOBS, (("at", 1),)),
    Index(ROWS, (("job", 1), ("outcome", 1), ("number", 1))),
    Index(ROWS, (("job", 1), ("number", 1))),
)
KEPT_FOR = timedelta(days=30)
SILENT_FOR = timedelta(seconds=30)
BEAT = 0.5
BATCH = 200
MOST_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Order:
    """What is imported, by whom, and whether nothing shall be kept."""

    kind: str
    file: str
    by: str
    rehearsal: bool


@dataclass(slots=True)
class _Tally:
    job: str
    counts: dict[str, int] = field(
        default_factory=lambda: {"created": 0, "unchanged": 0, "refused": 0}
    )
    waiting: list[Document] = field(default_factory=list[Document])
    kept_at: float = 0.0

    def take(self, result: Result) -> None:
        self.counts[result.outcome] += 1
        self.waiting.append(
            {
                "_id": f"{self.job}:{result.number}",
                "job": self.job,
                "number": result.number,
                "key": result.key,
                "outcome": result.outcome,
                "problem": _plain(result),
            }
        )


class ImportJobs:
    """The imports of a process, and what the database knows about all."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._running: dict[str, asyncio.Task[None]] = {}

    async def start(self, deps: Deps, plan: Plan, order: Order, rights: Rights) -> str:
        """The id of the import, which runs on.

        Raises Forbidden when not one row is within its rights, Unavailable while enough run.
        """
        await rights.check_any(task for wave in plan.waves for task in wave)
        if len(self._running) >= MOST_AT_ONCE:
            raise Unavailable("imports-busy", say("imports-busy"))
        await self.sweep()
        job, now = self._world.new_id(), self._world.now()
        document = asdict(order) | {
            "state": "running",
            "digest": plan.digest,
            "total": plan.total,
            "at": now,
            "beat": now,
            **_Tally(job).counts,
        }
        await self._database.write([Put(JOBS, job, document)])
        task = asyncio.create_task(self._run(job, deps, plan, rights))
        self._running[job] = task
        task.add_done_callback(lambda _: self._running.pop(job, None))
        return job

    async def idle(self) -> None:
        """Returns when nothing runs here."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop what runs; the rows that were decided stay decided."""
        await ended(*self._running.values())

    async def _run(self, job: str, deps: Deps, plan: Plan, rights: Rights) -> None:
        tally = _Tally(job, kept_at=asyncio.get_running_loop().time())

        async def report(result: Result) -> None:
            tally.take(result)
            late = asyncio.get_running_loop().time() - tally.kept_at > BEAT
            if late or len(tally.waiting) >= BATCH:
                await self._keep(tally)

        ending = _Ending()
        try:
            await run_plan(deps, plan, Running(rights, report))
            ending = _Ending("done")
        except* Unavailable as errors:
            ending = _Ending("stopped", _first(errors))
        finally:
            await self._keep(tally, {"state": ending.state, "stopped_by": ending.why})

    async def _keep(self, tally: _Tally, more: Mapping[str, Any] | None = None) -> None:
        rows, tally.waiting = tally.waiting, []
        tally.kept_at = asyncio.get_running_loop().time()
        if rows:
            await self._database.insert(ROWS, rows)
        values = tally.counts | {"beat": self._world.now()} | dict(more or {})
        await self._database.write([Patch(JOBS, tally.job, values=values)])

    # -- what can be asked ------------------------------------------------------------------------

    async def get(self, job: str, by: str) -> Document:
        """An import of this person's own; raises NotFound for another's too."""
        found = await self._database.find(JOBS, {"_id": job, "by": by}, limit=1)
        if not found:
            raise NotFound("import-unknown", say("import-unknown"))
        document = found[0]
        silent = self._world.now() - document["beat"] > SILENT_FOR
        if document["state"] == "running" and silent and job not in self._running:
            document |= {"state": "stopped", "stopped_by": "process-ended"}
        return document

    async def of(self, by: str, fetch: int, after: str | None) -> list[Document]:
        """A person's imports, the newest first."""
        where: dict[str, Any] = {"by": by}
        if after is not None:
            where["_id"] = {"$lt": after}
        return await self._database.find(JOBS, where, sort=(("_id", -1),), limit=fetch)

    async def rows(
        self, job: str, outcome: str | None, after: int, fetch: int
    ) -> Sequence[Document]:
        """The next rows by number, of one outcome or of any."""
        where: dict[str, Any] = {"job": job, "number": {"$gt": after}}
        if outcome is not None:
            where["outcome"] = outcome
        return await self._database.find(ROWS, where, sort=(("number", 1),), limit=fetch)

    async def sweep(self) -> int:
        """Forget imports that are a month old; answers how many."""
        old = await self._database.find(JOBS, {"at": {"$lt": self._world.now() - KEPT_FOR}})
        for job in old:
            await self._database.delete(ROWS, {"job": job["_id"]})
            await self._database.delete(JOBS, {"_id": job["_id"]})
        return len(old)


@dataclass(frozen=True, slots=True)
class _Ending:
    state: str = "stopped"
    why: str | None = None


def _first(errors: BaseExceptionGroup[Unavailable]) -> str:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error.code


def _plain(result: Result) -> Document | None:
    if result.problem is None:
        return None
    errors = [
        {"pointer": error.pointer, "rule": error.rule, **_in_both(error.detail)}
        for error in result.problem.errors[:50]
    ]
    return {"code": result.problem.code, **_in_both(result.problem.detail), "errors": errors}


def _in_both(detail: str) -> Document:
    """A sentence as it is kept; whoever reads it chooses the language."""
    vietnamese, english = spoken(detail, "vi"), spoken(detail, "en")
    return {"detail": masked_text(english), "detail_vi": masked_text(vietnamese)}
