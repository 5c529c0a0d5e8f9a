"""Who answers on a day for what an agency owes: its successors, as the directory has recorded them (kế thừa)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from common.consumer.views import Views
from intake.projections import AGENCIES
from rulebook import organisation
from rulebook.agency import Agency, of_stored
from rulebook.explanation import Explanation
from rulebook.organisation import BadHistory, Change, History
from rulebook.profiles.model import Span

MOST = 1_000
RECORD = "Danh bạ cơ quan"
"""Where a succession stands that names no document."""
KINDS: Mapping[str, Change] = {
    "merge": "merge",
    "split": "split",
    "rename": "rename",
    "abolition": "abolish",
}


@dataclass(frozen=True, slots=True)
class Named:
    """An agency under the names it had last."""

    id: str
    name_vi: str
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for an agency that is no more; `agency` None: nobody is recorded, or several might.

    path  the agencies on the way, the one that the regulation names first
    """

    agency: str | None
    path: tuple[Named, ...]
    explanation: Explanation


class Successors:
    """Reads the projection of the generation that serves."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def of(self, agencies: Iterable[str], on: date) -> dict[str, Answering]:
        """By agency; one that exists on that day, or that the directory does not know, is left out."""
        wanted = set(agencies)
        known = await self._known(wanted)
        ended = [id for id in wanted & known.keys() if not known[id].exists_on(on)]
        history = _history(known)
        return (
            {id: _answering(history, known, id, on) for id in ended} if history is not None else {}
        )

    async def _known(self, wanted: set[str]) -> dict[str, Agency]:
        """The agencies and everybody their work went on to, step by step."""
        known: dict[str, Agency] = {}
        asked: set[str] = set()
        while wanted - asked:
            where = {"_id": {"$in": sorted(wanted - asked)}}
            asked |= wanted
            found = await self._views.find(AGENCIES, where, sort=(("_id", 1),), limit=MOST)
            read = {each["_id"]: of_stored(each["facts"]) for each in found}
            known |= read
            wanted = {id for each in read.values() for id in _successors(each)}
        return known


def _successors(agency: Agency) -> tuple[str, ...]:
    return agency.followed.successors if agency.followed else ()


def _history(known: Mapping[str, Agency]) -> History | None:
    """None where the record does not fit together yet: facts of different agencies come in no order."""
    try:
        return organisation.history(map(_agency, known.values()), _successions(known))
    except BadHistory:
        return None


def _answering(history: History, known: Mapping[str, Agency], id: str, on: date) -> Answering:
    found = history.answers_for(id, on)
    path = tuple(_named(known[each]) for each in found.path)
    return Answering(found.agency, path, found.explanation)


def _agency(agency: Agency) -> organisation.Agency:
    span = Span(agency.valid_from, agency.valid_to)
    return organisation.Agency(agency.id, str(agency.latest["name_vi"]), span)


def _successions(known: Mapping[str, Agency]) -> Iterable[organisation.Succession]:
    for agency in known.values():
        followed = agency.followed
        if followed is not None:
            yield organisation.Succession(
                agency.id, KINDS[followed.kind], followed.effective_on, followed.successors, RECORD
            )


def _named(agency: Agency) -> Named:
    return Named(agency.id, agency.latest["name_vi"], agency.latest.get("name_en"))
