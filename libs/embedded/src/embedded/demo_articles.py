"""The demo's articles and documents over the four sites: what is handed in, with which files, and what comes of it."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from embedded.demo_files import DemoFile, Kind
from embedded.demo_journeys import Case, Deed, deeds
from embedded.demo_writing import Raw, composed, html_of, paragraphs, workday

SITES = ("hanam", "binhduong", "langson", "khanhhoa")
PASSED_ON = "articles.json"
"""Articles that the E-Office passes on, received long ago."""
E_OFFICE = "e-office"
NOT_SENT = {"id", "jurisdiction", "expected", "attachments"}
REPORTS = ("full_text", "general_report", "application_report")
"""Fields that name a file of the same text."""
WITH_FILE = frozenset(
    {"legal_document", "statistics", "treaty", "work_process", "yearly_work_programme"}
)
CONTENT = ("category", "title", "summary", "language", "section", "author", "issuer_role")


@dataclass(frozen=True)
class DemoArticle:
    """A submission and its life; `content` names no file, `files` are attached to it."""

    id: str
    site: str
    sender: str
    content: Mapping[str, Any]
    files: tuple[DemoFile, ...]
    deeds: tuple[Deed, ...]
    goal: str

    @property
    def key(self) -> str:
        return f"demo-article-{self.id}"


def articles(today: date) -> list[DemoArticle]:
    """All of them, told from a day; the sites take turns, so that each fills at the same pace."""
    return [*_each_in_turn([list(_of_site(name, today)) for name in SITES]), *_passed_on()]


def digest() -> str:
    """Names this state of the articles' files."""
    names = ("document.typ", "picture.typ", PASSED_ON, *(f"articles/{site}.yaml" for site in SITES))
    return hashlib.sha256(b"".join(_bytes(name) for name in names)).hexdigest()


def _bytes(name: str) -> bytes:
    return resources.files("embedded").joinpath(f"demo_data/{name}").read_bytes()


@cache
def _written(name: str) -> Mapping[str, Any]:
    return MappingProxyType(yaml.load(_bytes(name), Loader=yaml.CSafeLoader))


def _each_in_turn(lists: list[list[DemoArticle]]) -> Iterator[DemoArticle]:
    longest = max(len(each) for each in lists)
    return (each[n] for n in range(longest) for each in lists if n < len(each))


def _of_site(name: str, today: date) -> Iterator[DemoArticle]:
    site = _written(f"articles/{name}.yaml")
    for place, written in enumerate(site["articles"]):
        raw = composed(dict(written), today, site)
        sender = raw.get("sender") or site["senders"][place % len(site["senders"])]
        person = f"{name}.{sender}"
        content = _content(raw, name, site, today)
        case = Case(
            id=raw["id"],
            site=name,
            goal=raw.get("goal", "published"),
            day=today,
            why=raw.get("why", ""),
            ground=raw.get("ground", ""),
            change=_change(raw),
            sender=person,
            content=content,
        )
        files = tuple(_files(raw, content, site, today))
        yield DemoArticle(raw["id"], name, person, content, files, deeds(case), case.goal)


def _content(raw: Raw, name: str, site: Mapping[str, Any], today: date) -> Raw:
    event = raw.get("event")
    content: Raw = {
        "site": name,
        "body": html_of(raw["body"]),
        "language": "vi",
        "author": site["author"],
        "source": raw.get("source") or {"type": "own", "name": site["source"]},
        "fields": dict(raw.get("fields", {})),
        **{part: raw[part] for part in CONTENT if part in raw},
        **{part: raw[part] for part in ("links", "contact", "submitted_by") if part in raw},
    }
    if event:
        content["event"] = {"type": event[0], "date": workday(today, event[1]).isoformat()}
    for field in REPORTS:
        if field in raw:
            content["fields"][field] = f"{raw[field]}.docx"
    if raw["category"] in WITH_FILE and "file" in raw:
        content["fields"]["file"] = f"{_file_name(raw)}.{raw['file']}"
    return content


def _change(raw: Raw) -> Raw:
    """What a correction or a new revision says instead."""
    change = dict(raw.get("change", {}))
    if "body" in change:
        text = html_of(change.pop("body"))
        # intake takes `body`, the board's acts take `html`
        change["body" if raw["goal"].startswith("resubmitted") else "html"] = text
    return change


def _files(raw: Raw, content: Raw, site: Mapping[str, Any], today: date) -> Iterator[DemoFile]:
    if "picture" in raw:
        scene, shows, *caption = raw["picture"]
        seed = int.from_bytes(hashlib.sha256(raw["id"].encode()).digest()[:4], "big")
        said = {"scene": scene, "seed": seed}
        yield DemoFile(f"{raw['id']}.png", "png", said, shows, caption[0] if caption else None)
    for field in ("file", *REPORTS):
        if field not in raw:
            continue
        kind = raw[field] if field == "file" else "docx"
        name = _file_name(raw) if field == "file" else raw[field]
        yield DemoFile(f"{name}.{kind}", kind, _printed(raw, content, site, today))


def _file_name(raw: Raw) -> str:
    """After its number where it has one, in letters that every system takes."""
    fields = raw.get("fields", {})
    name = str(fields.get("number") or fields.get("doc_number") or raw["id"]).lower()
    plain = unicodedata.normalize("NFD", name.replace("đ", "d"))
    return "".join(each if each.isalnum() else "-" for each in plain if each.isascii())


def _printed(raw: Raw, content: Raw, site: Mapping[str, Any], today: date) -> Raw:
    """The same text laid out as a document."""
    fields = content["fields"]
    issued = fields.get("issue_date") or workday(today, -1).isoformat()
    day = date.fromisoformat(issued)
    return {
        "title": content["title"],
        "issuer": fields.get("issuing_authority") or site["source"],
        "number": fields.get("number") or fields.get("doc_number") or "…",
        "place": site["place"],
        "on": f"ngày {day.day:02} tháng {day.month:02} năm {day.year}",
        "type": fields.get("doc_type") or raw.get("printed_as", "Tài liệu"),
        "abstract": fields.get("abstract") or content["title"],
        "basis": [f"Căn cứ {each};" for each in raw.get("basis", site["basis"])],
        "body": raw.get("printed") or list(paragraphs(raw["body"])),
        "recipients": fields.get("recipients") or site["recipients"],
        "signs": raw.get("signs", site["signs"]),
        "signer": site["signer"],
    }


def _passed_on() -> Iterator[DemoArticle]:
    """The written articles that their regulation finds valid, as a system passes them on."""
    rows = json.loads(_bytes(PASSED_ON))["articles"]
    for place, row in enumerate(row for row in rows if row["expected"]["valid"]):
        name = row["jurisdiction"]
        said = {part: value for part, value in row.items() if value is not None}
        content = {
            "site": name,
            **{part: said[part] for part in said if part not in NOT_SENT},
        }
        goal = "received" if place % 6 == 0 else "published"
        case = Case(row["id"].lower(), name, goal, date.fromisoformat(row["submitted_at"][:10]))
        files = tuple(_files_of_row(row, content, case.day))
        yield DemoArticle(case.id, name, E_OFFICE, content, files, deeds(case), goal)


def _files_of_row(row: Raw, content: Raw, day: date) -> Iterator[DemoFile]:
    """Those it attaches, and those that its fields name."""
    named = [value for value in row["fields"].values() if str(value).endswith((".pdf", ".docx"))]
    attached: list[Raw] = [*row["attachments"], *({"name": name} for name in named)]
    for each in attached:
        kind: Kind = "docx" if each["name"].endswith("docx") else "pdf"
        site = _written(f"articles/{content['site']}.yaml")
        said = _printed({"body": row["body"], "basis": []}, content, site, day)
        yield DemoFile(each["name"], kind, said, font=each.get("font"), size=each.get("size"))
