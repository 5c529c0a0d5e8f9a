"""The fields of a category are one thing for the sender and for the desk: every widget, kept through every page."""

import re

import orjson
import pytest
from starlette.datastructures import FormData

from console.routes import fields
from contracts.categories import load_categories

from .test_submitting import fields_of

WIDGETS = [
    {"name": "word", "widget": "text"},
    {"name": "kind", "widget": "select", "options": ["one", "two"], "open": True},
    {"name": "sum", "widget": "number"},
    {"name": "names", "widget": "list"},
    {"name": "days", "widget": "rows", "columns": [{"name": "day"}, {"name": "who"}]},
    {"name": "file", "widget": "file"},
]


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        pytest.param({"f.word": " a\r\nb "}, {"word": "a\nb"}, id="line ends"),
        pytest.param({"f.kind": "one"}, {"kind": "one"}, id="a choice"),
        pytest.param({"f.kind": "one", "o.kind": "mine"}, {"kind": "mine"}, id="a word of one's own"),
        pytest.param({"f.sum": "1.200 000"}, {"sum": 1_200_000}, id="a number with its dots"),
        pytest.param({"f.sum": "1,5"}, {"sum": "1,5"}, id="no whole number is left to be refused"),
        pytest.param({"f.names": "A\n\n B \n"}, {"names": ["A", "B"]}, id="a list"),
        pytest.param(
            {"n.days": "3", "r.days.0.day": " ", "r.days.2.day": "1/1", "r.days.2.who": "An"},
            {"days": [{"day": "1/1", "who": "An"}]},
            id="rows, the empty ones left out",
        ),
        pytest.param({"n.days": "9" * 30, "r.days.700.day": "x"}, {}, id="no more rows than are taken"),
        pytest.param({"f.file": "a.pdf", "f.other": "x"}, {}, id="what is not asked is not read"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_value_it_stands_for(typed, given):
    assert fields.given(fields.read(FormData(typed), WIDGETS), WIDGETS) == given


def test_a_value_is_shown_as_it_can_be_typed_again():
    given = {"word": "a", "kind": "mine", "sum": 7, "names": ["A", "B"], "days": [{"day": "1/1"}]}

    shown = fields.shown(given, WIDGETS)

    assert fields.given(shown, WIDGETS) == given


async def test_the_desk_shows_the_fields_of_every_category_and_keeps_what_nobody_touched(desk):
    await desk.sign_in("binhduong.board-member")
    for category in load_categories().by_id.values():
        kept = _given(category)
        id = await desk.house.submitted("binhduong", category=category.id, fields=kept)
        await desk.house.take(id, "edit", "binhduong.board-member")
        page = await desk.get(f"/articles/{id}/revise")

        data = fields_of(_form(page.text)) | {
            "reason": "Sửa đầu đề.",
            "title": "Mới",
            "act": "save",
        }
        answer = await desk.browser.post(f"/console/articles/{id}/revise", data=data)

        assert answer.status_code == 303, (category.id, answer.text)
        content = (await desk.house.article(id, "binhduong.board-head"))["content"]
        assert (content["title"], content["fields"]) == ("Mới", kept), category.id


async def test_the_desk_changes_a_field_adds_rows_and_says_what_is_wrong_where(desk):
    fields_before = [{"name": "weeks", "value": '[{"week": "48"}]'}]
    id = await desk.house.submitted("binhduong", category="project", fields=fields_before)
    await desk.house.take(id, "edit", "binhduong.board-member")
    await desk.sign_in("binhduong.board-member")
    page = await desk.get(f"/articles/{id}/revise")
    typed = fields_of(_form(page.text)) | {"f.budget_vnd": "1.200", "o.status": "Chờ vốn"}

    wrong = await desk.browser.post(f"/console/articles/{id}/revise", data=typed)
    again = fields_of(_form(wrong.text))
    done = await desk.browser.post(
        f"/console/articles/{id}/revise", data=again | {"reason": "Đủ trường."}
    )

    assert (wrong.status_code, 'href="#reason"' in wrong.text) == (422, True)
    assert (again["f.budget_vnd"], again["o.status"]) == ("1.200", "Chờ vốn")
    assert done.status_code == 303
    content = (await desk.house.article(id, "binhduong.board-head"))["content"]
    assert {each["name"]: orjson.loads(each["value"]) for each in content["fields"]} == {
        "weeks": [{"week": "48"}],
        "budget_vnd": 1200,
        "status": "Chờ vốn",
    }


async def test_rows_are_added_on_the_desk_without_scripts_and_nothing_typed_is_lost(desk):
    id = await desk.house.submitted("binhduong", category="work_schedule")
    await desk.house.take(id, "edit", "binhduong.board-member")
    await desk.sign_in("binhduong.board-member")
    page = await desk.get(f"/articles/{id}/revise")
    cell = re.findall(r'name="(r\.\w+\.1\.\w+)"', page.text)[0]
    data = fields_of(_form(page.text)) | {cell: "Họp", cell.replace(".1.", ".0."): "Chuẩn bị"}

    more = await desk.browser.post(f"/console/articles/{id}/revise", data=data | {"act": "rows"})

    assert more.status_code == 200
    assert fields_of(_form(more.text))[cell] == "Họp"
    assert cell.replace(".1.", ".3.") in more.text
    assert (await desk.house.article(id, "binhduong.board-head"))["revision"] == 1


def _form(text: str) -> str:
    return next(
        form for form in re.findall(r"<form.*?</form>", text, re.DOTALL) if 'name="version"' in form
    )


def _given(category) -> list[dict[str, str]]:
    """A value for every field, written as another system would: with blanks and columns of its own."""
    found = []
    for each in category.fields:
        if each.widget == "rows":
            value = f"""[{{"{each.columns[0].name}": "x", "of_another_system": "y"}}]"""
        else:
            value = {"number": '"2.026"', "list": '["a",  "b"]'}.get(each.widget, '"chữ  khác"')
        found.append({"name": each.name, "value": value})
    return found
