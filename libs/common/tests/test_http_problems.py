"""Every refusal is an RFC 9457 document that says what to do, and repeats nothing it was sent."""

from datetime import date
from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, Query
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from common.errors import (
    Conflict,
    DomainError,
    FieldProblem,
    Forbidden,
    NotFound,
    PreconditionFailed,
    Refused,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from common.http import problems
from common.http.faults import BadRequest, PreconditionRequired, TimedOut, UnsupportedMedia
from common.http.validation import pointer
from common.http.words import wanted
from common.mongo import Transient
from common.testing.http import an_app, client_of

SECRET = "Nguyễn Văn A 035301001234"


class Step(BaseModel):
    name: str = Field(min_length=3)


class Agency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40)
    level: Literal["province", "commune"] = "province"
    since: date | None = None
    steps: list[Step] = Field(default_factory=list)
    code: str = "H01"

    @field_validator("code")
    @classmethod
    def _known(cls, value: str) -> str:
        if value == "H99":
            raise ValueError("codes end with H98")
        if not value.startswith("H"):
            raise ValueError(f"{value} is no code")
        return value


def routes(error: Exception | None = None) -> APIRouter:
    router = APIRouter()

    @router.post("/agencies")
    async def create(body: Agency) -> Agency:
        return body

    @router.get("/agencies")
    async def search(limit: Annotated[int, Query(ge=1, le=100)] = 20) -> int:
        return limit

    @router.get("/broken/{name}")
    async def broken(name: str) -> None:
        if error is not None:
            raise error

    return router


@pytest.fixture
async def client():
    async with client_of(an_app([routes()])) as client:
        yield client


async def answer_to(error: Exception, **headers: str):
    async with client_of(an_app([routes(error)])) as client:
        return await client.get("/broken/x", headers=headers)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (BadRequest, 400),
        (Unauthenticated, 401),
        (Forbidden, 403),
        (NotFound, 404),
        (Refused, 409),
        (Conflict, 409),
        (PreconditionFailed, 412),
        (TooLarge, 413),
        (UnsupportedMedia, 415),
        (Unprocessable, 422),
        (PreconditionRequired, 428),
        (TooMany, 429),
        (Unavailable, 503),
        (TimedOut, 503),
    ],
)
async def test_each_kind_of_error_has_its_status(kind, status):
    answer = await answer_to(kind("agency-ended", "It ended in 2025."))

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["type"] == "/problems/agency-ended"
    assert (body["code"], body["status"]) == ("agency-ended", status)
    assert body["detail"] == "It ended in 2025."


def test_no_kind_of_error_is_forgotten():
    kinds = {kind for kind in DomainError.__subclasses__() if kind.__module__.startswith("common")}

    assert kinds <= set(problems.STATUS)


async def test_a_problem_carries_fields_extra_members_and_the_trace():
    error = Refused(
        "notice-too-late",
        errors=[FieldProblem("/at", "from", "Choose 08:00 or later.")],
        extra={"explanation": {"article": "Điều 10"}, "status": 200, "detail": "replaced"},
    )

    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await answer_to(error, traceparent=f"00-{trace}-b7ad6b7169203331-01")

    body = answer.json()
    assert body["errors"] == [
        {"pointer": "/at", "rule": "from", "detail": "Choose 08:00 or later."}
    ]
    assert body["explanation"] == {"article": "Điều 10"}
    assert (body["status"], body["detail"]) == (409, "notice too late")
    assert body["instance"] == f"urn:trace:{trace}"


async def test_waiting_is_told_in_seconds():
    answer = await answer_to(Unavailable("mongo-away", retry_after=7))

    assert answer.headers["retry-after"] == "7"


async def test_a_sign_in_is_asked_for_the_standard_way():
    missing = await answer_to(Unauthenticated("token-missing"))
    expired = await answer_to(Unauthenticated("token-expired"))

    assert missing.headers["www-authenticate"] == 'Bearer realm="nhipcau"'
    assert expired.headers["www-authenticate"].endswith('error="invalid_token"')


async def test_a_database_that_does_not_answer_is_503_and_safe_to_repeat():
    answer = await answer_to(Transient("AutoReconnect: mongodb://user:hunter2@db"))

    assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
    assert answer.headers["retry-after"] == "1"
    assert "Idempotency-Key" in answer.json()["detail"]
    assert "hunter2" not in answer.text


async def test_a_finding_that_quotes_personal_data_is_masked():
    quoted = "'an@example.vn' is not of type integer"
    answer = await answer_to(
        Unprocessable("breaks-its-schema", quoted, errors=[FieldProblem("/a", "type", quoted)])
    )

    assert answer.json()["detail"] == "'***' is not of type integer"
    assert "example.vn" not in answer.text


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "vi"),
        ("en", "en"),
        ("en-GB,vi;q=0.5", "en"),
        ("vi,en;q=0.9", "vi"),
        ("fr", "vi"),
        ("en;q=0", "vi"),
        ("*;q=0.1, en-US;q=0.8", "en"),
    ],
)
async def test_titles_speak_the_callers_language(accept, language):
    answer = await answer_to(NotFound("agency-unknown"), **{"Accept-Language": accept})

    assert answer.headers["content-language"] == language
    assert answer.json()["title"] == {"vi": "Không tìm thấy", "en": "Not found"}[language]


@given(st.text())
def test_no_accept_language_breaks_it(text):
    assert wanted(text) in ("vi", "en")


async def test_a_bug_is_answered_without_its_text():
    answer = await answer_to(RuntimeError(SECRET))

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unexpected"
    assert SECRET not in answer.text
    assert answer.json()["instance"].removeprefix("urn:trace:") in answer.json()["detail"]


async def test_an_unknown_address_and_a_wrong_method_are_problems(client):
    nowhere = await client.get("/nowhere")
    wrong = await client.put("/agencies", json={})

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "no-such-route")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method-not-allowed")
    assert set(wrong.headers["allow"].split(", ")) <= {"GET", "POST"}


async def test_broken_json_is_shown_by_its_position(client):
    answer = await client.post(
        "/agencies", content=b'{"name": }', headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["position"]) == ("json-invalid", 10)


@pytest.mark.parametrize("content", [b'{"name": "\xff"}', b"[" * 100_000])
async def test_unreadable_bytes_are_a_problem_of_the_caller(client, content):
    answer = await client.post(
        "/agencies", content=content, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", None])
async def test_another_content_type_is_named_as_the_fault(client, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    answer = await client.post("/agencies", content=b'{"name": "A"}', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "content-type-unsupported")


@pytest.mark.parametrize(
    ("body", "place", "rule", "advice"),
    [
        ({}, "/name", "missing", "Required: give it."),
        ({"name": "x" * 41}, "/name", "string_too_long", "Must have at most 40 characters."),
        ({"name": 4}, "/name", "string_type", "Must be a string."),
        (
            {"name": "A", "level": "x"},
            "/level",
            "literal_error",
            "Must be one of: 'province' or 'commune'.",
        ),
        (
            {"name": "A", "since": "31/12"},
            "/since",
            "date_from_datetime_parsing",
            "Must be a date such as 2026-03-31.",
        ),
        (
            {"name": "A", "steps": [{"name": "ok!"}, {"name": "x"}]},
            "/steps/1/name",
            "string_too_short",
            "Must have at least 3 characters.",
        ),
        ({"name": "A", "extra": 1}, "/extra", "extra_forbidden", "No such field: leave it out."),
        ({"name": "A", "code": "H99"}, "/code", "value_error", "codes end with H98"),
        ({"name": "A", "code": "X1"}, "/code", "value_error", "Breaks the rule value."),
        ([], "", "model_attributes_type", "Must be a JSON object."),
    ],
)
async def test_a_wrong_field_is_named_with_its_rule_and_what_to_do(
    client, body, place, rule, advice
):
    answer = await client.post("/agencies", json=body, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": place, "rule": rule, "detail": advice}]


async def test_a_wrong_parameter_is_named_by_where_it_stands(client):
    answer = await client.get("/agencies?limit=0")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "query:limit", "rule": "greater_than_equal", "detail": "Phải từ 1 trở lên."}
    ]


async def test_nothing_that_was_sent_is_repeated(client):
    body = {
        "name": [SECRET],
        "level": SECRET,
        "since": SECRET,
        "steps": [{"name": {SECRET: SECRET}}],
        "code": SECRET,
        SECRET: SECRET,
    }

    answer = await client.post(f"/agencies?{SECRET}={SECRET}", json=body)

    assert answer.status_code == 422
    assert "035301001234" not in answer.text
    assert "Nguyễn" not in answer.text


async def test_a_flood_of_findings_is_cut(client):
    steps = [{"name": ""} for _ in range(500)]

    answer = await client.post("/agencies", json={"name": "A", "steps": steps})

    assert len(answer.json()["errors"]) == 50
    assert answer.json()["detail"].startswith("500 ")


@given(st.lists(st.text() | st.integers(), max_size=5))
def test_no_place_breaks_the_pointer(place):
    assert isinstance(pointer(place), str)
