"""The directory over HTTP, whole, on the working fakes."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from common.errors import Said, Unauthenticated
from common.identity import Principal
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.testing.wording import told_in_vietnamese
from common.world import World
from directory.main import PARTS, create_app

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SNV = {
    "agency_id": "hanam.snv",
    "site": "hanam",
    "jurisdiction": "hanam",
    "name_vi": "Sở Nội vụ",
    "kind": "department",
    "valid_from": "2019-08-15",
    "domain": "sonoivu.hanam.gov.vn",
}


class Tokens:
    """Knows two tokens: one may write, one may not."""

    def known(self, token: str) -> Principal | None:
        scopes = {"writer": frozenset({"directory:write"}), "reader": frozenset[str]()}
        return Principal(token, token, "person", scopes[token]) if token in scopes else None

    async def verify(self, token: str) -> Principal:
        principal = self.known(token)
        if principal is None:
            raise Unauthenticated("token-invalid", Said("Đăng nhập lại.", "Sign in again."))
        return principal


@dataclass
class Caller:
    http: httpx.AsyncClient

    async def post(self, path: str, body: Any, *, key: str = "", **headers: str) -> httpx.Response:
        given = {"Authorization": "Bearer writer", "Idempotency-Key": key or str(uuid4())}
        return await self.http.post(path, json=body, headers=given | headers)

    async def seen(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": "Bearer reader"})


@pytest.fixture
async def app() -> AsyncGenerator[FastAPI]:
    settings = ServiceSettings(service="directory")
    world = World(lambda: NOON, lambda: str(uuid4()), Random(1))
    app = create_app(settings, memory_service(settings, PARTS, MemoryCluster(), world))
    object.__setattr__(app.state.around, "verifier", Tokens())
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def caller(app: FastAPI) -> AsyncGenerator[Caller]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://directory",
        event_hooks={"response": [told_in_vietnamese]},
    ) as http:
        yield Caller(http)


async def test_a_registered_agency_is_answered_listed_and_audited(caller: Caller):
    made = await caller.post("/agencies", SNV)
    position = {"After-Position": made.headers["Position"]}
    seen = await caller.http.get("/agencies/hanam.snv")
    listed = await caller.http.get("/agencies", params={"q": "noi vu"}, headers=position)
    history = await caller.seen("/agencies/hanam.snv/history")

    assert made.status_code == 201
    assert made.headers["ETag"] == seen.headers["ETag"] == '"1"'
    assert seen.json()["attributes"]["name_vi"] == "Sở Nội vụ"
    assert [each["agency_id"] for each in listed.json()["items"]] == ["hanam.snv"]
    (entry,) = history.json()
    assert (entry["actor"], entry["proof"]["scope"]) == ("writer", "directory:write")
    assert entry["facts"][0]["type"] == "directory.agency_registered.v1"


async def test_the_same_request_twice_is_one_act_and_another_body_is_refused(caller: Caller):
    first = await caller.post("/agencies", SNV, key="a-key-of-mine")
    again = await caller.post("/agencies", SNV, key="a-key-of-mine")
    other = await caller.post("/agencies", SNV | {"name_vi": "Khác"}, key="a-key-of-mine")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency-key-reused"
    assert len((await caller.seen("/agencies/hanam.snv/history")).json()) == 1


async def test_a_domain_name_belongs_to_one_agency(caller: Caller):
    await caller.post("/agencies", SNV)

    second = await caller.post("/agencies", SNV | {"agency_id": "hanam.other"})

    assert second.status_code == 409
    assert second.json()["code"] == "already-taken"


async def test_as_of_a_day_the_old_name_stands(caller: Caller):
    await caller.post("/agencies", SNV)
    await caller.post(
        "/agencies/hanam.snv/changes",
        {"valid_from": "2025-03-01", "changes": {"name_vi": "Sở mới"}},
    )

    before = await caller.http.get("/agencies/hanam.snv", params={"on": "2025-02-28"})
    after = await caller.http.get("/agencies/hanam.snv", params={"on": "2025-03-01"})

    assert before.json()["attributes"]["name_vi"] == "Sở Nội vụ"
    assert after.json()["attributes"]["name_vi"] == "Sở mới"


async def test_a_merger_is_one_decision_over_all_agencies(caller: Caller):
    for id in ("hanam.a", "hanam.b", "hanam.c"):
        await caller.post("/agencies", SNV | {"agency_id": id, "domain": f"{id[6:]}.hanam.gov.vn"})

    merged = await caller.post(
        "/successions",
        {
            "kind": "merge",
            "predecessors": ["hanam.a", "hanam.b"],
            "successors": ["hanam.c"],
            "effective_on": "2025-07-01",
            "document": {"number": "202/2025/QH15"},
        },
    )

    assert merged.status_code == 201
    for id in ("hanam.a", "hanam.b"):
        agency = (await caller.http.get(f"/agencies/{id}")).json()
        assert agency["valid_to"] == "2025-07-01"
        assert agency["successions"][0]["successors"] == ["hanam.c"]
    heir = (await caller.http.get("/agencies/hanam.c")).json()
    assert heir["successions"][0]["predecessors"] == ["hanam.a", "hanam.b"]


async def test_who_may_not_write_is_told_what_is_missing(caller: Caller):
    nobody = await caller.post("/agencies", SNV, Authorization="")
    wrong = await caller.post("/agencies", SNV, Authorization="Bearer made-up")
    reader = await caller.post("/agencies", SNV, Authorization="Bearer reader")

    assert [r.status_code for r in (nobody, wrong, reader)] == [401, 401, 403]
    assert "directory:write" in reader.json()["detail"]
    assert (await caller.http.get("/agencies/hanam.snv")).status_code == 404


async def test_a_change_on_an_old_version_is_refused(caller: Caller):
    await caller.post("/agencies", SNV)
    body = {"valid_from": "2025-03-01", "changes": {"note": "x"}}

    first = await caller.post("/agencies/hanam.snv/changes", body, **{"If-Match": '"1"'})
    second = await caller.post(
        "/agencies/hanam.snv/changes", body | {"changes": {"note": "y"}}, **{"If-Match": '"1"'}
    )

    assert first.status_code == 200
    assert second.status_code == 412
    assert second.json()["present"] == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"valid_from": "2025-02-30"}, "/valid_from"),
        ({"name_vi": ""}, "/name_vi"),
        ({"name_vi": "x" * 201}, "/name_vi"),
        ({"agency_id": "HÀ NAM"}, "/agency_id"),
        ({"domain": "Not A Domain"}, "/domain"),
        ({"valid_to": "2019-08-15"}, "/valid_to"),
        ({"parent": "nobody.there"}, "/parent"),
        ({"kind": "kingdom"}, "/kind"),
        ({"unknown": 1}, "/unknown"),
    ],
)
async def test_bad_input_names_the_field(caller: Caller, change: dict[str, Any], pointer: str):
    answer = await caller.post("/agencies", SNV | change)

    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert (await caller.http.get("/agencies/hanam.snv")).status_code == 404


async def test_a_page_leads_to_the_next(caller: Caller):
    for n in range(5):
        made = await caller.post(
            "/agencies", SNV | {"agency_id": f"hanam.n{n}", "domain": f"n{n}.gov.vn"}
        )
    position = {"After-Position": made.headers["Position"]}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (
            await caller.http.get("/agencies", params={"limit": "2"} | cursor, headers=position)
        ).json()
        seen += [each["agency_id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert seen == [f"hanam.n{n}" for n in range(5)]


async def test_a_version_the_caller_has_is_not_sent_again(caller: Caller):
    await caller.post("/agencies", SNV)

    answer = await caller.http.get("/agencies/hanam.snv", headers={"If-None-Match": '"1"'})

    assert answer.status_code == 304


async def test_a_list_tells_of_each_what_its_own_answer_tells_on_any_day(call: Caller):
    for name in ("snv", "stc", "skhdt"):
        body = SNV | {"agency_id": f"hanam.{name}", "domain": f"{name}.hanam.gov.vn"}
        made = await call.post("/agencies", body)
    new = {"name_vi": 'Sở "Mới"', "note": "một\ndòng"}
    change = {"valid_from": "2024-01-01", "changes": new}
    made = await call.post("/agencies/hanam.stc/changes", change)
    seen = {"After-Position": made.headers["Position"]}

    for day in ({}, {"on": "2023-12-31"}, {"on": "2024-01-01"}, {"on": "2023-12-31"}):
        asked = {"site": "hanam", "limit": "2"} | day
        first = await call.http.get("/agencies", params=asked, headers=seen)
        rest = await call.http.get(first.headers["Link"][1:].partition(">")[0], headers=seen)
        told = [*first.json()["items"], *rest.json()["items"]]
        ids = ("hanam.skhdt", "hanam.snv", "hanam.stc")
        single = [(await call.http.get(f"/agencies/{id}", params=day)).json() for id in ids]

        assert told == single
        assert rest.json()["next"] is None


async def test_a_list_shows_a_change_as_soon_as_it_is_heard(call: Caller):
    await call.post("/agencies", SNV)
    for number in range(5):
        change = {"valid_from": f"2024-01-0{number + 1}", "changes": {"name_vi": f"Tên {number}"}}
        made = await call.post("/agencies/hanam.snv/changes", change)
        seen = {"After-Position": made.headers["Position"]}

        listed = await call.http.get("/agencies", params={"site": "hanam"}, headers=seen)

        (item,) = listed.json()["items"]
        assert item["attributes"]["name_vi"] == f"Tên {number}"


async def test_the_reporting_line_is_shown_from_above_as_of_a_day(call: Caller):
    await call.post("/agencies", SNV)
    below = SNV | {
        "agency_id": "hanam.ccvtlt",
        "domain": "vtlt.hanam.gov.vn",
        "parent": "hanam.snv",
    }
    await call.post("/agencies", below)
    await call.post("/agencies", SNV | {"agency_id": "hanam.stc", "domain": "stc.hanam.gov.vn"})
    change = {"valid_from": "2024-01-01", "changes": {"parent": "hanam.stc"}}
    made = await call.post("/agencies/hanam.ccvtlt/changes", change)
    seen = {"After-Position": made.headers["Position"]}

    async def under(parent: str, day: str) -> list[str]:
        asked = {"parent": parent, "on": day}
        listed = await call.http.get("/agencies", params=asked, headers=seen)
        return [each["agency_id"] for each in listed.json()["items"]]

    assert await under("hanam.snv", "2023-12-31") == ["hanam.ccvtlt"]
    assert await under("hanam.snv", "2024-01-01") == []
    assert await under("hanam.stc", "2024-01-01") == ["hanam.ccvtlt"]


PUBLIC = {
    "/administrative-units", "/administrative-units/by-code/{level}/{code}", "/administrative-units/{unit_id}",
    "/administrative-units/{unit_id}/became", "/agencies", "/agencies/{agency_id}", "/boards", "/boards/{board_id}",
    "/calendars/{calendar_id}", "/calendars/{calendar_id}/days", "/calendars/{calendar_id}/notices/{notice_id}/effect",
    "/closures", "/domain-names/{host}", "/imports/kinds", "/sites", "/sites/{site}",
    "/agencies/{agency_id}/history", "/boards/{board_id}/history", "/sites/{site}/history",
}  # fmt: skip
"""What anybody may read: which agencies, sites, boards, units and working days there are, which decisions made them
so, and names that may be taken."""


async def test_whatever_is_not_public_asks_who_is_there_before_anything_else(call: Any):
    document = call.app.openapi()
    ways = {(way, path) for path, ways in document["paths"].items() for way in ways}
    known = {"level": "province", "code": "01", "kind": "agency"}
    open_ = {("get", path) for path in PUBLIC}

    answers = {}
    for way, path in ways - open_:
        place = re.sub(r"{(\w+)}", lambda name: known.get(name[1], "x"), path)
        answer = await call.http.request(way, place, headers={"Idempotency-Key": str(uuid4())})
        answers[way, path] = answer.status_code

    assert open_ <= ways
    assert len(answers) > 40
    assert {each: status for each, status in answers.items() if status != 401} == {}
