"""A question that travels: each hop its clock, the second transfer to the standing agency, the age never forgotten."""

from datetime import date

import pytest

from rulebook.calendar_files import load_calendar
from rulebook.hops import Hop, transfer
from rulebook.pauses import Pause

CALENDAR = load_calendar()


@pytest.fixture
def rule(profiles):
    return profiles["hanam"].rules["hanam.d18.k3dd.transfer"]


def test_the_first_transfer_is_allowed_within_a_working_day(rule, local):
    """HN-Q048: received 11/11/2024 09:40, to be told and passed on by 12/11."""
    found = transfer(
        rule, [Hop("a", local("2024-11-11 09:40"))], "b", local("2024-11-12 10:00"), CALENDAR
    )

    assert found.allowed
    assert found.by.due == date(2024, 11, 12)


@pytest.mark.parametrize(("to", "allowed"), [("c", False), ("standing_agency", True)])
def test_the_second_transfer_goes_to_the_standing_agency(rule, local, to, allowed):
    """AMB-06: no third agency; the trail and the age since the first reception are told."""
    trail = [
        Hop("a", local("2024-11-11 09:40"), local("2024-11-12 10:00")),
        Hop("b", local("2024-11-12 10:05")),
    ]

    found = transfer(rule, trail, to, local("2024-11-13 10:00"), CALENDAR)

    assert found.allowed == allowed
    assert found.by.due == date(2024, 11, 13)
    assert found.age_working_days == 2
    assert [step.values["agency"] for step in found.explanation.steps[:2]] == ["a", "b"]
    assert [way.values["to"] for way in found.explanation.outcome.nearest] == (
        [] if allowed else ["standing_agency"]
    )


@pytest.mark.parametrize(
    ("trail", "word"),
    [
        ([], "no agency"),
        ([("a", "2024-11-11 09:00", "2024-11-11 10:00")], "has passed it on"),
        ([("a", "2024-11-11 09:00", None), ("b", "2024-11-12 09:00", None)], "before a passed it on"),
        ([("a", "2024-11-11 09:00", "2024-11-12 10:00"), ("b", "2024-11-12 09:00", None)], "before a passed it on"),
    ],
    ids=["empty", "gone", "still there", "out of order"],
)  # fmt: skip
def test_a_broken_trail_is_refused(rule, local, trail, word):
    """The argument and the agency are named."""
    hops = [Hop(agency, local(received), left and local(left)) for agency, received, left in trail]

    with pytest.raises(ValueError, match=word):
        transfer(rule, hops, "c", local("2024-11-13 10:00"), CALENDAR)


@pytest.mark.parametrize(
    ("start", "end", "first", "second"),
    [
        ("2024-11-12 07:30", "2024-11-12 09:30", "2024-11-13 09:00", "2024-11-14 00:00"),
        ("2024-11-12 14:00", "2024-11-13 09:00", "2024-11-13 00:00", "2024-11-14 08:30"),
        ("2024-11-13 08:30", None, "2024-11-13 00:00", "2024-11-14 09:00"),
    ],
    ids=["while the first agency has it", "while the second has it", "still standing"],
)
def test_a_pause_stops_the_clock_of_the_agency_that_has_the_question(
    rule, local, *, start, end, first, second
):
    """Received 11/11 09:40 and 12/11 10:05, one working day each from 08:00; now it is 13/11 10:00."""
    trail = [
        Hop("a", local("2024-11-11 09:40"), local("2024-11-12 10:00")),
        Hop("b", local("2024-11-12 10:05")),
    ]
    pauses = [Pause(local(start), end and local(end))]

    found = transfer(rule, trail, "standing_agency", local("2024-11-13 10:00"), CALENDAR, pauses)

    assert [step.values["ends"] for step in found.explanation.steps[:2]] == [
        local(first).isoformat(),
        local(second).isoformat(),
    ]
    assert found.by.ends == local(second)
