"""Articles as everybody may read them: one, or lists newest first by site, category, section, language, day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from common.blobs import Blobs
from common.consumer.views import Views
from common.errors import Gone, NotFound
from common.gathered import Gathered
from common.markup import clean
from common.moments import to_wire
from common.mongo import Document, Filter
from portal.domain.article import LAW_ZONE, Article, File
from portal.domain.telling import say
from portal.projections.articles import ARTICLES

HEAVY = ("body", "legal", "notes")
"""What a list does not show."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which articles: everything that is given must fit; days are Vietnam's, both included."""

    site: str | None = None
    category: str | None = None
    section: str | None = None
    language: str | None = None
    first_day: date | None = None
    last_day: date | None = None


class Articles:
    """Reads the projection of the generation that serves."""

    def __init__(self, views: Views, blobs: Blobs) -> None:
        self._views = views
        self._blobs = blobs
        self._gathered = Gathered(self._together)

    async def get(self, id: str) -> Article:
        """What is published, or the mark of what was withdrawn; raises NotFound."""
        document = await self._gathered.ask(id)
        if document is None:
            raise NotFound("article-unknown", say("article-unknown"))
        return article_of(document)

    async def published(self, id: str) -> Article:
        """The same; raises Gone with the public explanation for what was withdrawn."""
        article = await self.get(id)
        if article.withdrawn is not None:
            raise gone(article)
        return article

    async def listed(
        self, wanted: Listed, after: str | None, fetch: int
    ) -> list[tuple[Article, str]]:
        """The next articles, newest first, each with its place in the list."""
        found = await self._views.find(
            ARTICLES, _where(wanted, after), sort=(("order", -1),), limit=fetch, without=HEAVY
        )
        return [(article_of(document), document["order"]) for document in found]

    async def body(self, article: Article) -> str:
        """The HTML of its body, cleaned; a long one lies among the blobs."""
        body = article.data["body"]
        if "html" in body:
            return body["html"]
        if not body["size"]:
            return ""
        pieces = [piece async for piece in self._blobs.stream(body["digest"])]
        return clean(b"".join(pieces).decode(errors="replace"))

    async def file(self, id: str, digest: str) -> File:
        """A file that this article names now; raises Gone, NotFound."""
        article = await self.published(id)
        found = next((each for each in article.files if each.digest == digest), None)
        if found is None:
            raise NotFound("file-unknown", say("file-unknown"))
        return found

    async def _together(self, ids: Sequence[str]) -> list[Document | None]:
        found = await self._views.find(ARTICLES, {"_id": {"$in": list(set(ids))}})
        by_id = {document["_id"]: document for document in found}
        return [by_id.get(id) for id in ids]


def article_of(document: Document) -> Article:
    return Article(document["_id"], document["version"], document)


def gone(article: Article) -> Gone:
    """The refusal that a withdrawn article is answered with: what it was, when and why it went."""
    said = article.withdrawn or {}
    extra: dict[str, Any] = {
        "article_id": article.id,
        "site": article.site,
        "article_title": article.title,
        "published_at": article.data.get("published_at"),
        "withdrawn_at": said.get("at"),
        "explanation": said.get("explanation"),
    }
    ground = said.get("ground")
    if ground:
        extra |= {"ground": ground, "rule": ground["rule"], "article": {"vi": ground["article"]}}
    return Gone("article-withdrawn", say("article-withdrawn"), extra=extra)


def _where(wanted: Listed, after: str | None) -> Filter:
    names = ("site", "category", "section", "language")
    where: dict[str, Any] = {
        name: value for name in names if (value := getattr(wanted, name)) is not None
    }
    where["order"] = {"$gt": morning(wanted.first_day)} if wanted.first_day else {"$gt": ""}
    before = morning(wanted.last_day + timedelta(days=1)) if wanted.last_day else None
    ends = [each for each in (before, after) if each is not None]
    if ends:
        where["order"]["$lt"] = min(ends)
    return where


def morning(day: date) -> str:
    """The first moment of a day in Vietnam, as it stands on the wire."""
    return to_wire(start_of(day))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LAW_ZONE).astimezone(UTC)
