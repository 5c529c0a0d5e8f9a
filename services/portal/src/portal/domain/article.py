"""An article as the public sees it: what is published, or the mark where it was."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.words import plain_words

LAW_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEGAL = "legal_document"
SCHEDULE = "work_schedule"
NAMED_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""Raster pictures: the only files a browser may show inside our pages."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
SLUG = 80


@dataclass(frozen=True, slots=True)
class File:
    """A file of an article; `picture` may be shown in place, everything else is only saved."""

    name: str
    digest: str
    size: int
    media_type: str
    kind: str
    alternative_text: str
    caption: str

    @property
    def picture(self) -> bool:
        return self.media_type in NAMED_TYPES


@dataclass(frozen=True, slots=True)
class Note:
    """What a correction (đính chính) told the public."""

    at: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article; `withdrawn` is None as long as it is published."""

    id: str
    version: int
    data: Mapping[str, Any]

    @property
    def withdrawn(self) -> Mapping[str, Any] | None:
        return self.data.get("withdrawn")

    @property
    def site(self) -> str:
        return self.data["site"]

    @property
    def category(self) -> str:
        return self.data["category"]

    @property
    def section(self) -> str:
        return self.data.get("section", "")

    @property
    def language(self) -> str:
        return self.data["language"]

    @property
    def title(self) -> str:
        return self.data["title"]

    @property
    def summary(self) -> str:
        return self.data.get("summary", "")

    @property
    def author(self) -> str:
        return self.data.get("author", "")

    @property
    def source(self) -> Mapping[str, Any]:
        return {"name": "", "url": "", **self.data.get("source", {})}

    @property
    def published_at(self) -> str:
        return self.data["published_at"]

    @property
    def updated_at(self) -> str:
        """When its content was changed last."""
        return self.notes[-1].at if self.notes else self.published_at

    @property
    def day(self) -> date:
        """The day of the law on which it was published."""
        return law_day(self.published_at)

    @property
    def legal(self) -> Mapping[str, Any]:
        absent = {"receipt": None, "due": None, "late": None}
        return {**absent, **self.data.get("legal", {})}

    @property
    def fields(self) -> dict[str, Any]:
        """The category's fields by name, as JSON values."""
        return {each["name"]: json.loads(each["value"]) for each in self.data.get("fields", ())}

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(
            File(
                each["name"],
                each["digest"],
                each["size"],
                each["media_type"],
                each["kind"],
                each.get("alternative_text", ""),
                each.get("caption", ""),
            )
            for each in self.data.get("attachments", ())
        )

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(Note(**each) for each in self.data.get("notes", ()))

    @property
    def number(self) -> str:
        """The number of a document (số, ký hiệu); empty for what has none."""
        said = self.fields.get("number", "")
        return said if isinstance(said, str) else ""

    @property
    def slug(self) -> str:
        return slug(self.title)


def law_day(moment: str) -> date:
    """The day in Vietnam of a moment on the wire."""
    return datetime.fromisoformat(moment).astimezone(LAW_ZONE).date()


def slug(title: str) -> str:
    """A title as a readable part of an address: "Quyết định 12" → "quyet-dinh-12"."""
    plain = plain_words(" ".join(unicodedata.normalize("NFC", title).split()).lower())
    return _NOT_SLUG.sub("-", plain)[:SLUG].strip("-")
