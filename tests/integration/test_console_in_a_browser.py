"""The house as `make run` serves it, in a real Chromium: people sign in, look around, sign out."""

import re

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
    "/directory/person-change?of=hanam.tran-thi-an",
    "/directory/identity-link?of=hanam.tran-thi-an",
    "/directory/position-change?of=hanam.tran-thi-an&item=x",
    "/directory/board-change?of=hanam.ban-bien-tap",
    "/directory/board-dissolve?of=hanam.ban-bien-tap",
    "/directory/notice-new?of=vn",
    "/directory/notice-withdraw?of=vn&item=x",
    "/operations",
    "/sites/binhduong",
    "/people?site=binhduong",
    "/people/binhduong.thanh-vien",
    "/delegations?site=binhduong",
    "/delegations/new",
    "/boards/binhduong.ban-bien-tap",
    "/administrative-units",
    "/audit/agency/hanam.snv",
    "/audit/person/binhduong.thanh-vien",
    "/leftovers/site/binhduong",
    "/calendars?place=binhduong",
    "/directory/succession?of=hanam.snv",
    "/directory/position-give?of=binhduong.thanh-vien",
)
ABOUT = (
    "/trang/hanam/gioi-thieu",
    "/trang/binhduong/gioi-thieu",
    "/trang/langson/gioi-thieu",
    "/trang/khanhhoa/gioi-thieu",
)
NAMED = {
    "/people/binhduong.thanh-vien": "Nguyễn Hoàng Phúc",
    "/sites/binhduong": "Huỳnh Ngọc Sơn",
    "/audit/person/binhduong.thanh-vien": "Nguyễn Quản Trị",
}
"""Whose name stands there; an id of the directory is no name."""
RAW = re.compile(
    r"\b(?:hanam|binhduong|langson|khanhhoa)\.[a-z]+-[a-z-]+\b|\binstallation\b|\\u[0-9a-f]{4}|\b[a-z]+@1\b"
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
        found, names = {}, {}
        for path in PAGES:
            answer = await page.goto(console + path)
            assert answer is not None
            overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[path] = (answer.status, await faults(page), max(overflow, 0))
            if path in NAMED:
                names[path] = await page.locator("main").inner_text()
        await page.get_by_role("button", name=WORDS[language][1]).click()

        assert WORDS[language][4] in shown
        assert found == dict.fromkeys(PAGES, (200, [], 0))
        assert all(name in names[path] for path, name in NAMED.items()), names
        assert RAW.findall(names["/sites/binhduong"]) == []
        assert await page.locator("h1").inner_text() == WORDS[language][2]


async def test_every_site_says_who_runs_it_and_under_which_regulation(
    browser: Browser, running: Running
):
    for language, regulation, width in (
        ("vi", "Quy chế (Quyết định", 1280),
        ("en", "Regulation (", 360),
    ):
        page = await browser.new_page(viewport={"width": width, "height": 900})
        for path in ABOUT:
            await page.goto(f"{running.home}{path}?lang={language}")
            overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            said = await page.locator("main").inner_text()

            assert (await faults(page), max(overflow, 0)) == ([], 0), path
            assert regulation in said
            assert RAW.findall(said + await page.locator("footer").inner_text()) == []


async def test_what_operators_see_is_the_same_without_scripts_and_says_that_nothing_is_lost(
    browser: Browser, console: str
):
    for language, told in (
        ("vi", ("Chờ gửi đi", "Bình thường")),
        ("en", ("Waiting to be published", "Normal")),
    ):
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await sign_in(page, console, language)
        await page.get_by_role("link", name=WORDS[language][3], exact=True).click()
        said = await page.locator("main").inner_text()

        assert await page.locator("h1").inner_text() == WORDS[language][3]
        assert all(each in said for each in told)
        assert all(name in said for name in ("directory", "intake", "editorial", "portal"))
        await context.close()


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

    assert "Công chức, viên chức" in given
    assert "điểm b khoản 1 Điều 11" in why
    assert await page.locator("[name=board_id]").input_value() == "hanam.ban-hai"


async def test_a_sign_in_is_linked_refused_to_another_and_unlinked_without_scripts(
    administrator: Page, console: str
):
    act, page = f"{console}/directory", administrator
    for name in ("binh", "chi"):
        person = {
            "person_id": f"hanam.thu-{name}",
            "full_name": "Lê Thử",
            "valid_from": "2025-07-01",
        }
        await send(page, f"{act}/person-new?site=hanam", "Đưa cán bộ", **person)
    linking = f"{act}/identity-link?issuer=https://sso.example/x&of=hanam.thu-"

    linked = await send(page, f"{linking}binh", "Gắn thêm tài khoản", subject="tk-2207")
    taken = await send(page, f"{linking}chi", "Gắn thêm tài khoản", subject="tk-2207")
    said = await page.locator("#subject-error").inner_text()
    await page.goto(f"{console}/people/hanam.thu-binh")
    await page.get_by_role("link", name="Gỡ tài khoản tk-2207").press("Enter")
    await page.get_by_role("button", name="Gỡ tài khoản").press("Enter")
    left = await page.locator("main").inner_text()

    assert "tk-2207" in linked
    assert "Tài khoản đăng nhập này đã gắn với một người." in said
    assert "Lỗi (1)" in await page.title() or "đã gắn với một người" in taken
    assert "Tài khoản đã gỡ" in left
    assert "Chưa có tài khoản đăng nhập" in left


async def test_a_person_and_a_position_are_changed_without_scripts(
    administrator: Page, console: str
):
    act, page, of = f"{console}/directory", administrator, "?of=hanam.thu-dung"
    person = {"person_id": "hanam.thu-dung", "full_name": "Lê Dũng", "valid_from": "2025-07-01"}
    post = {"role": "staff", "valid_from": "2099-01-01", "number": "2/QĐ"}
    later = {"valid_from": "2099-02-01", "number": "3/QĐ"}
    await send(page, f"{act}/person-new?site=hanam", "Đưa cán bộ", **person)
    await send(page, f"{act}/position-give{of}&site=hanam", "Giao chức vụ", **post)

    await page.goto(f"{act}/person-change{of}")
    changed = await send(
        page, page.url, "Thay đổi", unit="Phòng Tổng hợp", email="dung@hanam.gov.vn", valid_from="2099-01-01"
    )  # fmt: skip
    early = await send(page, f"{act}/person-change{of}", "Thay đổi", unit="Phòng Hai", valid_from="2020-01-01")  # fmt: skip
    await page.goto(f"{console}/people/hanam.thu-dung")
    link = page.locator("main").get_by_role("link", name="Thay đổi phân công")
    to = await link.get_attribute("href")
    assigned = await send(
        page, f"{console.removesuffix('/console')}{to}", "Thay đổi", sections="Tin tức", **later
    )

    assert "Phòng Tổng hợp" in changed
    assert "Vào ngày 01/01/2020 chưa có hoặc không còn mục này." in early
    assert "Phân công mới có hiệu lực" in assigned


NOTICE = {
    "notice_id": "thu-2026", "notice_number": "77/TB", "issued_on": "2026-11-02",
    "notice_source": "Bộ Nội vụ", "settles_from": "2026-12-01", "settles_to": "2026-12-20",
}  # fmt: skip


async def test_a_notice_has_more_rows_at_a_press_and_names_the_day_that_does_not_fit(
    administrator: Page, console: str
):
    page, row = administrator, "[id='days.0.{}']"
    await page.goto(f"{console}/directory/notice-new?of=vn")
    rows = await page.locator("[name='days.date']").count()
    await page.locator(row.format("date")).fill("2026-12-25")
    await page.locator(row.format("name_vi")).fill("Nghỉ bù")
    await page.get_by_role("button", name="Thêm dòng").click()
    more = await page.locator("[name='days.date']").count()
    kept = await page.locator(row.format("name_vi")).input_value()
    for name, value in NOTICE.items():
        await page.locator(f"[name={name}]").fill(value)
    await page.get_by_role("button", name="Nhập thông báo").click()

    assert (rows, more, kept) == (3, 4, "Nghỉ bù")
    said = await page.locator("#days-error").inner_text()
    assert "Ngày 25/12/2026 nằm ngoài các khoảng thời gian" in said


async def test_a_notice_is_entered_looked_at_taken_into_force_and_withdrawn_without_scripts(
    administrator: Page, console: str
):
    page, main = administrator, administrator.locator("main")
    await page.goto(f"{console}/directory/notice-new?of=vn")
    for name, value in NOTICE.items():
        await page.locator(f"[name={name}]").fill(value)
    for name, value in (("date", "2026-12-15"), ("name_vi", "Nghỉ bù")):
        await page.locator(f"[id='days.0.{name}']").fill(value)
    await page.locator("[id='days.0.kind']").select_option("compensatory_off")
    await page.locator("[name=notice_number]").press("Enter")
    await page.get_by_role("link", name="Đưa thông báo vào áp dụng").click()
    shown = await main.inner_text()
    await page.get_by_role("button", name="Đưa thông báo").click()
    in_force = await main.inner_text()
    await page.get_by_role("link", name="Rút thông báo").last.click()
    await page.locator("[name=withdrawal_reason]").fill("Thử")
    await page.get_by_role("button", name="Rút thông báo").click()
    withdrawn = await main.inner_text()

    assert "15/12/2026: thành ngày nghỉ" in shown
    assert "Thông báo đã áp dụng" in in_force
    assert "Nghỉ bù" in in_force
    assert "Thông báo đã rút" in withdrawn
    assert "15/12/2026" not in withdrawn
