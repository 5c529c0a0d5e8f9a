"""Fills projections as if a board had published so many articles: through the services' own handlers."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, cast

from common.consumer.hears import Hears, Seen
from common.consumer.views import Generation
from common.moments import to_wire
from common.mongo import Document, Drop, Index, Patch, Put, Write
from common.mongo.engine import MongoDatabase, connect, disconnect
from contracts.events.directory import SiteOpenedV1
from contracts.events.editorial import ArticleOpenedV1, ArticlePublishedV1
from contracts.events.intake import SubmissionReceivedV1
from contracts.place import ROOT
from editorial.projections import HEARS as AT_THE_DESK
from intake.projections import HEARS as HANDED_IN
from portal.projections import HEARS as IN_PUBLIC

CHUNK = 500
SITE = "binhduong"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = [
    "hội",
    "nghị",
    "triển",
    "khai",
    "nhiệm",
    "vụ",
    "chuyển",
    "đổi",
    "số",
    "ủy",
    "ban",
    "nhân",
    "dân",
    "tỉnh",
    "kế",
    "hoạch",
    "phát",
    "triển",
    "kinh",
    "tế",
    "xã",
    "đầu",
    "tư",
    "công",
    "giáo",
    "dục",
    "y",
    "tế",
    "nông",
    "thôn",
    "mới",
    "giao",
    "thông",
    "thủy",
    "lợi",
    "môi",
    "trường",
    "văn",
    "hóa",
    "du",
    "lịch",
    "an",
    "ninh",
    "quốc",
    "phòng",
    "thanh",
    "tra",
    "tư",
    "pháp",
    "nội",
    "vụ",
    "tài",
    "chính",
    "xây",
    "dựng",
    "công",
    "thương",
    "lao",
    "động",
    "khoa",
    "học",
    "công",
    "nghệ",
    "dịch",
    "vụ",
    "trực",
    "tuyến",
    "hồ",
    "sơ",
    "thủ",
    "tục",
    "hành",
    "chính",
    "cải",
    "cách",
    "doanh",
    "nghiệp",
    "hợp",
    "tác",
    "quốc",
    "tế",
    "lễ",
    "hội",
    "mùa",
]
Told = tuple[Any, Seen]


@dataclass(frozen=True)
class Shelf:
    """A service's projection, and the facts that make one article of it."""

    service: str
    hears: Hears
    facts: Callable[[int, Random], Iterable[Told]]

    @property
    def generation(self) -> Generation:
        return Generation(self.hears.name, 1)


async def fill(url: str, prefix: str, size: int, shelves: Sequence[Shelf]) -> None:
    """So many published articles in each of these projections; they must be empty."""
    client = connect(url, socketTimeoutMS=300_000)
    try:
        for shelf in shelves:
            random = Random(size)  # noqa: S311 - the same texts each time
            name, suffix = f"{prefix}_{shelf.service}", shelf.generation.suffix
            numbers = iter(range(size))
            while chunk := list(islice(numbers, CHUNK)):
                told = (each for number in chunk for each in shelf.facts(number, random))
                for collection, documents in projected(shelf.hears, told).items():
                    await client[name][collection + suffix].insert_many(documents, ordered=False)
            wanted = [
                Index(i.collection + suffix, i.keys, i.unique, i.partial)
                for i in shelf.hears.indexes
            ]
            await MongoDatabase(client, name).migrate(wanted)
    finally:
        await disconnect(client)


def projected(hears: Hears, told: Iterable[Told]) -> dict[str, list[Document]]:
    """What the handlers write, folded: collection → documents."""
    folded: dict[str, dict[Any, Document]] = {}
    for fact, seen in told:
        effects = cast("Iterable[Write]", hears.handlers[type(fact)](fact, seen))
        for write in effects:
            documents = folded.setdefault(write.collection, {})
            match write:
                case Put():
                    documents[write.key] = {**write.document, "_id": write.key}
                case Drop():
                    documents.pop(write.key, None)
                case Patch():
                    if write.upsert:
                        documents.setdefault(write.key, {"_id": write.key})
                    _patched(documents[write.key], write)
    return {name: list(each.values()) for name, each in folded.items() if each}


def _patched(document: Document, patch: Patch) -> None:
    assert not any((patch.add, patch.maximum, patch.minimum, patch.extend, patch.push))
    document.update(patch.values)
    for name in patch.unset:
        document.pop(name, None)


# -- one article ------------------------------------------------------------------------------------


def id_of(number: int) -> str:
    return f"0198c0de-0000-7000-8000-{number:012d}"


def _moment(number: int) -> str:
    return to_wire(BEGAN + timedelta(minutes=number))


def _public(number: int, random: Random) -> Iterator[Told]:
    if number == 0:
        site = _example("directory.site_opened.v1") | {"site": SITE}
        yield SiteOpenedV1.of(site), _seen(f"/directory/site/{SITE}", "directory.site", 1)
    yield _published(number, random, 1)


def _desk(number: int, random: Random) -> Iterator[Told]:
    opened = _example("editorial.article_opened.v1") | {
        "article_id": id_of(number), "submission_id": id_of(number), "site": SITE,
        "profile": "binhduong@1", "process": "binhduong.publishing", "category": "news",
        "opened_at": _moment(number), "opens": [],
    }  # fmt: skip
    without = {k: v for k, v in opened.items() if k not in {"section", "due", "event"}}
    yield ArticleOpenedV1.of(without), _seen_of(number, 1)
    yield _published(number, random, 2)


def _submitted(number: int, random: Random) -> Iterator[Told]:
    received = _example("intake.submission_received.v1") | {
        "submission_id": id_of(number), "site": SITE, "category": "news",
        "title": _title(random), "content_digest": f"{number:064x}", "fields": [],
        "findings": [], "attachments": [],
        "receipt": {"number": number + 1, "year": 2026, "text": f"{SITE}-2026-{number + 1:06d}"},
    }  # fmt: skip
    stream = f"/intake/submission/{id_of(number)}"
    yield SubmissionReceivedV1.of(received), _seen(stream, "intake.submission", 1)
    yield _published(number, random, 2)


PORTAL = Shelf("portal", IN_PUBLIC, _public)
EVERYWHERE = (
    PORTAL,
    Shelf("editorial", AT_THE_DESK, _desk),
    Shelf("intake", HANDED_IN, _submitted),
)


def _published(number: int, random: Random, sequence: int) -> Told:
    full = _example("editorial.article_published.v1")
    article = {k: v for k, v in full.items() if k not in {"attachments", "section"}}
    text = " ".join(random.choices(WORDS, k=320))
    more = {
        "article_id": id_of(number),
        "site": SITE,
        "category": "news",
        "title": _title(random),
        "body": article["body"] | {"html": f"<p>{text}.</p>", "size": len(text.encode()) + 8},
        "fields": [],
        "published_at": _moment(number),
    }
    return ArticlePublishedV1.of(article | more), _seen_of(number, sequence)


def _title(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=10)).capitalize()


def _seen_of(number: int, sequence: int) -> Seen:
    return _seen(f"/editorial/article/{id_of(number)}", "editorial.article", sequence)


def _seen(stream: str, topic: str, sequence: int) -> Seen:
    return Seen(f"{stream}/{sequence}.0", "", stream, topic, sequence, BEGAN, SITE, None)


_examples: dict[str, dict[str, Any]] = {}


def _example(name: str) -> dict[str, Any]:
    if name not in _examples:
        text = (ROOT / "examples" / name / "full.json").read_text(encoding="utf-8")
        _examples[name] = json.loads(text)
    return _examples[name]
