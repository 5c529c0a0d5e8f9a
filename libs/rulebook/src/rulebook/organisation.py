"""Who answers for an agency's work on a day: successors across merger, split, renaming and abolition, with the path."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rulebook.explanation import Basis, Citation, Explanation, Outcome, Step, Values, Way
from rulebook.profiles.model import Span

Change = Literal["merge", "split", "rename", "abolish"]


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency under one name; a renamed agency is another entry with a succession between them."""

    id: str
    name: str
    span: Span
    level: str = ""


@dataclass(frozen=True, slots=True)
class Succession:
    """From `on`, the work of `agency` goes to `successors`; `fields` says which field goes where when there are several."""

    agency: str
    kind: Change
    on: date
    successors: tuple[str, ...]
    instrument: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Answerable:
    """`agency` is who answers; None if nobody or several might (`candidates`). `path` are the agencies on the way."""

    agency: str | None
    candidates: tuple[str, ...]
    path: tuple[str, ...]
    explanation: Explanation


class BadHistory(ValueError):
    """All faults of a history: unknown or overlapping agencies, dangling successors."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class History:
    """Made by `history`, which refuses what does not fit together."""

    agencies: Mapping[str, Agency]
    successions: Mapping[str, Succession]

    def answers_for(self, agency: str, on: date, field_of_work: str | None = None) -> Answerable:
        """Who answers on `on` for what `agency` did. Raises ValueError for an agency nobody knows."""
        if agency not in self.agencies:
            raise ValueError(f"agency: {agency!r} is not known")
        return _follow(self, agency, on, field_of_work)


def history(agencies: Iterable[Agency], successions: Iterable[Succession]) -> History:
    """Raises BadHistory with all faults."""
    known: dict[str, Agency] = {}
    faults: list[str] = []
    for agency in agencies:
        if agency.id in known:
            faults.append(f"agencies: {agency.id} stands twice")
        known[agency.id] = agency
    by_agency: dict[str, Succession] = {}
    for succession in successions:
        if succession.agency in by_agency:
            faults.append(f"successions: {succession.agency} ends twice")
        by_agency[succession.agency] = succession
    faults += _faults(known, by_agency)
    if faults:
        raise BadHistory(faults)
    return History(known, by_agency)


def _faults(known: Mapping[str, Agency], successions: Mapping[str, Succession]) -> Iterable[str]:
    for agency in known.values():
        span = agency.span
        if span.start and span.end and span.end <= span.start:
            yield f"agencies: {agency.id} ends {span.end}, not after {span.start}"
    for succession in successions.values():
        yield from _own_faults(known, succession)
        yield from _successor_faults(known, succession)


def _own_faults(known: Mapping[str, Agency], succession: Succession) -> Iterable[str]:
    where = f"successions: {succession.agency}"
    agency = known.get(succession.agency)
    if agency is None:
        yield f"{where} is not known"
    elif agency.span.end != succession.on:
        yield f"{where} ends {agency.span.end} but is succeeded on {succession.on}"
    if succession.kind in {"merge", "rename"} and len(succession.successors) != 1:
        yield f"{where}: {succession.kind} needs one successor, not {len(succession.successors)}"


def _successor_faults(known: Mapping[str, Agency], succession: Succession) -> Iterable[str]:
    """A successor that exists on the day cannot have ended before, so no history runs in a circle."""
    where = f"successions: {succession.agency}"
    for successor in succession.successors:
        follows = known.get(successor)
        if follows is None:
            yield f"{where}: successor {successor} is not known"
        elif not follows.span.holds(succession.on):
            yield f"{where}: successor {successor} does not exist on {succession.on}"
    for name, successor in succession.fields.items():
        if successor not in succession.successors:
            yield f"{where}: field {name} goes to {successor}, which is no successor"


def _follow(known: History, agency: str, on: date, work: str | None) -> Answerable:
    steps: list[Step] = []
    path = [agency]
    current = known.agencies[agency]
    while not current.span.holds(on):
        if current.span.start is not None and on < current.span.start:
            return _too_early(current, on, work, path, steps)
        succession = known.successions.get(current.id)
        if succession is None or not succession.successors:
            return _nobody(known, on, work, path, steps)
        steps.append(_succession_step(known, current, succession))
        following = _one(succession, work)
        if following is None:
            return _several(known, agency, on, work, path, steps, succession)
        if work is not None and len(succession.successors) > 1:
            steps.append(Step("field-goes-to", {"field": work, "successor": known.agencies[following].name}))  # fmt: skip
        path.append(following)
        current = known.agencies[following]
    name = "answers-itself" if current.id == agency else "successor-answers"
    values = {
        "agency": known.agencies[agency].name,
        "successor": current.name,
        "on": on.isoformat(),
    }
    outcome = Outcome("value", name, values)
    explanation = _explain(known, path, on, work, steps, outcome)
    return Answerable(current.id, (current.id,), tuple(path), explanation)


def _one(succession: Succession, work: str | None) -> str | None:
    if len(succession.successors) == 1:
        return succession.successors[0]
    return succession.fields.get(work) if work is not None else None


def _succession_step(known: History, agency: Agency, succession: Succession) -> Step:
    values: Values = {
        "agency": agency.name,
        "kind": succession.kind,
        "on": succession.on.isoformat(),
        "successors": tuple(known.agencies[each].name for each in succession.successors),
        "instrument": succession.instrument,
    }
    return Step("succession", values)


def _too_early(agency: Agency, on: date, work: str | None, path: list[str], steps: list[Step]) -> Answerable:  # fmt: skip
    start = agency.span.start.isoformat() if agency.span.start else None
    values = {"agency": agency.name, "start": start, "on": on.isoformat()}
    way = Way("wait-until-founded", {"start": start})
    outcome = Outcome("finding", "not-yet-founded", values, (way,))
    return Answerable(None, (), tuple(path), _explain(None, path, on, work, steps, outcome))


def _nobody(known: History, on: date, work: str | None, path: list[str], steps: list[Step]) -> Answerable:  # fmt: skip
    name = known.agencies[path[-1]].name
    way = Way("record-successor", {"agency": name})
    outcome = Outcome("finding", "nobody-answers", {"agency": name, "on": on.isoformat()}, (way,))
    return Answerable(None, (), tuple(path), _explain(known, path, on, work, steps, outcome))


def _several(  # noqa: PLR0913, PLR0917 - the walk so far
    known: History,
    agency: str,
    on: date,
    work: str | None,
    path: list[str],
    steps: list[Step],
    succession: Succession,
) -> Answerable:
    names = tuple(known.agencies[each].name for each in succession.successors)
    values: Values = {"agency": agency, "candidates": names, "on": on.isoformat()}
    outcome = Outcome("undetermined", "several-answer", values, (Way("name-the-field", {}),))
    explanation = _explain(known, path, on, work, steps, outcome)
    return Answerable(None, succession.successors, tuple(path), explanation)


def _explain(  # noqa: PLR0913, PLR0917 - an explanation has these parts
    known: History | None,
    path: list[str],
    on: date,
    work: str | None,
    steps: list[Step],
    outcome: Outcome,
) -> Explanation:
    """The basis is the last instrument on the way; without one, the agencies' own record."""
    instruments = [known.successions[each].instrument for each in path if each in known.successions] if known else []  # fmt: skip
    place = Citation(instruments[-1] if instruments else "Danh mục cơ quan", "decision")
    basis = Basis("organisation", "1", "in_force", "organisation.answers-for", place, "", "")
    inputs: Values = {"agency": path[0], "on": on.isoformat(), "field": work}
    return Explanation(basis, inputs, tuple(steps), outcome)
