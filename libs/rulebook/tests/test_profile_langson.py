"""The profile of Lạng Sơn gives what its regulation gives: limits, powers, the ways of an item to the page."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.calendar import Calendar
from rulebook.deadlines import deadline
from rulebook.profiles.graph import ways_round
from rulebook.profiles.loader import FOLDER
from rulebook.profiles.model import Profile, Span
from rulebook.profiles.yaml12 import read_yaml
from rulebook.separation import in_order, same_as_approved

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR = Span(date(2025, 1, 1), date(2026, 1, 1))
NOON = datetime(2025, 6, 10, 12, tzinfo=LOCAL)
READINGS = {f"AMB-{n}" for n in (15, 17, 18, 19, 20, 21, 29, 37, 42)}
SITE = "langson.sngv"


@pytest.fixture(scope="module")
def profile(profiles: dict[str, Profile]) -> Profile:
    return profiles["langson"]


def rule(profile: Profile, name: str) -> Any:
    return profile.rule(f"langson.{name}")


def test_every_ambiguity_of_the_text_is_named_by_a_rule() -> None:
    written: Any = read_yaml(FOLDER / "langson@1.yaml")

    found = {each["id"] for rule in written["rules"] for each in rule.get("ambiguity", ())}

    assert found == READINGS


def test_nobody_has_confirmed_a_rule_yet(profile: Profile) -> None:
    assert {(each.verified.on, each.verified.by) for each in profile.rules.values()} == {
        (None, None)
    }


@pytest.mark.parametrize(
    ("name", "event", "due"),
    [
        ("d9.k2.law-guidance", "2024-04-22T10:00", "2024-05-15"),
        ("d9.k3.issuer", "2026-01-08T09:00", "2026-01-10"),
        ("d9.k3.in-scope", "2024-04-26T16:00", "2024-05-14"),
        ("d9.k4.strategy-and-project", "2024-02-05T08:00", "2024-02-26"),
        ("d9.k5.statistics", "2024-04-03T08:00", "2024-04-17"),
        ("d9.k7.answer-or-progress", "2023-04-27T15:00", "2023-05-23"),
        ("d9.k7.answer-or-progress", "2023-04-27T07:00", "2023-05-23"),
        ("d12.k3.member-moderation", "2025-04-24T11:00", "2025-04-26"),
        ("d12.k3.member-moderation", "2025-04-25T11:00", "2025-04-28"),
        ("d9.k7.out-of-scope-notice", "2025-06-10T16:29", "2025-06-10"),
        ("d9.k7.out-of-scope-notice", "2025-06-10T16:30", "2025-06-11"),
        ("d9.k7.out-of-scope-notice", "2025-06-14T09:00", "2025-06-16"),
        ("d9.k8.daily-topical-news", "2025-08-12T14:00", "2025-08-13"),
    ],
)
def test_limits_end_on_their_day(
    profile: Profile, calendar: Calendar, name: str, event: str, due: str
) -> None:
    at = datetime.fromisoformat(event).replace(tzinfo=LOCAL)

    assert str(deadline(rule(profile, name), at, calendar).due) == due


@pytest.mark.parametrize(
    "name",
    ["d4.k6.publish-promptly", "d6.k10.supply-changes", "d9.k1.regular-update", "d9.k6.foreign-language-new"],
)  # fmt: skip
def test_where_the_text_has_no_number_none_is_invented(
    profile: Profile, calendar: Calendar, name: str
) -> None:
    assert deadline(rule(profile, name), NOON, calendar).due is None


def test_only_defaults_are_not_shown_as_legal_limits(profile: Profile, calendar: Calendar) -> None:
    notice = deadline(rule(profile, "d9.k7.out-of-scope-notice"), NOON, calendar)
    answer = deadline(rule(profile, "d9.k7.answer-or-progress"), NOON, calendar)

    assert (notice.legal, answer.legal) == (False, True)


HEAD = Position("p1", "an", "board_head", SITE, YEAR)
DEPUTY = Position("p2", "binh", "deputy_board_head", SITE, YEAR)
MEMBER = Position("p3", "chi", "board_member", SITE, YEAR, frozenset({"lanhsu"}))
CENTRE = Position("p4", "dung", "centre", SITE, YEAR)
OFFICE = Position("p5", "em", "office_head", SITE, YEAR)
BOARD = Powers((HEAD, DEPUTY, MEMBER, CENTRE, OFFICE))


@pytest.mark.parametrize(
    "act",
    [
        Act("an", "approve", SITE, NOON),
        Act("binh", "approve", SITE, NOON, absent=frozenset({"board_head"})),
        Act("dung", "publish", SITE, NOON),
        Act("dung", "refuse", SITE, NOON),
        Act("chi", "moderate", SITE, NOON, section="lanhsu"),
        Act("binh", "rate", SITE, NOON),
        Act("em", "approve_sensitive", SITE, NOON, facts={"sensitivity": "sensitive"}),
    ],
)
def test_who_may_do_what(profile: Profile, act: Act) -> None:
    assert prove(profile, act, BOARD).allowed


@pytest.mark.parametrize(
    "act",
    [
        Act("binh", "approve", SITE, NOON),
        Act("dung", "approve", SITE, NOON),
        Act("chi", "moderate", SITE, NOON, section="biengioi"),
        Act("an", "approve_sensitive", SITE, NOON),
        Act("an", "establish_board", SITE, NOON),
    ],
)
def test_who_may_not(profile: Profile, act: Act) -> None:
    assert not prove(profile, act, BOARD).allowed


def test_the_head_may_authorise_the_deputy_and_nobody_else(profile: Profile) -> None:
    to_deputy = Delegation("u1", "an", "binh", YEAR, "01/GUQ", frozenset({"approve"}))
    to_centre = Delegation("u2", "an", "dung", YEAR, "02/GUQ", frozenset({"approve"}))
    powers = Powers(BOARD.positions, (to_deputy, to_centre))

    assert prove(profile, Act("binh", "approve", SITE, NOON), powers).allowed
    assert not prove(profile, Act("dung", "approve", SITE, NOON), powers).allowed


def test_no_item_is_published_past_a_required_step(profile: Profile) -> None:
    for process in profile.processes.values():
        assert ways_round(process) == ()


def test_sensitive_content_needs_the_word_of_the_head_of_agency_first(profile: Profile) -> None:
    order = rule(profile, "d12.k2.sensitive-before-approval")

    assert not in_order(order, ["receive", "moderate", "edit"], "approve", NOON.date()).kept
    assert in_order(order, ["edit", "agency_opinion"], "approve", NOON.date()).kept
    assert "agency_opinion" in profile.processes["langson.publishing-sensitive"].required


def test_the_page_is_exactly_what_was_approved(profile: Profile) -> None:
    equal = rule(profile, "d14.k2.exactly-as-moderated")
    approved = {"title": "a", "body": "b", "attachments": "c"}

    assert same_as_approved(equal, approved, approved, NOON.date()).kept
    assert not same_as_approved(equal, approved, {**approved, "body": "x"}, NOON.date()).kept


def test_a_corrected_item_goes_the_whole_way_again(profile: Profile) -> None:
    process = profile.processes["langson.publishing"]

    back = next(each for each in process.transitions if each.source == "return")

    assert back.target == "submit"
    assert set(process.required) - set(back.undoes) == {"publish"}
