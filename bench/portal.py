"""The portal measured: an article as JSON and as a page, and searches, over so many stored articles.

The portal runs as a process of its own; its projection is filled by its own handlers, as if the
board had published every article. Beside it a bare page of the same stack (`bench.bare`).
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import orjson

from bench.lives import seconds_of
from bench.reading import Errand, Found
from bench.subjects import Subject, bare_page, one_service
from bench.visits import Numbers, memory, percentiles
from common.consumer.hears import Seen
from common.consumer.views import Generation
from common.moments import to_wire
from common.mongo import Index
from common.mongo.engine import MongoDatabase, connect, disconnect
from contracts.events.directory import SiteOpenedV1
from contracts.events.editorial import ArticlePublishedV1
from contracts.place import ROOT
from embedded.engines import Engines
from portal.projections import HEARS

SIZES = (1_000, 10_000, 100_000)
CLIENTS = 16
CHUNK = 500
WANTED = {"article, JSON": 1_500, "article, page": 900, "search, two words": 500}
READ = 400
"""So many different articles and questions are asked for in turn."""

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
Question = Mapping[str, list[str]]


def measure(
    engines: Engines, folder: Path, seconds: float, sizes: Sequence[int] = SIZES
) -> dict[str, Numbers]:
    """Each size on a database of its own: portal and bare page in turns."""
    found: dict[str, Numbers] = {}
    for size in sizes:
        prefix = f"p{size}"
        asyncio.run(fill(engines.mongo_url, prefix, size))
        place = (f"{prefix}_portal", f"articles{Generation(HEARS.name, 1).suffix}")
        with (
            one_service(engines, folder, "portal", prefix) as portal,
            bare_page(engines, folder, prefix, place) as bare,
        ):
            numbers = {
                name: _read(engines, portal, paths, seconds)
                for name, paths in questions(size).items()
            }
            numbers |= {
                f"bare {name}": _read(engines, bare, paths, seconds)
                for name, paths in questions(size).items()
                if name in {"article, JSON", "article, page"}
            }
            found[str(size)] = {"reads": numbers, "memory_mb": memory(portal.pid)}
    return found


def shows_articles() -> bool:
    """Whether the portal's consumer hears of articles: the end of a life, and what is read here."""
    return ArticlePublishedV1 in HEARS.handlers


def questions(size: int) -> Question:
    """What is asked, by name."""
    random = Random(size)  # noqa: S311 - the same questions each time
    ids = [_id(random.randrange(size)) for _ in range(READ)]
    words = [" ".join(random.choices(WORDS, k=2)) for _ in range(READ)]
    exact = [f'"{WORDS[n]} {WORDS[n + 1]}"' for n in range(0, len(WORDS) - 1, 2)]
    return {
        "no-op": ["/health/live"],
        "article, JSON": [f"/articles/{id}" for id in ids],
        "article, page": [f"/bai/{id}" for id in ids],
        "search, two words": [f"/search?q={quote(each)}" for each in words],
        "search, exact phrase": [f"/search?q={quote(each)}" for each in exact],
    }


def _read(engines: Engines, subject: Subject, paths: Sequence[str], seconds: float) -> Numbers:
    pids = {"services": subject.pid, "mongod": engines.processes["mongod"].pid}
    _errand(subject, paths, seconds / 3)
    before = {name: seconds_of(pid) for name, pid in pids.items()}
    found = _errand(subject, paths, seconds)
    if found.others:
        raise RuntimeError(f"{found.others} answers were not 200 at {paths[0]}")
    spent = {n: (seconds_of(pid) - before[n]) / found.answered * 1000 for n, pid in pids.items()}
    return {
        "answers_s": round(found.answered / found.seconds),
        "answered_ms": percentiles(found.answered_ms),
        "body_bytes": round(found.body_bytes / found.answered),
        "cpu_ms": {name: round(value, 3) for name, value in spent.items()},
    }


def _errand(subject: Subject, paths: Sequence[str], seconds: float) -> Found:
    errand = Errand(subject.port, list(paths), {}, CLIENTS, seconds)
    done = subprocess.run(
        [sys.executable, "-m", "bench.reading"],
        input=orjson.dumps(asdict(errand)),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 60,
    )
    return Found(**orjson.loads(done.stdout))


# -- what is stored ---------------------------------------------------------------------------------


async def fill(url: str, prefix: str, size: int) -> None:
    """Two sites and so many published articles, through the portal's own handlers."""
    client = connect(url, socketTimeoutMS=300_000)
    try:
        database = MongoDatabase(client, f"{prefix}_portal")
        generation = Generation(HEARS.name, 1)
        await database.migrate(
            [
                Index(i.collection + generation.suffix, i.keys, i.unique, i.partial)
                for i in HEARS.indexes
            ]
        )
        facts = _facts(size)
        while chunk := list(islice(facts, CHUNK)):
            documents: dict[str, list[dict[str, Any]]] = {}
            for fact, seen in chunk:
                for write in HEARS.handlers[type(fact)](fact, seen):  # pyright: ignore[reportGeneralTypeIssues] - a projection's handlers give writes
                    documents.setdefault(write.collection + generation.suffix, []).append(
                        {**write.document, "_id": write.key}
                    )
            for collection, each in documents.items():
                await client[f"{prefix}_portal"][collection].insert_many(each, ordered=False)
    finally:
        await disconnect(client)


def _facts(size: int) -> Iterator[tuple[Any, Seen]]:
    site = _example("directory.site_opened.v1")
    yield SiteOpenedV1.of(site), _seen(f"/directory/site/{site['site']}", "directory.site")
    article = _example("editorial.article_published.v1")
    random = Random(size)  # noqa: S311 - the same texts each time
    article = {k: v for k, v in article.items() if k not in {"attachments", "section"}}
    for number in range(size):
        text = " ".join(random.choices(WORDS, k=320))
        more = {
            "article_id": _id(number),
            "site": site["site"],
            "category": "news",
            "title": " ".join(random.choices(WORDS, k=10)).capitalize(),
            "body": article["body"] | {"html": f"<p>{text}.</p>", "size": len(text.encode()) + 8},
            "fields": [],
            "published_at": to_wire(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)),
        }
        fact = ArticlePublishedV1.of(article | more)
        yield fact, _seen(f"/editorial/article/{_id(number)}", "editorial.article")


def _seen(stream: str, topic: str) -> Seen:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Seen(f"{stream}/1.0", "", stream, topic, 1, now, "langson", None)


def _example(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "examples" / name / "full.json").read_text(encoding="utf-8"))


def _id(number: int) -> str:
    return f"0198c0de-0000-7000-8000-{number:012d}"


HEAD = (
    "articles",
    "portal, 16 clients",
    "answers/s",
    "÷ bare",
    "p50 ms",
    "p95 ms",
    "CPU ms",
    "mongod",
    "bytes",
)


def table_rows(found: Mapping[str, Numbers]) -> list[tuple[str, ...]]:
    """A row of each read for the report."""
    rows: list[tuple[str, ...]] = []
    for size, numbers in found.items():
        for name, read in numbers["reads"].items():
            bare = numbers["reads"].get(f"bare {name}")
            rows.append(
                (
                    f"{int(size):,}",
                    name,
                    f"{read['answers_s']}",
                    f"{read['answers_s'] / bare['answers_s']:.2f}" if bare else "",
                    f"{read['answered_ms']['p50']:g}",
                    f"{read['answered_ms']['p95']:g}",
                    f"{read['cpu_ms']['services']:g}",
                    f"{read['cpu_ms']['mongod']:g}",
                    f"{read['body_bytes']}",
                )
            )
    return rows
