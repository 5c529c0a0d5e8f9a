"""Two versions of one regulation, and rules that begin and end: what binds an act is what is in force that day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from common.errors import Forbidden, Refused
from editorial.domain import rules
from rulebook.explanation import LOCAL
from rulebook.profiles.loader import Library, load_profiles
from rulebook.profiles.model import Profile, Rule, Span
from rulebook.profiles.params import (
    DeadlineCount,
    PermissionAct,
    SeparationDistinct,
    SeparationEqual,
    SeparationOrder,
)
from rulebook.rules.params import Ground

CHANGE = date(2026, 12, 1)
BEFORE = datetime(2026, 11, 30, 12, tzinfo=LOCAL)
AFTER = datetime(2026, 12, 1, 12, tzinfo=LOCAL)
SENSITIVE = {"sensitivity": "sensitive"}
Chosen = Callable[[Rule[Any]], bool]


def within(profile: Profile, span: Span, chosen: Chosen = lambda _: True) -> Profile:
    """The profile with the validity of the chosen rules narrowed."""
    narrowed = {
        rule.id: replace(
            rule,
            span=Span(
                max(filter(None, (rule.span.start, span.start)), default=None),
                min(filter(None, (rule.span.end, span.end)), default=None),
            ),
        )
        if chosen(rule)
        else rule
        for rule in profile.rules.values()
    }
    return replace(profile, rules=narrowed)


def of(kind: type[Any]) -> Chosen:
    return lambda rule: isinstance(rule.params, kind)


def two_versions(site: str, second: Callable[[Profile], Profile] = lambda each: each) -> Library:
    """The regulation as it is until CHANGE, and from then on a version 2."""
    whole = load_profiles()[f"{site}@1"]
    until, since = Span(whole.span.start, CHANGE), Span(CHANGE, None)
    old = within(replace(whole, span=until), until)
    new = within(replace(whole, version="2", span=since), since)
    return Library([old, second(new)])


def without(kind: type[Any]) -> Callable[[Profile], Profile]:
    def changed(profile: Profile) -> Profile:
        kept: Mapping[str, Any] = {
            rule.id: rule for rule in profile.rules.values() if not isinstance(rule.params, kind)
        }
        return replace(profile, rules=kept)

    return changed


# -- two versions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["hanam", "binhduong", "langson", "khanhhoa"])
def test_a_case_goes_on_under_the_version_it_started_under(town_maker, site):
    """To the end, long after that version's last day; a case that begins then goes by the new one."""
    old = town_maker(now=BEFORE, library=two_versions(site))
    late = replace(old, now=AFTER + timedelta(days=400))

    kept = late.through(old.through(old.opened(site), until="publish"))
    begun = late.opened(site)

    assert (kept.said.profile, kept.phase) == (f"{site}@1", "published")
    assert begun.said.profile == f"{site}@2"


def test_the_old_version_still_binds_its_cases_when_the_new_one_lets_go(town_maker):
    """Version 2 has no rule against approving one's own: that helps nobody whose case began before."""
    library = two_versions("hanam", without(SeparationDistinct))
    old = town_maker(now=BEFORE, library=library)
    late = replace(old, now=AFTER)
    board_member, sender = "hanam.board-member", {"person": "hanam.deputy-board-head"}

    def moderated(article):
        edited = late.take(late.take(article, "receive", board_member), "edit", board_member)
        return late.take(edited, "moderate", "hanam.deputy-board-head")

    with pytest.raises(Forbidden, match="another person") as refused:
        moderated(old.opened("hanam", sender=sender))
    assert "moderate" in moderated(late.opened("hanam", sender=sender)).steps_done
    told = refused.value.extra["explanation"]
    assert (told["basis"]["profile"], told["basis"]["version"]) == ("hanam", "1")
    assert "rule-expired" in {each["code"] for each in told["warnings"]}


def test_an_old_case_is_refused_on_the_grounds_it_began_under(town_maker):
    library = two_versions("hanam", without(Ground))
    old = town_maker(now=BEFORE, library=library)
    late = replace(old, now=AFTER)

    article, fresh = old.opened("hanam"), late.opened("hanam")

    assert rules.grounds(late.course(article).profile, "refuse", AFTER.date())
    assert not rules.grounds(late.course(fresh).profile, "refuse", AFTER.date())


# -- rules that begin and end in one version ----------------------------------------------------------


def asked(profile: Profile, process: str, what: str, day: date) -> Any:
    way = profile.processes[process]
    return {
        "distinct": lambda: [rule.id for rule in rules.distinct(profile, way, "approve", day)],
        "order": lambda: rules.order(profile, way, "publish", day).id,
        "equality": lambda: rules.equality(profile, way, day).id,
        "grounds": lambda: [rule.id for rule in rules.grounds(profile, "refuse", day)],
        "process": lambda: rules.process_for(profile, SENSITIVE, day).id,
        "time": lambda: getattr(rules.time_for(profile, "moderate", day), "id", None),
        "given": lambda: rules.given(profile, "approve", day),
    }[what]()


@pytest.mark.parametrize(
    ("site", "what", "kind", "left"),
    [
        ("binhduong", "distinct", SeparationDistinct, []),
        ("khanhhoa", "distinct", SeparationDistinct, []),
        ("khanhhoa", "order", SeparationOrder, "khanhhoa.d5.k3.g2.who-publishes"),
        ("khanhhoa", "equality", SeparationEqual, "khanhhoa.d8.g2.head-reviews"),
        ("hanam", "grounds", Ground, []),
        ("langson", "process", SeparationOrder, None),
        ("langson", "time", DeadlineCount, None),
        ("binhduong", "given", PermissionAct, False),
    ],
)
@pytest.mark.parametrize("ends", [True, False])
def test_a_rule_binds_from_its_first_day_to_the_day_before_its_end(site, what, kind, left, ends):
    whole = load_profiles()[f"{site}@1"]
    span = Span(None, CHANGE) if ends else Span(CHANGE, None)
    process = next(iter(whole.processes))
    profile = within(whole, span, of(kind))
    bound, free = (BEFORE, AFTER) if ends else (AFTER, BEFORE)

    assert asked(profile, process, what, bound.date()) == asked(whole, process, what, bound.date())
    if what == "process":
        with pytest.raises(Refused, match="no process"):
            asked(profile, process, what, free.date())
    else:
        assert asked(profile, process, what, free.date()) == left
    assert asked(whole, process, what, free.date()) != left


def test_the_way_for_sensitive_content_is_taken_only_while_its_rule_is_in_force(town_maker):
    """Lạng Sơn Điều 12 khoản 2, as if it ended: what is found sensitive then goes the ordinary way."""
    special = load_profiles()["langson@1"].processes["langson.publishing-sensitive"].rule
    profile = within(
        load_profiles()["langson@1"], Span(None, CHANGE), lambda rule: rule.id == special
    )

    assert rules.process_for(profile, SENSITIVE, BEFORE.date()).id == "langson.publishing-sensitive"
    assert rules.process_for(profile, SENSITIVE, AFTER.date()).id == "langson.publishing"
    assert rules.distinguished(profile, BEFORE.date()) == {"sensitivity"}
    assert not rules.distinguished(profile, AFTER.date())


def test_midnight_in_vietnam_decides_the_day(town_maker):
    """23:59 of the last day binds, 00:00 does not, whatever the zone of the clock that is asked."""
    library = Library(
        [within(load_profiles()["hanam@1"], Span(None, CHANGE), of(SeparationDistinct))]
    )
    town = town_maker(now=datetime(2026, 11, 30, 23, 59, tzinfo=LOCAL), library=library)
    article = town.opened("hanam", sender={"person": "hanam.deputy-board-head"})
    board_member = "hanam.board-member"
    edited = town.take(town.take(article, "receive", board_member), "edit", board_member)

    with pytest.raises(Forbidden):
        town.take(edited, "moderate", "hanam.deputy-board-head")
    midnight = replace(town, now=datetime(2026, 12, 1, tzinfo=LOCAL))
    assert midnight.take(edited, "moderate", "hanam.deputy-board-head").steps_done
