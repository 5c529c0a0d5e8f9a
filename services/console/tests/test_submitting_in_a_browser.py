"""The pages of handing in, in a real Chromium: both languages, both schemes, a phone and a desk, axe, the keyboard."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser

from common.testing.issuer import URL, MemoryIssuer
from common.world import World
from console.main import create_app
from console.settings import Settings
from pages.testing.browser import a_browser, faults

from .intake_fake import ID, NOON, Intake, a_submission, returned
from .test_pages import House

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SCREENSHOTS", "")
PAGES = {
    "sites": "/submit",
    "categories": "/submit/langson",
    "form": "/submit/binhduong/legal_document",
    "rows": "/submit/langson/work_schedule",
    "list": "/submissions",
    "one": f"/submissions/{ID}",
    "done": f"/submissions/{ID}?done=received",
    "correction": f"/submissions/{ID}/correction",
    "receipt": f"/submissions/{ID}/receipt",
    "deadlines": "/deadlines",
    "duties": "/deadlines/duties?site=binhduong",
    "duties-weekly": "/deadlines/duties?site=langson",
}


@pytest.fixture
async def console() -> AsyncGenerator[tuple[str, dict[str, str]]]:
    """Its address, and the cookie of an officer who is signed in."""
    intake, house = _with_submissions(Intake()), House(MemoryIssuer(clock=lambda: NOON))
    house.answers = {
        "/api/portal/authority/mine": {"person": "an", "may": []},
        "/api/directory/people": {"items": []},
    }

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/api/intake/"):
            await request.aread()
            return intake.answer(request)
        return house.answer(request)

    services = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with _served(services) as address, httpx.AsyncClient(base_url=address) as visitor:
        begun = await visitor.get("/sign-in")
        asked = dict(httpx.URL(begun.headers["location"]).params)
        house.nonce = asked["nonce"]
        back = {"state": asked["state"], "code": "c", "iss": URL}
        done = await visitor.get("/callback", params=back)
        yield address, {"session": done.cookies["session"]}


def _with_submissions(intake: Intake) -> Intake:
    """One returned, one late with a long title, one published."""
    title = "Kế hoạch cải cách hành chính năm 2027 của Uỷ ban nhân dân tỉnh"
    past = {"due_at": "2026-11-20T17:00:00Z", "last_day": "2026-11-20"}
    late = a_submission(submission_id="2", title=title, **past)
    published = a_submission(submission_id="3", state="published")
    intake.submissions = {ID: returned(), "2": late, "3": published}
    due = late["content"]["due"]
    shown = (
        "submission_id",
        "receipt",
        "title",
        "category",
        "person",
        "state",
        "last_day",
        "due_at",
    )
    intake.deadlines = [
        {name: each[name] for name in shown} | {"rule": due["rule"], "due": due}
        for each in (late, intake.submissions[ID])
    ]
    return intake


@asynccontextmanager
async def _served(services: httpx.AsyncClient) -> AsyncGenerator[str]:
    door = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    settings = Settings(
        service="console",
        public_url=address,
        console_url=address,
        oidc_issuer=URL,
        api_url="http://services",
    )
    app = create_app(settings, services, World(lambda: NOON, lambda: "id", Random(1)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    task = asyncio.create_task(server.serve([door]))
    try:
        yield address
    finally:
        server.should_exit = True
        await task
        door.close()


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("vi", "light", 1280), ("en", "dark", 1280), ("vi", "dark", 390), ("en", "light", 390)],
)
async def test_axe_finds_nothing_and_nothing_runs_over(browser, console, language, scheme, width):
    address, _ = console
    page = await (await _context(browser, console, width, scripts=True)).new_page()
    found = {}
    for name, path in PAGES.items():
        await page.goto(
            f"{address}{path}{'&' if '?' in path else '?'}lang={language}&scheme={scheme}"
        )
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        heads = await page.locator("h1").count()
        main = await page.locator("main .ds-button[data-variant=primary]").count()
        found[name] = (await faults(page), max(over, 0), heads, main <= 1)
        if SHOTS:
            file = Path(SHOTS) / f"{name}-{language}-{scheme}-{width}.png"
            await page.screenshot(path=file, full_page=True)

    assert found == dict.fromkeys(PAGES, ([], 0, 1, True))


async def test_an_officer_hands_in_with_the_keyboard_alone_and_without_scripts(browser, console):
    address, _ = console
    page = await (await _context(browser, console, 1280, scripts=False)).new_page()
    await page.goto(f"{address}/submit/khanhhoa/news?lang=vi")
    await page.get_by_label("Tiêu đề").focus()
    await page.keyboard.type("Hội nghị chuyển đổi số")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("ds-error-summary")
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / "errors.png", full_page=True)
    await page.locator("ds-error-summary a").first.press("Enter")
    focused = await page.evaluate("document.activeElement.id || location.hash")
    kept = await page.get_by_label("Tiêu đề").input_value()
    for name, text in (("body", "Nội dung của hội nghị."), ("author", "An"), ("source", "Báo")):
        await page.locator(f"[name='f.{name}']").fill(text)
    await page.get_by_label("Tiêu đề").press("Enter")
    await page.wait_for_selector("text=Xem lại trước khi gửi")
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / "review.png", full_page=True)
    await page.get_by_role("button", name="Gửi bài", exact=True).press("Enter")
    await page.wait_for_url("**/submissions/*?done=received*")

    assert (kept, focused != "") == ("Hội nghị chuyển đổi số", True)
    assert await page.get_by_text("Trang đã tiếp nhận bài của bạn").is_visible()


async def _context(browser: Browser, console, width: int, *, scripts: bool):
    address, cookies = console
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    await context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    return context
