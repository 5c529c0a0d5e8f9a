"""The demo's articles are many, different, and find their regulation content on any day they are told from."""

from collections import Counter
from datetime import date, datetime, time

import pytest

from contracts.categories import load_categories
from embedded.demo_articles import E_OFFICE, articles
from embedded.demo_journeys import Case, deeds
from embedded.demo_writing import html_of, told_from, workday
from embedded.people import PEOPLE
from embedded.trouble import Trouble
from intake.domain.checking import Law, check
from intake.domain.fields import problems
from intake.routes.shapes import CheckBody
from rulebook.calendar_files import load_calendar
from rulebook.explanation import LOCAL
from rulebook.profiles.loader import load_profiles

DAY = date(2026, 11, 25)
KINDS = {
    "hanam": "province",
    "binhduong": "province",
    "langson": "department",
    "khanhhoa": "public_service_portal",
}
LATE_ON_PURPOSE = 7
GOALS = {
    "received",
    "at",
    "published",
    "returned",
    "resubmitted",
    "refused",
    "scheduled",
    "failed",
    "corrected",
    "correcting",
    "withdrawn",
    "supplementary",
    "assigned",
    "sensitive",
    "dropped",
}


def test_there_are_two_hundred_of_them_over_four_sites_in_many_categories_and_every_state():
    made = articles(DAY)

    assert len(made) >= 200
    assert min(Counter(each.site for each in made).values()) >= 40
    assert len({each.content["category"] for each in made}) >= 25
    assert {each.goal.partition(":")[0] for each in made} == GOALS
    assert {each.content["language"] for each in made} == {"vi", "en", "zh"}
    assert len({each.key for each in made}) == len(made)


def test_no_text_stands_twice():
    made = [each for each in articles(DAY) if each.sender != E_OFFICE]
    titles, bodies = ([each.content[part] for each in made] for part in ("title", "body"))

    assert len(set(titles)) == len(titles)
    assert len(set(bodies)) == len(bodies)
    assert not [text for text in (*titles, *bodies) if "{" in text]


def test_people_of_the_demo_do_everything():
    known = {person.id for person in PEOPLE}
    acting = {each.sender for each in articles(DAY)} | {
        deed.person for each in articles(DAY) for deed in each.deeds
    }

    assert acting <= known


@pytest.mark.parametrize("day", [DAY, date(2027, 1, 4), date(2027, 2, 28), date(2026, 11, 28)])
def test_their_regulation_finds_nothing_but_what_is_late(day):
    found: Counter[str] = Counter()
    for each in articles(day):
        found.update(findings(each, day))

    assert found.pop("overdue", 0) <= 3 * LATE_ON_PURPOSE
    assert set(found) <= {"text_decomposed", "format_not_times_new_roman_14"}


def findings(article, day):
    """Codes of what the site's rules and the category's form say of an article."""
    attachments = [
        {
            name: value
            for name, value in vars(file).items()
            if name in {"name", "font", "size"} and value
        }
        for file in article.files
    ]
    sent = {name: value for name, value in article.content.items() if name != "contact"}
    draft = CheckBody.model_validate(sent | {"attachments": attachments}).draft(article.site)
    category = load_categories().get(draft.category)
    assert category is not None, article.id
    assert not list(problems(category, draft.fields, load_categories().every.fields)), article.id
    law = Law(load_profiles()[f"{article.site}@1"], load_calendar())
    at = draft.submitted_at or datetime.combine(day, time(10), LOCAL)
    return [each["code"] for each in check(draft, law, at, KINDS[article.site]).findings]


def test_a_file_has_the_same_bytes_each_time_and_a_picture_says_what_it_shows():
    files = [file for each in articles(DAY) for file in each.files][::4]
    heads = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "png": b"\x89PNG"}

    assert {file.kind for file in files} == set(heads)
    for file in files:
        made = file.made()
        assert made == file.made()
        assert made.startswith(heads[file.kind])
        assert len(made) < 100_000
        assert (file.kind == "png") == bool(file.shows)


@pytest.mark.parametrize(
    ("day", "offset", "expected"),
    [
        (date(2026, 11, 28), 0, date(2026, 11, 27)),
        (date(2026, 11, 28), -1, date(2026, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
    ],
)
def test_days_are_told_in_days_from_monday_to_friday(day, offset, expected):
    assert workday(day, offset) == expected


def test_days_in_a_text_are_filled_in():
    said = {"a": ["ngày {d-1}", "{dm+0}", "{iso+2}", "{y-1}"]}

    assert told_from(date(2027, 1, 1), said) == {
        "a": ["ngày 31/12/2026", "1/1", "2027-01-05", "2026"]
    }


def test_a_text_becomes_html_that_cannot_break_out():
    text = "## Mục\n\n- một\n- <hai>\n\n| A | B |\n| 1 | 2 |\n\nDòng\nnối."

    assert html_of(text) == (
        "<h2>Mục</h2><ul><li>một</li><li>&lt;hai&gt;</li></ul>"
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table><p>Dòng nối.</p>"
    )


def test_a_goal_that_is_none_is_named():
    with pytest.raises(Trouble, match="hn-x has the goal flown"):
        deeds(Case("hn-x", "hanam", "flown", DAY))
