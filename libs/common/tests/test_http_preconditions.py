"""ETag, If-Match and If-None-Match speak of a stream's version."""

import pytest
from fastapi import APIRouter, Request, Response
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.http.preconditions import (
    DemandedVersion,
    ExpectedVersion,
    check_version,
    etag,
    expected_version,
    not_modified,
    unchanged,
)
from common.testing.http import an_app, client_of

PRESENT = 7


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/agencies/1", response_model=None)
    async def look(request: Request, response: Response) -> Response | str:
        if (same := unchanged(request, PRESENT)) is not None:
            return same
        response.headers["ETag"] = etag(PRESENT)
        return "Sở Y tế"

    @router.put("/agencies/1")
    async def change(expected: ExpectedVersion) -> int | None:
        check_version(expected, PRESENT)
        return expected

    @router.delete("/agencies/1")
    async def end(expected: DemandedVersion) -> int | None:
        check_version(expected, PRESENT)
        return expected

    return router


@pytest.fixture
async def client():
    async with client_of(an_app([routes()])) as client:
        yield client


async def test_who_has_the_version_already_is_not_sent_it_again(client):
    first = await client.get("/agencies/1")
    again = await client.get("/agencies/1", headers={"If-None-Match": first.headers["etag"]})
    older = await client.get("/agencies/1", headers={"If-None-Match": '"6"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == '"7"'
    assert older.status_code == 200


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 200, None),
        ('"7"', 200, None),
        ("*", 200, None),
        ('"6"', 412, "version-changed"),
        ('W/"7"', 412, "version-unknown"),
        ('"07"', 412, "version-unknown"),
        ('"abc"', 412, "version-unknown"),
        ("7", 400, "entity-tag-malformed"),
        ('"6", "7"', 400, "one-version"),
        ("", 400, "entity-tag-malformed"),
    ],
)
async def test_a_command_is_decided_on_the_version_its_caller_saw(client, if_match, status, code):
    headers = {} if if_match is None else {"If-Match": if_match}
    answer = await client.put("/agencies/1", headers=headers)

    assert answer.status_code == status
    if code is not None:
        assert answer.json()["code"] == code


async def test_a_stale_version_is_told_the_present_one(client):
    answer = await client.put("/agencies/1", headers={"If-Match": '"6"'})

    assert (answer.json()["expected"], answer.json()["present"]) == (6, 7)


async def test_where_a_version_is_demanded_its_absence_is_428(client):
    missing = await client.delete("/agencies/1")
    given = await client.delete("/agencies/1", headers={"If-Match": '"7"'})

    assert (missing.status_code, missing.json()["code"]) == (428, "if-match-missing")
    assert given.json() == 7


@pytest.mark.parametrize(
    ("header", "same"),
    [(None, False), ('"7"', True), ('W/"7"', True), ('"1", "7"', True), ("*", True), ("x", False)],
)
def test_if_none_match_compares_weakly_and_ignores_nonsense(header, same):
    assert not_modified(header, PRESENT) is same


@given(st.integers(0, 10**15))
def test_every_version_survives_the_way_out_and_back(version):
    assert expected_version(etag(version)) == version


def code_of(read, text):
    try:
        read(text)
    except DomainError as refusal:
        return refusal.code
    return ""


@given(st.text())
def test_no_header_breaks_the_reader(text):
    not_modified(text, PRESENT)

    known = ("", "entity-tag-malformed", "one-version", "version-unknown")
    assert code_of(expected_version, text) in known
