"""A number without an end is no JSON: it is refused at its place, and never becomes null on its way into a log."""

import json
from typing import Any

import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from common import finite
from common.http.bodies import json_of
from common.testing.http import an_app, client_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
ENDLESS = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 400 + ".5"]


class Measured(BaseModel):
    name: str = ""
    similarity: float = 0.0
    fields: dict[str, Any] = {}


def measuring() -> APIRouter:
    router = APIRouter()

    @router.post("/measured")
    async def measured(body: Measured) -> Measured:
        return body

    return router


async def sent(content: str, language: str = "en"):
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    async with client_of(an_app([measuring()])) as client:
        return await client.post("/measured", content=content.encode(), headers=headers)


@given(VALUES)
def test_what_is_json_is_read_as_ever(value):
    text = json.dumps(value)

    assert json_of(text.encode()) == json.loads(text)


@given(VALUES, st.sampled_from(ENDLESS))
def test_a_number_without_an_end_is_named_wherever_it_stands(value, number):
    text = f'{{"beside": {json.dumps(value)}, "rows": [1, {{"cell": {number}}}, {number}]}}'

    with pytest.raises(finite.NotFinite) as refusal:
        finite.loads(text)

    assert refusal.value.places == (("rows", 1, "cell"), ("rows", 2))


@pytest.mark.parametrize("number", ENDLESS)
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param('{{"similarity": {}}}', "/similarity", id="a number"),
        pytest.param('{{"fields": {{"budget": {}}}}}', "/fields/budget", id="anything"),
        pytest.param('{{"fields": {{"rows": [1, {}]}}}}', "/fields/rows/1", id="in a list"),
        pytest.param('{{"name": {}}}', "/name", id="where a word belongs"),
        pytest.param('{{"unheard_of": {}}}', "/unheard_of", id="where nobody asks for it"),
        pytest.param("{}", "", id="alone"),
    ],
)
async def test_it_is_refused_at_its_field_with_its_rule(number, body, pointer):
    answer = await sent(body.format(number))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "content-invalid"), answer.text
    assert [(each["pointer"], each["rule"]) for each in problem["errors"]] == [
        (pointer, "finite_number")
    ]
    assert "finite" in problem["errors"][0]["detail"]
    assert number not in answer.text.replace("NaN, Infinity", "")


async def test_it_is_told_in_vietnamese():
    answer = await sent('{"similarity": NaN}', "vi")

    assert "hữu hạn" in answer.json()["errors"][0]["detail"]


async def test_words_that_look_like_it_are_words():
    answer = await sent('{"name": "NaN", "fields": {"Infinity": "1e999", "n": 1e308}}')

    assert answer.json() == {
        "name": "NaN",
        "similarity": 0.0,
        "fields": {"Infinity": "1e999", "n": 1e308},
    }
