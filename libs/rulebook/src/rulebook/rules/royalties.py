"""Royalties (HN Đ14, LS Đ4 k6, KH Đ5): coefficient × unit value × share, in whole đồng, from dated tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rulebook.because import because
from rulebook.explanation import Explanation, Outcome, Row, Step, Values, Warned, Way
from rulebook.files import CONTRACTS
from rulebook.profiles.model import Rule
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import RoyaltyRates
from rulebook.world import World


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Dated(_Row):
    start: date = Field(alias="from")
    end: date | None = Field(alias="to")
    status: Literal["confirmed", "unconfirmed"]
    source: str

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)


class UnitPercent(Dated):
    percent: int = Field(ge=1, le=100)


class BaseSalary(Dated):
    vnd: int = Field(ge=0)


class Range(_Row):
    min: Decimal = Decimal(0)
    max: Decimal


class Frame(Dated):
    key: str
    genres: Mapping[str, Range]


class RoyaltyTables(_Row):
    """The dated tables of contracts/royalties: unit percent, base salary, frames of coefficients."""

    unit_percent: tuple[UnitPercent, ...]
    base_salary: tuple[BaseSalary, ...]
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One payee's part in a work. `parts` are whole numbers: (2, 1) is two thirds and one third."""

    person: str
    role: str
    parts: int


@dataclass(frozen=True, slots=True)
class Royalty:
    """`amounts` in đồng by person, in the order given; they add up to `total`. Refused = nothing is paid."""

    total: int
    amounts: Mapping[str, int]
    refused: tuple[str, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Work:
    """What is paid for: genre and coefficient by a frame, the day it was published, who shares."""

    genre: str
    coefficient: Decimal
    frame: str
    on: date
    shares: Sequence[Share]


class NoTable(LookupError):
    pass


@lru_cache(maxsize=4)
def load_royalties(path: Path = CONTRACTS / "royalties" / "vn.yaml") -> RoyaltyTables:
    """Reads the tables. Raises pydantic.ValidationError naming what is wrong."""
    return RoyaltyTables.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def royalty(rule: Rule[RoyaltyRates], work: Work, tables: RoyaltyTables) -> Royalty:
    """The amounts, or why they may not be paid: coefficient outside its frame, a payee whom the rule does not name.

    The whole is rounded half up to a đồng; shares are rounded down and the odd đồng go to the largest remainders, then
    in the order given. Raises NoTable if a table has no row for the day, ValueError for shares that are not positive.
    """
    _check(work)
    frame = _row((each for each in tables.frames if each.key == work.frame), work.on, "frames")
    unit, tabled = _unit_value(tables, work.on)
    refused = (*_outside(frame, work), *_strangers(rule.params, work))
    total = int((work.coefficient * unit).to_integral_value(ROUND_HALF_UP))
    amounts = split(total, [share.parts for share in work.shares])
    steps = (
        Step("unit-value", {"unit": str(unit), **tabled}),
        Step(
            "royalty-total",
            {"coefficient": str(work.coefficient), "unit": str(unit), "total": total},
        ),
        Step("royalty-shares", {"shares": _rows(work.shares, amounts)}),
    )
    doubts = tuple(
        Warned("table-unconfirmed", {"source": str(value)})
        for value in _doubtful(tables, frame, work.on)
    )
    inputs: Values = {
        "genre": work.genre,
        "coefficient": str(work.coefficient),
        "frame": work.frame,
        "on": work.on.isoformat(),
    }
    if refused:
        ways = (
            Way("coefficient-in-frame", {"max": _limit(frame, work.genre)}),
            Way("name-payees", {"payees": rule.params.payees}),
        )
        outcome = Outcome("refused", "royalty-refused", {"codes": refused}, ways)
        return Royalty(
            0, {}, refused, because(rule, work.on, inputs, steps, outcome, warnings=doubts)
        )
    outcome = Outcome("value", "royalty", {"total": total, "decides": rule.params.decides})
    paid = _by_person(work.shares, amounts)
    return Royalty(total, paid, (), because(rule, work.on, inputs, steps, outcome, warnings=doubts))


def split(total: int, parts: Sequence[int]) -> tuple[int, ...]:
    """Whole numbers in proportion to `parts` that add up to `total`: the largest remainders get the odd ones."""
    whole = sum(parts)
    shares = [total * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda at: (-(total * parts[at] % whole), at))
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return tuple(shares)


def _check(work: Work) -> None:
    if not work.shares or any(share.parts <= 0 for share in work.shares):
        raise ValueError("shares: at least one, and each a positive whole number")
    if work.coefficient < 0:
        raise ValueError("coefficient: a negative number pays nobody")


T = TypeVar("T", bound=Dated)


def _row(rows: Iterable[T], on: date, name: str) -> T:
    found = next((row for row in rows if row.holds(on)), None)
    if found is None:
        raise NoTable(f"{name}: no row for {on.isoformat()}")
    return found


def _unit_value(tables: RoyaltyTables, on: date) -> tuple[Decimal, Values]:
    percent = _row(tables.unit_percent, on, "unit_percent")
    salary = _row(tables.base_salary, on, "base_salary")
    value = Decimal(salary.vnd) * percent.percent / 100
    return value, {"percent": percent.percent, "base": salary.vnd, "source": salary.source}


def _outside(frame: Frame, work: Work) -> Iterable[str]:
    limits = frame.genres.get(work.genre)
    if limits is None:
        yield f"genre-not-in-frame:{work.genre}"
    elif work.coefficient > limits.max:
        yield "coefficient-above-frame"
    elif work.coefficient < limits.min:
        yield "coefficient-below-frame"


def _strangers(params: RoyaltyRates, work: Work) -> Iterable[str]:
    return sorted(
        {
            f"payee-not-named:{share.role}"
            for share in work.shares
            if share.role not in params.payees
        }
    )


def _limit(frame: Frame, genre: str) -> str:
    limits = frame.genres.get(genre)
    return str(limits.max) if limits else "0"


def _rows(shares: Sequence[Share], amounts: Sequence[int]) -> tuple[Row, ...]:
    return tuple(
        {"person": share.person, "role": share.role, "parts": share.parts, "vnd": amount}
        for share, amount in zip(shares, amounts, strict=True)
    )


def _by_person(shares: Sequence[Share], amounts: Sequence[int]) -> Mapping[str, int]:
    paid: dict[str, int] = {}
    for share, amount in zip(shares, amounts, strict=True):
        paid[share.person] = paid.get(share.person, 0) + amount
    return paid


def _doubtful(tables: RoyaltyTables, frame: Frame, on: date) -> Iterable[str]:
    rows = (
        frame,
        _row(tables.unit_percent, on, "unit_percent"),
        _row(tables.base_salary, on, "base_salary"),
    )
    return (row.source for row in rows if row.status == "unconfirmed")


class ShareInput(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    person: str
    role: str
    parts: int = 1


class RoyaltyInputs(Inputs):
    genre: str
    coefficient: Decimal
    frame: str = "portal"
    shares: tuple[ShareInput, ...]
    on: date


def _apply(rule: Rule[Any], inputs: RoyaltyInputs, _world: World) -> Royalty:
    shares = tuple(Share(each.person, each.role, each.parts) for each in inputs.shares)
    work = Work(inputs.genre, inputs.coefficient, inputs.frame, inputs.on, shares)
    return royalty(rule, work, load_royalties())


FUNCTIONS = (
    RuleFunction("royalty.rates", frozenset({"duty"}), RoyaltyRates, RoyaltyInputs, _apply),
)
