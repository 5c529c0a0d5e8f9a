"""Commands about administrative units: load, decide, append."""

from dataclasses import dataclass
from typing import Any

from common.cause import Cause
from common.log.log import CommitLog, decided
from common.log.streams import Change, Loaded
from contracts.events.directory import (
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
)
from directory.domain import units as domain
from directory.domain.units import CODES, PARTS, UNITS, Said, code_id
from directory.usecases.doing import By, Deps, check_version, standing
from rulebook.administrative_units import NO_CODE, NO_UNIT, Code, Parts, Unit, with_parts


@dataclass(frozen=True, slots=True)
class RegisterUnit:
    fact: AdministrativeUnitRegisteredV1
    by: By


@dataclass(frozen=True, slots=True)
class ChangeUnit:
    fact: AdministrativeUnitChangedV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class EndUnit:
    fact: AdministrativeUnitEndedV1
    by: By
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class SucceedUnits:
    fact: AdministrativeUnitSucceededV1
    by: By


@dataclass(frozen=True, slots=True)
class Whole:
    """A unit as its own stream and that of its parts tell of it; only the second hears of parts."""

    unit: Loaded[Unit]
    parts: Loaded[Parts]

    @property
    def state(self) -> Unit:
        return with_parts(self.unit.state, self.parts.state)


@decided
async def register(deps: Deps, command: RegisterUnit, cause: Cause) -> Loaded[Unit]:
    """The unit, its code and the parts of the unit it belongs to hear of it in one commit."""
    fact = command.fact
    code = await deps.log.load(CODES, code_id(fact.level, fact.code))
    unit, parent = await _with(deps.log, fact.unit_id, fact.parent)
    said = domain.register(unit.state, code.state, parent.state if parent else NO_UNIT, fact)
    changes: list[Change[Any]] = [Change(unit, said.unit), Change(code, said.new_code)]
    if parent is not None:
        changes.append(Change(parent.parts, said.new_parent))
    return await _append(deps, changes, cause, command.by)


@decided
async def change(deps: Deps, command: ChangeUnit, cause: Cause) -> Loaded[Unit]:
    """A new code is taken, and the old one given up, in the same commit; parents alike."""
    fact, new = command.fact, command.fact.changes
    unit = await deps.log.load(UNITS, fact.unit_id)
    held = unit.state.as_of(fact.valid_from) or {}
    codes = await _codes(deps.log, unit.state.level, held.get("code"), new.code)
    above = await _wholes(deps.log, held.get("parent"), new.parent, but=fact.unit_id)
    taken = codes[new.code].state if new.code in codes else NO_CODE
    parent = above[new.parent].state if new.parent in above else NO_UNIT
    said = domain.change(unit.state, taken, parent, fact)
    check_version(unit, command.expected)
    changes: list[Change[Any]] = [Change(unit, said.unit)]
    if said.new_code:
        changes += [
            Change(codes[held["code"]], said.old_code),
            Change(codes[new.code], said.new_code),
        ]
    if said.new_parent:
        changes.append(Change(above[new.parent].parts, said.new_parent))
    if said.old_parent:
        changes.append(Change(above[held["parent"]].parts, said.old_parent))
    return await _append(deps, changes, cause, command.by)


@decided
async def end(deps: Deps, command: EndUnit, cause: Cause) -> Loaded[Unit]:
    """Nothing joins it any more: its parts hear of its end, and so do those of the unit above."""
    whole = await _whole(deps.log, command.fact.unit_id)
    unit = whole.unit
    said = domain.end(whole.state, command.fact)
    check_version(unit, command.expected)
    if said == Said():
        return unit
    latest = unit.state.latest
    code = await deps.log.load(CODES, code_id(unit.state.level, latest["code"]))
    changes: list[Change[Any]] = [
        Change(unit, said.unit),
        Change(whole.parts, said.parts),
        Change(code, said.old_code),
    ]
    if said.old_parent:
        above = await deps.log.load(PARTS, latest["parent"])
        changes.append(Change(above, said.old_parent))
    return await _append(deps, changes, cause, command.by)


@decided
async def succeed(deps: Deps, command: SucceedUnits, cause: Cause) -> Loaded[Unit]:
    """One commit over all streams: the whole succession holds, or none of it."""
    fact = command.fact
    loaded = await deps.log.load_many(UNITS, (*fact.predecessors, *fact.successors))
    states = [each.state for each in loaded]
    first = len(fact.predecessors)
    domain.succeed(fact, states[:first], states[first:])
    return await _append(deps, [Change(each, (fact,)) for each in loaded], cause, command.by)


async def _whole(log: CommitLog, id: str) -> Whole:
    return Whole(await log.load(UNITS, id), await log.load(PARTS, id))


async def _wholes(log: CommitLog, *ids: str | None, but: str) -> dict[str | None, Whole]:
    """Units with their parts by id; none is its own parent."""
    wanted = sorted({id for id in ids if id is not None and id != but})
    units, parts = await log.load_many(UNITS, wanted), await log.load_many(PARTS, wanted)
    return {unit.id: Whole(unit, its) for unit, its in zip(units, parts, strict=True)}


async def _with(log: CommitLog, unit: str, parent: str | None) -> tuple[Loaded[Unit], Whole | None]:
    """A unit and the unit it belongs to, whose parts are written too."""
    wholes = await _wholes(log, parent, but=unit)
    return await log.load(UNITS, unit), wholes.get(parent)


async def _codes(
    log: CommitLog, level: str, held: str | None, new: str | None
) -> dict[str | None, Loaded[Code]]:
    """The streams of the code held and of the new one, when there is a new one."""
    if held is None or new is None or held == new:
        return {}
    named = (held, new)
    loaded = await log.load_many(CODES, [code_id(level, code) for code in named])
    return dict(zip(named, loaded, strict=True))


async def _append(deps: Deps, changes: list[Change[Any]], cause: Cause, by: By) -> Loaded[Unit]:
    return (await deps.log.append_all(changes, cause, standing(domain.NATIONAL, by)))[0]
