"""Pages: every item once, in order, and a cursor that can't be bent."""

import base64

import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.http.pages import FromPage, Page, question_of, seal, unseal
from common.testing.http import an_app, client_of

SECRET = b"s" * 32
AGENCIES = [(name, number) for number, name in enumerate("ABBBCCDEFGHIK")]


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/agencies")
    async def agencies(asked: FromPage, level: str = "") -> Page[str]:
        after = asked.after or ("", -1)
        found = [row for row in sorted(AGENCIES) if row > tuple(after)][: asked.fetch]
        return asked.page(found, view=lambda row: f"{row[0]}{row[1]}", key=lambda row: row)

    return router


@pytest.fixture
async def client():
    async with client_of(an_app([routes()])) as client:
        yield client


@pytest.mark.parametrize("limit", [1, 2, 5, 13, 100])
async def test_following_the_links_shows_every_item_once_in_order(client, limit):
    shown, address = [], f"/agencies?level=province&limit={limit}"
    while address:
        answer = await client.get(address)
        shown += answer.json()["items"]
        address = answer.links.get("next", {}).get("url", "")

    assert shown == [f"{name}{number}" for name, number in AGENCIES]


async def test_the_last_page_names_no_next(client):
    answer = await client.get("/agencies?limit=13")

    assert answer.json()["next"] is None
    assert "link" not in answer.headers


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x"])
async def test_a_limit_out_of_bounds_is_refused(client, limit):
    answer = await client.get(f"/agencies?limit={limit}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "query:limit"


async def test_a_cursor_continues_its_own_question_only(client):
    cursor = (await client.get("/agencies?level=province&limit=2")).json()["next"]

    more = await client.get(f"/agencies?limit=5&cursor={cursor}&level=province")
    other = await client.get(f"/agencies?level=commune&limit=2&cursor={cursor}")

    assert more.json()["items"] == ["B2", "B3", "C4", "C5", "D6"]
    assert (other.status_code, other.json()["code"]) == (400, "cursor-not-ours")


async def test_a_changed_cursor_is_a_clear_problem(client):
    cursor = (await client.get("/agencies?limit=2")).json()["next"]
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=="))
    raw[-2] ^= 1
    forged = base64.urlsafe_b64encode(raw).decode().rstrip("=")

    answer = await client.get(f"/agencies?limit=2&cursor={forged}")

    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-not-ours")
    assert answer.json()["errors"][0]["pointer"] == "query:cursor"
    assert forged not in answer.text


keys = st.lists(st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.none(), max_size=4)


@given(keys)
def test_every_key_survives_the_way_out_and_back(key):
    question = question_of("/agencies", "level=province")

    assert unseal(seal(tuple(key), question, SECRET), question, SECRET) == tuple(key)


@given(st.text())
def test_no_text_passes_for_a_cursor(text):
    with pytest.raises(DomainError) as refusal:
        unseal(text, question_of("/agencies", ""), SECRET)
    assert refusal.value.code == "cursor-not-ours"


@given(keys, st.data())
def test_no_changed_character_passes(key, data):
    question = question_of("/agencies", "")
    cursor = seal(tuple(key), question, SECRET)
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(DomainError):
        unseal(base64.urlsafe_b64encode(raw).decode(), question, SECRET)


def test_the_order_of_filters_does_not_matter_but_their_values_do():
    assert question_of("/a", "x=1&y=2&limit=5") == question_of("/a", "y=2&x=1&cursor=c")
    assert question_of("/a", "x=1&y=2") != question_of("/a", "x=2&y=1")
    assert question_of("/a", "x=1") != question_of("/b", "x=1")


@given(st.text(max_size=50), st.text(max_size=300))
def test_no_query_breaks_the_reader(path, query):
    assert len(question_of(path, query)) == 32
