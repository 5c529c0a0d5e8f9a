"""Bad input at the one door of the house: a clear problem names the rule, and nothing of it is kept."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pymongo
import pytest

from .running import Running
from .test_editorial import PATHS, SENDERS, Board
from .test_intake import an_item

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
SITES = list(PATHS)
OFFICER, HEAD = SENDERS["binhduong"], "binhduong.truong-ban"
TCVN3 = "SOlpIG5naN4gdHJp024ga2hhaSBuaGnWbSB29CBjaHV5024gruZpIHPoIHa1IGO2aSBjuGNoIGi1bmggY2jdbmgu"
"""“Hội nghị triển khai nhiệm vụ …” as an old typewriter program saved it."""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8ffff3f0005fe02fea7d6059b0000000049454e44ae426082"
)
KEPT = ("numbers", "uploads", "fs.files", "entries", "articles", "submissions")
BILLION = 10**9


@dataclass
class Door:
    """The house's door, with an officer and a board that are known behind it."""

    board: Board
    running: Running

    async def hand_in(self, **more: Any) -> httpx.Response:
        body = {"site": "binhduong", "title": f"Tin {uuid4()}", **more}
        sent = {name: value for name, value in an_item(**body).items() if value is not None}
        return await self.board.post("intake/submissions", sent, OFFICER)

    async def upload(self, name: str, content: bytes) -> httpx.Response:
        return await self.board.http.post(
            "/api/intake/files",
            files={"file": (name, content)},
            headers=await self.board.signed_in(OFFICER),
        )

    def traces(self) -> dict[str, int]:
        """How much there is of everything that an act leaves; heartbeats and seals come by themselves."""
        client: Any = pymongo.MongoClient(self.running.engines.mongo_url)
        with client:
            found: dict[str, int] = {}
            for name in client.list_database_names():
                if not name.startswith(self.running.databases):
                    continue
                database = client[name]
                ours = {"site": {"$in": [*SITES, "installation"]}}
                found[f"{name} commits"] = database["commits"].count_documents(ours)
                for each in KEPT:
                    found[f"{name} {each}"] = database[each].count_documents({})
            return found

    async def opened(self, until: str) -> tuple[str, str]:
        """An article whose next step is this one: its id and digest."""
        id = await self.board.submitted("binhduong")
        await self.board.through(id, "binhduong", until=until)
        return id, (await self.board.article(id, HEAD))["digest"]


@pytest.fixture
async def door(running: Running) -> AsyncGenerator[Door]:
    async with httpx.AsyncClient(base_url=running.home, timeout=60) as http:
        yield Door(Board(None, http, {}), running)  # type: ignore[arg-type] - it has no process to kill


SUBMISSIONS = [
    pytest.param({"site": "nowhere"}, 422, "site-unknown", "/site", id="unknown site"),
    pytest.param({"category": "gossip"}, 422, "category-unknown", "/category", id="unknown category"),
    pytest.param({"language": "tlh"}, 422, "language-not-served", "/language", id="unknown language"),
    pytest.param(
        {"body": "<p>Xin chào<script>alert(1)</script><img src=x onerror=alert(1)></p>" * 50},
        422, "active-content", "/body", id="a body full of script",
    ),
    pytest.param({"body": None, "body_base64": TCVN3}, 422, "encoding-wrong", "/body_base64", id="TCVN3"),
    pytest.param({"body": "x" * 30_000_000}, 413, "body-too-large", None, id="30 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "status", "code", "pointer"), SUBMISSIONS)
async def test_what_is_handed_in_wrongly_names_its_fault_and_is_not_kept(
    door: Door, bad, status, code, pointer
):
    before = door.traces()

    answer = await door.hand_in(**bad)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text[:500]
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert problem["detail"]
    assert [each["pointer"] for each in problem.get("errors", ())] == [pointer] * (
        pointer is not None
    )
    assert door.traces() == before


async def test_a_text_in_tcvn3_names_the_law_and_offers_the_repaired_text(door: Door):
    answer = await door.hand_in(body=None, body_base64=TCVN3)

    (finding,) = answer.json()["findings"]
    assert finding["code"] == "encoding:TCVN3"
    assert "Điều" in finding["article"]
    assert answer.json()["proposal"].startswith("Hội nghị triển khai")


async def test_a_file_whose_content_is_not_its_name_is_refused_and_not_kept(door: Door):
    before = door.traces()

    answer = await door.upload("quyet-dinh.pdf", PIXEL)

    assert (answer.status_code, answer.json()["code"]) == (422, "file-not-its-name"), answer.text
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert door.traces() == before


async def test_a_picture_without_alternative_text_names_the_rule(door: Door):
    kept = await door.upload("anh.png", PIXEL)
    attached = [{"digest": kept.raise_for_status().json()["digest"], "name": "anh.png"}]
    before = door.traces()

    answer = await door.hand_in(attachments=attached)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "alternative-text-missing"), answer.text
    assert problem["errors"][0]["pointer"] == "/attachments/0/alternative_text"
    assert "WCAG" in answer.text
    assert door.traces() == before


async def test_nobody_signs_in_as_somebody_unknown_and_nothing_is_given_to_them(door: Door):
    id, _ = await door.opened("edit")
    before = door.traces()
    form = {"grant_type": "urn:nhipcau:demo", "person": "khong-ai"}

    token = await door.board.http.post("/dev-issuer/token", data=form)
    bearer = {"Authorization": "Bearer khong-ai", "Idempotency-Key": str(uuid4())}
    stranger = await door.board.http.post(
        "/api/intake/submissions", json=an_item("Tin"), headers=bearer
    )
    given = await door.board.post(
        f"editorial/articles/{id}/assignments", {"step": "edit", "to": "binhduong.khong-ai"}, HEAD
    )

    assert token.status_code == 400
    assert stranger.status_code == 401
    assert (given.status_code, given.json()["code"]) == (403, "receiver-may-not"), given.text
    assert "Điều" in given.json()["article"]["vi"]
    assert door.traces() == before


async def test_a_schedule_in_the_past_is_refused_with_its_article(door: Door):
    id, digest = await door.opened("approve")
    before = door.traces()
    past = {"at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(), "digest": digest}

    answer = await door.board.post(f"editorial/articles/{id}/schedule", past, HEAD)

    assert (answer.status_code, answer.json()["code"]) == (409, "schedule-in-the-past"), answer.text
    assert "Điều" in answer.json()["article"]["vi"]
    assert door.traces() == before


async def test_an_approval_that_is_replayed_or_followed_as_a_link_approves_nothing(door: Door):
    id, digest = await door.opened("approve")
    path, key = f"editorial/articles/{id}/steps", {"Idempotency-Key": str(uuid4())}
    approval = {"step": "approve", "digest": digest}
    link = await door.board.http.get(
        f"/api/{path}", params=approval, headers=await door.board.signed_in(HEAD)
    )
    untouched = (await door.board.article(id, HEAD))["phase"]
    first = await door.board.post(path, approval, HEAD, **key)
    async with asyncio.timeout(60):
        while (await door.board.http.get(f"/api/portal/articles/{id}")).status_code != 200:  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.1)
    before = door.traces()

    again = await door.board.post(path, approval, HEAD, **key)
    anew = await door.board.post(path, approval, HEAD)
    by_another = await door.board.post(path, approval, "binhduong.thu-ky", **key)

    assert (link.status_code, untouched) == (405, "in_process")
    assert (first.status_code, again.text) == (200, first.text)
    assert (anew.status_code, anew.json()["code"]) == (409, "step-not-open")
    assert "Điều 22" in anew.json()["article"]["vi"]
    assert by_another.status_code in {403, 409}
    assert door.traces() == before


LISTS = ("portal/articles", "portal/agencies", "portal/search?q=tin", "intake/submissions", "intake/deadlines?site=binhduong",
         "editorial/articles", "directory/agencies?site=binhduong", "directory/people?site=binhduong")  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_of_a_thousand_million_is_refused_with_the_largest(door: Door, path):
    joint = "&" if "?" in path else "?"
    headers = await door.board.signed_in(HEAD)

    answer = await door.board.http.get(f"/api/{path}{joint}limit={BILLION}", headers=headers)

    assert answer.status_code == 422, answer.text
    assert "limit" in answer.json()["errors"][0]["pointer"]
    assert "100" in answer.json()["errors"][0]["detail"]
