"""The article desk in a real Chromium: axe, phone and desk, both languages and schemes, the keyboard alone."""

import asyncio
import socket
from collections.abc import AsyncGenerator

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext

from pages.testing.browser import a_browser, faults

from . import conftest

pytestmark = pytest.mark.browser
HEAD = "khanhhoa.board-head"
PASSED = {
    "rule": "khanhhoa.d6.origin-stated", "article": "Điều 6 Quy chế", "quotation": "trong ngày",
    "sentence": "Hạn cuối: hết ngày 20/11/2026.\nĐếm 2 ngày.", "sentence_en": "Due by 20/11/2026.\nCounted.",
    "last_day": "2026-11-20", "at": "2026-11-20T17:00:00.000Z", "legal": True,
}  # fmt: skip
WORDS = "<p>Sản phẩm chữa khỏi hoàn toàn, mua ngay hôm nay.</p>"
ADVERTISING = {
    "html": WORDS, "digest": "d" * 64, "size": len(WORDS.encode()), "media_type": "text/html",
}  # fmt: skip
WAYS = [("vi", "light", 1280), ("en", "dark", 390)]


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest.fixture
async def served() -> AsyncGenerator[conftest.Desk]:
    door = socket.create_server(("127.0.0.1", 0))
    home = f"http://127.0.0.1:{door.getsockname()[1]}"
    async with conftest.a_desk(home) as desk:

        async def app(scope, receive, send):
            await desk.app({**scope, "root_path": "/console"}, receive, send)

        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        task = asyncio.create_task(server.serve([door]))
        yield desk
        server.should_exit = True
        await task


async def signed_in(desk, browser: Browser, person: str, **options) -> BrowserContext:
    await desk.sign_in(person)
    context = await browser.new_context(base_url=str(desk.browser.base_url), **options)
    session = desk.browser.cookies["session"]
    cookie = {"name": "session", "value": session, "domain": "127.0.0.1", "path": "/console"}
    await context.add_cookies([cookie])
    return context


async def a_changed_article(desk) -> str:
    id = await desk.house.submitted("khanhhoa")
    await desk.house.through(id, "khanhhoa", until="upload")
    await desk.house.revise(id, "khanhhoa.member-centre", html="<p>Khác</p>")
    return id


async def test_every_page_of_the_desk_is_clean_and_fits(served, browser):
    id = await a_changed_article(served)
    home = f"/console/articles/{id}"
    schedule = await served.house.submitted("khanhhoa", category="work_schedule")
    found = await served.house.submitted("khanhhoa", source=None, body=ADVERTISING, due=PASSED)
    acts = ("take?step=approve", "refuse", "return", "assign?step=approve", "publish", "withdraw")
    paths = [
        *("/console/", "/console/articles?site=khanhhoa", home, f"{home}/revise"),
        *(
            f"{home}/history",
            f"{home}/revisions/2",
            f"/console/articles/{schedule}/revise",
            f"/console/articles/{found}",
            *(f"{home}/acts/{act}" for act in acts),
        ),
    ]
    seen = {}
    for language, scheme, width in WAYS:
        size = {"width": width, "height": 900}
        context = await signed_in(served, browser, HEAD, viewport=size)
        page = await context.new_page()
        await page.goto(f"/console/?lang={language}&scheme={scheme}")
        for path in paths:
            answer = await page.goto(path)
            assert answer is not None
            over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            primary = await page.locator("main .ds-button[data-variant=primary]").count()
            heads = await page.locator("h1").count()
            seen[path, language] = (answer.status, await faults(page), max(over, 0), heads)
            assert primary <= 1, path

    assert seen == {(path, way[0]): (200, [], 0, 1) for way in WAYS for path in paths}


async def test_what_is_found_is_read_with_the_keyboard_alone_and_without_scripts(served, browser):
    id = await served.house.submitted("khanhhoa", source=None, body=ADVERTISING, due=PASSED)
    phone = {"width": 390, "height": 900}
    context = await signed_in(served, browser, HEAD, java_script_enabled=False, viewport=phone)
    page = await context.new_page()
    await page.goto(f"/console/articles/{id}")
    panel = page.get_by_role("region", name="Quy chế thấy gì trong bài")

    law = panel.get_by_text("có nguồn gốc rõ ràng")
    before = await law.is_visible()
    await panel.get_by_text("Điều 6 Quy chế").first.press("Enter")

    assert not before
    assert await law.is_visible()
    assert await panel.get_by_role("listitem").count() == 2
    assert (await panel.get_by_role("listitem").first.inner_text()).startswith("Chặn duyệt")


async def test_a_step_is_taken_with_the_keyboard_alone_and_without_scripts(served, browser):
    id = await a_changed_article(served)
    context = await signed_in(served, browser, HEAD, java_script_enabled=False)
    page = await context.new_page()

    await page.goto("/console/")
    await page.get_by_role("link", name="Hội nghị tổng kết").press("Enter")
    await page.get_by_role("link", name="Bước 2: phê duyệt", exact=True).press("Enter")
    await page.get_by_label("Ghi chú").press_sequentially("Đồng ý.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?done=take")

    assert await page.get_by_role("status").get_by_text("Đã ghi nhận").is_visible()
    assert (await served.house.article(id, HEAD))["open_steps"] == ["upload"]


async def test_a_filter_is_sent_as_it_stands_and_the_menu_shows_where_one_is(served, browser):
    context = await signed_in(served, browser, HEAD, viewport={"width": 390, "height": 900})
    page = await context.new_page()
    await page.goto("/console/articles")
    await page.locator("main form[method=get] button").click()
    await page.wait_for_url("**/console/articles?*site=*")

    current = page.locator(".places [aria-current]")
    box, gutter = await current.bounding_box(), await page.locator("h1").bounding_box()

    assert box is not None
    assert gutter is not None
    assert round(box["x"]) == round(gutter["x"])
