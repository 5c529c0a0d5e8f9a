"""The house as `make run` serves it, in a real Chromium: people sign in, look around, sign out."""

import httpx
import pytest
from playwright.async_api import Browser, Page

from pages.testing.browser import faults

from .running import Running

pytestmark = [pytest.mark.browser, pytest.mark.engine]
WORDS = {
    "vi": ("Đăng nhập", "Đăng xuất", "Đã đăng xuất", "Vận hành", "Nguyễn Quản Trị"),
    "en": ("Sign in", "Sign out", "Signed out", "Operations", "Nguyễn Quản Trị"),
}
PAGES = (
    "/",
    "/agencies",
    "/agencies?q=noi+vu",
    "/agencies/hanam.snv",
    "/sites",
    "/calendars",
    "/imports",
    "/directory/agency-new",
    "/directory/site-new",
    "/operations",
)


@pytest.fixture
def console(running: Running) -> str:
    return f"{running.home}/console"


async def sign_in(page: Page, console: str, language: str) -> None:
    await page.goto(f"{console}/?lang={language}")
    await page.get_by_role("link", name=WORDS[language][0], exact=True).click()
    await page.locator("button[value=quan-tri]").click()
    await page.wait_for_url(f"{console}/")


async def test_people_sign_in_look_around_and_sign_out(browser: Browser, console: str):
    for language, scheme, width in (("vi", "light", 1280), ("en", "dark", 360)):
        page = await browser.new_page(viewport={"width": width, "height": 900})
        await sign_in(page, console, language)
        await page.goto(f"{console}/?scheme={scheme}")
        shown = await page.locator("body").inner_text()
        found = {}
        for path in PAGES:
            answer = await page.goto(console + path)
            assert answer is not None
            overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[path] = (answer.status, await faults(page), max(overflow, 0))
        await page.get_by_role("button", name=WORDS[language][1]).click()

        assert WORDS[language][4] in shown
        assert found == dict.fromkeys(PAGES, (200, [], 0))
        assert await page.locator("h1").inner_text() == WORDS[language][2]


async def test_the_same_journey_without_scripts_and_with_the_keyboard_alone(
    browser: Browser, console: str
):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, console, "vi")
    await page.goto(f"{console}/agencies")
    await page.get_by_label("Tên cơ quan").press_sequentially("noi vu")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/agencies?*q=noi+vu*")
    await page.get_by_role("link", name="Sở Nội vụ").first.press("Enter")
    await page.wait_for_url("**/agencies/*")

    assert await page.locator("h1").inner_text() == "Sở Nội vụ"
    assert await page.get_by_text("Đưa vào danh bạ").first.is_visible()


async def test_a_session_of_the_browser_is_worth_nothing_elsewhere(browser: Browser, console: str):
    page = await browser.new_page()
    await sign_in(page, console, "vi")
    cookies = await page.context.cookies()
    (session,) = [each for each in cookies if each["name"] == "session"]

    async with httpx.AsyncClient() as stranger:
        bearer = {"Authorization": f"Bearer {session['value']}"}
        house = console.removesuffix("/console")
        answer = await stranger.get(f"{house}/api/portal/operations", headers=bearer)

    assert (session["httpOnly"], session["sameSite"], session["path"]) == (True, "Lax", "/console")
    assert answer.status_code == 401


async def send(page: Page, address: str, button: str, **typed: str) -> str:
    """Fill in a form and send it; what the page says then."""
    await page.goto(address)
    for name, value in typed.items():
        field = page.locator(f"main [name={name}]")
        if await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    await page.locator("main").get_by_role("button", name=button).click()
    return await page.locator("main").inner_text()


@pytest.fixture
async def administrator(browser: Browser, console: str) -> Page:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, console, "vi")
    return page


async def test_an_agency_is_registered_without_scripts_and_a_fault_keeps_what_was_typed(
    administrator: Page, console: str
):
    form, page = f"{console}/directory/agency-new", administrator
    agency = {"agency_id": "hanam.thu", "site": "hanam", "kind": "department"}
    agency |= {"name_vi": "Sở Thử", "valid_from": "2020-01-01"}

    await send(page, form, "Đưa cơ quan", **agency | {"name_vi": "Sở\u200b"})
    title, typed = await page.title(), await page.locator("[name=agency_id]").input_value()
    said = await send(page, form, "Đưa cơ quan", **agency)

    assert (title[:7], typed) == ("Lỗi (1)", "hanam.thu")
    assert page.url == f"{console}/agencies/hanam.thu?done=agency-new"
    assert "Cơ quan đã có trong danh bạ." in said


async def test_a_position_is_given_without_scripts_and_a_refusal_names_the_article(
    administrator: Page, console: str
):
    act, page = f"{console}/directory", administrator
    person = {"person_id": "hanam.thu-an", "full_name": "Nguyễn An", "valid_from": "2025-07-01"}
    post = {"role": "staff", "valid_from": "2099-01-01", "number": "2/QĐ"}
    board = {"board_id": "hanam.ban-hai", "name_vi": "Ban Hai", "valid_from": "2099-01-01"}

    await send(page, f"{act}/person-new?site=hanam", "Đưa cán bộ", **person)
    given = await send(
        page, f"{act}/position-give?of=hanam.thu-an&site=hanam", "Giao chức vụ", **post
    )
    why = await send(page, f"{act}/board-new?site=hanam", "Thành lập", **board, number="5/QĐ")

    assert "công chức, viên chức" in given
    assert "điểm b khoản 1 Điều 11" in why
    assert await page.locator("[name=board_id]").input_value() == "hanam.ban-hai"
