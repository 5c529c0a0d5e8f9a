"""What a sender tells privately stays sealed all the way: no event, database, log or public page shows it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pymongo
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from .running import Running
from .test_editorial import PATHS, SENDERS, Board
from .test_intake import an_item

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
SITE = "khanhhoa"
HEAD, CENTRE = f"{SITE}.truong-ban", f"{SITE}.trung-tam"
PLANTED = {
    "name": "Nguyễn Bí Mật Planted",
    "phone": "0987 654 321",
    "email": "nguoi.gui.planted@example.net",
    "address": "Số 7 ngõ Planted, Nha Trang",
    "id_number": "035199007777",
    "bank_account": "19039876543210",
    "note": "Gọi sau 17 giờ, planted",
}


def found_in(text: str) -> list[str]:
    """What was planted and stands in a text, also as JSON, HTML or an address write it."""
    ways = [(m, json.dumps(m)[1:-1], m.replace(" ", "+"), m.replace(" ", "%20")) for m in PLANTED.values()]  # fmt: skip
    return [way[0] for way in ways if any(each in text for each in way)]


@dataclass
class Life:
    """An article that was handed in with private words and has gone its whole way."""

    id: str
    title: str
    board: Board
    running: Running


@pytest.fixture
async def life(running: Running) -> AsyncGenerator[Life]:
    """Returned, handed in again, approved, published, corrected: every service had its hands on it."""
    async with httpx.AsyncClient(base_url=running.home, timeout=30) as http:
        board = Board(None, http, {})  # type: ignore[arg-type] - it has no process to kill
        title = f"Tin riêng {uuid4()}"
        body = an_item(title, site=SITE, contact=PLANTED)
        id = await board.handed_in(body, SENDERS[SITE], CENTRE)
        await _returned_and_sent_again(board, id, body)
        await board.through(id, SITE)
        await _corrected(board, id)
        async with asyncio.timeout(60):
            while "Đính chính công khai" not in (await http.get(f"/bai/{id}")).text:  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.1)
        yield Life(id, title, board, running)


async def _returned_and_sent_again(board: Board, id: str, body: dict[str, Any]) -> None:
    await board.take(id, PATHS[SITE][0][0], CENTRE)
    reasons = {"reasons": ["Ghi rõ thời gian."]}
    back = await board.post(f"editorial/articles/{id}/returns", reasons, CENTRE)
    assert back.status_code == 200, back.text
    async with asyncio.timeout(60):
        while True:
            again = {**body, "summary": "Đã ghi rõ thời gian."}
            del again["site"]
            sent = await board.post(f"intake/submissions/{id}/resubmissions", again, SENDERS[SITE])
            if sent.status_code == 201:
                break
            assert sent.status_code == 409, sent.text
            await asyncio.sleep(0.1)
    async with asyncio.timeout(60):
        while (await board.article(id, CENTRE))["phase"] != "in_process":  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.1)


async def _corrected(board: Board, id: str) -> None:
    version = (await board.article(id, HEAD))["version"]
    text = {"summary": "Sửa số liệu.", "level": "minor", "note": "Đính chính công khai."}
    begun = await board.post(
        f"editorial/articles/{id}/corrections", text, HEAD, **{"If-Match": f'"{version}"'}
    )
    assert begun.status_code in {200, 201}, begun.text
    for step, role in PATHS[SITE][2:]:
        assert (await board.take(id, step, f"{SITE}.{role}")).status_code == 200


async def test_it_is_in_no_database_event_or_log(life: Life):
    kept = await asyncio.to_thread(_everything_kept, life.running)
    sent = await _everything_sent(life.running)
    folder = life.running.folder
    logs = life.running.said + (folder / "data" / "services.log").read_text("utf-8")

    assert life.title in kept
    assert all(life.id in sent[of] for of in ("intake.submission", "editorial.article")), (
        sent.keys()
    )
    assert '"route":"/submissions"' in logs
    assert found_in(kept) == []
    assert {topic: found for topic, text in sent.items() if (found := found_in(text))} == {}
    assert found_in(logs) == []


async def test_it_is_on_no_public_page_feed_or_answer(life: Life):
    public = (
        *(f"/bai/{life.id}", f"/luu/{life.id}", f"/trang/{SITE}", f"/trang/{SITE}/muc"),
        *(f"/trang/{SITE}/{each}" for each in ("rss.xml", "atom.xml", "feed.json")),
        *("/", f"/tim?q={life.title}", f"/api/portal/search?q={life.title}"),
        *(f"/api/portal/articles/{life.id}", f"/api/portal/articles?site={SITE}"),
    )
    shown = {path: await life.board.http.get(path) for path in public}

    silent = [path for path, each in shown.items() if life.id not in each.text]
    assert silent == []
    assert {path: found for path, each in shown.items() if (found := found_in(each.text))} == {}


async def test_it_is_in_nothing_that_the_board_reads_and_search_does_not_know_it(life: Life):
    article = await life.board.article(life.id, HEAD)
    told = await life.board.get(f"/articles/{life.id}/history", HEAD)
    hits = [
        (await life.board.http.get("/api/portal/search", params={"q": f"“{each}”"})).json()
        for each in PLANTED.values()
    ]
    stranger = await life.board.http.get(f"/api/intake/submissions/{life.id}/contact?why=xem+thu")

    assert article["title"] == life.title
    assert found_in(json.dumps(article, ensure_ascii=False) + told.text) == []
    assert [each["items"] for each in hits] == [[] for _ in PLANTED]
    assert stranger.status_code == 401


def _everything_kept(running: Running) -> str:
    """Every document of every database of the house, files too, as text."""
    client: Any = pymongo.MongoClient(running.engines.mongo_url)
    with client:
        names = [
            each for each in client.list_database_names() if each.startswith(running.databases)
        ]
        return "".join(
            _text(document)
            for name in names
            for collection in client[name].list_collection_names()
            for document in client[name][collection].find()
        )


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


async def _everything_sent(running: Running) -> dict[str, str]:
    """Every record of every topic of the house, as text, by the topic's name in the contracts."""
    admin = AIOKafkaAdminClient(bootstrap_servers=running.engines.kafka_bootstrap)
    consumer = AIOKafkaConsumer(bootstrap_servers=running.engines.kafka_bootstrap)
    await admin.start()
    await consumer.start()
    try:
        topics = [each for each in await admin.list_topics() if each.startswith(running.topics)]
        described = await admin.describe_topics(topics)
        places = [
            TopicPartition(each["topic"], part["partition"])
            for each in described
            for part in each["partitions"]
        ]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        texts = dict.fromkeys((topic.removeprefix(running.topics) for topic in topics), "")
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=1000)).items():
                said = "".join((r.value or b"").decode() + repr(r.headers) for r in records)
                texts[place.topic.removeprefix(running.topics)] += said
        return texts
    finally:
        await consumer.stop()
        await admin.close()
