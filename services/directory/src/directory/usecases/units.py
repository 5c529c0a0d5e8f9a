"""Commands about administrative units: load, decide, append."""

from dataclasses import dataclass
from typing import Any

from common.cause import Cause
from common.errors import Refused
from common.log.log import CommitLog, decided
from common.log.streams import Change, Loaded
from contracts.events.directory import (
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
)
from directory.domain import units as domain
from directory.domain.units import CODES, UNITS, Said, code_id
from directory.usecases.doing import By, Deps, check_version, standing
from rulebook.administrative_units import NO_CODE, NO_UNIT, Code, Unit


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
    """`outliving` are parts of the unit that are still there on the day."""

    fact: AdministrativeUnitEndedV1
    by: By
    expected: int | None = None
    outliving: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SucceedUnits:
    fact: AdministrativeUnitSucceededV1
    by: By


@decided
async def register(deps: Deps, command: RegisterUnit, cause: Cause) -> Loaded[Unit]:
    fact = command.fact
    code = await deps.log.load(CODES, code_id(fact.level, fact.code))
    unit, parent = await _unit_and_parent(deps.log, fact.unit_id, fact.parent)
    said = domain.register(unit.state, code.state, parent, fact)
    changes = [Change(unit, said.unit), Change(code, said.new_code)]
    return await _append(deps, changes, cause, command.by)


@decided
async def change(deps: Deps, command: ChangeUnit, cause: Cause) -> Loaded[Unit]:
    """A new code is taken, and the old one given up, in the same commit."""
    fact, new = command.fact, command.fact.changes.code
    before = (await deps.log.load(UNITS, fact.unit_id)).state
    held = (before.as_of(fact.valid_from) or {}).get("code")
    codes = await _codes(deps.log, before.level, held, new)
    unit, parent = await _unit_and_parent(deps.log, fact.unit_id, fact.changes.parent)
    taken = codes[new].state if new in codes else NO_CODE
    said = domain.change(unit.state, taken, parent, fact)
    check_version(unit, command.expected)
    changes: list[Change[Any]] = [Change(unit, said.unit)]
    if said.new_code:
        changes += [Change(codes[held], said.old_code), Change(codes[new], said.new_code)]
    return await _append(deps, changes, cause, command.by)


@decided
async def end(deps: Deps, command: EndUnit, cause: Cause) -> Loaded[Unit]:
    unit = await deps.log.load(UNITS, command.fact.unit_id)
    said = domain.end(unit.state, command.fact)
    check_version(unit, command.expected)
    if command.outliving:
        raise Refused(
            "parts-outlive-it",
            "Units that belong to it are still there on that day; end or move them first.",
            extra={"parts": list(command.outliving)},
        )
    if said == Said():
        return unit
    code = await deps.log.load(CODES, code_id(unit.state.level, unit.state.latest["code"]))
    changes = [Change(unit, said.unit), Change(code, said.old_code)]
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


async def _unit_and_parent(
    log: CommitLog, unit: str, parent: str | None
) -> tuple[Loaded[Unit], Unit]:
    """The parent is only read: as the log has it now, and without keeping its other parts waiting."""
    loaded = await log.load(UNITS, unit)
    if parent is None or parent == unit:
        return loaded, NO_UNIT
    return loaded, (await log.fresh(UNITS, parent)).state


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
