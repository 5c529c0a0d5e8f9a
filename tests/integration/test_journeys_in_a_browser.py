"""Whole journeys in a real Chromium: officer, board and reader, on each site under its own regulation.

The four sites run at once in the house that `make run` serves. Each site's people use another language,
device, and way (with or without scripts); the boards' processes come from the profiles alone.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from playwright.async_api import Browser

from embedded.demo_articles import DemoArticle, articles
from embedded.demo_journeys import APPROVES, CORRECTS, PATHS, REFUSES, RETURNS, WITHDRAWS
from pages.language import Language
from pages.words import SAIGON
from rulebook.text import fold_plain

from .browsing import Album, Editor, House, Reader, Way
from .handing_in import Officer
from .running import Running

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.timeout(900)]
WITH_CLOCKS = {"hanam", "binhduong", "langson"}
"""Sites whose regulation says by when a document must be public."""
SOON = timedelta(seconds=6)
WHY_RETURNED = "Tiêu đề chưa nói rõ việc; ghi rõ nơi và thời gian."
WHY_REFUSED = "Nội dung đã có ở bài đăng trước."
NOTE = "Sửa tên gọi trong tiêu đề; nội dung khác không đổi."
WHY_GONE = "Văn bản đã được thay bằng bản mới; bản mới đăng ở cùng mục."


@dataclass(frozen=True)
class Site:
    """Who hands in at a site, which of the demo's articles, and how its people browse."""

    name: str
    sender: str
    language: Language
    way: Way
    document: str
    news: str
    refused: str
    foreign: str = ""


SITES = (
    Site("hanam", "can-bo", "vi", (True, "desk"), "hn-vb-09", "hn-tin-01", "hn-tin-03", "hn-tin-13"),
    Site("binhduong", "thu-ky", "en", (False, "desk"), "bd-vb-09", "bd-tin-01", "bd-tin-13"),
    Site("langson", "truong-phong", "vi", (False, "phone"), "ls-vb-07", "ls-tin-01", "ls-tin-02", "ls-zh-01"),
    Site("khanhhoa", "tai-chinh", "en", (True, "phone"), "kh-vb-07", "kh-tin-01", "kh-db-01"),
)  # fmt: skip


@dataclass
class Town:
    """A site with its people: each signs in once, in a browser of their own."""

    site: Site
    house: House
    written: Mapping[str, DemoArticle]
    open: AsyncExitStack
    editors: dict[str, Editor] = field(default_factory=dict[str, Editor])
    handing_in: Officer | None = None

    async def officer(self) -> Officer:
        if self.handing_in is None:
            person = f"{self.site.name}.{self.site.sender}"
            who = self.house.visitor(Officer, self.site.language, self.site.way, person=person)
            self.handing_in = await self.open.enter_async_context(who)
            await self.handing_in.sign_in()
        return self.handing_in

    async def reader(self) -> Reader:
        """Another one each time, who has nothing in the browser's cache."""
        who = self.house.visitor(Reader, self.site.language, self.site.way)
        return await self.open.enter_async_context(who)

    async def editor(self, role: str) -> Editor:
        if role not in self.editors:
            person = f"{self.site.name}.{role}"
            who = self.house.visitor(Editor, self.site.language, self.site.way, person=person)
            self.editors[role] = await self.open.enter_async_context(who)
            await self.editors[role].sign_in()
        return self.editors[role]

    async def passes(self, id: str, *, since: str = "", until: str = "") -> None:
        """The steps of the site's process in their order, each by who takes it there."""
        path = PATHS[self.site.name]
        names = [name for name, _ in path]
        first = names.index(since) if since else 0
        last = names.index(until) if until else len(path)
        for step, role in path[first:last]:
            await (await self.editor(role)).takes(id, step)

    def role(self, step: str) -> str:
        return dict(PATHS[self.site.name])[step]


async def a_document_is_scheduled_read_and_withdrawn(town: Town) -> None:
    site, article = town.site.name, town.written[town.site.document]
    officer = await town.officer()
    id = await officer.hands_in(article)
    await officer.open("/console/deadlines")
    owed = await officer.text()
    await officer.open(f"/console/submissions/{id}/receipt")
    publish, publisher = PATHS[site][-1]
    await town.passes(id, until=publish)
    await (await town.editor(publisher)).schedules(id, SOON)

    assert (article.content["title"] in owed) == (site in WITH_CLOCKS)
    await the_document_is_found_and_saved(town, id)
    await the_document_is_withdrawn(town, id)
    assert WHY_GONE in await officer.hears(id, "Đã gỡ")


async def the_document_is_found_and_saved(town: Town, id: str) -> None:
    """By its page, words without diacritics, its number, its exact title, and the feeds."""
    site, article = town.site.name, town.written[town.site.document]
    reader = await town.reader()
    title, number = article.content["title"], article.content["fields"]["number"]
    shown = await reader.reads(id)
    saved = await reader.downloads()
    asked = (fold_plain(title).lower(), number, f"“{title}”")
    found = {words: await reader.seeks(words) for words in asked}
    feeds = [await reader.gets(f"/trang/{site}/{each}") for each in ("rss.xml", "feed.json")]

    assert title in shown
    assert number in shown
    assert saved == article.files[0].made()
    assert all(any(id in each for each in hits) for hits in found.values()), found
    assert all(status == 200 and id in text for status, text in feeds)


async def the_document_is_withdrawn(town: Town, id: str) -> None:
    """Its address tells why it is gone; search no longer knows it."""
    head, reader = await town.editor(WITHDRAWS[town.site.name]), await town.reader()
    number = town.written[town.site.document].content["fields"]["number"]
    await head.acts(id, "acts/withdraw", explanation=WHY_GONE)
    gone = await reader.reads(id, status=410)
    status, as_json = await reader.gets(f"/api/portal/articles/{id}")

    assert WHY_GONE in gone
    assert status == 410
    assert WHY_GONE in as_json
    await reader.comes(f"/tim?q={number}", lambda _, text: f"/bai/{id}" not in text)


async def news_is_returned_corrected_published_and_corrected_again(town: Town) -> None:
    article = town.written[town.site.news]
    officer, reader = await town.officer(), await town.reader()
    id = await officer.hands_in(article)
    better = f"{article.content['title']}, sáng nay"
    await the_news_is_returned_and_comes_back(town, officer, id, better)
    await town.passes(id)
    shown = await reader.reads(id)

    assert better in shown
    assert await reader.sees_picture() == article.files[0].shows
    await the_news_is_corrected_with_a_note(town, id)


async def the_news_is_returned_and_comes_back(
    town: Town, officer: Officer, id: str, better: str
) -> None:
    step = RETURNS[town.site.name]
    await town.passes(id, until=step)
    moderator = await town.editor(town.role(step))
    await moderator.acts(id, "acts/return", reasons=WHY_RETURNED)
    told = await officer.hears(id, "Trả lại để sửa")
    await officer.corrects(id, better, "Đã nói rõ thời gian.")

    assert WHY_RETURNED in told
    await moderator.comes(f"/console/articles/{id}", lambda _, text: better in text)


async def the_news_is_corrected_with_a_note(town: Town, id: str) -> None:
    site, title = town.site.name, town.written[town.site.news].content["title"]
    corrector, reader = await town.editor(CORRECTS[site]), await town.reader()
    last = f"{title}, sáng qua"
    await corrector.acts(id, "correct", level="minor", title=last, reason=NOTE)
    await town.passes(id, since=APPROVES[site])
    await reader.comes(f"/bai/{id}", lambda _, text: NOTE in text)
    corrected = await reader.reads(id)
    await corrector.open(f"/console/articles/{id}/history")
    await corrector.open(f"/console/articles/{id}/revisions/2")
    difference = await corrector.text()

    assert last in corrected
    assert NOTE in corrected
    assert "sáng nay" in difference


async def one_is_refused_with_its_ground(town: Town) -> None:
    site, article = town.site.name, town.written[town.site.refused]
    officer = await town.officer()
    id = await officer.hands_in(article)
    await town.passes(id, until=REFUSES[site])
    editor = await town.editor(town.role(REFUSES[site]))
    await editor.finds(id)
    await editor.press(editor.page.locator(".desk-acts a[href$='/acts/refuse']").first)
    ground = editor.page.locator("input[name=ground]").first
    words = await editor.page.locator("[data-field=description]").first.inner_text()
    await ground.check()
    await editor.fill("explanation", WHY_REFUSED)
    await editor.does()

    told = await officer.hears(id, "Không đăng")

    assert WHY_REFUSED in told
    assert "“" in words
    quoted = words.partition("“")[2].rstrip("”")
    assert quoted[:40] in told, (words, told)


async def an_article_in_another_language_is_read_in_it(town: Town) -> None:
    article = town.written[town.site.foreign]
    officer, reader = await town.officer(), await town.reader()
    id = await officer.hands_in(article)
    if town.site.name == "langson":
        await the_head_of_the_agency_is_heard(town, id)
    else:
        await town.passes(id)
    shown = await reader.reads(id)
    spoken = await reader.page.locator("main article header").get_attribute("lang")

    assert article.content["title"] in shown
    assert spoken == article.content["language"]


async def the_head_of_the_agency_is_heard(town: Town, id: str) -> None:
    """Lạng Sơn: what is found sensitive is not approved before the head has said so."""
    await town.passes(id, until="moderate")
    deputy, head = await town.editor("pho-ban"), await town.editor("truong-ban")
    why = {"sensitivity": "sensitive", "reason": "Nhắc đến đường biên giới."}
    await deputy.acts(id, "acts/classify", **why)
    await town.passes(id, since="moderate", until="approve")
    await head.finds(id)
    before, way_on = await head.may(), await head.why_not()
    await (await town.editor("giam-doc")).takes(id, "agency_opinion", "Đồng ý cho đăng.")
    await town.passes(id, since="approve")

    assert not any("take?step=approve" in each for each in before)
    assert "Điều" in way_on


async def what_changed_after_approval_waits_for_it_again(town: Town) -> None:
    """Khánh Hòa: the digests are compared at upload; a change needs supplementary approval."""
    officer = await town.officer()
    article = replace_title(town.written[town.site.news], "Bài thử đối chiếu mã kiểm chứng")
    id = await officer.hands_in(article)
    await town.passes(id, until="upload")
    centre, head = await town.editor("trung-tam"), await town.editor("truong-ban")
    await centre.acts(id, "revise", html="<p>Nội dung khác.</p>", reason="Sửa câu chữ.")
    warned, offered = await centre.text(), await centre.may()
    await head.takes(id, "approve")
    await centre.finds(id)
    again = await centre.may()

    assert centre.say("Nội dung đã đổi sau khi duyệt: cần duyệt bổ sung") in warned
    assert not any("take?step=upload" in each for each in offered)
    assert any("take?step=upload" in each for each in again)


def replace_title(article: DemoArticle, title: str) -> DemoArticle:
    return replace(article, content={**article.content, "title": title})


STORIES = MappingProxyType(
    {
        site: (
            a_document_is_scheduled_read_and_withdrawn,
            news_is_returned_corrected_published_and_corrected_again,
            one_is_refused_with_its_ground,
            *((an_article_in_another_language_is_read_in_it,) if site.foreign else ()),
            *((what_changed_after_approval_waits_for_it_again,) if site.name == "khanhhoa" else ()),
        )
        for site in SITES
    }
)


async def test_articles_go_their_whole_way_on_four_sites_at_once(
    running: Running, browser: Browser
):
    album = Album()
    house = House(running.home, browser, album)
    today = datetime.now(SAIGON).date()
    written = {each.id: each for each in articles(today)}

    async def lives(site: Site) -> None:
        async with AsyncExitStack() as open:
            town = Town(site, house, written, open)
            for story in STORIES[site]:
                try:
                    await story(town)
                except Exception as error:
                    error.add_note(f"{site.name}: {story.__name__}")
                    raise

    async with asyncio.TaskGroup() as group:
        for site in SITES:
            group.create_task(lives(site), name=site.name)

    assert album.wrong == {}
