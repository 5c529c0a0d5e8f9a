"""The audit of any item: who decided what, when, by which authority, on which document, and whether it stands untouched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.consumer.views import Views
from common.errors import NotFound
from common.log.chain import Chain, check_chain
from common.log.log import CommitLog, part_of
from common.log.model import Commit, Part
from common.log.streams import StreamKind
from common.mongo import Database
from common.relay.heads import COLLECTION as HEADS
from directory.domain.agencies import AGENCIES
from directory.domain.boards import BOARDS
from directory.domain.calendars import CALENDARS, CLOSURES
from directory.domain.delegations import DELEGATIONS
from directory.domain.people import PEOPLE
from directory.domain.sites import SITES
from directory.domain.telling import FieldChange, changes, day_of
from directory.domain.units import CODES, PARTS, UNITS
from directory.domain.words import ITEMS, say, word
from directory.projections.people import POSITIONS
from directory.usecases.doing import law_day

KINDS: Mapping[str, StreamKind[Any]] = {
    "agency": AGENCIES,
    "site": SITES,
    "person": PEOPLE,
    "position": PEOPLE,
    "board": BOARDS,
    "delegation": DELEGATIONS,
    "administrative-unit": UNITS,
    "administrative-code": CODES,
    "administrative-parts": PARTS,
    "calendar": CALENDARS,
    "closures": CLOSURES,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: the commit, its part in the item's stream, what it changed there."""

    commit: Commit
    part: Part
    facts: tuple[Mapping[str, Any], ...]
    changed: tuple[FieldChange, ...]

    @property
    def documents(self) -> tuple[Mapping[str, Any], ...]:
        """The documents that its facts name, each once."""
        found: list[Mapping[str, Any]] = []
        for fact in self.facts:
            document = fact["data"].get("document")
            if isinstance(document, dict) and document not in found:
                found.append(document)
        return tuple(found)

    @property
    def together_with(self) -> tuple[str, ...]:
        """Other streams that the same decision changed."""
        return tuple(p.stream for p in self.commit.parts if p.stream != self.part.stream)


@dataclass(frozen=True, slots=True)
class Audited:
    """An item's whole history. `sealed_to` is the last version that a signed seal attests."""

    stream: str
    decisions: tuple[Decision, ...]
    chain: Chain
    sealed_to: int


@dataclass(frozen=True, slots=True)
class Audit:
    """Works over the commit log alone; positions are found in the projection, then read there."""

    log: CommitLog
    views: Views
    database: Database

    async def owner(self, kind: str, id: str) -> str | None:
        """The site that owns an item; None for what nobody has ever decided on."""
        commits = await self.log.commits(await self._stream(kind, id))
        return commits[0].site if commits else None

    async def of(self, kind: str, id: str) -> Audited:
        """Raises NotFound."""
        stream = await self._stream(kind, id)
        commits = await self.log.commits(stream)
        if not commits:
            raise NotFound("item-unknown", say("item-unknown", kind=word(ITEMS, kind)))
        decisions = tuple(self._decisions(KINDS[kind], stream, commits))
        if kind == "position":
            decisions = tuple(each for each in decisions if _speaks_of(each, id))
        return Audited(
            stream, decisions, check_chain(commits, stream), await self._sealed_to(stream)
        )

    async def _stream(self, kind: str, id: str) -> str:
        if kind != "position":
            return KINDS[kind].stream(id)
        post = await self.views.one(POSITIONS, id)
        return PEOPLE.stream(post["person"] if post else id)

    def _decisions(
        self, kind: StreamKind[Any], stream: str, commits: Iterable[Commit]
    ) -> Iterable[Decision]:
        state = kind.initial
        for commit in commits:
            part, before = part_of(commit, stream), state
            facts = tuple(self.log.revive(fact) for fact in part.decided)
            for fact in facts:
                state = kind.evolve(state, fact)
            data = [fact.data() for fact in facts]
            kept = tuple(
                {"type": str(fact.name()), "data": each}
                for fact, each in zip(facts, data, strict=True)
            )
            day = day_of(data, law_day(commit.at))
            yield Decision(commit, part, kept, tuple(changes(before, state, day)))

    async def _sealed_to(self, stream: str) -> int:
        found = await self.database.find(HEADS, {"_id": stream}, limit=1)
        return found[0].get("sealed", 0) if found else 0


def _speaks_of(decision: Decision, position: str) -> bool:
    return any(fact["data"].get("position_id") == position for fact in decision.facts)
