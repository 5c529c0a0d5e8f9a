"""One request, one cause: the key names it, the digest guards it."""

from datetime import UTC, datetime
from random import SystemRandom

import pytest
from fastapi import APIRouter, UploadFile
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from common.errors import DomainError
from common.http.idempotency import FromRequest, cause_id, parse_key
from common.testing.http import an_app, client_of
from common.testing.issuer import MemoryIssuer
from common.world import World

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
KEY = {"Idempotency-Key": "0195-first-try"}
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Agency(BaseModel):
    name: str
    order: float = 0


def view(cause):
    return {
        "id": cause.id,
        "at": cause.at.isoformat(),
        "actor": cause.actor,
        "digest": cause.digest,
        "trace": cause.traceparent,
    }


def routes() -> APIRouter:
    router = APIRouter()

    @router.post("/agencies/{agency_id}/end")
    async def end(agency_id: str, body: Agency, cause: FromRequest) -> dict[str, str | None]:
        return view(cause)

    @router.put("/agencies/{agency_id}")
    async def change(agency_id: str, body: Agency, cause: FromRequest) -> dict[str, str | None]:
        return view(cause)

    @router.post("/files")
    async def upload(file: UploadFile, cause: FromRequest) -> dict[str, str | None]:
        return view(cause) | {"content": (await file.read()).decode()}

    return router


@pytest.fixture
def issuer():
    return MemoryIssuer()


@pytest.fixture
async def client(issuer):
    ids = iter(f"new-id-{number}" for number in range(99))
    world = World(lambda: NOON, lambda: next(ids), SystemRandom())
    app = an_app([routes()], world=world, around={"verifier": issuer.verifier()})
    async with client_of(app) as client:
        yield client


async def digest(client, method, path, key="same-key-1", **request):
    headers = {"Idempotency-Key": key} | request.pop("headers", {})
    answer = await client.request(method, path, headers=headers, **request)
    assert answer.status_code == 200
    return answer.json()["digest"]


async def test_a_cause_says_who_asked_what_when_and_by_which_key(client, issuer):
    headers = KEY | issuer.bearer("f3b1:an") | {"traceparent": PARENT}

    answer = await client.post("/agencies/7/end", json={"name": "A"}, headers=headers)

    cause = answer.json()
    assert cause["id"] == "http:f3b1%3Aan:POST /agencies/{agency_id}/end:0195-first-try"
    assert (cause["actor"], cause["at"]) == ("f3b1:an", "2026-03-02T05:00:00+00:00")
    assert len(cause["digest"]) == 64
    assert cause["trace"].split("-")[1] == PARENT.split("-")[1]


async def test_a_post_without_a_key_is_told_to_send_one(client):
    answer = await client.post("/agencies/7/end", json={"name": "A"})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert answer.json()["errors"][0]["pointer"] == "header:Idempotency-Key"


async def test_a_put_without_a_key_gets_a_fresh_cause_each_time(client):
    one = await client.put("/agencies/7", json={"name": "A"})
    two = await client.put("/agencies/7", json={"name": "A"})

    assert one.json()["id"] == "http:anonymous:PUT /agencies/{agency_id}:new-id-0"
    assert two.json()["id"].endswith(":new-id-1")
    assert one.json()["digest"] == two.json()["digest"]


async def test_the_same_json_has_the_same_digest_however_it_is_written(client):
    headers = {"Content-Type": "application/json"}
    one = await digest(
        client, "PUT", "/agencies/7", content=b'{"name":"A","order":1.0}', headers=headers
    )
    two = await digest(
        client, "PUT", "/agencies/7", content=b' {"order": 1.0, "name": "A"}', headers=headers
    )

    assert one == two


async def test_another_body_path_query_or_version_has_another_digest(client):
    body = {"json": {"name": "A"}}
    digests = [
        await digest(client, "PUT", "/agencies/7", **body),
        await digest(client, "PUT", "/agencies/8", **body),
        await digest(client, "PUT", "/agencies/7?x=1", **body),
        await digest(client, "PUT", "/agencies/7", json={"name": "B"}),
        await digest(client, "PUT", "/agencies/7", headers={"If-Match": '"3"'}, **body),
        await digest(client, "POST", "/agencies/7/end", **body),
    ]

    assert len(set(digests)) == len(digests)


async def test_numbers_that_json_cannot_say_exactly_still_have_a_digest(client):
    content = b'{"name":"A","order":123456789012345678901234567890}'
    headers = {"Content-Type": "application/json"}

    assert await digest(client, "PUT", "/agencies/7", content=content, headers=headers)


async def test_an_upload_is_named_by_its_bytes_and_still_readable(client):
    one = await client.post("/files", files={"file": ("a.txt", b"one")}, headers=KEY)
    same = await client.post("/files", files={"file": ("a.txt", b"one")}, headers=KEY)
    other = await client.post("/files", files={"file": ("a.txt", b"two")}, headers=KEY)

    assert one.json()["content"] == "one"
    assert one.json()["digest"] == same.json()["digest"]
    assert one.json()["digest"] != other.json()["digest"]


@pytest.mark.parametrize(
    "key", ["short", "x" * 129, "with space", 'quote"inside-it', "tiếng-việt-1"]
)
async def test_a_malformed_key_is_a_clear_problem(client, key):
    headers = {"Idempotency-Key": key.encode()}
    answer = await client.post("/agencies/7/end", json={"name": "A"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-malformed")
    assert key not in answer.text


def test_a_quoted_key_is_the_same_key():
    assert parse_key('"0195-first-try"') == parse_key("0195-first-try")


def code_of(read, text):
    try:
        read(text)
    except DomainError as refusal:
        return refusal.code
    return ""


@given(st.text())
def test_no_key_breaks_the_reader(text):
    assert code_of(parse_key, text) in ("", "idempotency-key-malformed")


@given(st.tuples(st.text(min_size=1), st.text("ab:%/", min_size=1)), st.text(min_size=1))
def test_no_subject_can_pose_as_another(one, other):
    subject, key = one
    if subject != other:
        assert cause_id(subject, "POST", "/x", key) != cause_id(other, "POST", "/x", key)
