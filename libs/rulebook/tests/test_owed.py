"""Standing duties: who owes what, by when, under each regulation; nothing is made up where the text is silent."""

from datetime import date

import pytest

from contracts.categories import load_categories
from rulebook.calendar_files import load_calendar
from rulebook.owed import before, owed
from rulebook.profiles.loader import load_profiles
from rulebook.sentences import sentences

CALENDAR, PROFILES = load_calendar(), load_profiles()
POINTS = {
    category.id: field.options
    for category in load_categories().by_id.values()
    for field in category.fields
    if field.name == "point"
}
ON = date(2026, 11, 23)


def of(profile: str, kind: str = "province", on: date = ON):
    return owed(PROFILES[profile], POINTS, kind, on, CALENDAR)


def test_article_12_of_binh_duong_names_each_agency_with_its_sections():
    sections = {
        (each.agency, each.category, each.point)
        for each in of("binhduong@1")
        if each.kind == "section"
    }

    assert {agency for agency, _, _ in sections} == {
        f"binhduong.{id}"
        for id in ("vpubnd", "snv", "skhdt", "skhcn", "stnmt", "sxd", "stp", "sldtbxh", "svhttdl", "sct", "syt", "bqlkcn", "bqlvsip")
    }  # fmt: skip
    assert ("binhduong.skhdt", "strategy_plan", "k5a") in sections
    assert ("binhduong.sxd", "strategy_plan", "k5c") in sections
    assert ("binhduong.skhdt", "strategy_plan", "k5c") not in sections
    assert ("binhduong.skhdt", "project", None) in sections
    assert ("binhduong.vpubnd", "gazette", None) in sections


def test_a_section_says_how_soon_its_items_are_due_and_no_date_of_its_own():
    section = next(each for each in of("binhduong@1") if each.category == "project")

    assert section.due is None
    assert section.rule.id == "binhduong.d12.k3.planning-and-investment"
    assert {rule.params.limit.n for rule in section.clocks} == {10}
    assert "Điều 12" in " ".join(sentences(section.explanation, "vi"))


def test_what_is_owed_to_the_province_is_owed_to_no_department():
    assert [each for each in of("binhduong@1", "department") if each.kind == "section"] == []


@pytest.mark.parametrize(
    ("profile", "rule", "due"),
    [
        ("hanam@1", "hanam.d17.k5.agency-report", date(2027, 11, 14)),
        ("hanam@1", "hanam.d17.k5.consolidated-report", date(2026, 11, 30)),
        ("langson@1", "langson.d14.k3.weekly-information", date(2026, 11, 29)),
        ("khanhhoa@1", "khanhhoa.d10.k1.regular-meeting", None),
        ("khanhhoa@1", "khanhhoa.d10.k2.yearly-report", None),
    ],
)
def test_periodic_duties_have_the_day_of_their_regulation_or_none(profile, rule, due):
    found = next(each for each in of(profile) if each.rule.id == rule)

    assert (found.kind, found.due) == ("periodic", due)
    assert all(sentences(found.explanation, language) for language in ("vi", "en"))


def test_only_information_is_met_by_handing_in_items():
    met_here = {
        each.what
        for profile in PROFILES
        for each in of(profile)
        if each.kind == "periodic" and each.content
    }

    assert met_here == {"weekly_information"}


def test_the_period_before_is_the_one_that_may_have_been_missed():
    weekly = next(each for each in of("langson@1") if each.what == "weekly_information")
    report = next(each for each in of("langson@1") if each.kind == "periodic" and each.due is None)

    missed = before(weekly, CALENDAR)

    assert missed is not None
    assert (missed.begins, missed.due) == (date(2026, 11, 16), date(2026, 11, 22))
    assert before(report, CALENDAR) is None


def test_counts_are_those_of_the_month_and_the_year():
    counts = {
        each.rule.id: (each.category, each.begins, each.ends)
        for each in of("langson@1")
        if each.kind == "count"
    }

    assert counts["langson.d7.k5.monthly-count"] == (
        "direction",
        date(2026, 11, 1),
        date(2026, 11, 30),
    )
    assert counts["langson.d14.k5.planned-number"] == (None, date(2026, 1, 1), date(2026, 12, 31))
    december = of("langson@1", on=date(2026, 12, 31))
    assert {each.ends for each in december if each.kind == "count"} == {date(2026, 12, 31)}


def test_before_a_regulation_is_in_force_nothing_is_owed():
    assert of("binhduong@1", on=date(2013, 3, 1)) == ()


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_everything_owed_says_its_article_its_words_and_in_both_languages(profile):
    for each in of(profile):
        assert each.rule.basis.quote
        assert each.agency or each.role
        for language in ("vi", "en"):
            said = sentences(each.explanation, language)
            assert not said[0].startswith(each.explanation.outcome.name), said
