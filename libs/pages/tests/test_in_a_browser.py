"""Every macro in a real Chromium: both languages, both schemes, a phone and a desk, axe, the keyboard."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from playwright.async_api import Browser

from pages.testing.browser import a_browser, faults
from pages.testing.gallery import create

pytestmark = pytest.mark.browser
NORWEGIAN = ("tegn", "Trykk", "Bla i", "Fjern", "Ingen", "Du er her", "forslag", "Tomt")

SHOWN = """() => [document.body.innerText, ...Array.from(document.querySelectorAll('*'), each => [
  each.getAttribute('aria-label'), each.getAttribute('data-label'),
  getComputedStyle(each, '::before').content, getComputedStyle(each, '::after').content,
  ...['field-counter-over', 'pagination-label', 'suggestion-sr-empty', 'chip-removable-label',
      'breadcrumbs-label'].map(name => getComputedStyle(each).getPropertyValue(`--dsc-${name}`)),
].join(' '))].join(' ')"""


@asynccontextmanager
async def served() -> AsyncGenerator[str]:
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create(), log_level="error"))
    task = asyncio.create_task(server.serve([door]))
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        door.close()


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest.fixture
async def gallery() -> AsyncGenerator[str]:
    async with served() as url:
        yield url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("vi", 1280), ("en", 360)])
async def test_axe_and_the_console_have_nothing_to_say(browser, gallery, scheme, language, width):
    page = await browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    await page.goto(f"{gallery}/?scheme={scheme}&lang={language}")

    assert await faults(page) == []
    assert said == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_axe_finds_a_planted_fault(browser, gallery):
    page = await browser.new_page()
    await page.goto(gallery)
    await page.evaluate("document.querySelector('main label').remove()")

    found = await faults(page)

    assert any(each.startswith("label") for each in found)


async def test_no_norwegian_word_reaches_a_reader(browser, gallery):
    page = await browser.new_page()
    await page.goto(gallery)
    await page.locator("textarea").press("End")
    shown = await page.evaluate(SHOWN)

    assert "Còn 165 ký tự" in shown
    assert [word for word in NORWEGIAN if word in shown] == []


async def test_the_keyboard_reaches_the_main_part_first_and_shows_where_it_is(browser, gallery):
    page = await browser.new_page()
    await page.goto(f"{gallery}/?calm")
    await page.keyboard.press("Tab")
    first = await page.evaluate("document.activeElement.getAttribute('href')")
    seen = await page.locator(".ds-skip-link").bounding_box()
    await page.keyboard.press("Enter")

    assert first == "#main"
    assert seen is not None
    assert seen["height"] > 20
    assert await page.evaluate("document.activeElement.id") == "main"


async def test_a_refused_form_opens_on_its_faults_and_each_leads_to_its_field(browser, gallery):
    page = await browser.new_page()
    await page.goto(gallery)
    summary = await page.evaluate("document.activeElement.tagName")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    assert summary == "DS-ERROR-SUMMARY"
    assert await page.evaluate("document.activeElement.id") == "title"


async def test_the_page_reads_the_same_without_scripts(browser, gallery):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(gallery)

    assert await page.locator("h1").inner_text() == "Duyệt bài “Hà Nam công bố quy hoạch”"
    assert await page.get_by_role("link", name="Tiêu đề: còn trống").is_visible()
    assert await page.get_by_label("Tiêu đề").is_visible()
