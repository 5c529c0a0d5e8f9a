"""When a submission counts as received: the agency's open days, nothing ever lost (AMB-01, AMB-02)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime

from rulebook.because import again, because
from rulebook.calendar import Calendar
from rulebook.explanation import Explanation, Outcome, Step
from rulebook.office_time import aware, midnight, within_years
from rulebook.profiles.model import Rule
from rulebook.profiles.params import IntakeWeek
from rulebook.registry import Inputs, RuleFunction
from rulebook.world import World

_LONGEST = 370
"""Days to look ahead: a rule that opens on no day of a year is refused as input."""


@dataclass(frozen=True, slots=True)
class Reception:
    """`submitted` is the real time and stays; `received` is when the agency counts as having it."""

    submitted: datetime
    received: datetime
    explanation: Explanation


@within_years("submitted")
def reception(rule: Rule[IntakeWeek], submitted: datetime, calendar: Calendar) -> Reception:
    """Received at once on an open day, else at 00:00 of the next one. Raises ValueError for a naive time."""
    at = aware(submitted, "submitted")
    today = at.toordinal()
    opened = next(
        (day for day in range(today, today + _LONGEST) if is_open(rule.params, day, calendar)), None
    )
    if opened is None:
        raise ValueError(f"rule: {rule.id} opens on no day")
    received = at if opened == today else midnight(opened)
    closed = [
        Step("intake-closed", {"date": (at + timedelta(days=n)).date().isoformat()})
        for n in range(opened - today)
    ]
    values = {"submitted": at.isoformat(), "at": received.isoformat()}
    explanation = because(
        rule, at.date(), {"submitted": at.isoformat(), "calendar": calendar.label},
        (Step("submitted", {"at": at.isoformat()}), *closed),
        Outcome("value", "received-at-once" if opened == today else "received-later", values),
        gives=again(rule, lambda other: reception(other, at, calendar)),
    )  # fmt: skip
    return Reception(at, received, explanation)


def is_open(params: IntakeWeek, ordinal: int, calendar: Calendar) -> bool:
    weekday = (ordinal - 1) % 7 + 1
    if weekday in params.weekdays:
        return params.holidays_open or calendar.is_working(ordinal)
    return params.swapped_saturday_open and calendar.is_working(ordinal)


class IntakeInputs(Inputs):
    submitted: AwareDatetime


def _apply(rule: Rule[Any], inputs: IntakeInputs, world: World) -> Reception:
    return reception(rule, inputs.submitted, world.calendar)


def _decides(params: IntakeWeek) -> str:
    return f"intake of {params.what}"


FUNCTIONS = (
    RuleFunction(
        "intake.week", frozenset({"deadline"}), IntakeWeek, IntakeInputs, _apply, _decides
    ),
)
