"""Two administrative maps and the reform between them, as the decisions that record them: pure.

The map before the reform is registered and ended, the map after it registered, and what became of
each unit recorded: provinces by the reform's own list, communes where the list names them or a new
one carries on the code, districts by abolition of the level. What nobody says stays open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from common.errors import FieldProblem, Said, Unprocessable
from directory.domain.checks import problems_of
from directory.domain.units import NATIONAL
from directory.domain.words import LEVELS, say, word
from rulebook.text import fold_plain

MOST_UNITS = 20_000
Name = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(pattern=r"^[0-9]{2,5}$")]

_KINDS = {
    "province": {"tinh": "province", "thanh pho": "municipality"},
    "district": {
        "huyen": "rural_district",
        "quan": "urban_district",
        "thi xa": "town",
        "thanh pho": "provincial_city",
    },
    "commune": {
        "xa": "rural_commune",
        "phuong": "ward",
        "thi tran": "township",
        "dac khu": "special_zone",
    },
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Part):
    """A commune (xã) or a district without its communes."""

    code: Code
    name: Name


class District(Place):
    communes: tuple[Place, ...] = ()


class Province(Place):
    districts: tuple[District, ...] = ()
    communes: tuple[Place, ...] = ()


class Map(_Part):
    """A map: `as_of` says of which day; provinces with districts, or with communes directly."""

    as_of: Annotated[str, Field(max_length=300)] = ""
    source_commit: Annotated[str, Field(max_length=64)] = ""
    provinces: Annotated[tuple[Province, ...], Field(min_length=1, max_length=200)]


class Passing(_Part):
    """Units (by their codes before) that became one (by its code after)."""

    before: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]
    after: Code


class Instrument(_Part):
    number: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\S+$")]
    issued_on: date | None = None
    issuer: Annotated[str, Field(max_length=200)] | None = None
    title: Annotated[str, Field(max_length=500)] | None = None


class Reform(_Part):
    """What the law says about the change: from which day, which provinces and communes became which.

    unverified  what of it was not compared with the text of the law; every succession says so then
    """

    description: Annotated[str, Field(max_length=2000)] = ""
    unverified: Annotated[str, Field(max_length=300)] = ""
    effective_on: date
    provinces: tuple[Passing, ...] = ()
    communes: Annotated[tuple[Passing, ...], Field(max_length=MOST_UNITS)] = ()
    same_code_continues: bool = True
    document: Instrument | None = None
    district_document: Instrument | None = None


class Maps(_Part):
    """The file of this import; `known_from` is the first day the register vouches for `before`."""

    known_from: date
    before: Map
    after: Map
    reform: Reform


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: `act` is "register", "end" or "succeed"; `near` names what it shares with others."""

    key: str
    act: str
    data: Mapping[str, Any]
    near: str


Waves = list[list[Step]]


def read_maps(data: object) -> Maps:
    """Raises Unprocessable with every fault of the file."""
    try:
        return Maps.model_validate(data)
    except ValidationError as error:
        found = problems_of(error)[:50]
        raise Unprocessable("maps-invalid", say("maps-invalid"), errors=found) from error


def waves_of(maps: Maps) -> Waves:
    """The decisions in groups that must follow one another. Raises Unprocessable for loose ends."""
    return _Plan(maps).waves()


class _Plan:
    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self.day = maps.reform.effective_on
        self.old = _flat(maps.before)
        self.new = _flat(maps.after)
        if len(self.old) + len(self.new) > MOST_UNITS:
            raise _loose("/after", say("maps-too-many", most=MOST_UNITS))
        self.merged = {each.after: each.before for each in maps.reform.provinces}
        self.staying = self._staying()
        self._check_codes()

    def _staying(self) -> frozenset[str]:
        """Provinces that go on unchanged, by code."""
        gone = {code for codes in self.merged.values() for code in codes}
        before = {code for level, code in self.old if level == "province"}
        after = {code for level, code in self.new if level == "province"}
        open_end = (before - gone) - after
        if open_end:
            raise _loose(
                "/reform/provinces", say("maps-open-end", codes=", ".join(sorted(open_end)))
            )
        unborn = after - set(self.merged) - (before - gone)
        if unborn:
            raise _loose("/reform/provinces", say("maps-unborn", codes=", ".join(sorted(unborn))))
        return frozenset(before - gone)

    def _check_codes(self) -> None:
        known = {code for level, code in self.old if level == "province"}
        strange = {c for codes in self.merged.values() for c in codes} - known
        strange |= {after for after in self.merged if ("province", after) not in self.new}
        for passing in self.maps.reform.communes:
            strange |= {c for c in passing.before if ("commune", c) not in self.old}
            strange |= {passing.after} if ("commune", passing.after) not in self.new else set()
        if strange:
            raise _loose("/reform", say("maps-strange-codes", codes=", ".join(sorted(strange))))

    def waves(self) -> Waves:
        levels = ("province", "district", "commune")
        before = [[self._registered(level, unit, old=True) for unit in self._of(self.old, level)] for level in levels]  # fmt: skip
        ends = [[self._ended(level, unit.code) for unit in self._of(self.old, level) if self._ends(level, unit.code)] for level in reversed(levels)]  # fmt: skip
        after = [[self._registered(level, unit, old=False) for unit in self._of(self.new, level) if level != "province" or unit.code not in self.staying] for level in levels]  # fmt: skip
        passings = [[*self._provinces(), *self._communes(), *self._districts()]]
        return [wave for wave in (*before, *ends, *after, *passings) if wave]

    def _of(self, units: Mapping[tuple[str, str], "_Unit"], level: str) -> list["_Unit"]:
        return [unit for (each, _), unit in units.items() if each == level]

    def _ends(self, level: str, code: str) -> bool:
        return level != "province" or code not in self.staying

    def _id(self, level: str, code: str, *, old: bool) -> str:
        stays = level == "province" and code in self.staying
        year = self.maps.known_from.year if old or stays else self.day.year
        return f"{level}.{code}.{year}"

    def _registered(self, level: str, unit: "_Unit", *, old: bool) -> Step:
        id = self._id(level, unit.code, old=old)
        data: dict[str, Any] = {
            "unit_id": id,
            "site": NATIONAL,
            "level": level,
            "kind": _kind(level, unit.name),
            "code": unit.code,
            "name_vi": _proper(unit.name),
            "valid_from": (self.maps.known_from if old else self.day).isoformat(),
        }
        if unit.parent is not None:
            data["parent"] = self._id(*unit.parent, old=old)
        note = (self.maps.before if old else self.maps.after).as_of
        return Step(id, "register", data | ({"note": note} if note else {}), data.get("parent", id))

    def _ended(self, level: str, code: str) -> Step:
        id = self._id(level, code, old=True)
        data = {"unit_id": id, "site": NATIONAL, "ends_on": self.day.isoformat()}
        parent = self.old[level, code].parent
        near = self._id(*parent, old=True) if parent else id
        return Step(f"end.{id}", "end", data | self._document(level), near)

    def _provinces(self) -> Iterator[Step]:
        for after, before in self.merged.items():
            yield self._succeeded("province", "merge", before, after)

    def _communes(self) -> Iterator[Step]:
        """Those the list names; then, one by one, codes that went on."""
        named = {code for passing in self.maps.reform.communes for code in passing.before}
        for passing in self.maps.reform.communes:
            yield self._succeeded("commune", "merge", passing.before, passing.after)
        if not self.maps.reform.same_code_continues:
            return
        note = "Chưa kiểm chứng: suy ra từ việc đơn vị mới mang mã của đơn vị này."
        for level, code in self.old:
            if level == "commune" and code not in named and (level, code) in self.new:
                yield self._succeeded("commune", "merge", (code,), code, note)

    def _districts(self) -> Iterator[Step]:
        if any(level == "district" for level, _ in self.new):
            return
        for level, code in self.old:
            if level == "district":
                yield self._succeeded(level, "abolition", (code,), None)

    def _succeeded(
        self, level: str, kind: str, before: Sequence[str], after: str | None, note: str = ""
    ) -> Step:
        predecessors = [self._id(level, code, old=True) for code in before]
        successors = [self._id(level, after, old=False)] if after else []
        data: dict[str, Any] = {
            "site": NATIONAL,
            "kind": kind,
            "predecessors": predecessors,
            "successors": successors,
            "effective_on": self.day.isoformat(),
        }
        note = note or self.maps.reform.unverified
        more = self._document(level) | ({"note": note} if note else {})
        key = f"succeed.{predecessors[0]}"
        return Step(key, "succeed", data | more, (successors or predecessors)[0])

    def _document(self, level: str) -> dict[str, Any]:
        reform = self.maps.reform
        document = reform.district_document if level == "district" else reform.document
        if document is None or level == "commune":
            return {}
        return {"document": document.model_dump(mode="json", exclude_none=True)}


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str
    name: str
    parent: tuple[str, str] | None


def _flat(given: Map) -> dict[tuple[str, str], _Unit]:
    """Every unit under (level, code); raises Unprocessable when a code stands twice in a level."""
    units: dict[tuple[str, str], _Unit] = {}
    for level, place, parent in _walk(given):
        if (level, place.code) in units:
            raise _loose(f"/{level}", say("maps-code-twice", code=place.code))
        units[level, place.code] = _Unit(place.code, place.name, parent)
    return units


def _walk(given: Map) -> Iterator[tuple[str, Place, tuple[str, str] | None]]:
    for province in given.provinces:
        inside = ("province", province.code)
        yield "province", province, None
        for commune in province.communes:
            yield "commune", commune, inside
        for district in province.districts:
            yield "district", district, inside
            for commune in district.communes:
                yield "commune", commune, ("district", district.code)


def _kind(level: str, name: str) -> str:
    """From the first words of the name. Raises Unprocessable for a name that says no kind."""
    plain = fold_plain(name)
    for words, kind in _KINDS[level].items():
        if plain.startswith(words + " "):
            return kind
    raise _loose(f"/{level}", say("maps-no-kind", name=name[:40], level=word(LEVELS, level)))


def _proper(name: str) -> str:
    """A kind that the source writes small begins with a capital, as the law writes it."""
    return name[:1].upper() + name[1:]


def _loose(pointer: str, detail: Said) -> Unprocessable:
    problem = FieldProblem(pointer, "fits", detail)
    return Unprocessable("maps-loose-ends", say("maps-loose-ends"), errors=[problem])
