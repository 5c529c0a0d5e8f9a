"""The profile of Khánh Hòa gives what decision 1060 gives: four steps, the comparison, the meetings."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.calendar import Calendar
from rulebook.deadlines import deadline
from rulebook.periodic import next_due
from rulebook.profiles.graph import ways_round
from rulebook.profiles.loader import FOLDER
from rulebook.profiles.model import Profile, Span
from rulebook.profiles.yaml12 import read_yaml
from rulebook.separation import in_order, same_as_approved

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR = Span(date(2024, 1, 1), date(2025, 1, 1))
NOON = datetime(2024, 6, 11, 12, tzinfo=LOCAL)
SITE = "khanhhoa.tthcc"
READINGS = {f"AMB-{n}" for n in (12, 22, 23, 24, 37, 38)}


@pytest.fixture(scope="module")
def profile(profiles: dict[str, Profile]) -> Profile:
    return profiles["khanhhoa"]


def rule(profile: Profile, name: str) -> Any:
    return profile.rule(f"khanhhoa.{name}")


def test_every_ambiguity_of_the_text_is_named_by_a_rule() -> None:
    written: Any = read_yaml(FOLDER / "khanhhoa@1.yaml")

    found = {each["id"] for rule in written["rules"] for each in rule.get("ambiguity", ())}

    assert found == READINGS


@pytest.mark.parametrize("step", ["moderate", "approve", "upload", "compare", "publish"])
def test_the_four_steps_are_taken_in_order(profile: Profile, step: str) -> None:
    order = rule(profile, "d8.g4.order")
    before = ["receive", "moderate", "approve", "upload", "compare", "publish"]
    before = before[: before.index(step)]

    assert in_order(order, before, step, NOON.date()).kept
    for missing in before:
        rest = [each for each in before if each != missing]
        assert not in_order(order, rest, step, NOON.date()).kept


def test_no_item_is_published_past_a_required_step(profile: Profile) -> None:
    for process in profile.processes.values():
        assert ways_round(process) == ()


@pytest.mark.parametrize(
    ("event", "target", "undone"),
    [
        ("upload_mismatch", "upload", {"upload", "compare"}),
        ("needs_supplementary_approval", "approve", {"approve", "upload", "compare"}),
    ],
)
def test_what_the_secretary_sends_back_is_passed_again(
    profile: Profile, event: str, target: str, undone: set[str]
) -> None:
    transitions = profile.processes["khanhhoa.publishing"].transitions

    back = next(each for each in transitions if each.on == event)

    assert (back.source, back.target, set(back.undoes)) == ("compare", target, undone)


def test_an_item_of_an_outside_sender_is_moderated_by_the_member_of_its_field(
    profile: Profile,
) -> None:
    outside = profile.processes["khanhhoa.publishing-outside"]

    assert outside.required[:3] == ("receive", "specialist_moderate", "moderate")
    assert "member_finance" in outside.steps["specialist_moderate"].roles


def test_one_changed_letter_is_not_published(profile: Profile) -> None:
    equal = rule(profile, "d8.g4.equal-to-approved")
    approved = {"title": "a", "body": "b", "attachments": "c"}

    refused = same_as_approved(equal, approved, {**approved, "body": "B"}, NOON.date())

    assert same_as_approved(equal, approved, approved, NOON.date()).kept
    assert not refused.kept
    assert [each.id for each in refused.explanation.readings] == ["AMB-23"]


def test_the_board_meets_six_months_after_it_last_met(profile: Profile, calendar: Calendar) -> None:
    meeting = rule(profile, "d10.k1.regular-meeting")

    due = next_due(meeting, date(2024, 9, 1), calendar, previous=date(2024, 8, 31)).due

    assert due == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("name", "received", "expected"),
    [
        ("d3.k5.answer-time-nd43", "2022-08-01T09:00", (True, date(2022, 8, 22))),
        ("d3.k5.answer-time-default", "2024-11-06T08:00", (False, date(2024, 11, 27))),
    ],
    ids=["under the decree", "after it"],
)
def test_the_answer_limit_of_the_ended_decree_is_a_default_since(
    profile: Profile, calendar: Calendar, name: str, received: str, expected: tuple[bool, date]
) -> None:
    at = datetime.fromisoformat(received).replace(tzinfo=LOCAL)

    found = deadline(rule(profile, name), at, calendar)

    assert (found.legal, found.due) == expected
    assert rule(profile, name).span.holds(at.date())


def test_exactly_one_answer_limit_holds_on_each_day(profile: Profile) -> None:
    both = [rule(profile, f"d3.k5.answer-time-{name}").span for name in ("nd43", "default")]

    for day in (date(2020, 5, 11), date(2022, 8, 14), date(2022, 8, 15), date(2035, 1, 1)):
        assert sum(span.holds(day) for span in both) == 1


HEAD = Position("p1", "an", "board_head", SITE, YEAR)
DEPUTY = Position("p2", "binh", "deputy_board_head", SITE, YEAR, frozenset({"tintuc"}))
SECRETARY = Position("p3", "chi", "board_secretary", SITE, YEAR)
CENTRE = Position("p4", "dung", "member_centre", SITE, YEAR)
BOARD = Powers((HEAD, DEPUTY, SECRETARY, CENTRE))


@pytest.mark.parametrize(
    "act",
    [
        Act("an", "approve", SITE, NOON),
        Act("binh", "approve", SITE, NOON, section="tintuc"),
        Act("chi", "publish", SITE, NOON),
        Act("dung", "upload", SITE, NOON),
        Act("dung", "propose_royalty", SITE, NOON),
        Act("an", "decide_royalty", SITE, NOON),
    ],
)
def test_who_may_do_what(profile: Profile, act: Act) -> None:
    assert prove(profile, act, BOARD).allowed


@pytest.mark.parametrize(
    "act",
    [
        Act("binh", "approve", SITE, NOON, section="vanban"),
        Act("binh", "approve", SITE, NOON, absent=frozenset({"board_head"})),
        Act("chi", "approve", SITE, NOON),
        Act("dung", "publish", SITE, NOON),
        Act("dung", "decide_royalty", SITE, NOON),
    ],
)
def test_who_may_not(profile: Profile, act: Act) -> None:
    assert not prove(profile, act, BOARD).allowed


@pytest.mark.parametrize(
    ("receiver", "document"),
    [("binh", ""), ("chi", "06/GUQ-BBT"), ("dung", "07/GUQ-BBT")],
)
def test_the_head_authorises_only_the_deputy_and_in_writing(
    profile: Profile, receiver: str, document: str
) -> None:
    good = Delegation("u1", "an", "binh", YEAR, "05/GUQ-BBT", frozenset({"approve"}))
    bad = Delegation("u2", "an", receiver, YEAR, document, frozenset({"approve"}))

    def may(delegation: Delegation) -> bool:
        act = Act(delegation.receiver, "approve", SITE, NOON)
        return prove(profile, act, Powers(BOARD.positions, (delegation,))).allowed

    assert may(good)
    assert not may(bad)
