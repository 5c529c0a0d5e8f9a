"""The shapes of fields, seen before anything is sent: as intake takes them, and no stricter."""

import pytest

from common.errors import spoken
from console.routes import fields, shapes
from console.routes.fields import Typed
from contracts.categories import Category, CategoryField, Column, Words, load_categories
from intake.domain.fields import problems

WORDS = Words(vi="a", en="a")
COLUMNS = (
    Column(name="day", label=WORDS, widget="date"),
    Column(name="who", label=WORDS, widget="text"),
)
CATEGORY = Category(
    id="tried",
    group="news",
    label=WORDS,
    hint=WORDS,
    fields=(
        CategoryField(name="day", label=WORDS, widget="date"),
        CategoryField(name="sum", label=WORDS, widget="number"),
        CategoryField(name="kind", label=WORDS, widget="select", options=("one", "two")),
        CategoryField(name="own", label=WORDS, widget="select", options=("one",), open=True),
        CategoryField(name="short", label=WORDS, widget="text", max_length=5),
        CategoryField(name="rows", label=WORDS, widget="rows", columns=COLUMNS),
        CategoryField(name="names", label=WORDS, widget="list", max_length=3),
    ),
)  # fmt: skip
ASKED = [each.model_dump(mode="json", exclude_none=True) for each in CATEGORY.fields]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        pytest.param(Typed({"day": "2026-02-31"}), {"f.day": "date"}, id="no day"),
        pytest.param(
            Typed({"day": "31/12/2026"}), {"f.day": "date"}, id="a day as people write it"
        ),
        pytest.param(Typed({"day": "2026-11-23"}), {}, id="a day"),
        pytest.param(Typed({"sum": "1,5"}), {"f.sum": "number"}, id="no whole number"),
        pytest.param(Typed({"sum": "1.200"}), {}, id="a number with its dots"),
        pytest.param(Typed({"kind": "three"}), {"f.kind": "option"}, id="not in the list"),
        pytest.param(Typed({"own": "three"}), {}, id="a word of one's own"),
        pytest.param(Typed({"short": "sáu chữ"}), {"f.short": "max-length"}, id="too long"),
        pytest.param(Typed({"names": "Nguyễn Văn An"}), {}, id="a list has no length of letters"),
        pytest.param(Typed({"day": " ", "sum": ""}), {}, id="empty is the regulation's matter"),
        pytest.param(
            Typed({}, {"rows": [{"day": "2026-11-23"}, {"day": "hôm nay", "who": "An"}]}),
            {"r.rows.1.day": "date"},
            id="a cell of a row",
        ),
    ],
)
def test_a_wrong_shape_is_seen_at_its_input_exactly_where_intake_refuses(typed, wrong):
    found = shapes.faults(typed, ASKED)

    assert {id: code for id, (code, _) in found.items()} == wrong
    refused = list(problems(CATEGORY, fields.given(typed, ASKED), ()))
    assert {fields.input_of(each.pointer): each.rule for each in refused} == wrong
    assert all(spoken(each.detail, "en") for each in refused)


def test_an_address_for_mail_has_its_form():
    asked = [{"name": "email", "widget": "email"}]

    assert shapes.faults(Typed({"email": "an@hanam"}), asked) == {"f.email": ("email", "")}
    assert shapes.faults(Typed({"email": "an@hanam.gov.vn"}), asked) == {}


@pytest.mark.parametrize(
    ("text", "odd"),
    [("19/2019/QĐ-UBND", False), ("12055/UBND-KSTT", False), ("", False), ("mười chín", True)],
)
def test_a_number_that_no_document_has_is_a_doubt_and_no_fault(text, odd):
    asked = [
        each.model_dump(mode="json") for each in load_categories().by_id["legal_document"].fields
    ]
    typed = Typed({"number": text})

    assert ("f.number" in shapes.doubts(typed, asked)) is odd
    assert shapes.faults(typed, asked) == {}
