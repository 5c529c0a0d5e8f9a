"""Every written submission comes out as expected through the public HTTP, checked and handed in."""

import json
from pathlib import Path

import pytest

from common.filekinds import DOCX

REPOSITORY = Path(__file__).resolve().parents[3]
WRITTEN = REPOSITORY / "libs" / "rulebook" / "tests" / "data" / "articles.json"
TRICKY = WRITTEN.with_name("tricky_articles.json")
SHARED = REPOSITORY.parent / "shared" / "data" / "articles.json"
NOT_SENT = {"id", "jurisdiction", "expected"}


def rows():
    """The repository's own, and those of the shared data where that folder is there and has others."""
    files = (WRITTEN, TRICKY)
    found = [row for file in files for row in json.loads(file.read_text("utf-8"))["articles"]]
    known = {row["id"] for row in found}
    if SHARED.exists():
        others = json.loads(SHARED.read_text("utf-8"))["articles"]
        found += [row for row in others if row["id"] not in known]
    return [pytest.param(row, id=row["id"]) for row in found]


def draft_of(row):
    """The row as a program would send it: its own words, to the site of its jurisdiction."""
    sent = {
        name: value for name, value in row.items() if name not in NOT_SENT and value is not None
    }
    return sent | {"site": row["jurisdiction"]}


def check_expected(answer, row):
    expected = row["expected"]
    assert sorted(answer["errors"]) == sorted(expected["errors"])
    assert sorted(answer["warnings"]) == sorted(expected["warnings"])
    assert answer["valid"] is expected["valid"]
    if "due_date" in expected:
        assert answer["due_date"] == expected["due_date"]
    if "route_to" in expected:
        assert answer["route_to"] == expected["route_to"]


@pytest.mark.parametrize("row", rows())
async def test_a_check_finds_what_is_expected_and_leaves_no_trace(town, row):
    answer = await town.post("/checks", draft_of(row) | {"submitted_by": None})

    assert answer.status_code == 200, answer.text
    found = answer.json()
    check_expected(found, row)
    assert found["deadline_wd"] == row["expected"].get("deadline_wd", found["deadline_wd"])
    for finding in found["findings"]:
        assert finding["rule"]
        assert finding["article"]
        assert finding["sentence"] != finding["code"]
    assert (await town.get("/submissions")).json()["items"] == []


@pytest.mark.parametrize("row", rows())
async def test_handed_in_by_a_system_it_is_registered_with_the_same(town, row, a_docx):
    files = [await town.upload(each["name"], a_docx(), "he-thong") for each in row["attachments"]]
    attachments = [
        {**given, "digest": sent.json()["digest"]}
        for given, sent in zip(row["attachments"], files, strict=True)
    ]
    sent = draft_of(row) | {"submitted_by": {"role": row["submitted_by"]["role"]}}

    answer = await town.post("/submissions", sent | {"attachments": attachments}, "he-thong")

    expected = row["expected"]
    if any(code.startswith("encoding:") for code in expected["errors"]):
        assert (answer.status_code, answer.json()["code"]) == (422, "encoding-wrong")
        assert [each["code"] for each in answer.json()["findings"]] == expected["errors"]
        assert "nghị" in answer.json()["proposal"]
        return
    assert answer.status_code == 201, answer.text
    check_expected(answer.json(), row)
    if attachments:
        assert all(each.json()["media_type"] == DOCX for each in files)
