"""People in a real browser: what each does in their own words, and an album of every kind of page they see.

A visitor looks at each page they come to. The first look at a kind of page in a language asks axe, tries
both widths, and keeps pictures in both schemes under .reports/pages.
"""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from playwright.async_api import Browser, Locator, Page, Response

import console
import pages
import portal
from pages.language import Language
from pages.testing.browser import faults
from pages.words import SAIGON, translations

from .waiting import until

PICTURES = Path(".reports") / "pages"
WIDTHS = {"desk": 1280, "phone": 390}
SCHEMES = ("light", "dark")
HEIGHT = 900
CLEAN_IN = {"vi": ("light", "desk"), "en": ("dark", "phone")}
"""How axe sees a kind of page: each language in another scheme and width."""
_NAMES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}(?:/[^/]+)?|\b(?:hanam|binhduong|langson|khanhhoa)\b"
    r"|(/(?:revisions|agencies|sites|people|delegations|audit/\w+|leftovers/\w+)/)[^/]+"
)
_LONGEST = 80
BUSY = 503


@dataclass
class Album:
    """Every kind of page that was seen, once in each language, and what was wrong with it."""

    seen: set[tuple[str, Language]] = field(default_factory=set[tuple[str, Language]])
    wrong: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    async def look(self, page: Page, kind: str, language: Language) -> None:
        if (kind, language) in self.seen:
            return
        self.seen.add((kind, language))
        PICTURES.mkdir(parents=True, exist_ok=True)
        found: list[str] = []
        size = page.viewport_size
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            for device, width in WIDTHS.items():
                await page.set_viewport_size({"width": width, "height": HEIGHT})
                if (scheme, device) == CLEAN_IN[language]:
                    found += await faults(page)
                found += await _over(page, device)
                file = PICTURES / f"{kind}-{language}-{scheme}-{device}.png"
                await page.screenshot(path=file, full_page=True)
        await page.emulate_media(color_scheme="light")
        if size is not None:
            await page.set_viewport_size(size)
        if await page.locator("h1").count() != 1:
            found.append("not one h1")
        if found:
            self.wrong[f"{kind} ({language})"] = sorted(set(found))


async def _over(page: Page, device: str) -> list[str]:
    over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"runs over by {over} on a {device}"] if over > 0 else []


def kind_of(response: Response) -> str:
    """The page without what it is about: its address, and how it was come to where that matters."""
    url = response.url.partition("://")[2].partition("/")[2]
    path, _, query = url.partition("?")
    plain = (
        _NAMES.sub(lambda found: f"{found[1] or ''}x", f"/{path}").strip("/").replace("/", "-")
        or "front"
    )
    asked = [part.partition("=")[0] for part in query.split("&") if part.startswith("done=")]
    came = ["sent"] if response.request.method == "POST" else []
    ended = [str(response.status)] if response.status != 200 else []
    return "-".join([plain[:_LONGEST], *asked, *came, *ended])


@dataclass
class Visitor:
    """Somebody at a browser of their own; `home` is the address of the house."""

    page: Page
    home: str
    language: Language
    album: Album
    scripts: bool = True

    package = Path(portal.__file__).parent

    def say(self, vietnamese: str, **values: str | int) -> str:
        """The words of the pages in the visitor's language."""
        folders = [self.package, Path(pages.__file__).parent]
        return translations(self.language, folders).gettext(vietnamese) % values

    async def open(self, path: str) -> Response:
        """Types an address and looks at what comes."""
        answer = await self.page.goto(self.home + path)
        assert answer is not None
        return await self.looks(answer)

    async def press(self, what: Locator) -> Response:
        """Follows a link or sends a form, and looks at what comes."""
        async with self.page.expect_navigation() as navigation:
            await what.click()
        answer = await navigation.value
        assert answer is not None
        return await self.looks(answer)

    async def looks(self, answer: Response) -> Response:
        answer = await self._tried_again(answer)
        assert answer.status < 500, (answer.url, await self.page.inner_text("body"))
        kind = kind_of(answer)
        if answer.headers.get("content-type", "").startswith("text/html"):
            await self._shows(answer, kind)
        return answer

    async def _tried_again(self, answer: Response) -> Response:
        """A busy house asks to try again: reading once more is what everybody does."""
        last = [answer]

        async def ready() -> bool:
            if last[0].status != BUSY or last[0].request.method != "GET":
                return True
            again = await self.page.reload()
            assert again is not None
            last[0] = again
            return again.status != BUSY

        await eventually(ready, answer.url)
        return last[0]

    async def _shows(self, answer: Response, kind: str) -> None:
        """Without scripts axe cannot run: a twin with scripts asks for the same page."""
        if self.scripts:
            await self.album.look(self.page, kind, self.language)
        elif answer.request.method == "GET" and (kind, self.language) not in self.album.seen:
            assert self.page.context.browser is not None
            state = await self.page.context.storage_state()
            twin = await self.page.context.browser.new_page(storage_state=state)
            await twin.goto(answer.url)
            await self.album.look(twin, kind, self.language)
            await twin.context.close()

    async def text(self) -> str:
        return await self.page.inner_text("main")

    async def heading(self) -> str:
        return await self.page.inner_text("h1")

    def link(self, ends: str) -> Locator:
        return self.page.locator(f"a[href$='{ends}']").first

    async def fill(self, name: str, value: str) -> None:
        """A field by its name, whatever it is: typed into, chosen from, or ticked."""
        field = self.page.locator(f"[name='{name}']")
        kind = await field.first.evaluate("each => each.type")
        if kind == "hidden":
            assert await field.first.input_value() == value, f"{name} cannot be chosen here"
        elif kind.startswith("select"):
            await field.select_option(value)
        elif kind in {"radio", "checkbox"}:
            await self.page.locator(f"[name='{name}'][value='{value}']").check()
        else:
            await field.fill(value)

    async def comes(self, path: str, ready: Callable[[int, str], bool]) -> None:
        """Until the house has told itself so: asks quietly, as reloading the page would."""

        async def asked() -> bool:
            answer = await self.page.request.get(self.home + path, max_redirects=0)
            return ready(answer.status, await answer.text())

        await eventually(asked, path)


async def eventually(asked: Callable[[], Awaitable[bool]], what: str, within: float = 60) -> None:
    try:
        await until(asked, within)
    except TimeoutError:
        raise AssertionError(f"{what} did not come about") from None


@dataclass
class Staff(Visitor):
    """An officer or a member of a board at the console."""

    person: str = ""

    package = Path(console.__file__).parent

    async def sign_in(self) -> None:
        await self.open(f"/console/?lang={self.language}")
        await self.press(self.page.get_by_role("link", name=self.say("Đăng nhập"), exact=True))
        await self.press(self.page.locator(f"button[value='{self.person}']"))
        await self.page.wait_for_url(f"{self.home}/console/")

    async def answer(self, path: str, **answers: str) -> Response:
        """Opens a form, fills it in, and sends it."""
        await self.open(path)
        for name, value in answers.items():
            await self.fill(name, value)
        return await self.press(self.page.locator("main form .ds-button[type=submit]").last)


@dataclass
class Editor(Staff):
    """A member of a board with an article on the desk."""

    async def finds(self, id: str) -> None:
        """Opens the article as soon as the board has it."""
        await self.comes(f"/console/articles/{id}", lambda status, _: status == 200)
        await self.open(f"/console/articles/{id}")

    async def may(self) -> list[str]:
        """Addresses of the acts that the desk offers now."""
        offered = self.page.locator(".desk-acts > :not(details) a[href*='/articles/']")
        return [str(await each.get_attribute("href")) for each in await offered.all()]

    async def why_not(self) -> str:
        """What the desk says about everything that this person may not do."""
        return " ".join(await self.page.locator(".desk-acts details").all_text_contents())

    async def takes(self, id: str, step: str, remark: str = "") -> None:
        """The step, on the text as it stands; the desk then says that it is done."""
        await self.finds(id)
        ways = (f"a[href*='/acts/{act}?step={step}']" for act in ("take", "publish"))
        await self.press(self.page.locator(f".desk-acts :is({', '.join(ways)})").first)
        if remark:
            await self.fill("remark", remark)
        await self.does()

    async def begins(self, id: str, act: str) -> None:
        """From the desk to the form of another act."""
        await self.finds(id)
        await self.press(self.page.locator(f".desk-acts a[href*='/{act}']").first)

    async def acts(self, id: str, act: str, **answers: str) -> None:
        """Another act by its form; the desk then says that it is done."""
        await self.begins(id, act)
        for name, value in answers.items():
            await self.fill(name, value)
        await self.does()

    async def does(self) -> None:
        await self.press(self.page.locator("main form.panel button.ds-button").first)
        assert "done=" in self.page.url, await self.text()
        assert await self.page.get_by_role("status").first.is_visible()

    async def schedules(self, id: str, ahead: timedelta) -> None:
        """So long from the moment at which the form is filled in."""
        await self.begins(id, "acts/schedule")
        at = datetime.now(SAIGON) + ahead
        await self.fill("day", f"{at:%Y-%m-%d}")
        await self.fill("hour", f"{at:%H:%M:%S}")
        await self.does()


@dataclass
class Reader(Visitor):
    """Anybody at the portal."""

    async def reads(self, id: str, status: int = 200) -> str:
        """The article's page as soon as it answers so."""
        await self.comes(f"/bai/{id}", lambda found, _: found == status)
        answer = await self.open(f"/bai/{id}?lang={self.language}")
        assert answer.status == status
        return await self.text()

    async def sees_picture(self) -> str:
        """What the first picture of the open article shows, once it is really there."""
        picture = self.page.locator("figure.picture img").first
        await picture.scroll_into_view_if_needed()

        async def there() -> bool:
            return await picture.evaluate("each => each.complete && each.naturalWidth > 0")

        await eventually(there, "the picture")
        return str(await picture.get_attribute("alt"))

    async def seeks(self, words: str) -> list[str]:
        """What the search of the portal finds, by address."""
        await self.open(f"/tim?lang={self.language}")
        await self.fill("q", words)
        await self.press(self.page.locator("form[action='/tim'].panel button[type=submit]").first)
        found = self.page.locator("ol.entries a")
        return [str(await each.get_attribute("href")) for each in await found.all()]

    async def downloads(self) -> bytes:
        """The first file of the article that is open; it is for saving, not for showing."""
        address = await self.page.locator("a[href^='/tep/']").first.get_attribute("href")
        answer = await self.page.request.get(f"{self.home}{address}")
        assert answer.headers["content-disposition"].startswith("attachment")
        return await answer.body()

    async def gets(self, path: str) -> tuple[int, str]:
        """What a program gets: a feed, a file, JSON."""
        answer = await self.page.request.get(self.home + path)
        return answer.status, await answer.text()


Who = TypeVar("Who", bound=Visitor)
Way = tuple[bool, str]
"""Whether scripts run, and on which device."""


@dataclass
class House:
    """The address of the house, its browser, and the album that everybody's pages go into."""

    home: str
    browser: Browser
    album: Album

    @asynccontextmanager
    async def visitor(
        self, who: type[Who], language: Language, way: Way | None = None, **more: str
    ) -> AsyncGenerator[Who]:
        scripts, device = way or (True, "desk")
        context = await self.browser.new_context(
            viewport={"width": WIDTHS[device], "height": HEIGHT},
            java_script_enabled=scripts,
            locale={"vi": "vi-VN", "en": "en-GB"}[language],
            color_scheme="light",
        )
        try:
            yield who(await context.new_page(), self.home, language, self.album, scripts, **more)
        finally:
            await context.close()
