"""Working time against a slow, obvious second implementation that walks minute by minute, and its properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rulebook.calendar import Calendar, Closure, calendar_of, changed_days
from rulebook.calendar_files import load_calendar
from rulebook.explanation import LOCAL
from rulebook.office_time import OutOfRange, at_working_microseconds, midnight, working_microseconds
from rulebook.pauses import Pause
from rulebook.profiles.params import Counting, Duration
from rulebook.working_time import add_months, add_working_days, count

CALENDAR = load_calendar()
MINUTE = timedelta(minutes=1)
ANCHORS = st.sampled_from(["00:00", "08:00", "16:30", "17:00"])
MOMENTS = st.datetimes(
    datetime.fromisoformat("2022-12-20"), datetime.fromisoformat("2028-01-15")
).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=LOCAL))
EDGES = st.builds(
    lambda day, clock: datetime.combine(day, clock, LOCAL),
    st.sampled_from(
        [date(2024, 2, 29), date(2024, 2, 7), date(2026, 2, 13), date(2024, 4, 26), date(2024, 5, 4),
         date(2026, 8, 21), date(2025, 12, 31), date(2023, 4, 28), date(2027, 12, 31), date(2024, 1, 31)]
    ),
    st.sampled_from([time(0), time(7, 59), time(8), time(8, 1), time(16, 30), time(17), time(23, 59)]),
)  # fmt: skip
EVENTS = MOMENTS | EDGES


def days(n: int, **changes: Any) -> Counting:
    return Counting(limit=Duration(n=n, unit="working_day"), **{"start": "next_day", **changes})


def anchored(n: int, anchor: str = "08:00", *, inclusive: bool = True) -> Counting:
    return days(n, start="anchor", anchor=anchor, anchor_inclusive=inclusive)


@st.composite
def pauses(draw: st.DrawFn, event: datetime) -> list[Pause]:
    starts = draw(st.lists(st.integers(0, 15 * 24 * 60), max_size=4))
    lengths = draw(
        st.lists(st.integers(0, 9 * 24 * 60), min_size=len(starts), max_size=len(starts))
    )
    return [
        Pause(event + start * MINUTE, event + (start + length) * MINUTE)
        for start, length in zip(starts, lengths, strict=True)
    ]


@lru_cache(maxsize=4096)
def is_day_off(day: date) -> bool:
    """Straight from the file's words: an entry decides, otherwise the week."""
    entry = next((each for each in CALENDAR.days.values() if each.date == day), None)
    if entry is not None and entry.status != "unconfirmed":
        return entry.kind != "working_saturday"
    return day.weekday() in {5, 6}


def end_by_minutes(counting: Counting, event: datetime, stops: list[Pause]) -> datetime:
    """A clock that walks minute by minute: it uses up the office minutes of the limit wherever it does not stand.

    It is over where an office minute would have to be used that is not there, at 24:00 of a working day the latest.
    """
    at, last = counted_by_minutes(counting, event)
    minutes = (last + timedelta(days=1) - at) // MINUTE
    left = sum(at_work(at + n * MINUTE) for n in range(minutes))
    while left or not (at_work(at) or after_a_working_day(at)) or covers(stops, at):
        left -= at_work(at) and not stands(stops, at)
        at += MINUTE
    return at


def counted_by_minutes(counting: Counting, event: datetime) -> tuple[datetime, datetime]:
    """When the clock starts, and 00:00 of the last counted day."""
    left, starts, at = counting.limit.n, None, event
    while True:
        if begins_a_day(counting, at, event) and not is_day_off(at.date()):
            starts = starts or at
            left -= 1
        if left == 0:
            return starts or at, midnight(at.toordinal())
        at += MINUTE


def at_work(at: datetime) -> bool:
    """07:30-12:00 and 13:30-17:00 of working days."""
    minute = at.hour * 60 + at.minute
    return (450 <= minute < 720 or 810 <= minute < 1020) and not is_day_off(at.date())


def after_a_working_day(at: datetime) -> bool:
    return at.time() == time(0) and not is_day_off(at.date() - timedelta(days=1))


def stands(stops: list[Pause], at: datetime) -> bool:
    return any(stop.start <= at < (stop.end or at) for stop in stops)


def covers(stops: list[Pause], at: datetime) -> bool:
    """Whether the clock stands before and after that moment."""
    return stands(stops, at - MINUTE) and stands(stops, at)


def begins_a_day(counting: Counting, at: datetime, event: datetime) -> bool:
    if counting.anchor is None:
        return at.time() == time(0) and at.date() > event.date()
    return at.time() == time.fromisoformat(counting.anchor) and (
        counting.anchor_inclusive or at > event
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), EVENTS, st.integers(1, 12), ANCHORS | st.none(), st.booleans())
def test_the_fast_count_agrees_with_a_walk_minute_by_minute(data, event, n, anchor, inclusive):
    """Random events, anchors and pauses give the same end, to the minute, in both implementations."""
    counting = days(n) if anchor is None else anchored(n, anchor, inclusive=inclusive)
    stops = data.draw(pauses(event))

    counted = count(counting, event, CALENDAR, stops)

    assert counted.ends == end_by_minutes(counting, event, stops)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.integers(1, 60))
def test_working_hours_agree_with_a_walk_minute_by_minute(event, n):
    """Office minutes are 07:30-12:00 and 13:30-17:00 of working days, nothing else."""
    left, at = n * 60, event
    while left:
        left -= at_work(at)
        at += MINUTE

    counting = Counting(limit=Duration(n=n, unit="working_hour"), start="instant")

    assert count(counting, event, CALENDAR).ends == at


@given(EVENTS, st.integers(1, 400), ANCHORS | st.none())
def test_a_deadline_in_working_days_never_falls_on_a_day_off(event, n, anchor):
    """Whatever the event and the number, both the first and the last day are working days."""
    counted = count(days(n) if anchor is None else anchored(n, anchor), event, CALENDAR)

    assert not is_day_off(counted.due)
    assert not is_day_off(date.fromordinal(counted.first))
    assert counted.ends == midnight(counted.last + 1)


@given(EVENTS, st.integers(0, 60), st.integers(0, 60))
def test_adding_working_days_composes(event, one, two):
    """a days and then b days is a + b days."""
    day = event.date()
    there = add_working_days(add_working_days(day, one, CALENDAR), two, CALENDAR)

    assert there == add_working_days(day, one + two, CALENDAR)


@given(EVENTS, st.integers(1, 60), st.integers(1, 60))
def test_limits_in_days_compose(event, one, two):
    """A limit that starts on the last day of another is their sum (the day of the event is not counted)."""
    first = count(days(one), event, CALENDAR)
    second = count(days(two), midnight(first.last), CALENDAR)

    assert second.due == count(days(one + two), event, CALENDAR).due


@given(EVENTS, st.integers(1, 30), st.dates(date(2023, 1, 1), date(2027, 12, 1)), st.integers(1, 9))
def test_more_days_off_never_shorten_a_limit(event, n, start, length):
    """Closing a province for some days moves a deadline later or leaves it."""
    closure = Closure("25", start, start + timedelta(days=length), "bão", "Công điện")
    closed = calendar_of(replace_closures(CALENDAR, closure)).for_province("25")

    assert count(anchored(n), event, closed).ends >= count(anchored(n), event, CALENDAR).ends


def replace_closures(calendar: Calendar, *closures: Closure) -> Calendar:
    return replace(calendar, closures=closures)


@settings(deadline=None)
@given(EVENTS, st.integers(1, 30), ANCHORS | st.none(), st.integers(0, 20000), st.integers(0, 9000))
@example(datetime(2024, 4, 26, 16, tzinfo=LOCAL), 5, None, 60, 24 * 60)
@example(datetime(2024, 5, 6, 23, 58, tzinfo=LOCAL), 5, None, 0, 3)
@example(datetime(2024, 5, 6, 8, tzinfo=LOCAL), 5, "08:00", 0, 9 * 60)
def test_pause_and_resume_move_a_deadline_by_exactly_the_paused_working_time(
    event, n, anchor, after, length
):
    """Counted by hand: the office minutes of the pause, from the start of the clock on, to the minute."""
    counting = days(n) if anchor is None else anchored(n, anchor)
    plain = count(counting, event, CALENDAR)
    pause = Pause(event + after * MINUTE, event + (after + length) * MINUTE)
    begun = max(pause.start, plain.starts)
    paused_minutes = sum(at_work(begun + n * MINUTE) for n in range((pause.end - begun) // MINUTE))

    paused = count(counting, event, CALENDAR, [pause])

    before, after_it = (working_microseconds(each.ends, CALENDAR) for each in (plain, paused))
    stood = paused_minutes * 60_000_000 if pause.start < plain.ends else 0
    assert after_it - before == stood == paused.paused
    assert not is_day_off(paused.due)


@settings(deadline=None)
@given(EVENTS, st.integers(1, 10), st.data())
def test_several_pauses_move_a_deadline_by_exactly_their_paused_working_time(event, n, data):
    """As often as the clock stands, overlapping or not: every office minute of a pause before the end, each once."""
    stops = data.draw(pauses(event))
    plain = count(days(n), event, CALENDAR)

    paused = count(days(n), event, CALENDAR, stops)

    walked = (paused.ends - plain.starts) // MINUTE
    minutes = (plain.starts + n * MINUTE for n in range(walked))
    stood = sum(at_work(at) and stands(stops, at) for at in minutes)
    moved = working_microseconds(paused.ends, CALENDAR) - working_microseconds(plain.ends, CALENDAR)
    assert moved == stood * 60_000_000 == paused.paused


@given(
    st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2026-12-01")),
    st.integers(1, 90),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
)
def test_calendar_days_move_by_exactly_the_time_the_clock_stood(naive, n, after, length):
    """Every second of the pause from the first counted day on, day or night."""
    event = naive.replace(tzinfo=LOCAL)
    counting = Counting(limit=Duration(n=n, unit="calendar_day"), start="next_day")
    pause = Pause(event + timedelta(seconds=after), event + timedelta(seconds=after + length))
    plain = count(counting, event, CALENDAR)

    moved = count(counting, event, CALENDAR, [pause]).ends - plain.ends

    stood = max(pause.end - max(pause.start, plain.starts), timedelta())
    assert moved == (stood if pause.start < plain.ends else timedelta())


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [
        ("2024-05-07 23:58", "2024-05-08 00:01", "2024-05-14 00:00"),
        ("2024-05-07 07:30", "2024-05-07 17:00", "2024-05-15 00:00"),
        ("2024-05-07 08:00", "2024-05-07 17:00", "2024-05-14 16:30"),
        ("2024-05-07 11:00", "2024-05-07 14:00", "2024-05-14 09:00"),
        ("2024-05-10 17:00", "2024-05-13 07:30", "2024-05-14 00:00"),
        ("2024-05-11 00:00", "2024-05-13 00:00", "2024-05-14 00:00"),
        ("2024-05-13 17:30", "2024-05-14 06:00", "2024-05-14 07:30"),
        ("2024-05-13 17:30", "2024-05-14 10:00", "2024-05-14 10:00"),
        ("2024-05-14 00:00", "2024-05-20 10:00", "2024-05-14 00:00"),
        ("2024-05-06 08:00", "2024-05-07 00:00", "2024-05-14 00:00"),
        ("2024-05-07 09:00:00", "2024-05-07 09:00:01", "2024-05-14 07:30:01"),
    ],
    ids=["three minutes round midnight", "a working day", "from 08:00", "over noon", "a weekend", "days off",
         "after the last close", "nothing was left", "after the end", "before day 1", "a second"],
)  # fmt: skip
def test_examples_of_pauses_in_a_limit_of_five_working_days(local, start, end, ends):
    """Received Monday 06/05/2024 09:00, five working days: Monday 13/05, 24:00."""
    found = count(days(5), local("2024-05-06 09:00"), CALENDAR, [Pause(local(start), local(end))])

    assert found.ends == local(ends)


@given(
    EVENTS, st.integers(1, 20), st.lists(st.integers(0, 30000), min_size=3, max_size=3).map(sorted)
)
def test_two_pauses_end_to_end_are_one_pause(event, n, marks):
    """[a, b) and [b, c) move a deadline as [a, c) does."""
    one, two, three = (event + mark * MINUTE for mark in marks)

    parted = count(days(n), event, CALENDAR, [Pause(one, two), Pause(two, three)])

    assert parted == count(days(n), event, CALENDAR, [Pause(one, three)])


@given(
    EVENTS, st.integers(1, 20), st.lists(st.integers(0, 20000), min_size=4, max_size=4).map(sorted)
)
@example(datetime(2024, 5, 6, 9, tzinfo=LOCAL), 5, [1440, 2880, 4320, 5760])
def test_overlapping_pauses_count_once(event, n, marks):
    """[a, c) and [b, d) move a deadline as [a, d) does, in either order."""
    one, two, three, four = (event + mark * MINUTE for mark in marks)

    overlapping = [Pause(two, four), Pause(one, three)]

    assert count(days(n), event, CALENDAR, overlapping) == count(
        days(n), event, CALENDAR, [Pause(one, four)]
    )


@given(EVENTS, st.integers(1, 20), st.integers(0, 3000), st.integers(0, 30000))
@example(datetime(2024, 5, 6, 9, tzinfo=LOCAL), 5, 0, 20000)
def test_a_pause_after_the_end_moves_nothing(event, n, after, length):
    """Overdue stays overdue: the clock that has run out does not stand."""
    plain = count(days(n), event, CALENDAR)
    pause = Pause(plain.ends + after * MINUTE, plain.ends + (after + length) * MINUTE)

    assert count(days(n), event, CALENDAR, [pause]) == plain


@given(EVENTS, st.integers(1, 500), st.integers(0, 10**9), st.integers(0, 10**9))
def test_hours_move_by_exactly_the_time_the_clock_stood(event, n, after, length):
    """To the microsecond: what stood before the end is added, what came after is not."""
    counting = Counting(limit=Duration(n=n, unit="hour"), start="instant")
    pause = Pause(
        event + timedelta(microseconds=after), event + timedelta(microseconds=after + length)
    )
    plain = count(counting, event, CALENDAR)

    moved = count(counting, event, CALENDAR, [pause]).ends - plain.ends

    assert moved == (timedelta(microseconds=length) if pause.start < plain.ends else timedelta())


@given(EVENTS)
def test_office_time_and_moments_are_inverse(event):
    """The moment at which so much office time has run has exactly so much behind it."""
    run = working_microseconds(event, CALENDAR)

    assert working_microseconds(at_working_microseconds(run, CALENDAR), CALENDAR) == run


@given(st.integers(date(2021, 1, 1).toordinal(), date(2036, 1, 1).toordinal()))
def test_numbers_of_working_days_and_days_are_inverse_even_outside_the_calendar(ordinal):
    """The working day with this day's number is this day or the next working one."""
    found = CALENDAR.working_day(CALENDAR.rank(ordinal))

    assert found >= ordinal
    assert CALENDAR.is_working(found)
    assert CALENDAR.rank(found) == CALENDAR.rank(ordinal)


@pytest.mark.parametrize(
    ("day", "n", "rounding", "expected"),
    [
        (date(2024, 1, 31), 1, "last_day", date(2024, 2, 29)),
        (date(2024, 1, 31), 1, "first_of_next", date(2024, 3, 1)),
        (date(2023, 1, 31), 1, "last_day", date(2023, 2, 28)),
        (date(2023, 1, 30), 1, "first_of_next", date(2023, 3, 1)),
        (date(2024, 2, 29), 12, "last_day", date(2025, 2, 28)),
        (date(2024, 2, 29), 12, "first_of_next", date(2025, 3, 1)),
        (date(2024, 12, 31), 6, "last_day", date(2025, 6, 30)),
        (date(2024, 12, 15), 1, "last_day", date(2025, 1, 15)),
        (date(2024, 3, 31), 0, "last_day", date(2024, 3, 31)),
    ],
)
def test_months_round_as_the_rule_says(day, n, rounding, expected):
    """The last day of a month that has no such day, or the first of the next: a parameter, never a habit."""
    assert add_months(day, n, rounding) == expected


@pytest.mark.parametrize(
    ("day_off", "expected"),
    [("stay", date(2024, 4, 28)), ("next", date(2024, 5, 2)), ("previous", date(2024, 4, 26))],
)
def test_calendar_days_move_off_a_day_off_only_if_the_rule_says_so(local, day_off, expected):
    """Three days after Thursday 25/04/2024 is a Sunday, before the long holiday."""
    counting = Counting(limit=Duration(n=3, unit="calendar_day"), start="next_day", day_off=day_off)

    assert count(counting, local("2024-04-25 10:00"), CALENDAR).due == expected


def test_a_limit_of_no_days_ends_with_the_day_of_the_event(local):
    """Zero working days from Friday noon: Friday."""
    assert count(days(0), local("2024-04-26 12:00"), CALENDAR).due == date(2024, 4, 26)


@pytest.mark.parametrize(
    ("clock", "first"),
    [("00:00", "2024-05-06"), ("07:59", "2024-05-06"), ("08:00", "2024-05-06"), ("08:01", "2024-05-07"),
     ("17:00", "2024-05-07"), ("23:59", "2024-05-07")],
)  # fmt: skip
def test_the_anchor_decides_which_day_is_the_first(local, clock, first):
    """At or before 08:00 the day itself counts, a minute later the next one does."""
    counted = count(anchored(1), local(f"2024-05-06 {clock}"), CALENDAR)

    assert str(counted.due) == first
    assert counted.starts == local(f"{first} 08:00")


def test_an_exclusive_anchor_is_missed_by_an_event_exactly_at_it(local):
    """Before 16:30 the same day, at 16:30 the next working day (AMB-17)."""
    exact, before = local("2026-09-11 16:30"), local("2026-09-11 16:29")

    assert count(anchored(1, "16:30", inclusive=False), exact, CALENDAR).due == date(2026, 9, 14)
    assert count(anchored(1, "16:30", inclusive=False), before, CALENDAR).due == date(2026, 9, 11)


def test_the_zone_of_an_event_does_not_matter_only_its_instant(local):
    """08:00 in Hà Nội is 01:00 in Greenwich."""
    utc = datetime(2025, 4, 25, 1, tzinfo=UTC)

    assert count(anchored(5), utc, CALENDAR) == count(
        anchored(5), local("2025-04-25 08:00"), CALENDAR
    )


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: count(days(5), datetime.fromisoformat("2024-04-26"), CALENDAR), "event"),
        (lambda: add_working_days(date(2024, 4, 26), -1, CALENDAR), "negative"),
        (lambda: Pause(datetime.fromisoformat("2024-04-26"), None), "pause.start"),
        (lambda: Pause(datetime(2024, 1, 2, tzinfo=LOCAL), datetime(2024, 1, 1, tzinfo=LOCAL)), "pause"),
        (lambda: count(days(1), datetime(2024, 1, 1, tzinfo=LOCAL), CALENDAR, [Pause(datetime(2024, 1, 1, tzinfo=LOCAL), None)]), "pauses"),
        (lambda: Duration(n=-1, unit="working_day"), "n"),
        (lambda: Duration(n=1, unit="day"), "unit"),
        (lambda: days(5, anchor="08:00"), "anchor"),
        (lambda: Counting(limit=Duration(n=5, unit="hour"), start="next_day"), "limit"),
        (lambda: Counting(limit=Duration(n=1, unit="month"), start="next_day"), "rounding"),
        (lambda: Counting(limit=Duration(n=5, unit="working_day"), start="next_day", day_off="next"), "day_off"),
        (lambda: anchored(0), "limit"),
        (lambda: anchored(1, "24:00"), "anchor"),
    ],
    ids=[f"fault-{n}" for n in range(13)],
)  # fmt: skip
def test_bad_input_is_refused_by_the_name_of_the_argument(call, word):
    """Naive times, negative numbers, unknown units and contradictory parameters never reach a computation."""
    with pytest.raises(ValueError, match=word):
        call()


def test_a_limit_past_the_last_year_is_refused():
    """31/12/9999 and five days more: named, not crashed."""
    with pytest.raises(OutOfRange, match="event"):
        count(days(5), datetime(9999, 12, 30, tzinfo=LOCAL), CALENDAR)


def test_the_changed_days_of_two_calendars_are_those_that_work_in_one_only():
    """Observing 24 November changes exactly the two days announced as policy."""
    changed = changed_days(CALENDAR, CALENDAR.observing_unconfirmed(observe=True))

    assert [date.fromordinal(o) for o in changed] == [date(2026, 11, 24), date(2027, 11, 24)]


@settings(deadline=None)
@given(EVENTS, st.integers(1, 30), pauses(datetime(2025, 1, 1, tzinfo=LOCAL)))
def test_a_deadline_never_falls_into_a_pause(event, n, stops):
    """However often the clock stands, the end lies outside every pause that began before it."""
    assume(all(stop.end > stop.start for stop in stops))
    counted = count(days(n), event, CALENDAR, stops)

    assert not any(stop.start < counted.ends <= stop.end for stop in stops)
