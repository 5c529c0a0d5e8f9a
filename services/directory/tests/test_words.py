"""Everything the directory says to people exists in Vietnamese and English, with what to do."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from common.errors import spoken
from common.testing.wording import PROBLEMS, TONES, calls, is_worded, places
from contracts.events import directory as facts
from directory.domain import units, words
from directory.domain.sentences import SENTENCES
from directory.domain.words import say
from directory.routes.imports import RowView
from rulebook.site import LEVELS
from rulebook.text.findings import Damage

from .conftest import Caller

SOURCE = Path(__file__).parents[1] / "src" / "directory"
TELLERS = {"FieldProblem", "Problem", "bad_field", "_refused", "_loose", "_problem"}
AGENCY = {
    "agency_id": "hanam.snv", "site": "hanam", "name_vi": "Sở Nội vụ", "valid_from": "2020-01-01",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_each_sentence_stands_in_both_languages_fills_the_same_places_and_ends(name):
    vietnamese, english = SENTENCES[name]
    left = places(english)

    said = say(name, **dict.fromkeys(left, "§"))

    assert TONES.search(vietnamese)
    assert not TONES.search(english)
    assert left == places(vietnamese)
    assert "{" not in said.vi + str(said)
    for sentence in (vietnamese, english):
        assert sentence.endswith((".", "?", "{proposal}")), sentence
        assert sentence[0].isupper() or sentence[0] in "“{"
        assert "  " not in sentence


def test_no_problem_is_worded_where_it_is_raised():
    """A sentence between quotation marks would be told to everybody in one language."""
    found = calls(SOURCE, TELLERS | PROBLEMS)

    assert len(found) > 120, "the search finds what it looks for"
    assert [place for place, call in found.items() if is_worded(call)] == []


def test_every_sentence_is_used():
    """Names that are put together (`behind.…`, `…-unknown`) stand for all that begin or end like that."""
    strings = {
        node.value
        for file in SOURCE.rglob("*.py")
        if file.name != "sentences.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    put_together = re.compile(
        r"behind\.(profile|board|position|site)|(site|board|person|delegation)-unknown"
    )

    assert {
        name for name in SENTENCES if name not in strings and not put_together.fullmatch(name)
    } == set()
    assert {"profile", "board", "position", "site"} <= strings


def test_words_of_ours_are_told_in_the_language_of_the_sentence_around_them():
    said = say("unit-parent-missing", level=words.LEVELS["commune"])

    assert said.vi == "Cần nêu đơn vị cấp trên của đơn vị cấp xã."
    assert str(said) == "A commune belongs to a unit of a higher level. Name it."


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (words.LEVELS, set(units.DIGITS)),
        (words.UNIT_KINDS, set().union(*units.KINDS.values())),
        (words.SITE_KINDS, set(LEVELS)),
        (words.SUCCESSIONS, {"merge", "split", "rename", "abolition"}),
        (words.DAMAGE, {each.value for each in Damage}),
        (
            words.ATTRIBUTES,
            {
                name
                for kind in (
                    facts.AgencyChangedV1Changes, facts.SiteChangedV1Changes,
                    facts.PersonChangedV1Changes, facts.AdministrativeUnitChangedV1Changes,
                )
                for name in kind.model_fields
            },
        ),
    ],
    ids=["levels", "kinds-of-units", "kinds-of-sites", "successions", "damage", "attributes"],
)  # fmt: skip
def test_whatever_a_sentence_may_name_has_a_word_in_both_languages(table: Any, names: set[str]):
    assert names - set(table) == set()
    for name in names:
        assert spoken(table[name], "vi") not in {"", name}


async def _both(caller: Caller, path: str, body: Any, **more: Any) -> tuple[Any, Any]:
    answers = [
        await caller.post(path, body, **{"Accept-Language": language}, **more)
        for language in ("vi", "en")
    ]
    assert [each.headers["Content-Language"] for each in answers] == ["vi", "en"]
    return answers[0].json(), answers[1].json()


def _check_told(vietnamese: dict[str, Any], english: dict[str, Any]) -> None:
    assert vietnamese["code"] == english["code"]
    assert TONES.search(vietnamese["title"])
    assert vietnamese["title"] != english["title"]
    told = zip(vietnamese.get("errors", ()), english.get("errors", ()), strict=True)
    for one, other in ((vietnamese, english), *told):
        assert one.get("pointer") == other.get("pointer")
        assert one.get("rule") == other.get("rule")
        assert TONES.search(one["detail"]), one
        assert one["detail"] != other["detail"], one


REFUSED = [
    ("/agencies", AGENCY | {"name_vi": "So\u031b\u0309 Nội vụ"}),
    ("/agencies", AGENCY | {"name_vi": "Sở Nội vụ\u200b"}),
    ("/agencies", AGENCY | {"name_vi": "Sở Nội vụ "}),
    ("/agencies", AGENCY | {"name_vi": "Sở Nоi vu"}),
    ("/agencies", AGENCY | {"domain": "xn--s-yga.hanam.gov.vn"}),
    ("/agencies", AGENCY | {"valid_to": "2019-01-01"}),
    ("/agencies", AGENCY | {"parent": "hanam.snv"}),
    ("/agencies", AGENCY | {"parent": "hanam.nobody"}),
    ("/agencies", AGENCY | {"kind": "kingdom"}),
    ("/agencies", AGENCY | {"x": 1}),
    ("/agencies/hanam.nobody/end", {"ends_on": "2026-01-01"}),
]


@pytest.mark.parametrize(("path", "body"), REFUSED, ids=range(len(REFUSED)))
async def test_a_refusal_is_told_in_the_language_asked_for(call: Caller, path: str, body: Any):
    _check_told(*await _both(call, path, body))


async def test_what_became_of_a_row_is_told_in_the_language_asked_for(call: Caller):
    table = "agency_id,site,name_vi,kind,valid_from\nhanam.snv,hanam,Sở Nội vụ,kingdom,31/02/2026\n"
    sent = await call.http.post(
        "/imports",
        data={"kind": "agencies"},
        files={"file": ("bảng.csv", table.encode())},
        headers={"Authorization": "Bearer writer"},
    )
    await call.app.state.deps.imports.idle()
    path = f"/imports/{sent.json()['import_id']}/rows"

    answers = [
        await call.http.get(path, headers=call.headers("writer") | {"Accept-Language": language})
        for language in ("vi", "en")
    ]

    told = [each.json()["items"][0]["problem"] for each in answers]
    assert [each.headers["Content-Language"] for each in answers] == ["vi", "en"]
    assert [each.headers["Vary"] for each in answers] == ["Accept-Language"] * 2
    assert told[0]["errors"][0]["detail"] == "Nhập ngày theo dạng 01/07/2025 hoặc 2025-07-01."
    assert told[1]["errors"][0]["detail"] == "Write the day as 01/07/2025 or 2025-07-01."
    assert TONES.search(told[0]["detail"])
    assert not TONES.search(told[1]["detail"])


async def test_a_row_kept_before_there_were_two_languages_is_told_as_it_was_kept():
    kept = {"code": "row-twice", "detail": "Row 2 has this id already.", "errors": []}
    row = {"number": 3, "key": "x", "outcome": "refused", "problem": kept}

    told = RowView.of(row, "vi").problem

    assert told is not None
    assert told.detail == "Row 2 has this id already."
