"""What operators see of the directory, whole, on the working fakes."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from common.consumer.asking import REPLAYS
from common.consumer.positions import PARKED
from common.identity import Principal
from common.mongo import Put
from common.settings import ServiceSettings
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.testing.wording import TONES
from common.words import say
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
}
STREAM = "/directory/agency/hanam.snv"
POISON: dict[str, Any] = {
    "consumer": "portal@1",
    "topic": "directory.agency",
    "place": f"portal@1|directory.agency|{STREAM}",
    "stream": STREAM,
    "code": "bug",
    "detail": "KeyError",
    "at": "2026-11-23T05:00:00.000Z",
}


class Tokens:
    """Each token is the scopes it gives."""

    def known(self, token: str) -> Principal | None:
        return Principal(token, token, "person", frozenset(token.split("+")))

    async def verify(self, token: str) -> Principal:
        principal = self.known(token)
        assert principal is not None
        return principal


@pytest.fixture
async def app() -> AsyncGenerator[FastAPI]:
    settings = ServiceSettings(service="directory")
    world = World(lambda: NOON, lambda: str(uuid4()), Random(1))
    app = create_app(settings, memory_service(settings, PARTS, MemoryCluster(), world))
    object.__setattr__(app.state.around, "verifier", Tokens())
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://directory",
        headers={"Authorization": "Bearer operations+directory:write"},
    ) as http:
        yield http


async def settled(http: httpx.AsyncClient) -> dict[str, Any]:
    """The state once everything decided is published and read."""
    async with asyncio.timeout(10):
        while True:
            state = (await http.get("/operations")).json()
            lag = sum(sum(each["lag"].values()) for each in state["consumers"])
            published = state["unsealed"] and not state["outbox"]  # the first heartbeat at least
            if state["consumers"] and published and not lag:
                return state
            await asyncio.sleep(0.01)


async def test_a_quiet_service_has_nothing_waiting(http: httpx.AsyncClient):
    await http.post("/agencies", json=SNV, headers={"Idempotency-Key": "12345678"})

    state = await settled(http)

    assert {each["name"] for each in state["consumers"]} >= {
        "directory@1",
        "directory-heartbeats@1",
    }
    assert [each["held"] + each["parked"] for each in state["consumers"]] == [0] * len(
        state["consumers"]
    )
    assert (state["parked"], state["seals"]) == ([], 0)
    assert state["unsealed"] >= 1


async def test_what_kafka_has_not_acknowledged_is_counted(app: FastAPI, http: httpx.AsyncClient):
    await settled(http)
    relay = next(each for each in app.state.service._tasks if each.get_name() == "relay")
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)

    await http.post("/agencies", json=SNV, headers={"Idempotency-Key": "12345678"})
    state = (await http.get("/operations")).json()

    assert state["outbox"] == 1


async def test_a_parked_stream_shows_once_with_what_waits_behind_it_and_is_tried_again(
    app: FastAPI, http: httpx.AsyncClient
):
    database = app.state.service.database
    await database.write(
        [
            Put(PARKED, f"p{n}", POISON | {"sequence": n, "at": f"2026-11-23T05:00:0{n}.000Z"})
            for n in (1, 2, 3)
        ]
    )

    (parked,) = (await http.get("/operations")).json()["parked"]
    asked = {key: parked[key] for key in ("consumer", "topic", "stream")}
    answer = await http.post("/operations/replays", json=asked)

    assert (parked["sequence"], parked["behind"], parked["code"]) == (1, 2, "bug")
    assert answer.status_code == 202
    assert [each["stream"] for each in await database.find(REPLAYS, {})] == [STREAM]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_why_a_stream_is_parked_is_told_in_the_operators_language(
    app: FastAPI, http: httpx.AsyncClient, language: str
):
    both = {"sequence": 1, "detail": "It is a copy.", "detail_vi": "Đây là bản sao."}
    await app.state.service.database.write([Put(PARKED, "p1", POISON | both)])

    answer = await http.get("/operations", headers={"Accept-Language": language})

    (parked,) = answer.json()["parked"]
    assert parked["detail"] == both["detail_vi" if language == "vi" else "detail"]


@pytest.mark.parametrize("well", [True, False])
async def test_every_check_speaks_the_operators_language(
    app: FastAPI, http: httpx.AsyncClient, *, well: bool
):
    await settled(http)
    service = app.state.service
    service.health._fresh_for = 0
    if not well:
        await service.database.write([Put(PARKED, "p1", POISON | {"sequence": 1})])
        for consumption in service.consumptions:
            consumption.reader.halted = say("bugs-in-a-row")
        service.broker.missing = missing_everything

    details = {
        language: {
            check["name"]: check["detail"]
            for check in (
                await http.get("/health/ready", headers={"Accept-Language": language})
            ).json()["checks"]
        }
        for language in ("vi", "en")
    }

    assert {"mongodb", "kafka", "migration", "heartbeat"} <= details["vi"].keys()
    assert [d for d in details["vi"].values() if not TONES.search(d)] == []
    assert [d for d in details["en"].values() if TONES.search(d) or not d.endswith(".")] == []


async def missing_everything(topics: object) -> list[str]:
    del topics
    return ["directory.agency"]


async def test_a_stream_that_is_not_parked_cannot_be_tried_again(http: httpx.AsyncClient):
    asked = {"consumer": "portal@1", "topic": "directory.agency", "stream": STREAM}

    answer = await http.post("/operations/replays", json=asked)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-parked")


@pytest.mark.parametrize("token", ["directory:write", "read"])
async def test_nobody_else_sees_or_asks_anything(http: httpx.AsyncClient, token: str):
    bearer = {"Authorization": f"Bearer {token}"}
    seen = await http.get("/operations", headers=bearer)
    asked = await http.post("/operations/replays", json={}, headers=bearer)
    stranger = await http.get("/operations", headers={"Authorization": ""})

    assert (seen.status_code, asked.status_code, stranger.status_code) == (403, 403, 401)
