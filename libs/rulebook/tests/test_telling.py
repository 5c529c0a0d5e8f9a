"""Explanations and findings as facts and views have them: the rulebook's own sentences, in their order."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from rulebook.calendar_files import load_calendar
from rulebook.deadlines import deadline
from rulebook.explanation import LOCAL
from rulebook.sentences import sentences
from rulebook.submissions import Submission, content_faults, content_findings
from rulebook.telling import MOST_QUOTED, finding_told, lines_told

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def explained(profiles):
    rule = profiles["hanam"].rule("hanam.d9.k1c.issuer")
    return deadline(rule, datetime(2026, 11, 20, tzinfo=LOCAL), load_calendar()).explanation


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_explanation_is_told_a_sentence_a_line(explained, language):
    told = lines_told(explained, language)

    assert tuple(told.split("\n")) == tuple(sentences(explained, language))
    assert len(told.split("\n")) > 5


def test_what_a_fact_does_not_take_is_left_out_in_whole_sentences(explained):
    longer = replace(explained, steps=explained.steps * 40)

    told = lines_told(longer)

    assert MOST_QUOTED - 400 < len(told) <= MOST_QUOTED
    assert told.split("\n") == list(sentences(longer))[: told.count("\n") + 1]


def test_the_findings_of_a_text_are_its_faults_and_what_a_person_decides(profiles):
    hanam = profiles["hanam"]
    text = Submission(
        category="news", title="Tin", body="Sản phẩm chữa khỏi hoàn toàn, mua ngay.", author="An",
        flags=frozenset({"source_requires_agreement"}),
    )  # fmt: skip

    found = content_findings(hanam, text, ON)
    faults = content_faults(hanam, text, ON)

    blocking = ["missing_source", "missing_field:agreement_ref"]
    assert [each.code for each in faults] == blocking
    assert [each.code for each in found] == [*blocking, "prohibited:hanam_p1c"]
    for each in map(finding_told, found):
        assert each["article"].endswith("Quy chế (Quyết định 19/2019/QĐ-UBND)")
        assert each["article_en"].endswith("Regulation (Quyết định 19/2019/QĐ-UBND)")
        assert {"quotation", "sentence", "sentence_en", "way", "way_en"} <= each.keys()
