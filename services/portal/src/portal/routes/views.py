"""The shapes of the public JSON."""

from typing import Any

import orjson
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from portal.domain.article import Article
from portal.queries.places import Places, SiteThen
from portal.queries.search import Shown
from portal.routes.reading import label


class SiteView(BaseModel):
    """A site (cổng, trang thông tin điện tử) as it was on a day."""

    site: str
    name_vi: str
    name_en: str | None
    kind: str
    domain: str | None
    parent: str | None
    languages: tuple[str, ...]
    profile: str = Field(description="The regulation it works under")
    agency: str = Field(description="The agency that runs it (cơ quan chủ quản)")
    agency_name_vi: str | None
    agency_name_en: str | None
    open: bool

    @classmethod
    def of(cls, site: SiteThen) -> "SiteView":
        return cls(
            site=site.id,
            name_vi=site.name_vi,
            name_en=site.name_en or None,
            kind=site.kind,
            domain=site.domain or None,
            parent=site.parent or None,
            languages=site.languages,
            profile=site.profile,
            agency=site.agency,
            agency_name_vi=site.agency_vi or None,
            agency_name_en=site.agency_en or None,
            open=site.open,
        )


class ShelfView(BaseModel):
    """A category (chuyên mục) of a site, how much stands in it, in which sections and languages."""

    category: str
    label_vi: str
    label_en: str
    articles: int
    sections: dict[str, int]
    languages: dict[str, int]


class ShelvesView(BaseModel):
    """What a site has published."""

    site: str
    articles: int
    categories: list[ShelfView]


class FileView(BaseModel):
    """A file of an article; `href` is relative to the API."""

    name: str
    digest: str
    size: int
    media_type: str
    kind: str
    alternative_text: str | None
    caption: str | None
    href: str


class NoteView(BaseModel):
    """A public note of a correction (đính chính)."""

    at: str
    level: str
    text: str


class NamedView(BaseModel):
    """A site and its agency as they were called on the day of publication."""

    site: str
    name_vi: str
    name_en: str | None
    agency: str
    agency_name_vi: str | None
    agency_name_en: str | None

    @classmethod
    def of(cls, site: SiteThen) -> "NamedView":
        return cls(
            site=site.id,
            name_vi=site.name_vi,
            name_en=site.name_en or None,
            agency=site.agency,
            agency_name_vi=site.agency_vi or None,
            agency_name_en=site.agency_en or None,
        )


class SummaryView(BaseModel):
    """An article in a list."""

    article_id: str
    site: str
    category: str
    section: str | None
    language: str
    title: str
    summary: str | None
    number: str | None = Field(description="Number of a document (số, ký hiệu)")
    published_at: str

    @classmethod
    def of(cls, article: Article) -> "SummaryView":
        return cls(
            article_id=article.id,
            site=article.site,
            category=article.category,
            section=article.section or None,
            language=article.language,
            title=article.title,
            summary=article.summary or None,
            number=article.number or None,
            published_at=article.published_at,
        )


class ArticleView(SummaryView):
    """An article with everything that was published of it."""

    category_label_vi: str
    category_label_en: str
    html: str = Field(description="Cleaned to a fixed list of elements, without scripts and styles")
    author: str | None
    source: dict[str, Any] | None
    fields: dict[str, Any]
    files: list[FileView]
    published_by: NamedView
    responsible_site: NamedView | None
    updated_at: str
    notes: list[NoteView]
    revision: int
    digest: str
    legal: dict[str, Any] = Field(description="Regulation, rule and article it was published under")
    page: str = Field(description="Address of its page")

    @classmethod
    def whole(cls, article: Article, html: str, places: Places, home: str) -> "ArticleView":
        responsible = article.legal.get("responsible_site")
        return cls(
            **SummaryView.of(article).model_dump(),
            category_label_vi=label(article.category, "vi"),
            category_label_en=label(article.category, "en"),
            html=html,
            author=article.author or None,
            source=article.data.get("source"),
            fields=article.fields,
            files=[
                FileView(
                    name=file.name,
                    digest=file.digest,
                    size=file.size,
                    media_type=file.media_type,
                    kind=file.kind,
                    alternative_text=file.alternative_text or None,
                    caption=file.caption or None,
                    href=f"articles/{article.id}/files/{file.digest}",
                )
                for file in article.files
            ],
            published_by=NamedView.of(places.known(article.site, article.day)),
            responsible_site=NamedView.of(places.known(responsible, article.day))
            if responsible
            else None,
            updated_at=article.updated_at,
            notes=[NoteView(at=n.at, level=n.level, text=n.text) for n in article.notes],
            revision=article.data["revision"],
            digest=article.data["digest"],
            legal={k: v for k, v in article.data["legal"].items() if k != "approved_by"},
            page=f"{home}{article_path(article)}",
        )


class PieceView(TypedDict):
    text: str
    hit: bool


class HitView(BaseModel):
    """A find: the article, and where the words stand."""

    article_id: str
    site: str
    category: str
    section: str | None
    language: str
    number: str | None
    published_at: str
    title: list[PieceView]
    snippet: list[PieceView]


class HitsView(BaseModel):
    """A page of finds; `total` is counted on the first page, up to 1,000."""

    items: list[HitView]
    next: str | None = None
    total: int | None = None
    more_than_total: bool = False


def hit_written(shown: Shown) -> bytes:
    """A `HitView` as JSON."""
    row = shown.hit.row
    return orjson.dumps(
        {
            "article_id": row.id,
            "site": row.site,
            "category": row.category,
            "section": row.section or None,
            "language": row.language,
            "number": row.number or None,
            "published_at": row.published_at,
            "title": [{"text": text, "hit": hit} for text, hit in shown.title],
            "snippet": [{"text": text, "hit": hit} for text, hit in shown.snippet],
        }
    )


def article_path(article: Article) -> str:
    """The path of an article's page."""
    return f"/bai/{article.id}/{article.slug}" if article.slug else f"/bai/{article.id}"


def shelves_view(site: str, shelves: dict[tuple[str, str, str, str], int]) -> ShelvesView:
    """What stands on the shelves of one site, the fullest category first."""
    found: dict[str, ShelfView] = {}
    for (at, category, section, language), count in sorted(shelves.items()):
        if at != site:
            continue
        view = found.setdefault(
            category,
            ShelfView(
                category=category,
                label_vi=label(category, "vi"),
                label_en=label(category, "en"),
                articles=0,
                sections={},
                languages={},
            ),
        )
        view.articles += count
        view.languages[language] = view.languages.get(language, 0) + count
        if section:
            view.sections[section] = view.sections.get(section, 0) + count
    ordered = sorted(found.values(), key=lambda each: (-each.articles, each.category))
    return ShelvesView(
        site=site, articles=sum(each.articles for each in ordered), categories=ordered
    )
