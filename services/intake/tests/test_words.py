"""Everything intake says to people exists in Vietnamese and English, with the rule, its place and what to do."""

import ast
from pathlib import Path

import pytest

from authority.testing import NOON
from common import errors
from common.errors import Said
from common.http.problems import of
from common.testing.wording import PROBLEMS, TONES, calls, is_worded, places
from contracts.categories import load_categories
from intake.domain.checking import Law, check
from intake.domain.draft import Draft
from intake.domain.words import SENTENCES, say
from rulebook.calendar_files import load_calendar
from rulebook.profiles.loader import load_profiles
from rulebook.telling import finding_told

from .test_refusals import REFUSED

SOURCE = Path(__file__).parents[1] / "src" / "intake"
ELSEWHERE = {"Unavailable"}
"""Told by the plumbing, which has words of its own."""
PROFILES, CALENDAR = load_profiles(), load_calendar()


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_fills_the_same_places_and_says_what_to_do(name):
    vietnamese, english = SENTENCES[name]
    left = places(english) - {"message"}

    said = say(name, message="x", **dict.fromkeys(left, "§"))

    assert TONES.search(vietnamese)
    assert not TONES.search(english.replace("Thông tư", ""))
    assert left == places(vietnamese)
    assert "{" not in said.vi + str(said)
    assert vietnamese.rstrip().endswith((".", "}"))


def test_no_problem_is_worded_where_it_is_raised():
    """A sentence between quotation marks would be told to everybody in one language."""
    found = calls(SOURCE, {"FieldProblem", "refused", "_field", *PROBLEMS} - ELSEWHERE)

    assert len(found) > 20, "the search finds what it looks for"
    assert [place for place, call in found.items() if is_worded(call)] == []


def test_every_sentence_is_used():
    used = {
        arg.value
        for call in calls(SOURCE, {"say", "_bad"}).values()
        for arg in ast.walk(call)
        if isinstance(arg, ast.Constant)
    }

    assert set(SENTENCES) - used == set()


@pytest.mark.parametrize(("change", "code", "pointer"), REFUSED)
async def test_a_refusal_is_told_in_the_language_asked_for(
    town, a_news_item, change, code, pointer
):
    answers = {
        language: await town.post(
            "/submissions", a_news_item(**change), **{"Accept-Language": language}
        )
        for language in ("vi", "en")
    }

    vi, en = answers["vi"].json(), answers["en"].json()
    assert (vi["code"], en["code"]) == (code, code)
    assert answers["vi"].headers["Content-Language"] == "vi"
    assert TONES.search(vi["detail"])
    assert vi["detail"] != en["detail"]
    pairs = list(zip(vi["errors"], en["errors"], strict=True))
    assert pairs
    for one, other in pairs:
        assert (one["pointer"], one["rule"]) == (other["pointer"], other["rule"])
        assert TONES.search(one["detail"]), one
        assert one["detail"] != other["detail"], one


async def test_somebody_elses_matter_is_refused_in_the_language_asked_for(town, a_news_item):
    id = (await town.post("/submissions", a_news_item())).json()["submission_id"]
    for path, who in (
        (f"/submissions/{id}/resubmissions", "an"),
        (f"/submissions/{id}/withdrawal", "binh"),
    ):
        body = a_news_item() if "resub" in path else {}
        body.pop("site", None)
        vi = (await town.post(path, body, who)).json()
        en = (await town.post(path, body, who, **{"Accept-Language": "en"})).json()

        assert TONES.search(vi["detail"]), vi
        assert vi["detail"] != en["detail"]


def _findings(profile: str, site_kind: str):
    """Whatever the rules find in nearly empty drafts of every category, and in one that offends."""
    law = Law(PROFILES[profile], CALENDAR)
    for category in load_categories().by_id:
        draft = Draft(
            site="x", category=category, title="Đánh bạc", body="Quảng cáo rượu, bạo loạn, bí mật nhà nước.",
            flags=frozenset({"source_requires_agreement", "from_outside_centre"}), language="zh",
            fields={"number": "1/QĐ", "recipients": ["Sở"], "issue_date": "2026-02-01", "effective_date": "2026-01-01"},
        )  # fmt: skip
        yield from check(draft, law, NOON, site_kind).check.findings


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_finding_has_its_rule_article_words_sentence_and_way_in_both_languages(profile):
    found = {each.code: finding_told(each) for each in _findings(profile, "province")}

    assert found
    for code, each in found.items():
        for name in ("rule", "article", "article_en", "sentence", "sentence_en"):
            assert each[name], (code, name)
        assert each["sentence"] != each["sentence_en"], code
        assert each["article"] != each["article_en"], code
        assert each.get("way") or each["needs_human"], each
        assert bool(each.get("way")) == bool(each.get("way_en")), code


def test_what_looks_private_is_masked_in_both_languages():

    problem = of(errors.Refused("x", Said("Gọi 0912345678.", "Call 0912345678.")))

    for language in ("vi", "en"):
        assert "0912345678" not in problem.document(language)["detail"]
    assert problem.document("vi")["detail"] != problem.document("en")["detail"]
