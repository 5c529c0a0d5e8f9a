"""Pages as answers and feeds by their specifications: words, policy, head, calendar, refusals."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

import portal
from pages.catalogue import faults


def xml(text: bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
async def town(press):
    await press.say(
        press.opened("hanam", "Cổng Hà Nam"),
        press.registered("hanam.ubnd", "UBND tỉnh Hà Nam"),
        press.published(1, "Quyết định <b>&", category="legal_document", summary="A < B & C",
                        fields=[press.a_field("number", "12/2024/QĐ-UBND"),
                                press.a_field("effective_date", "2026-12-01")]),
        press.published(2, "Lịch tuần", category="work_schedule", fields=[press.a_field("entries", [
            {"day": "2026-11-24", "time": "8h30", "content": "Họp; giao ban", "place": "Phòng 1"},
            {"day": "2026-11-25", "time": "cả ngày", "content": "Đi cơ sở"}])]),
    )  # fmt: skip
    return press


def test_every_word_of_the_pages_has_its_english():
    assert faults(Path(portal.__file__).parent) == []


@pytest.mark.parametrize(
    "path",
    ["/", "/trang/hanam", "/trang/hanam/muc", "/trang/hanam/muc/legal_document",
     "/trang/hanam/gioi-thieu", "/tim", "/tim?q=quyet+dinh", "/tim?q=%3F", "/bai/{1}", "/bai/{2}"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_page_is_whole_in_both_languages(town, path, language):
    for number in (1, 2):
        path = path.replace(f"{{{number}}}", town.an_id(number))
    page = await town.page(path, headers={"Accept-Language": language})

    assert page.status_code == 200, page.text
    assert f'<html lang="{language}"' in page.text
    assert page.text.count("<h1") == 1
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"\son[a-z]+=\"|\sstyle=|<b>&", page.text)
    scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page.text)
    assert all("application/ld+json" in each for each in scripts)


async def test_an_articles_head_tells_machines_what_it_is(town):
    page = (await town.page(f"/bai/{town.an_id(1)}")).text

    linked = json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])
    assert (linked["@type"], linked["legislationIdentifier"]) == ("Legislation", "12/2024/QĐ-UBND")
    assert linked["name"] == "Quyết định <b>&"
    assert 'name="DC.title" content="Quyết định &lt;b&gt;&amp;"' in page
    assert f'rel="canonical" href="http://127.0.0.1:8000/bai/{town.an_id(1)}/quyet-dinh-b"' in page
    assert "Chưa có hiệu lực" in page
    assert "Khoản 1 Điều 7 Quy chế" in page
    assert "Quy chế (Quyết định" in page.partition("<footer")[2]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/khong-co", 404), ("/trang/nowhere", 404), ("/trang/hanam/muc/nothing", 404),
     ("/bai/none", 404), ("/tim?q=a&from=2026-02-02&to=2026-01-01", 422), ("/tim?q=a&cursor=x", 400),
     ("/trang/HÀ", 404), ("/tim?q=" + "a" * 400, 422)],
)  # fmt: skip
async def test_what_cannot_be_shown_is_said_on_a_page(town, path, status):
    page = await town.page(path)

    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1" in page.text


async def test_programs_get_problems_as_ever(town):
    answer = await town.get("/articles/none", headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_saved_article_needs_nothing_from_elsewhere(town):
    saved = await town.page(f"/luu/{town.an_id(1)}")

    assert saved.headers["content-disposition"] == 'attachment; filename="quyet-dinh-b.html"'
    assert "<script" not in saved.text
    assert "stylesheet" not in saved.text


async def test_rss_has_what_rss_asks_for(town):
    answer = await town.page("/trang/hanam/rss.xml")
    channel = xml(answer.content).find("channel")

    assert channel is not None
    assert answer.headers["content-type"].startswith("application/rss+xml")
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    assert [item.findtext("title") for item in channel.findall("item")] == ["Lịch tuần", "Quyết định <b>&"]  # fmt: skip
    assert all(
        item.findtext("guid") and item.findtext("pubDate") for item in channel.findall("item")
    )
    assert answer.headers["last-modified"].endswith("GMT")


async def test_atom_has_what_atom_asks_for(town):
    feed = xml((await town.page("/trang/hanam/muc/legal_document/atom.xml")).content)

    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "UBND tỉnh Hà Nam"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "summary"))


async def test_json_feed_has_what_json_feed_asks_for(town):
    feed = (await town.page("/trang/hanam/feed.json")).json()

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"id", "url", "content_text", "date_published"} <= feed["items"][0].keys()


async def test_schedules_are_a_calendar(town):
    answer = await town.page("/trang/hanam/lich.ics")
    timed, whole = Calendar.from_ical(answer.text).walk("VEVENT")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert (str(timed["summary"]), timed["dtstart"].dt.isoformat()) == ("Họp; giao ban", "2026-11-24T01:30:00+00:00")  # fmt: skip
    assert whole["dtstart"].dt.isoformat() == "2026-11-25"


async def test_maps_lead_to_every_page(town):
    index = xml((await town.page("/sitemap.xml")).content)
    pages = xml((await town.page("/trang/hanam/sitemap.xml")).content)

    assert [each.text for each in index.iter(f"{MAP}loc")] == ["http://127.0.0.1:8000/trang/hanam/sitemap.xml"]  # fmt: skip
    assert sum(town.an_id(1) in str(each.text) for each in pages.iter(f"{MAP}loc")) == 1
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in (await town.page("/robots.txt")).text
