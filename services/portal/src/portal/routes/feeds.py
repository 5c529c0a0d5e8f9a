"""Feeds: RSS 2.0, Atom, JSON Feed, a calendar of work schedules, site maps, robots."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from icalendar import Calendar, Event
from starlette.responses import Response

from common.http.preconditions import etag, unchanged
from portal.domain.article import LAW_ZONE, SCHEDULE, Article
from portal.queries.articles import Listed
from portal.queries.places import SiteThen
from portal.routes.reading import FRESH, FromApp, FromPlaces, Reading, SiteId, label, today
from portal.routes.views import article_path

router = APIRouter(include_in_schema=False)
IN_A_FEED, IN_A_CALENDAR, ON_A_MAP = 30, 60, 5_000
ATOM, DC, MAP = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/dc/elements/1.1/",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
)
ET.register_namespace("atom", ATOM)
ET.register_namespace("dc", DC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed tells of itself."""

    site: SiteThen
    title: str
    home: str
    page: str
    itself: str

    @property
    def page_url(self) -> str:
        return self.home + self.page


@router.get("/trang/{site}/rss.xml")
@router.get("/trang/{site}/muc/{category}/rss.xml")
async def rss_of(site: SiteId, request: Request, reading: FromApp, places: FromPlaces) -> Response:
    feed, found = await _asked(reading, places.site(site, today(request)), request)
    return _answer(request, rss(feed, found), "application/rss+xml", found)


@router.get("/trang/{site}/atom.xml")
@router.get("/trang/{site}/muc/{category}/atom.xml")
async def atom_of(site: SiteId, request: Request, reading: FromApp, places: FromPlaces) -> Response:
    feed, found = await _asked(reading, places.site(site, today(request)), request)
    return _answer(request, atom(feed, found), "application/atom+xml", found)


@router.get("/trang/{site}/feed.json")
@router.get("/trang/{site}/muc/{category}/feed.json")
async def json_of(site: SiteId, request: Request, reading: FromApp, places: FromPlaces) -> Response:
    feed, found = await _asked(reading, places.site(site, today(request)), request)
    return _answer(request, json_feed(feed, found), "application/feed+json", found)


@router.get("/trang/{site}/lich.ics")
async def calendar_of(
    site: SiteId, request: Request, reading: FromApp, places: FromPlaces
) -> Response:
    here = places.site(site, today(request))
    wanted = Listed(site=site, category=SCHEDULE)
    found = [each for each, _ in await reading.articles.listed(wanted, None, IN_A_CALENDAR)]
    return _answer(request, calendar(here, reading.home, found), "text/calendar", found)


@router.get("/sitemap.xml")
async def site_maps(request: Request, reading: FromApp, places: FromPlaces) -> Response:
    """The index of the sites' own maps."""
    root = ET.Element(f"{{{MAP}}}sitemapindex")
    for each in places.listed(today(request)):
        one = ET.SubElement(root, f"{{{MAP}}}sitemap")
        ET.SubElement(one, f"{{{MAP}}}loc").text = f"{reading.home}/trang/{each.id}/sitemap.xml"
    return _answer(request, _written(root, MAP), "application/xml", ())


@router.get("/trang/{site}/sitemap.xml")
async def site_map(
    site: SiteId, request: Request, reading: FromApp, places: FromPlaces
) -> Response:
    """The newest pages of a site; older ones are reached through its lists."""
    places.site(site, today(request))
    found = [each for each, _ in await reading.articles.listed(Listed(site=site), None, ON_A_MAP)]
    root = ET.Element(f"{{{MAP}}}urlset")
    for path, changed in [
        (f"/trang/{site}", None),
        (f"/trang/{site}/gioi-thieu", None),
        *((article_path(each), each.published_at) for each in found),
    ]:
        one = ET.SubElement(root, f"{{{MAP}}}url")
        ET.SubElement(one, f"{{{MAP}}}loc").text = reading.home + path
        if changed:
            ET.SubElement(one, f"{{{MAP}}}lastmod").text = changed
    return _answer(request, _written(root, MAP), "application/xml", found)


@router.get("/robots.txt")
async def robots(reading: FromApp) -> Response:
    text = (
        "User-agent: *\nDisallow: /console/\nDisallow: /tim\nDisallow: /api/\n"
        f"Sitemap: {reading.home}/sitemap.xml\n"
    )
    return Response(text, media_type="text/plain", headers={"Cache-Control": FRESH})


async def _asked(reading: Reading, here: SiteThen, request: Request) -> tuple[Feed, list[Article]]:
    category = request.path_params.get("category")
    page = f"/trang/{here.id}" + (f"/muc/{category}" if category else "")
    wanted = Listed(site=here.id, category=category)
    found = [each for each, _ in await reading.articles.listed(wanted, None, IN_A_FEED)]
    title = f"{label(category, 'vi')} - {here.name_vi}" if category else here.name_vi
    return Feed(here, title, reading.home, page, reading.home + request.url.path), found


def _answer(request: Request, content: bytes, kind: str, found: Sequence[Article]) -> Response:
    tag = hashlib.blake2b(content, digest_size=12).hexdigest()
    if (same := unchanged(request, tag)) is not None:
        return same
    headers = {"ETag": etag(tag), "Cache-Control": FRESH}
    if found:
        headers["Last-Modified"] = format_datetime(_moment(_newest(found)), usegmt=True)
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


def _newest(found: Sequence[Article]) -> str:
    return max(each.published_at for each in found)


def _moment(wire: str) -> datetime:
    return datetime.fromisoformat(wire).astimezone(UTC)


# -- the formats ----------------------------------------------------------------------------------


def rss(feed: Feed, found: Sequence[Article]) -> bytes:
    """RSS 2.0, with Dublin Core for what it has no word for."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (
        ("title", feed.title),
        ("link", feed.page_url),
        ("description", feed.site.agency_vi or feed.title),
        ("language", "vi"),
    ):
        ET.SubElement(channel, name).text = text
    itself = {"rel": "self", "type": "application/rss+xml", "href": feed.itself}
    ET.SubElement(channel, f"{{{ATOM}}}link", itself)
    if found:
        _text(channel, "lastBuildDate", format_datetime(_moment(_newest(found)), usegmt=True))
    for each in found:
        item = ET.SubElement(channel, "item")
        _text(item, "title", each.title)
        _text(item, "link", feed.home + article_path(each))
        ET.SubElement(item, "guid", isPermaLink="false").text = f"urn:uuid:{each.id}"
        _text(item, "pubDate", format_datetime(_moment(each.published_at), usegmt=True))
        _text(item, "category", label(each.category, "vi"))
        _text(item, f"{{{DC}}}language", each.language)
        _text(item, f"{{{DC}}}creator", each.author)
        _text(item, "description", escape(each.summary))
    return _written(root)


def atom(feed: Feed, found: Sequence[Article]) -> bytes:
    """RFC 4287."""
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    _text(root, f"{{{ATOM}}}id", feed.itself)
    _text(root, f"{{{ATOM}}}title", feed.title)
    updated = max((each.published_at for each in found), default="1970-01-01T00:00:00.000Z")
    _text(root, f"{{{ATOM}}}updated", updated)
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    _text(author, f"{{{ATOM}}}name", feed.site.agency_vi or feed.site.name_vi)
    ET.SubElement(root, f"{{{ATOM}}}link", rel="self", href=feed.itself)
    ET.SubElement(root, f"{{{ATOM}}}link", rel="alternate", href=feed.page_url)
    for each in found:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, f"{{{ATOM}}}id", f"urn:uuid:{each.id}")
        _text(entry, f"{{{ATOM}}}title", each.title)
        _text(entry, f"{{{ATOM}}}published", each.published_at)
        _text(entry, f"{{{ATOM}}}updated", each.published_at)
        ET.SubElement(
            entry, f"{{{ATOM}}}link", rel="alternate", href=feed.home + article_path(each)
        )
        names = {"term": each.category, "label": label(each.category, "vi")}
        ET.SubElement(entry, f"{{{ATOM}}}category", names)
        _text(entry, f"{{{ATOM}}}summary", each.summary)
    return _written(root)


def json_feed(feed: Feed, found: Sequence[Article]) -> bytes:
    """JSON Feed 1.1."""
    items: list[dict[str, Any]] = [
        {
            "id": f"urn:uuid:{each.id}",
            "url": feed.home + article_path(each),
            "title": each.title,
            "content_text": each.summary or each.title,
            "date_published": each.published_at,
            "language": each.language,
            "tags": [label(each.category, "vi")],
        }
        for each in found
    ]
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.itself,
        "language": "vi",
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def calendar(site: SiteThen, home: str, found: Sequence[Article]) -> bytes:
    """RFC 5545: one event for each row of the work schedules; a row without an hour lasts its day."""
    made = Calendar()
    made.add("prodid", "-//Nhip Cau//portal//VI")
    made.add("version", "2.0")
    made.add("x-wr-calname", site.name_vi)
    for article in found:
        for place, row in enumerate(_entries(article)):
            if (event := _event(article, row, home)) is not None:
                event.add("uid", f"{article.id}-{place}@{site.domain or site.id}")
                made.add_component(event)
    return made.to_ical()


def _entries(article: Article) -> list[dict[str, Any]]:
    rows = article.fields.get("entries")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _event(article: Article, row: dict[str, Any], home: str) -> Event | None:
    try:
        day = date.fromisoformat(str(row.get("day", "")))
    except ValueError:
        return None  # a row without a day stands in the schedule's page only
    event = Event()
    event.add("summary", str(row.get("content", article.title)))
    event.add("dtstamp", _moment(article.published_at))
    event.add("url", home + article_path(article))
    for name, said in (("location", row.get("place")), ("description", row.get("who"))):
        if said:
            event.add(name, str(said))
    hour = _hour(str(row.get("time", "")))
    if hour is None:
        event.add("dtstart", day)
    else:
        begins = datetime.combine(day, hour, LAW_ZONE).astimezone(UTC)
        event.add("dtstart", begins)
        event.add("dtend", begins + HOUR)
    return event


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip().lower().replace("h", ":").rstrip(":").zfill(5))
    except ValueError:
        return None


def _text(parent: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(parent, name).text = text


def _written(root: ET.Element, default: str | None = None) -> bytes:
    """`default` is the namespace without a prefix; only for what has no attributes."""
    return ET.tostring(root, "utf-8", xml_declaration=True, default_namespace=default)
