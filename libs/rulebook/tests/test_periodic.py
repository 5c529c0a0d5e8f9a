"""Periodic duties: "before a date", every six months, weekly, daily, and those without a date."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.calendar_files import load_calendar
from rulebook.explanation import Basis, Citation
from rulebook.office_time import OutOfRange
from rulebook.periodic import last_day_before, next_due
from rulebook.profiles.model import Rule
from rulebook.profiles.params import Every, Params, Undated, YearlyBefore

CALENDAR = load_calendar()


def periodic(kind: type[Params], **params: Any) -> Rule[Any]:
    basis = Basis("mau", "1", "in_force", "mau.r", Citation("QĐ 1"), "q", "s")
    made = kind.model_validate({"what": "report", "from_role": "agency", **params})
    return Rule("mau.r", "periodic_duty", "periodic", made, basis)


@pytest.mark.parametrize(
    ("rule", "on", "due", "remind", "begins", "ends"),
    [
        (
            "hanam.d17.k5.agency-report",
            "2024-01-01",
            "2024-11-14",
            "2024-11-13",
            "2023-11-01",
            "2024-10-31",
        ),
        (
            "hanam.d17.k5.agency-report",
            "2024-11-14",
            "2024-11-14",
            "2024-11-13",
            "2023-11-01",
            "2024-10-31",
        ),
        (
            "hanam.d17.k5.agency-report",
            "2024-11-15",
            "2025-11-14",
            "2025-11-13",
            "2024-11-01",
            "2025-10-31",
        ),
        (
            "hanam.d17.k5.consolidated-report",
            "2024-11-15",
            "2024-11-30",
            "2024-11-29",
            "2023-11-01",
            "2024-10-31",
        ),
        (
            "binhduong.d27.consolidated-report",
            "2025-11-15",
            "2025-11-30",
            "2025-11-28",
            "2024-11-01",
            "2025-10-31",
        ),
    ],
)
def test_before_a_date_excludes_it(profiles, rule, on, *, due, remind, begins, ends):
    """AMB-13: last on-time dates 14/11 and 30/11, reminded on a working day before; AMB-36: November to October."""
    found = next_due(profiles[rule.split(".")[0]].rules[rule], date.fromisoformat(on), CALENDAR)

    assert [str(day) for day in (found.due, found.remind, found.begins, found.ends)] == [
        due,
        remind,
        begins,
        ends,
    ]


def test_a_limit_on_a_day_off_is_not_moved_but_told(profiles):
    """30/11/2024 is a Saturday: the report is still due then."""
    rule = profiles["hanam"].rules["hanam.d17.k5.consolidated-report"]

    names = [step.name for step in next_due(rule, date(2024, 11, 15), CALENDAR).explanation.steps]

    assert "day-off-not-moved" in names


@pytest.mark.parametrize(
    ("inclusive", "day"), [(False, date(2024, 2, 29)), (True, date(2024, 3, 1))]
)
def test_before_and_no_later_than_differ_by_a_day(inclusive, day):
    """Also over a leap day."""
    assert last_day_before(3, 1, 2024, inclusive=inclusive) == day


@pytest.mark.parametrize(
    ("every", "previous", "due"),
    [
        ({"n": 6, "unit": "month"}, "2024-08-31", "2025-02-28"),
        ({"n": 6, "unit": "month"}, "2023-08-31", "2024-02-29"),
        ({"n": 1, "unit": "year"}, "2024-02-29", "2025-02-28"),
    ],
)
def test_six_months_run_from_the_previous_time(every, previous, due):
    """AMB-24: rolling; the end of a month stays within its month."""
    rule = periodic(Every, every=every, counted_from="previous", rounding="last_day")

    found = next_due(rule, date(2024, 9, 1), CALENDAR, date.fromisoformat(previous))

    assert str(found.due) == due


@pytest.mark.parametrize(
    ("unit", "n", "on", "begins", "ends"),
    [
        ("week", 1, "2024-05-09", "2024-05-06", "2024-05-12"),
        ("month", 1, "2024-02-10", "2024-02-01", "2024-02-29"),
        ("month", 3, "2024-05-09", "2024-04-01", "2024-06-30"),
        ("month", 6, "2024-12-31", "2024-07-01", "2024-12-31"),
        ("year", 1, "2024-05-09", "2024-01-01", "2024-12-31"),
        ("calendar_day", 1, "2024-05-01", "2024-05-01", "2024-05-01"),
        ("working_day", 1, "2024-05-01", "2024-05-02", "2024-05-02"),
        ("working_day", 1, "2024-05-04", "2024-05-04", "2024-05-04"),
    ],
)
def test_calendar_periods_are_those_around_the_day(unit, n, on, begins, ends):
    """Weeks begin on Monday; on days off a daily duty waits for the next working day (AMB-29)."""
    rule = periodic(Every, every={"n": n, "unit": unit}, counted_from="calendar")

    found = next_due(rule, date.fromisoformat(on), CALENDAR)

    assert (str(found.begins), str(found.ends)) == (begins, ends)
    assert found.due == found.ends


def test_a_duty_without_a_date_gets_none_unless_the_profile_assumes_one():
    """And an assumed one is marked as ours (AMB-35)."""
    bare = next_due(periodic(Undated, period="year"), date(2024, 5, 1), CALENDAR)
    assumed = next_due(
        periodic(Undated, period="unspecified", assumed={"n": 6, "unit": "month"}),
        date(2024, 5, 1),
        CALENDAR,
    )

    assert (bare.due, bare.explanation.outcome.verdict) == (None, "undetermined")
    assert assumed.due == date(2024, 6, 30)
    assert "not-a-legal-limit" in {warned.code for warned in assumed.explanation.warnings}


@given(st.dates(date(2013, 1, 1), date(2035, 12, 31)))
def test_a_yearly_report_is_due_on_or_after_the_day_asked_and_within_a_year(on):
    """Whatever the day, also past the calendar's end, where it warns."""
    found = next_due(periodic(YearlyBefore, month=3, day=1, to_roles=["x"]), on, CALENDAR)

    assert found.due is not None
    assert on <= found.due
    assert (found.due - on).days <= 366
    assert CALENDAR.is_working(found.remind.toordinal())
    assert ("calendar-ended" in {w.code for w in found.explanation.warnings}) == (
        found.due.year not in range(2023, 2028)
    )


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: next_due(periodic(Every, every={"n": 6, "unit": "month"}, counted_from="previous", rounding="last_day"), date(2024, 1, 1), CALENDAR), "previous"),
        (lambda: periodic(Every, every={"n": 6, "unit": "month"}, counted_from="previous"), "rounding"),
        (lambda: periodic(YearlyBefore, month=2, day=29, to_roles=[]), "day"),
        (lambda: periodic(YearlyBefore, month=13, day=1, to_roles=[]), "month"),
        (lambda: next_due(periodic(YearlyBefore, month=3, day=1, to_roles=[]), date(9999, 4, 1), CALENDAR), "on"),
    ],
    ids=[f"fault-{n}" for n in range(5)],
)  # fmt: skip
def test_bad_input_is_refused_by_the_name_of_the_argument(call, word):
    """A date that does not exist every year, a missing previous time, the year 9999."""
    with pytest.raises((ValueError, OutOfRange), match=word):
        call()


def test_a_rule_that_is_not_periodic_is_refused(a_rule):
    """A deadline has no period."""
    with pytest.raises(ValueError, match="rule"):
        next_due(a_rule(), date(2024, 1, 1), CALENDAR)
