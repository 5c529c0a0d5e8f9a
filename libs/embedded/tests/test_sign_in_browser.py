"""The sign-in in a real Chromium: by keyboard alone, both languages and schemes, nothing for axe to say."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import uvicorn
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from embedded.issuer import create_issuer
from embedded.issuer_page import Power
from embedded.people import PEOPLE
from pages.testing.browser import a_browser, faults

pytestmark = pytest.mark.browser
ASKED = (
    "response_type=code&client_id=nhipcau-console&state=s-1&code_challenge_method=S256"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)


@asynccontextmanager
async def served(app: Starlette, door: socket.socket) -> AsyncGenerator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    task = asyncio.create_task(server.serve([door]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        door.close()


async def back(_) -> HTMLResponse:
    return HTMLResponse("<!doctype html><title>back</title><h1>signed in</h1>")


def powers(language):
    told = Power("trả lời" if language == "vi" else "answer", "hanam", "Điều 10", "03/GUQ", "a")
    return {person.id: [told] for person in PEOPLE[:3]}


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest.fixture
async def places() -> AsyncGenerator[tuple[str, str]]:
    """(the issuer's address, where the program waits for its code)."""
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    url = f"http://127.0.0.1:{doors[0].getsockname()[1]}/dev-issuer"
    issuer = create_issuer(url, environment="development", powers=powers)
    async with AsyncExitStack() as stack:
        house = Starlette(routes=[Mount("/dev-issuer", issuer)])
        await stack.enter_async_context(served(house, doors[0]))
        program = Starlette(routes=[Route("/callback", back)])
        await stack.enter_async_context(served(program, doors[1]))
        yield url, f"http://127.0.0.1:{doors[1].getsockname()[1]}/callback"


async def opened(browser: Browser, said: list[str], scheme="light", width=1280) -> Page:
    page = await browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="vi-VN"
    )
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("vi", 1280), ("en", 360)])
async def test_axe_and_the_console_have_nothing_to_say(browser, places, scheme, language, width):
    url, callback = places
    said: list[str] = []
    page = await opened(browser, said, scheme, width)
    for path in (f"authorize?{ASKED}&redirect_uri={callback}&", "people?"):
        await page.goto(f"{url}/{path}ui_locales={language}")
        for summary in await page.query_selector_all("summary"):
            await summary.click()

        assert await page.locator("html").get_attribute("lang") == language
        assert await faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


async def test_a_person_signs_in_by_keyboard_alone(browser, places):
    url, callback = places
    said: list[str] = []
    page = await opened(browser, said)
    await page.goto(f"{url}/authorize?{ASKED}&redirect_uri={callback}")

    chosen = "() => document.activeElement.value"
    for _ in range(50):
        await page.keyboard.press("Tab")
        if await page.evaluate(chosen) == "hanam.truong-ban":
            break
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{callback}?**")

    assert "state=s-1" in page.url
    assert "code=" in page.url
    assert await page.locator("h1").inner_text() == "signed in"
    assert said == []


async def test_a_token_is_given_without_a_script(browser, places):
    url, _ = places
    context = await browser.new_context(java_script_enabled=False, locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{url}/people")

    await page.get_by_role("button", name="Get a token: Trần Thị Bích Hạnh").click()

    assert (await page.locator("textarea").input_value()).count(".") == 2
    await page.get_by_role("link", name="Back to the list").click()
    assert await page.locator("h1").inner_text() == "People of the demo data"
