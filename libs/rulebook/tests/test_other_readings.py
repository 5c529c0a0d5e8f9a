"""Every other reading says what it would give: computed where it can be, else in a sentence of what would differ."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from rulebook.calendar import Calendar
from rulebook.deadlines import PAUSES, deadline
from rulebook.explanation import Explanation, Reading
from rulebook.hops import Hop, transfer
from rulebook.phrases.readings import READINGS
from rulebook.profiles.model import Profile
from rulebook.profiles.params import Duration
from rulebook.promises import appoint, notify_progress
from rulebook.questions import question_limits
from rulebook.recompute import recompute
from rulebook.rules.levels import Service, derive_level, derive_mode
from rulebook.sentences import sentences
from rulebook.testing.samples import explained
from rulebook.world import World

NOON = datetime.fromisoformat("2026-08-28T08:00:00+07:00")


def readings_in(explanation: Explanation) -> Iterator[Reading]:
    yield from explanation.readings
    for part in explanation.parts:
        yield from readings_in(part)


@pytest.mark.parametrize("key", ["hanam", "binhduong", "langson", "khanhhoa", "nd42"])
def test_every_alternative_of_every_profile_gives_an_outcome(
    key: str, profiles: dict[str, Profile], calendar: Calendar
):
    """Whatever the case: no alternative is shown without what it would give, and each is shown."""
    profile = profiles[key]
    held = {
        (rule.id, each.id, other.reading)
        for rule in profile.rules.values()
        for each in rule.ambiguities
        for other in each.others
    }
    shown = [
        (rule, each.id, other)
        for rule, explanation in explained(profile, World(calendar))
        for each in explanation.readings
        if each.id != PAUSES
        for other in each.others
    ]

    assert [(rule, name, other.reading) for rule, name, other in shown if other.gives is None] == []
    assert {(rule, name, other.reading) for rule, name, other in shown} == held


def test_what_is_put_together_from_other_results_leaves_the_readings_to_them(
    profiles: dict[str, Profile], calendar: Calendar
):
    """Recomputed, passed on, promised, levels, questions: nothing is shown without an outcome there either."""
    hanam: Any = profiles["hanam"].rules
    langson: Any = profiles["langson"].rules
    own, special = hanam["hanam.d10.k5a.own-competence"], hanam["hanam.d10.k5c.special"]
    notice = langson["langson.d9.k7.answer-or-progress"]
    first = deadline(own, NOON, calendar)
    results = [
        recompute(own, NOON, calendar, calendar.observing_unconfirmed()),
        transfer(hanam["hanam.d18.k3dd.transfer"], [Hop("a", NOON)], "b", NOON, calendar),
        appoint(special, first, NOON, date(2026, 9, 15), calendar),
        notify_progress(
            notice, deadline(notice, NOON, calendar), NOON, date(2026, 12, 1), 0, calendar
        ),
        derive_level(profiles["binhduong"], Service(), NOON.date(), 4),
        derive_mode(profiles["nd42"], Service(), NOON.date()),
        *(
            question_limits(profiles["hanam"], kind, NOON, calendar)
            for kind in ("own", "inter", "special", "transfer", "unclear")
        ),
    ]
    told = [reading for result in results for reading in readings_in(result.explanation)]

    assert told
    assert [other for reading in told for other in reading.others if other.gives is None] == []


def gives(explanation: Explanation, name: str) -> list[Any]:
    return [
        other.gives for each in explanation.readings if each.id == name for other in each.others
    ]


@pytest.mark.parametrize(
    ("rule", "reading", "first", "other"),
    [
        ("hanam.d18.k3dd.transferred-own", "AMB-06", "2026-08-25 15:00", "2026-09-04"),
        ("hanam.d18.k3dd.transferred-own", "AMB-06", None, "needs-first-event"),
        ("hanam.d18.k3dd.transferred-inter", "AMB-06", "2026-08-25 15:00", "2026-09-11"),
        ("langson.d12.k3.member-moderation", "AMB-18", "2026-08-25 15:00", "2026-08-27"),
        ("langson.d12.k3.member-moderation", "AMB-18", None, "needs-first-event"),
    ],
)
def test_a_clock_that_does_not_begin_anew_is_counted_from_the_first_event(
    rule, reading, first, other, *, profiles, local, calendar
):
    """Received or sent on Tuesday 25/08 at 15:00, passed on or assigned on Friday 28/08 before the long holiday."""
    found: Any = profiles[rule.split(".")[0]].rule(rule)

    limit = deadline(found, local("2026-08-28 08:00"), calendar, first_event=first and local(first))

    assert gives(limit.explanation, reading) == [other]
    assert other != limit.explanation.outcome.values["due"]


def test_no_limit_and_a_notice_that_ends_the_duty_are_said_in_words(profiles, local, calendar):
    """AMB-12, AMB-40 and AMB-19, in both languages."""
    binhduong: Any = profiles["binhduong"].rule("binhduong.pl.ii-1-8.fallback-default")
    langson: Any = profiles["langson"].rule("langson.d9.k7.answer-or-progress")
    at = local("2026-08-28 08:00")

    none = sentences(deadline(binhduong, at, calendar).explanation, "vi")
    ended = sentences(deadline(langson, at, calendar).explanation, "en")

    assert "Cách hiểu khác: không có thời hạn trả lời nào → không có thời hạn nào." in none
    assert any(
        "→ a notice within the limit ends the duty; there is no new limit." in line
        for line in ended
    )


@pytest.mark.parametrize("key", ["binhduong", "khanhhoa"])
def test_an_agency_keeps_to_the_time_it_committed_itself_to(key, profiles, local, calendar):
    """AMB-12: seven working days by its own word, and beside it what would hold without (15 working days)."""
    at, week = local("2024-11-06 08:00"), Duration(n=7, unit="working_day")

    limits = question_limits(profiles[key], "own", at, calendar, committed=week)
    limit: Any = limits.answer

    assert limits.source == "committed"
    assert (limit.due, limit.legal) == (date(2024, 11, 15), False)
    assert gives(limit.explanation, "AMB-12") == ["2024-11-27", "không có thời hạn nào"]
    told = sentences(limit.explanation, "vi")
    assert told[0] == (
        "Hạn theo cam kết của cơ quan: hết ngày thứ Sáu 15/11/2024 (không phải thời hạn pháp lý)."
    )
    assert not any("mức mặc định của hệ thống, không phải" in line for line in told)


def test_a_commitment_holds_only_where_the_regulation_sets_no_time(profiles, local, calendar):
    """Where it sets one, the limit is the regulation's; asked for by the rule itself, a commitment is refused."""
    at, week = local("2024-11-06 08:00"), Duration(n=7, unit="working_day")
    own: Any = profiles["hanam"].rule("hanam.d10.k5a.own-competence")
    fallback: Any = profiles["binhduong"].rule("binhduong.pl.ii-1-8.fallback-default")

    limits = question_limits(profiles["langson"], "own", at, calendar, committed=week)

    assert limits.source == "regulation"
    assert limits.answer is not None
    assert limits.answer.legal
    with pytest.raises(ValueError, match="committed: hanam"):
        deadline(own, at, calendar, committed=week)
    with pytest.raises(ValueError, match="committed: 0 working_day"):
        deadline(fallback, at, calendar, committed=Duration(n=0, unit="working_day"))


@pytest.mark.parametrize(
    ("rule", "reading", "expected"),
    [
        ("hanam.d17.k5.agency-report", "AMB-13", ["2026-11-15"]),
        ("hanam.d17.k5.agency-report", "AMB-36", [("2026-01-01", "2026-12-31")]),
        ("hanam.d10.k2.intake-week", "AMB-02", ["2026-08-24T00:00:00+07:00"]),
        ("hanam.d10.k1b.identity-number", "AMB-11", ["demand-met", ("malformed_field:id_number",)]),
        ("binhduong.d12.k5.natural-resources", "AMB-16", ["supplier-not-named", "binhduong.stnmt"]),
        ("hanam.d8.k4.author-and-source", "AMB-30", ["demand-met"]),
    ],
)
def test_a_computed_alternative_gives_what_the_rule_so_read_gives(
    rule, reading, expected, profiles, calendar
):
    """The same function with the other parameters, for the first sample that tells them apart."""
    found = [
        gives(explanation, reading)
        for name, explanation in explained(profiles[rule.split(".")[0]], World(calendar))
        if name == rule
    ]

    assert expected in found


def test_every_sentence_of_what_would_differ_has_its_english(profiles: dict[str, Profile]):
    """And every English one is of a profile."""
    said = {
        other.gives
        for profile in profiles.values()
        for rule in profile.rules.values()
        for each in rule.ambiguities
        for other in each.others
        if other.gives
    }

    assert sorted(said - READINGS.keys()) == []
    assert all(re.match(r"[a-z]", READINGS[text]) for text in said)
