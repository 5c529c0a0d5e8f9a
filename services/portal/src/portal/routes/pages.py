"""The pages that people read: all sites, one site, its shelves, an article, search, and what is not there."""

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from common.errors import DomainError, NotFound, Unprocessable
from common.http.pages import question_of, seal, unseal
from contracts.categories import load_categories
from pages.language import Language
from pages.prose import prose
from pages.render import Wish
from portal.domain.article import LEGAL, SCHEDULE, Article
from portal.domain.asking import LONGEST
from portal.domain.telling import say
from portal.queries.articles import Listed
from portal.queries.index import Place
from portal.queries.places import Places, SiteThen
from portal.queries.search import Answer
from portal.routes.articles import file_of
from portal.routes.reading import (
    ArticleId,
    Digest,
    FromApp,
    FromPlaces,
    Reading,
    SiteId,
    checked,
    label,
    today,
)
from portal.routes.showing import Values, moment_of_lists, show
from portal.routes.views import ShelfView, article_path, shelves_view
from rulebook.profiles.said import rule_text

router = APIRouter(include_in_schema=False)
NEWEST, SHELVES, ON_A_SHELF, PAGE = 12, 6, 4, 20
ALWAYS_FIRST = ("doc_type", "number", "issuing_authority", "signer", "issue_date", "effective_date")
NOT_SHOWN = frozenset({"file", "request_form", "full_text", "responsible_agency"})
LONGEST_VALUE = 1000
Words = Annotated[str, Query(max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Form:
    """Filters as a form sends them: what was left empty, and what is no day, filters nothing."""

    site: str
    category: str
    section: str
    language: str
    first: str
    last: str
    cursor: str

    @property
    def no_days(self) -> tuple[str, ...]:
        """Fields in which something stands that is no day."""
        typed = {"from": self.first, "to": self.last}
        return tuple(name for name, text in typed.items() if text and _day(text) is None)

    def wanted(self, site: str | None, category: str | None) -> Listed:
        days = _day(self.first), _day(self.last)
        return checked(Listed(site, category, self.section or None, self.language or None, *days))


async def _form(request: Request) -> Form:
    """Raises Unprocessable for what is longer than any name of ours."""
    asked = request.query_params
    names = ("site", "category", "section", "language", "from", "to", "cursor")
    values = [asked.get(name, "") for name in names]
    if any(len(value) > LONGEST_VALUE for value in values):
        detail = say("filter-too-long", most=LONGEST_VALUE)
        raise Unprocessable("filter-too-long", detail)
    return Form(*values)


FromForm = Annotated[Form, Depends(_form)]


@router.get("/")
async def home(request: Request, reading: FromApp, places: FromPlaces) -> Response:
    """All sites, and what is new in them."""

    async def values(wish: Wish) -> dict[str, Any]:
        newest = await reading.articles.listed(Listed(), None, NEWEST)
        return {
            "sites": places.listed(today(request)),
            "newest": _cards(newest, places, wish),
            "canonical": f"{reading.home}/",
        }

    return await show(request, "home.html", (moment_of_lists(), places.version), values)


@router.get("/trang/{site}")
async def site_home(
    site: SiteId, request: Request, reading: FromApp, places: FromPlaces
) -> Response:
    """A site: what is new, and its fullest shelves."""
    here = places.site(site, today(request))

    async def values(wish: Wish) -> dict[str, Any]:
        shelves = shelves_view(site, reading.indexing.shelves).categories
        newest = await reading.articles.listed(Listed(site=site), None, 7)
        shown = [
            {
                "category": each.category,
                "articles": _cards(
                    await reading.articles.listed(
                        Listed(site=site, category=each.category), None, ON_A_SHELF
                    ),
                    places,
                    wish,
                ),
            }
            for each in shelves[:SHELVES]
        ]
        return _of_site(here, reading, places, request) | {
            "newest": _cards(_picture_first(newest), places, wish),
            "shelves": shown,
            "under": places.under(site, today(request)),
            "canonical": f"{reading.home}/trang/{site}",
        }

    return await show(request, "site.html", (moment_of_lists(), places.version), values)


@router.get("/trang/{site}/gioi-thieu")
async def about(site: SiteId, request: Request, reading: FromApp, places: FromPlaces) -> Response:
    """Who runs the site, under which regulation, and how to reach them."""
    here = places.site(site, today(request))

    async def values(_: Wish) -> dict[str, Any]:
        wanted = Listed(site=site, category="introduction")
        introductions = await reading.articles.listed(wanted, None, PAGE)
        contacts = await reading.articles.listed(replace(wanted, category="site_contact"), None, 5)
        return _of_site(here, reading, places, request) | {
            "introductions": [each for each, _ in introductions],
            "contacts": [each for each, _ in contacts],
            "canonical": f"{reading.home}/trang/{site}/gioi-thieu",
        }

    return await show(request, "about.html", (moment_of_lists(), places.version), values)


@router.get("/trang/{site}/muc")
@router.get("/trang/{site}/muc/{category}")
async def shelf(
    site: SiteId, request: Request, reading: FromApp, places: FromPlaces, form: FromForm
) -> Response:
    """What a site has published, newest first, by filters that stand in the address."""
    here = places.site(site, today(request))
    category = _category(request)
    wanted = form.wanted(site, category)
    after = _unsealed(request, form.cursor)

    async def values(wish: Wish) -> dict[str, Any]:
        found = await reading.articles.listed(wanted, str(after[0]) if after else None, PAGE + 1)
        shelves = shelves_view(site, reading.indexing.shelves)
        ours = next((each for each in shelves.categories if each.category == category), None)
        more = found[PAGE - 1][1] if len(found) > PAGE else None
        return _of_site(here, reading, places, request) | {
            "category": category,
            "wanted": wanted,
            "no_days": form.no_days,
            "first": form.first,
            "last": form.last,
            "sections": sorted(ours.sections) if ours else _all_sections(shelves.categories),
            "languages": sorted(
                {tongue for each in shelves.categories for tongue in each.languages}
            ),
            "articles": _cards(found[:PAGE], places, wish),
            "following": more and _next(request, (more,)),
            "canonical": f"{reading.home}{request.url.path}",
        }

    return await show(request, "shelf.html", (moment_of_lists(), places.version), values)


@router.get("/bai/{article_id}")
@router.get("/bai/{article_id}/{slug}")
async def article_page(
    article_id: ArticleId, request: Request, reading: FromApp, places: FromPlaces
) -> Response:
    """An article or a document; where one was withdrawn, why."""
    article = await reading.articles.get(article_id)
    day = today(request)
    stamp = (article.version, places.version, day)
    if article.withdrawn is not None:
        return await show(request, "gone.html", stamp, _gone(request, article, places), 410)

    async def values(wish: Wish) -> dict[str, Any]:
        here = places.known(article.site, article.day)
        responsible = article.legal.get("responsible_site", article.site)
        return _of_site(here, reading, places, request) | {
            "article": article,
            "body": prose(await reading.articles.body(article), wish.language),
            "facts": facts_of(article, wish.language),
            "chosen": chosen_in(article),
            "rows": _rows(article, wish.language),
            "in_force": _in_force(article, day),
            "responsible": places.known(responsible, article.day),
            "now": places.known(article.site, day),
            "under": _under(article, wish.language),
            "canonical": f"{reading.home}{article_path(article)}",
            "linked_data": linked_data(article, here, reading.home),
        }

    return await show(request, "article.html", stamp, values)


@router.get("/luu/{article_id}")
async def saved(
    article_id: ArticleId, request: Request, reading: FromApp, places: FromPlaces
) -> Response:
    """The article as one file to keep: no frame, nothing loaded from elsewhere."""
    article = await reading.articles.published(article_id)

    async def values(wish: Wish) -> dict[str, Any]:
        return {
            "article": article,
            "body": Markup(await reading.articles.body(article)),  # noqa: S704 - cleaned
            "facts": facts_of(article, wish.language),
            "chosen": chosen_in(article),
            "site": places.known(article.site, article.day),
            "canonical": f"{reading.home}{article_path(article)}",
        }

    answer = await show(request, "saved.html", (article.version, places.version), values)
    name = f"{article.slug or article.id}.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@router.get("/tep/{article_id}/{digest}")
@router.get("/tep/{article_id}/{digest}/{name}")
async def file_page(
    article_id: ArticleId, digest: Digest, request: Request, reading: FromApp
) -> Response:
    """A file of an article under the address that pages name."""
    return await file_of(reading, article_id, digest, request)


@router.get("/tim")
async def search_page(
    request: Request, reading: FromApp, places: FromPlaces, form: FromForm, q: Words = ""
) -> Response:
    """Search in all sites or in one; an empty question shows how to ask."""
    day = today(request)
    here = places.site(form.site, day) if form.site else None
    wanted = form.wanted(form.site or None, form.category or None)
    after = _unsealed(request, form.cursor)

    async def values(wish: Wish) -> dict[str, Any]:
        answer, fault = await _found(reading, q, wanted, after)
        following = None
        if answer and len(answer.shown) > PAGE:
            place = answer.shown[PAGE - 1].hit.place
            following = _next(request, (place.rank, str(place.row)))
        frame = _of_site(here, reading, places, request) if here else {}
        return frame | {
            "site": here,
            "q": q,
            "answer": answer,
            "shown": answer.shown[:PAGE] if answer else (),
            "paged": after is not None,
            "fault": fault,
            "wanted": wanted,
            "no_days": form.no_days,
            "first": form.first,
            "last": form.last,
            "sites": places.listed(day),
            "categories": _categories(wish.language),
            "named": partial(_name, places, day, wish),
            "following": following,
        }

    return await show(request, "search.html", (moment_of_lists(), places.version), values)


async def _found(
    reading: Reading, q: str, wanted: Listed, after: tuple[Any, ...] | None
) -> tuple[Answer | None, str]:
    if not q.strip():
        return None, ""
    place = Place(int(after[0]), int(after[1])) if after else None
    try:
        return await reading.search.find(q, wanted, place, PAGE + 1), ""
    except DomainError as error:
        return None, error.code


def _gone(request: Request, article: Article, places: Places) -> Values:
    async def values(_: Wish) -> dict[str, Any]:
        here = places.known(article.site, today(request))
        reading: Reading = request.app.state.deps
        return _of_site(here, reading, places, request) | {"article": article}

    return values


def _of_site(here: SiteThen, reading: Reading, places: Places, request: Request) -> dict[str, Any]:
    """What the frame of a site shows: its name, its shelves, its feeds, who stands above it."""
    shelves = shelves_view(here.id, reading.indexing.shelves).categories
    parent = places.known(here.parent, today(request)) if here.parent else None
    return {
        "site": here,
        "parent": parent,
        "places_of": [each.category for each in shelves],
        "feeds": [
            ("application/rss+xml", f"/trang/{here.id}/rss.xml"),
            ("application/atom+xml", f"/trang/{here.id}/atom.xml"),
            ("application/feed+json", f"/trang/{here.id}/feed.json"),
        ],
    }


def _cards(
    found: list[tuple[Article, str]], places: Places, wish: Wish
) -> list[tuple[Article, str]]:
    """Articles with the name that their site had when it published them."""
    return [(each, places.known(each.site, each.day).name(wish.language)) for each, _ in found]


def _picture_first(newest: list[tuple[Article, str]]) -> list[tuple[Article, str]]:
    """The newest that has a picture leads; the others follow as they came."""
    lead = next((each for each in newest if any(f.picture for f in each[0].files)), None)
    return newest if lead is None else [lead, *(each for each in newest if each is not lead)]


def _name(places: Places, day: date, wish: Wish, site: str) -> str:
    return places.known(site, day).name(wish.language)


def _all_sections(shelves: list[ShelfView]) -> list[str]:
    return sorted({section for each in shelves for section in each.sections})


def _categories(language: Language) -> list[tuple[str, str]]:
    named = [(id, label(id, language)) for id in load_categories().by_id]
    return sorted(named, key=lambda each: each[1])


def _category(request: Request) -> str | None:
    """The category in the path; raises NotFound for one that no contract knows."""
    named = request.path_params.get("category")
    if named is not None and load_categories().get(named) is None:
        raise NotFound("category-unknown", say("category-unknown"))
    return named


def _day(text: str) -> date | None:
    """A day typed into a form; what is none is left out, as the form shows it again."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _next(request: Request, key: tuple[Any, ...]) -> str:
    secret = request.app.state.settings.key("cursor_key")
    cursor = seal(key, question_of(request.url.path, _asked(request)), secret)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _unsealed(request: Request, cursor: str) -> tuple[Any, ...] | None:
    if not cursor:
        return None
    secret = request.app.state.settings.key("cursor_key")
    return unseal(cursor, question_of(request.url.path, _asked(request)), secret)


def _asked(request: Request) -> str:
    """The question without how it is shown: language and scheme may change on the way."""
    shown = {"cursor", "lang", "scheme", "size"}
    return urlencode([(k, v) for k, v in request.query_params.multi_items() if k not in shown])


# -- an article's parts ---------------------------------------------------------------------------


def _under(article: Article, language: Language) -> str:
    """The article that it was published under."""
    legal = article.legal
    return rule_text(legal["profile"], legal["rule"], legal["article"], language)


def facts_of(article: Article, language: str) -> list[tuple[str, str, Any]]:
    """The category's fields as (name, label, value): a document's own order first."""
    category = load_categories().get(article.category)
    given = article.fields
    names = [name for name in ALWAYS_FIRST if name in given]
    names += [name for name in given if name not in names]
    told: list[tuple[str, str, Any]] = []
    for name in names:
        value = given[name]
        if name in NOT_SHOWN or value in ("", None, []) or _is_rows(value):
            continue
        field = category.field(name) if category else None
        field = field or next((f for f in load_categories().every.fields if f.name == name), None)
        said = field.label if field else None
        told.append((name, getattr(said, language, name) if said else name, value))
    return told


def chosen_in(article: Article) -> frozenset[str]:
    """Fields whose value was chosen from a list: a code that pages have words for."""
    category = load_categories().get(article.category)
    fields = category.fields if category else ()
    return frozenset(each.name for each in fields if each.widget == "select")


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _rows(article: Article, language: str) -> list[dict[str, Any]]:
    """Fields that are tables: caption, heads, rows."""
    category = load_categories().get(article.category)
    tables: list[dict[str, Any]] = []
    for name, value in article.fields.items():
        field = category.field(name) if category else None
        if not _is_rows(value) or field is None:
            continue
        columns = [(c.name, getattr(c.label, language), c.widget) for c in field.columns]
        rows = [[(row.get(name, ""), widget) for name, _, widget in columns] for row in value]
        tables.append(
            {
                "caption": getattr(field.label, language),
                "heads": [head for _, head, _ in columns],
                "rows": rows,
            }
        )
    return tables


def _in_force(article: Article, day: date) -> bool | None:
    """Whether a document has come into force by this day; None where it does not say."""
    said = article.fields.get("effective_date")
    if article.category != LEGAL or not isinstance(said, str):
        return None
    begins = _day(said)
    return None if begins is None else begins <= day


def linked_data(article: Article, site: SiteThen, home: str) -> Markup:
    """What machines read of it (schema.org), safe to stand in a page."""
    kind = {LEGAL: "Legislation", SCHEDULE: "CreativeWork"}.get(article.category, "NewsArticle")
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": f"{home}{article_path(article)}",
        "headline" if kind == "NewsArticle" else "name": article.title,
        "inLanguage": article.language,
        "datePublished": article.published_at,
        "dateModified": article.updated_at,
        "publisher": {
            "@type": "GovernmentOrganization",
            "name": site.agency_vi or site.name_vi,
        },
    }
    if article.summary:
        said["description"] = article.summary
    if article.author:
        said["author"] = {"@type": "Person", "name": article.author}
    if kind == "Legislation":
        fields = article.fields
        named = {
            "legislationIdentifier": "number",
            "legislationDate": "issue_date",
            "legislationPassedBy": "issuing_authority",
            "legislationType": "doc_type",
            "legislationDateOfApplicability": "effective_date",
        }
        said |= {name: fields[field] for name, field in named.items() if fields.get(field)}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - no sign that HTML knows is left in it
