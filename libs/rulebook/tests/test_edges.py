"""The ends of the years: every function of days refuses what leaves 1 to 9999 by the argument's name, never crashes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from rulebook.calendar import Calendar
from rulebook.clock_state import clock_state
from rulebook.deadlines import deadline
from rulebook.explanation import LOCAL
from rulebook.hops import Hop, transfer
from rulebook.intake import reception
from rulebook.office_time import OutOfRange, aware
from rulebook.pauses import Pause
from rulebook.periodic import next_due
from rulebook.profiles.model import Profile
from rulebook.profiles.params import (
    DeadlineCount,
    DeadlinePrompt,
    Duration,
    Every,
    IntakeWeek,
    Undated,
    YearlyBefore,
)
from rulebook.promises import appoint, extend, notify_progress
from rulebook.questions import question_limits
from rulebook.recompute import recompute
from rulebook.sentences import told
from rulebook.submissions import Event, Submission, check_submission

LAST = datetime(9999, 12, 31, 23, 59, tzinfo=LOCAL)
FIRST = datetime(1, 1, 1, tzinfo=LOCAL)
MOMENTS = [
    LAST,
    FIRST,
    LAST - timedelta(days=3),
    FIRST + timedelta(days=3),
    LAST.replace(tzinfo=UTC),
    FIRST.replace(tzinfo=timezone(timedelta(hours=14))),
]
IDS = [
    "the last minute",
    "the first",
    "near the last",
    "near the first",
    "past the last in Vietnam",
    "before the first in Vietnam",
]
NOW = datetime(2026, 10, 5, 9, tzinfo=LOCAL)


def decided_or_refused(call: Callable[[], Any], *arguments: str) -> None:
    """The call gives an answer or an OutOfRange that begins with the name of an argument."""
    try:
        call()
    except OutOfRange as refused:
        named = str(refused).split(":")[0]
    else:
        return
    assert named in arguments


@pytest.mark.parametrize("at", MOMENTS, ids=IDS)
def test_every_deadline_at_the_ends_of_the_years(
    at: datetime, profiles: dict[str, Profile], calendar: Calendar
):
    """Counted, stood, recomputed, looked at."""
    pause = Pause(NOW, NOW + timedelta(days=30))
    for rule in (rule for profile in profiles.values() for rule in profile.rules.values()):
        if isinstance(rule.params, DeadlineCount | DeadlinePrompt):
            decided_or_refused(lambda r=rule: deadline(r, at, calendar), "event")
            decided_or_refused(lambda r=rule: deadline(r, at, calendar, [pause]), "event")
            decided_or_refused(lambda r=rule: recompute(r, at, calendar, calendar), "event")
            decided_or_refused(lambda r=rule: clock_state(r, NOW, at, calendar), "event", "now")
            decided_or_refused(
                lambda r=rule: clock_state(r, at, NOW, calendar, [Pause(NOW, None)]), "event", "now"
            )


@pytest.mark.parametrize("at", MOMENTS, ids=IDS)
def test_every_other_clock_at_the_ends_of_the_years(
    at: datetime, profiles: dict[str, Profile], calendar: Calendar
):
    """Reception, questions, submissions, promises, transfers, periodic duties."""
    hanam: Any = profiles["hanam"].rules
    langson: Any = profiles["langson"].rules
    first = deadline(hanam["hanam.d10.k5a.own-competence"], NOW, calendar)
    special, notice = hanam["hanam.d10.k5c.special"], langson["langson.d9.k7.answer-or-progress"]
    for profile in profiles.values():
        for rule in profile.rules.values():
            known: Any = rule
            if isinstance(rule.params, IntakeWeek):
                decided_or_refused(lambda r=known: reception(r, at, calendar), "submitted")
            if isinstance(rule.params, YearlyBefore | Every | Undated):
                decided_or_refused(
                    lambda r=known: next_due(r, at.date(), calendar, NOW.date()), "on", "previous"
                )
                decided_or_refused(
                    lambda r=known: next_due(r, NOW.date(), calendar, at.date()), "on", "previous"
                )
        event = Event("issued", at.date())
        for when in (at, NOW):
            submission = Submission(category="legal_document", title="a", body="b", event=event)
            decided_or_refused(
                lambda p=profile, s=submission, w=when: check_submission(p, s, w, calendar),
                "at",
                "event",
            )
        decided_or_refused(
            lambda p=profile: question_limits(p, "own", at, calendar), "submitted", "event"
        )
    day = at.date()
    for sent in (at, NOW):
        decided_or_refused(
            lambda s=sent: appoint(special, first, s, day, calendar), "sent", "promised"
        )
        decided_or_refused(
            lambda s=sent: notify_progress(notice, first, s, day, 0, calendar), "sent", "promised"
        )
        decided_or_refused(
            lambda s=sent: extend(special, first, s, Duration(n=3660, unit="month"), calendar),
            "sent",
            "by",
        )
    decided_or_refused(
        lambda: transfer(hanam["hanam.d18.k3dd.transfer"], [Hop("a", NOW)], "b", at, calendar),
        "now",
    )
    decided_or_refused(
        lambda: transfer(hanam["hanam.d18.k3dd.transfer"], [Hop("a", at)], "b", at, calendar),
        "now",
        "event",
        "trail",
    )


@pytest.mark.parametrize(
    ("n", "unit"),
    [
        (3660, "month"),
        (3660, "calendar_day"),
        (3660, "working_day"),
        (3660, "hour"),
        (3660, "working_hour"),
    ],
)
def test_the_longest_limits_from_the_last_years(n: int, unit: str, a_rule: Any, calendar: Calendar):
    """305 years, ten years, some weeks: from 2026 they have an answer, from 9990 or 9700 they may not."""
    rule = a_rule(n, unit, **({"rounding": "last_day"} if unit == "month" else {}))

    assert deadline(rule, NOW, calendar).due
    for year in (9700, 9990, 9999):
        decided_or_refused(lambda y=year: deadline(rule, NOW.replace(year=y), calendar), "event")


def test_a_moment_that_is_no_moment_in_vietnam_is_refused_by_name():
    """23:00 in Greenwich on the last day is already the year 10000 in Hà Nội."""
    with pytest.raises(OutOfRange, match="event: 9999-12-31"):
        aware(datetime(9999, 12, 31, 23, tzinfo=UTC), "event")


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1)])
def test_in_the_first_and_the_last_year_days_are_told_with_four_digits(day: date):
    """01/01/0001, not 01/01/1."""
    assert told("intake-closed", {"date": day.isoformat()}, "en").endswith(
        f"{day.year:04d} is not a day of reception."
    )
