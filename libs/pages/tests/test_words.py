"""Every word has its English; dates and numbers are written as the country writes them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import pages
from pages import catalogue, words

HERE = Path(pages.__file__).parent
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_every_word_of_the_templates_is_translated_and_no_translation_is_left_over():
    assert catalogue.faults(HERE) == []


def test_a_word_without_translation_and_a_left_over_one_are_found(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "new.html").write_text('{{ _("Mới") }}', encoding="utf-8")
    folder = (tmp_path / words.CATALOGUE).parent
    folder.mkdir(parents=True)
    (tmp_path / words.CATALOGUE).write_text('msgid "Cũ"\nmsgstr "Old"\n', encoding="utf-8")

    assert catalogue.faults(tmp_path) == ["no template says: Cũ", "not translated: Mới"]


def test_renewing_keeps_translations_and_drops_what_nobody_says(tmp_path):
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "new.html"
    template.write_text('{{ _("Cũ") }} {{ _("Mới") }}', encoding="utf-8")
    (tmp_path / words.CATALOGUE).parent.mkdir(parents=True)
    (tmp_path / words.CATALOGUE).write_text('msgid "Cũ"\nmsgstr "Old"\n\nmsgid "X"\nmsgstr "x"\n', encoding="utf-8")  # fmt: skip

    catalogue.renew(tmp_path)

    assert catalogue.faults(tmp_path) == ["not translated: Mới"]


def test_days_moments_and_numbers():
    assert words.day(date(2026, 11, 3), "vi") == "03/11/2026"
    assert words.day(date(2026, 11, 3), "en") == "3 November 2026"
    assert words.moment(NOON, "vi") == "12:00 ngày 23/11/2026"
    assert words.moment(NOON, "en") == "23 November 2026, 12:00"
    assert words.day("2026-11-03", "vi") == "03/11/2026"
    assert words.moment("2026-11-23T05:00:00.000Z", "vi") == words.moment(NOON, "vi")
    assert (words.number(1234.5, "vi"), words.number(1234.5, "en")) == ("1.234,5", "1,234.5")


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        words.moment(NOON.replace(tzinfo=None), "vi")


@pytest.mark.parametrize(
    ("seconds", "vietnamese", "english"),
    [
        (2 * 86_400 + 3 * 3_600 + 59, "còn 2 ngày 3 giờ", "2 days 3 hours left"),
        (86_400 + 60, "còn 1 ngày 1 phút", "1 day 1 minute left"),
        (0, "còn dưới 1 phút", "under a minute left"),
        (-40 * 60, "quá 40 phút", "40 minutes over"),
    ],
)
def test_what_is_left_is_said_in_the_two_largest_units(seconds, vietnamese, english):
    due = NOON + timedelta(seconds=seconds)

    assert words.left(due, NOON, "vi") == vietnamese
    assert words.left(due.isoformat(), NOON, "en") == english


def test_a_sentence_begins_with_a_capital_and_names_keep_theirs():
    assert words.sentence("tiếng Việt") == "Tiếng Việt"


def test_a_document_number_stays_on_one_line_and_the_rest_is_escaped():
    text = words.unbroken("Quyết định 19/2019/QĐ-UBND & Công văn 3308/UBND-VP7 ngày 27/11/2026 <b>")

    assert str(text) == (
        'Quyết định <span class="number">19/2019/QĐ-UBND</span> &amp; '
        'Công văn <span class="number">3308/UBND-VP7</span> ngày 27/11/2026 &lt;b&gt;'
    )
