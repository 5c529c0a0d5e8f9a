"""The forms say what the regulations demand: no field more, no field less, each with its words."""

import pytest

from contracts.categories import load_categories
from rulebook.profiles.loader import load_profiles
from rulebook.rules.params import RequiredFields, RequiredIfFlag, Supplier

CATEGORIES = load_categories()
PROFILES = load_profiles()
NOT_HANDED_IN = {
    "asker_individual",
    "asker_organization",
    "channels",
    "editorial_board",
    "english_version",
    "metadata",
    "report_header",
    "report_hosted",
    "report_hosting",
    "report_on_premises",
    "report_self_assessment",
    "report_service",
    "report_services",
    "report_supply",
    "site_functions",
}
"""Subjects of required fields that are no submissions: askers, boards, the site itself, its reports."""
KEPT_ELSEWHERE = {"qa", "e_forms"}
"""Sections that are filled by other services: questions, the catalogue's forms."""


def rules_of(kind):
    return [
        rule
        for profile in PROFILES.values()
        for rule in profile.rules.values()
        if isinstance(rule.params, kind)
    ]


def demanded() -> set[tuple[str, str, str]]:
    """(category, field, rule) of every rule that asks a submission for a field."""
    return {
        (rule.params.subject, field, rule.id)
        for rule in rules_of(RequiredFields)
        if rule.params.subject not in NOT_HANDED_IN | {"site_categories", "article"}
        for field in rule.params.fields
    }


def shown() -> set[tuple[str, str, str]]:
    """The same, as the forms say it."""
    own = {
        (category.id, field.name, rule)
        for category in CATEGORIES.by_id.values()
        for field in category.fields
        for rule in field.demanded_by
    }
    shared = {
        (category.id, name, rule)
        for category in CATEGORIES.by_id.values()
        for name, rules in category.common.items()
        for rule in rules
    }
    return own | shared


def test_every_required_field_of_every_profile_is_in_its_form_and_no_other():
    assert shown() == demanded()


def test_what_is_asked_of_every_submission_is_in_every_form():
    asked = {
        (field, rule.id)
        for rule in rules_of(RequiredFields)
        if rule.params.subject == "article"
        for field in rule.params.fields
    }
    with_flag = {
        (field, rule.id, rule.params.flag)
        for rule in rules_of(RequiredIfFlag)
        for field in rule.params.fields
    }
    every = CATEGORIES.every.fields

    assert {(f.name, r) for f in every if not f.asked_with for r in f.demanded_by} == asked
    assert {
        (f.name, r, f.asked_with) for f in every if f.asked_with for r in f.demanded_by
    } == with_flag


def test_parts_of_rows_are_columns():
    asked = {
        (rule.params.subject, field, part, rule.id)
        for rule in rules_of(RequiredFields)
        if rule.params.subject in CATEGORIES.by_id
        for field, parts in rule.params.parts.items()
        for part in parts
    }
    said = {
        (category.id, field.name, column.name, rule)
        for category in CATEGORIES.by_id.values()
        for field in category.fields
        for column in field.columns
        for rule in column.demanded_by
    }

    assert said == asked


def test_every_section_a_site_must_keep_is_a_category():
    kept = {
        (category, rule.id)
        for rule in rules_of(RequiredFields)
        if rule.params.subject == "site_categories"
        for category in rule.params.fields
        if category not in KEPT_ELSEWHERE
    }
    said = {(c.id, rule) for c in CATEGORIES.by_id.values() for rule in c.kept_by}

    assert kept - said == set()


def test_every_category_a_rule_speaks_of_can_be_handed_in():
    named = {
        category
        for profile in PROFILES.values()
        for rule in profile.rules.values()
        for category in rule.when.get("category", ())
    }
    supplied = {category for rule in rules_of(Supplier) for category in rule.params.categories}

    assert (named | supplied) - set(CATEGORIES.by_id) == set()


def test_the_five_that_everybody_needs_are_there():
    wanted = {"legal_document", "news", "notice", "consultation", "work_schedule"}

    assert wanted <= set(CATEGORIES.by_id)


def test_each_field_has_words_in_both_languages():
    fields = [f for c in CATEGORIES.by_id.values() for f in c.fields] + [
        *CATEGORIES.every.fields,
        *CATEGORIES.every.contact,
    ]

    assert [f.name for f in fields if not (f.label.vi.strip() and f.label.en.strip())] == []


@pytest.mark.parametrize(
    ("site", "name", "required"),
    [("hanam", "number", True), ("langson", "number", False), ("binhduong", "number", True)],
)
async def test_a_form_shows_what_its_site_demands_and_by_what_words(town, site, name, required):
    answer = await town.get("/categories/legal_document", site=site)

    assert answer.status_code == 200, answer.text
    field = next(each for each in answer.json()["fields"] if each["name"] == name)
    assert field["required"] is required
    assert bool(field.get("demanded_by")) is required
    if required:
        law = field["demanded_by"][0]
        assert law["rule"].startswith(site)
        assert "Điều" in law["article"]
        assert law["quotation"]


async def test_a_form_asks_for_what_the_check_misses(town, a_news_item):
    for site in ("hanam", "binhduong", "khanhhoa", "langson"):
        for category in CATEGORIES.by_id:
            form = (await town.get(f"/categories/{category}", site=site)).json()
            asked = {f["name"] for f in form["fields"] if f["required"]} - {"title", "body"}
            empty = a_news_item(site=site, category=category, author=None, source=None)
            found = (await town.post("/checks", empty)).json()["errors"]
            missed = {c.removeprefix("missing_field:").removeprefix("missing_") for c in found}
            assert missed == asked, (site, category)


async def test_forms_of_unknown_sites_and_categories_are_refused(town):
    assert (await town.get("/categories", site="nowhere")).status_code == 422
    assert (await town.get("/categories/gossip", site="hanam")).status_code == 404
    listed = (await town.get("/categories", site="langson")).json()
    assert {each["id"] for each in listed} == set(CATEGORIES.by_id)
    assert next(e for e in listed if e["id"] == "consular")["kept_by"]


async def test_categories_that_the_regulation_speaks_of_are_marked(town):
    hanam = {c["id"]: c["known"] for c in (await town.get("/categories", site="hanam")).json()}
    langson = {c["id"]: c["known"] for c in (await town.get("/categories", site="langson")).json()}

    assert (hanam["legal_document"], hanam["consular"]) == (True, False)
    assert (langson["legal_document"], langson["consular"]) == (True, True)
