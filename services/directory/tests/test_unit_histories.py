"""Random histories of administrative units: no code is held twice on a day, and "as of" agrees with what was told."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from contracts.events.directory import (
    AdministrativeUnitChangedV1,
    AdministrativeUnitEndedV1,
    AdministrativeUnitRegisteredV1,
    AdministrativeUnitSucceededV1,
)
from directory.domain import units as domain
from directory.domain.units import Said
from rulebook.administrative_units import (
    NO_CODE,
    NO_UNIT,
    Code,
    Unit,
    became,
    evolve_code,
    evolve_unit,
)

FIRST = date(2000, 1, 1)
DAYS = st.integers(0, 40).map(lambda days: FIRST + timedelta(days=days))
CODES = st.sampled_from(["01", "02", "03"])
UNITS = st.sampled_from([f"u{number}" for number in range(5)])
NAMES = st.sampled_from(["Tỉnh Một", "Tỉnh Hai", "Tỉnh Ba"])
ACTS = st.one_of(
    st.tuples(st.just("register"), UNITS, CODES, NAMES, DAYS, st.none() | DAYS),
    st.tuples(st.just("change"), UNITS, st.none() | CODES, st.none() | NAMES, DAYS),
    st.tuples(st.just("end"), UNITS, DAYS),
    st.tuples(st.just("succeed"), UNITS, UNITS, DAYS),
)


class Register:
    """The register in memory, and beside it a plain table: unit → day → (name, code)."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self.codes: dict[str, Code] = {}
        self.table: dict[str, dict[date, tuple[str, str]]] = {}

    def unit(self, id: str) -> Unit:
        return self.units.get(id, NO_UNIT)

    def code(self, code: Any) -> Code:
        return self.codes.get(str(code), NO_CODE)

    def keep(self, id: str, said: Said, old: Any, new: Any) -> None:
        for fact in said.unit:
            self.units[id] = evolve_unit(self.unit(id), fact)
        for fact in said.old_code:
            self.codes[str(old)] = evolve_code(self.code(old), fact)
        for fact in said.new_code:
            self.codes[str(new)] = evolve_code(self.code(new), fact)

    # -- acts; each raises DomainError and then changes nothing ------------------------------------

    def register(self, id: str, code: str, name: str, first: date, end: date | None) -> None:
        data = {
            "unit_id": id,
            "site": "national",
            "level": "province",
            "kind": "province",
            "code": code,
            "name_vi": name,
            "valid_from": first,
            "valid_to": end,
        }
        fact = AdministrativeUnitRegisteredV1.model_validate(data)
        said = domain.register(self.unit(id), self.code(code), NO_UNIT, fact)
        self.keep(id, said, None, code)
        self.table[id] = dict.fromkeys(days(first, end), (name, code))

    def change(self, id: str, code: str | None, name: str | None, first: date) -> None:
        changes = {"code": code, "name_vi": name}
        data = {"unit_id": id, "site": "national", "valid_from": first, "changes": changes}
        fact = AdministrativeUnitChangedV1.model_validate(data)
        held = (self.unit(id).as_of(first) or {}).get("code")
        said = domain.change(self.unit(id), self.code(code), NO_UNIT, fact)
        self.keep(id, said, held, code)
        for day in [day for day in self.table[id] if day >= first] if said.unit else []:
            was = self.table[id][day]
            self.table[id][day] = (name or was[0], code or was[1])

    def end(self, id: str, day: date) -> None:
        data = {"unit_id": id, "site": "national", "ends_on": day}
        said = domain.end(self.unit(id), AdministrativeUnitEndedV1.model_validate(data))
        self.keep(id, said, self.unit(id).latest.get("code"), None)
        self.table[id] = {each: told for each, told in self.table[id].items() if each < day}

    def succeed(self, before: str, after: str, day: date) -> None:
        data = {
            "site": "national",
            "kind": "merge",
            "predecessors": [before],
            "successors": [after],
            "effective_on": day,
        }
        fact = AdministrativeUnitSucceededV1.model_validate(data)
        domain.succeed(fact, [self.unit(before)], [self.unit(after)])
        for id in (before, after):
            self.units[id] = evolve_unit(self.unit(id), fact)


def days(first: date, end: date | None) -> list[date]:
    last = end or FIRST + timedelta(days=60)
    return [first + timedelta(days=n) for n in range((last - first).days)]


@given(st.lists(ACTS, max_size=30))
def test_as_of_agrees_with_what_was_told_and_no_code_is_held_twice(acts: list[Any]):
    register = Register()
    for act, *values in acts:
        try:
            getattr(register, act)(*values)
        except DomainError:
            continue

    for day in days(FIRST, FIRST + timedelta(days=45)):
        holders: dict[str, str] = {}
        for id, unit in register.units.items():
            told = register.table[id].get(day)
            found = unit.as_of(day)
            assert (found and (found["name_vi"], found["code"])) == told
            if told is not None:
                assert holders.setdefault(told[1], id) == id, "a code is held twice"
                assert register.code(told[1]).holder(day) == id
        for code in ("01", "02", "03"):
            assert register.code(code).holder(day) == holders.get(code)


@given(st.lists(ACTS, max_size=30), UNITS)
def test_what_became_of_a_unit_ends_with_units_that_are_there(acts: list[Any], first: str):
    register = Register()
    for act, *values in acts:
        try:
            getattr(register, act)(*values)
        except DomainError:
            continue
    if first not in register.units:
        return

    for day in days(FIRST, FIRST + timedelta(days=45)):
        found = became(register.units, first, day)
        assert all(register.unit(id).exists_on(day) for id in found.now)
        assert not set(found.now) & set(found.lost)
        assert len(set(found.now)) == len(found.now)
