"""What may be decided about administrative units and their codes: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.errors import NotFound, Refused
from common.log.streams import StreamKind
from contracts.events.directory import (
    AdministrativeCodeGivenUpV1,
    AdministrativeCodeTakenV1,
    AdministrativePartRecordedV1,
    AdministrativePartsClosedV1,
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
)
from contracts.fact import Fact
from directory.domain.checks import bad_field, check_days, check_text
from directory.domain.words import ATTRIBUTES, SUCCESSIONS, UNIT_KINDS, coded, joined, say, word
from directory.domain.words import LEVELS as LEVEL_WORDS
from rulebook.administrative_units import (
    LEVELS,
    NO_CODE,
    NO_PARTS,
    NO_UNIT,
    Changed,
    Code,
    Held,
    Unit,
    evolve_code,
    evolve_parts,
    evolve_unit,
)

UNITS = StreamKind("directory/administrative_unit", NO_UNIT, evolve_unit, revision="1")
CODES = StreamKind("directory/administrative_code", NO_CODE, evolve_code, revision="1")
PARTS = StreamKind("directory/administrative_parts", NO_PARTS, evolve_parts, revision="1")
NATIONAL = "national"
DIGITS: Mapping[str, int] = {"province": 2, "district": 3, "commune": 5}
KINDS: Mapping[str, frozenset[str]] = {
    "province": frozenset({"province", "municipality"}),
    "district": frozenset({"rural_district", "urban_district", "town", "provincial_city"}),
    "commune": frozenset({"rural_commune", "ward", "township", "special_zone"}),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a decision says in the streams of a unit, its parts, its codes and its parents' parts."""

    unit: tuple[Fact, ...] = ()
    parts: tuple[Fact, ...] = ()
    old_code: tuple[Fact, ...] = ()
    new_code: tuple[Fact, ...] = ()
    old_parent: tuple[Fact, ...] = ()
    new_parent: tuple[Fact, ...] = ()


def code_id(level: str, code: str) -> str:
    """The stream of a code: the levels count apart."""
    return f"{level}-{code}"


def register(unit: Unit, code: Code, parent: Unit, fact: AdministrativeUnitRegisteredV1) -> Said:
    """A new unit that takes its code; raises Refused, Unprocessable."""
    if unit.known:
        raise Refused("unit-exists", say("unit-exists"))
    check_days(fact.valid_from, fact.valid_to)
    check_text("/name_vi", fact.name_vi)
    check_text("/name_en", fact.name_en)
    _check_form(fact.level, fact.kind, fact.code)
    _check_parent(fact.level, fact.parent, parent, fact.valid_from, fact.valid_to)
    taken = _take(code, fact, fact.valid_from, fact.valid_to)
    joins = _belongs(fact.parent, fact.unit_id, fact.valid_from, fact.valid_to)
    return Said((fact,), new_code=(taken,), new_parent=joins)


def change(unit: Unit, new: Code, parent: Unit, fact: AdministrativeUnitChangedV1) -> Said:
    """New values from a day on; nothing when the unit says so already."""
    day = fact.valid_from
    attributes = _standing_on(unit, day)
    values = fact.changes.model_dump(mode="json", exclude_none=True)
    if not values:
        raise bad_field("/changes", "min-properties", say("nothing-to-change"))
    check_text("/changes/name_vi", fact.changes.name_vi)
    check_text("/changes/name_en", fact.changes.name_en)
    later = [each for each in unit.changes if each.valid_from >= day]
    if not later and all(attributes.get(name) == value for name, value in values.items()):
        return Said()
    _check_later(later, values)
    _check_form(unit.level, values.get("kind", attributes["kind"]), values.get("code"))
    if "parent" in values:
        _check_parent(unit.level, values["parent"], parent, day, unit.valid_to)
    leaves, joins = _moves(unit, attributes.get("parent"), values.get("parent"), day)
    if values.get("code") in {None, attributes["code"]}:
        return Said((fact,), old_parent=leaves, new_parent=joins)
    given_up = _give_up(unit, str(attributes["code"]), day)
    taken = _take(new, fact, day, unit.valid_to, unit.level)
    return Said((fact,), (), (given_up,), (taken,), leaves, joins)


def end(unit: Unit, fact: AdministrativeUnitEndedV1) -> Said:
    """It is on the map no more, and its code is free; nothing when that day is known already."""
    _check_known(unit)
    if unit.valid_to == fact.ends_on:
        return Said()
    if unit.valid_to is not None:
        raise Refused("already-ended", say("already-ended", day=unit.valid_to))
    if fact.ends_on <= unit.valid_from:
        raise bad_field("/ends_on", "after-begin", say("ends-before-it-begins"))
    if any(each.valid_from >= fact.ends_on for each in unit.changes):
        raise Refused("changes-after-its-end", say("unit-changes-later"))
    outliving = unit.parts_after(fact.ends_on)
    if outliving:
        raise Refused(
            "parts-outlive-it",
            say("parts-outlive-it"),
            extra={"parts": sorted(outliving)[:50]},
        )
    given_up = _give_up(unit, str(unit.latest["code"]), fact.ends_on)
    leaves = _belongs(unit.latest.get("parent"), unit.id, unit.valid_from, fact.ends_on)
    return Said((fact,), _closed(unit, fact), (given_up,), old_parent=leaves)


def succeed(
    fact: AdministrativeUnitSucceededV1, predecessors: Sequence[Unit], successors: Sequence[Unit]
) -> None:
    """Whether a succession holds; said in the stream of every unit of it.

    The predecessors must have ended that day, and every successor outlives it: along a path of
    successions the ends grow, so that no circle can come about.
    """
    _check_shape(fact)
    for unit in (*predecessors, *successors):
        _check_known(unit)
    day = fact.effective_on
    for unit in predecessors:
        if unit.followed is not None:
            raise Refused("already-succeeded", say("already-succeeded", id=unit.id))
        if unit.valid_to != day:
            raise Refused("ends-on-another-day", say("unit-not-ended-then", unit=unit.id, day=day))
    for unit in successors:
        if not unit.exists_on(day):
            raise Refused(
                "successor-not-there", say("unit-successor-not-there", unit=unit.id, day=day)
            )


_SHAPES = {"merge": (1, 1), "split": (1, 2), "rename": (1, 1), "abolition": (1, 0)}


def _check_shape(fact: AdministrativeUnitSucceededV1) -> None:
    before, after = len(fact.predecessors), len(fact.successors)
    fewest_before, fewest_after = _SHAPES[fact.kind]
    kind = word(SUCCESSIONS, fact.kind)
    if set(fact.predecessors) & set(fact.successors):
        raise bad_field("/successors", "disjoint", say("succeeds-itself"))
    if before < fewest_before or after < fewest_after:
        raise bad_field("/successors", "count", say("too-few", kind=kind))
    if fact.kind in {"split", "rename"} and before != 1:
        raise bad_field("/predecessors", "count", say("begins-with-one", kind=kind))
    if fact.kind in {"merge", "rename"} and after != 1:
        raise bad_field("/successors", "count", say("ends-in-one", kind=kind))


def _check_form(level: str, kind: str, code: str | None) -> None:
    named = word(LEVEL_WORDS, level)
    if kind not in KINDS[level]:
        detail = say("unit-kind", level=named, kinds=coded(UNIT_KINDS, sorted(KINDS[level])))
        raise bad_field("/kind", "fits-level", detail)
    if code is not None and len(code) != DIGITS[level]:
        raise bad_field("/code", "digits", say("unit-digits", level=named, digits=DIGITS[level]))


def _check_parent(
    level: str, named: str | None, parent: Unit, valid_from: date, valid_to: date | None
) -> None:
    """A parent is of a higher level, there on the first day, and does not end before its part."""
    if named is None:
        if level != "province":
            detail = say("unit-parent-missing", level=word(LEVEL_WORDS, level))
            raise bad_field("/parent", "required", detail)
        return
    if not parent.exists_on(valid_from):
        detail = say("unit-parent-not-there", unit=named, day=valid_from)
        raise bad_field("/parent", "exists", detail)
    if LEVELS.index(parent.level) >= LEVELS.index(level):  # pyright: ignore[reportArgumentType] - the contract knows three levels
        levels = {"level": word(LEVEL_WORDS, level), "parent": word(LEVEL_WORDS, parent.level)}
        raise bad_field("/parent", "higher-level", say("unit-parent-not-higher", **levels))
    if parent.valid_to is not None and (valid_to is None or valid_to > parent.valid_to):
        detail = say("unit-parent-ends", unit=named, day=parent.valid_to)
        raise bad_field("/valid_to", "within-parent", detail)


def _check_later(later: Sequence[Changed], values: Mapping[str, object]) -> None:
    names = {name for each in later for name in each.values} & set(values)
    if names:
        raise Refused(
            "overlapping-validity",
            say("later-change", names=joined(word(ATTRIBUTES, name) for name in sorted(names))),
        )


def _standing_on(unit: Unit, day: date) -> Mapping[str, object]:
    _check_known(unit)
    attributes = unit.as_of(day)
    if attributes is None:
        raise Refused("outside-its-days", say("outside-its-days", day=day))
    return attributes


def _take(
    code: Code,
    fact: AdministrativeUnitRegisteredV1 | AdministrativeUnitChangedV1,
    valid_from: date,
    valid_to: date | None,
    level: str | None = None,
) -> AdministrativeCodeTakenV1:
    registered = isinstance(fact, AdministrativeUnitRegisteredV1)
    wanted = fact.code if registered else str(fact.changes.code)
    mine = Held(fact.unit_id, valid_from, valid_to)
    holder = next((held for held in code.held if held.meets(mine)), None)
    if holder is not None:
        held = {"unit": holder.unit_id, "code": wanted}
        ends = holder.valid_to
        detail = say("code-held", **held, day=ends) if ends else say("code-held-on", **held)
        raise Refused("code-held", detail, extra={"holder": holder.unit_id})
    return AdministrativeCodeTakenV1.model_validate(
        {
            "level": fact.level if registered else level,
            "code": wanted,
            "unit_id": fact.unit_id,
            "site": fact.site,
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
    )


def _give_up(unit: Unit, held: str, day: date) -> AdministrativeCodeGivenUpV1:
    return AdministrativeCodeGivenUpV1.model_validate(
        {
            "level": unit.level,
            "code": held,
            "unit_id": unit.id,
            "site": unit.site,
            "ends_on": day,
        }
    )


def _belongs(
    parent: object, part: str, valid_from: date, valid_to: date | None
) -> tuple[Fact, ...]:
    if parent is None:
        return ()
    data = {
        "unit_id": parent,
        "part": part,
        "site": NATIONAL,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    return (AdministrativePartRecordedV1.model_validate(data),)


def may_have_parts(level: str) -> bool:
    """Whether units of this level can have others that belong to them."""
    return level in LEVELS[:-1]


def _closed(unit: Unit, fact: AdministrativeUnitEndedV1) -> tuple[Fact, ...]:
    if not may_have_parts(unit.level):
        return ()
    data = {"unit_id": unit.id, "site": NATIONAL, "ends_on": fact.ends_on}
    return (AdministrativePartsClosedV1.model_validate(data),)


def _moves(
    unit: Unit, old: object, new: object, day: date
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """What moving from one parent to another says in the streams of both."""
    if new is None or new == old:
        return (), ()
    leaves = _belongs(old, unit.id, unit.valid_from, day)
    return leaves, _belongs(new, unit.id, day, unit.valid_to)


def _check_known(unit: Unit) -> None:
    if not unit.known:
        raise NotFound("unit-unknown", say("unit-unknown"))
