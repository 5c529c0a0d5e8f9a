"""Handing in on the real engines: numbers, files and private data, with the process killed meanwhile."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pymongo
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from embedded.demo import demo
from embedded.issuer import DEMO_GRANT

from .conftest import House

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
OFFICER, HEAD = "hanam.can-bo", "hanam.truong-ban"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PLANTED = {
    "phone": "0987 654 321",
    "email": "nguoi.gui.planted@example.net",
    "id_number": "035199007777",
    "bank_account": "19039876543210",
}


class Door(httpx.AsyncBaseTransport):
    """Reaches each process under the path it has behind the house's door."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._inner = httpx.AsyncHTTPTransport(retries=1)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        name, rest = ("issuer", path.removeprefix("/dev-issuer"))
        if path.startswith("/api/"):
            name, _, rest = path.removeprefix("/api/").partition("/")
        url = self._house.processes[name].url + "/" + rest.removeprefix("/")
        request.headers["Host"] = httpx.URL(url).netloc.decode()
        to = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        return await self._inner.handle_async_request(to)

    async def aclose(self) -> None:
        await self._inner.aclose()


@dataclass
class Desk:
    """Officers of the demo at intake's door."""

    house: House
    http: httpx.AsyncClient
    tokens: dict[str, str]

    async def signed_in(self, person: str) -> dict[str, str]:
        if person not in self.tokens:
            form = {"grant_type": DEMO_GRANT, "person": person}
            answer = await self.http.post("/dev-issuer/token", data=form)
            self.tokens[person] = answer.raise_for_status().json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    async def post(self, path: str, body: Any, key: str, person: str = OFFICER) -> httpx.Response:
        headers = await self.signed_in(person) | {"Idempotency-Key": key}
        return await self.http.post(f"/api/intake{path}", json=body, headers=headers)

    async def get(self, path: str, person: str = OFFICER, **params: Any) -> httpx.Response:
        headers = await self.signed_in(person)
        return await self.http.get(f"/api/intake{path}", params=params, headers=headers)

    async def everything(self, site: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = await self.get("/submissions", site=site, limit=100, **cursor)
            page = answer.raise_for_status().json()
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}


def an_item(title: str, **more: Any) -> dict[str, Any]:
    return {
        "site": "hanam",
        "category": "news",
        "title": title,
        "body": "<p>Hội nghị triển khai nhiệm vụ chuyển đổi số.</p>",
        "author": "Ban Biên tập",
        "source": {"type": "own", "name": "Văn phòng UBND tỉnh"},
        **more,
    }


@pytest.fixture
async def desk(house: House) -> AsyncGenerator[Desk]:
    """The demo's people at work; the directory is told once for all tests of this module."""
    if "intake" not in house.processes:
        house.service("intake")
    house.wait_ready("intake")
    timeout = httpx.Timeout(30)
    async with httpx.AsyncClient(
        transport=Door(house), base_url="http://house", timeout=timeout
    ) as http:
        if not house.told:
            await demo().load_through(http, house.processes["issuer"].url)
            http.headers.pop("Authorization", None)
            house.told = True
        desk = Desk(house, http, {})
        await _admitted(desk)
        yield desk


async def _admitted(desk: Desk) -> None:
    """Until intake has heard of the officer."""
    async with asyncio.timeout(60):
        while True:
            answer = await desk.post("/checks", an_item("Thử"), str(uuid4()))
            if answer.status_code == 200:
                return
            await asyncio.sleep(0.1)


async def test_a_document_with_its_file_is_registered_and_shown(desk: Desk):
    files = {"file": ("19-2026.pdf", PDF)}
    sent = await desk.http.post(
        "/api/intake/files", files=files, headers=await desk.signed_in(OFFICER)
    )
    digest = sent.raise_for_status().json()["digest"]
    body = an_item(f"Văn bản {uuid4()}", attachments=[{"digest": digest}])

    made = await desk.post("/submissions", body, str(uuid4()))

    assert made.status_code == 201, made.text
    id = made.json()["submission_id"]
    headers = await desk.signed_in(HEAD) | {"After-Position": made.headers["Position"]}
    seen = await desk.http.get(f"/api/intake/submissions/{id}", headers=headers)
    assert seen.json()["content"]["attachments"][0]["digest"] == digest
    back = await desk.get(f"/submissions/{id}/files/{digest}", HEAD)
    assert back.content == PDF


@dataclass
class Senders:
    """Clients that never give up: the same request with the same key until it is answered."""

    desk: Desk
    mark: str
    answered: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    stopping: bool = False

    async def send(self, client: int) -> None:
        for number in count():
            if self.stopping:
                return
            title = f"Tin {self.mark} {client} {number}"
            answer = await self._answer(title)
            assert answer.status_code == 201, answer.text
            self.answered[title] = answer.json()

    async def _answer(self, title: str) -> httpx.Response:
        body = an_item(title, contact={"phone": "0900 111 222"})
        while True:
            try:
                answer = await self.desk.post("/submissions", body, title.replace(" ", "-"))
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code < 500:
                return answer
            await asyncio.sleep(0.05)

    async def more(self, by: int) -> None:
        """Until so many more were answered."""
        wanted = len(self.answered) + by
        async with asyncio.timeout(60):
            while len(self.answered) < wanted:  # noqa: ASYNC110 - other tasks set no event
                await asyncio.sleep(0.02)


async def test_whatever_is_killed_every_answer_holds_and_no_number_is_given_twice(desk: Desk):
    senders = Senders(desk, uuid4().hex[:8])
    clients = [asyncio.create_task(senders.send(n)) for n in range(4)]
    for _ in range(3):
        await senders.more(20)
        desk.house.processes["intake"].kill9()
        desk.house.processes["intake"].restart()
    await senders.more(20)
    senders.stopping = True
    await asyncio.gather(*clients)

    listed = await all_listed(desk, senders)

    assert {t: e["submission_id"] for t, e in listed.items()} == {
        title: each["submission_id"] for title, each in senders.answered.items()
    }
    receipts = [each["receipt"] for each in listed.values()]
    assert len(set(receipts)) == len(receipts)


async def all_listed(desk: Desk, senders: Senders) -> dict[str, dict[str, Any]]:
    """What the list shows of these clients, as soon as it shows as many as were answered."""
    async with asyncio.timeout(60):
        while True:
            items = await desk.everything("hanam")
            mine = {each["title"]: each for each in items if senders.mark in each["title"]}
            if len(mine) >= len(senders.answered):
                return mine
            await asyncio.sleep(0.1)


async def test_private_data_is_in_no_database_record_or_log(desk: Desk):
    title = f"Tin riêng {uuid4()}"
    made = await desk.post("/submissions", an_item(title, contact=PLANTED), str(uuid4()))
    assert made.status_code == 201, made.text
    id = made.json()["submission_id"]
    headers = {"After-Position": made.headers["Position"]} | await desk.signed_in(HEAD)
    seen = await desk.http.get(f"/api/intake/submissions/{id}", headers=headers)
    told = await desk.get(f"/submissions/{id}/contact", HEAD, why="Chi trả nhuận bút")

    dump = await asyncio.to_thread(_everything_kept, desk.house)
    wire = await _everything_sent(desk.house)
    logs = "".join(each.log.read_text("utf-8") for each in desk.house.processes.values())

    assert told.json()["contact"] == PLANTED
    assert title in dump
    assert title in wire
    assert "route=/submissions" in logs or "/submissions" in logs
    for mark in PLANTED.values():
        for place in (dump, wire, logs, seen.text):
            assert mark not in place
            assert json.dumps(mark)[1:-1] not in place


def _everything_kept(house: House) -> str:
    """Every document of every database of the house, as text."""
    client: Any = pymongo.MongoClient(house.engines.mongo_url)
    with client:
        names = [name for name in client.list_database_names() if name.startswith(house.prefix)]
        return "".join(
            repr(document)
            for name in names
            for collection in client[name].list_collection_names()
            for document in client[name][collection].find()
        )


async def _everything_sent(house: House) -> str:
    """Every record of intake's topic, as text."""
    topic = f"{house.prefix}.intake.submission"
    consumer = AIOKafkaConsumer(bootstrap_servers=house.engines.kafka_bootstrap)
    await consumer.start()
    try:
        places = [TopicPartition(topic, n) for n in range(4)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        texts: list[str] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                texts += [
                    (record.value or b"").decode() + repr(record.headers) for record in records
                ]
        return "".join(texts)
    finally:
        await consumer.stop()
