"""A document's whole way through the console's forms, without a browser: handed in, returned, mended, published."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from embedded.engines import Engines
from rulebook.explanation import LOCAL

from .forms import Page, Surfer
from .running import run_house

pytestmark = pytest.mark.engine
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TITLE = "Quyết định về quản lý công trình cấp nước nông thôn"
WAY = (
    ("receive", "hanam.bien-tap"),
    ("edit", "hanam.bien-tap"),
    ("moderate", "hanam.pho-ban"),
    ("publish", "hanam.truong-ban"),
)
OFFICER = "hanam.can-bo"


@pytest.fixture
def house(
    engines: Engines, database_prefix: str, topic_prefix: str, tmp_path: Path
) -> Generator[str]:
    """Its address; one process with every service and the demo's people, on the suite's engines."""
    with run_house(engines, database_prefix, topic_prefix, tmp_path) as running:
        yield running.home


@pytest.fixture
async def surfer(house: str) -> AsyncGenerator[Surfer]:
    async with httpx.AsyncClient(follow_redirects=True, timeout=30) as http:
        yield Surfer(http, f"{house}/console")


Seen = TypeVar("Seen")


async def eventually(
    look: Callable[[], Awaitable[Seen]], fits: Callable[[Seen], bool], within: float = 60
) -> Seen:
    """What is seen once it fits; the last that was seen when it never does."""
    end = asyncio.get_running_loop().time() + within
    while True:
        seen = await look()
        if fits(seen) or asyncio.get_running_loop().time() > end:
            assert fits(seen), seen
            return seen
        await asyncio.sleep(0.1)


async def hand_in(surfer: Surfer, number: str) -> str:
    """A legal document with its file, issued the day before; its id."""
    yesterday = (datetime.now(LOCAL) - timedelta(days=1)).date().isoformat()
    page = await surfer.get("/submit/hanam/legal_document")
    form = page.form("/submit/hanam/legal_document")
    assert "u.file" in form.files
    review = await surfer.send(
        page, form, {"u.file": (f"{number}.pdf", PDF, "application/pdf")}, act="review",
        f__title=TITLE, f__body="Điều 1. Phạm vi.\n\nĐiều 2. Trách nhiệm.", f__author="Phòng Tổng hợp",
        f__source="UBND tỉnh Hà Nam", f__doc_type="Quyết định", f__issuing_authority="UBND tỉnh Hà Nam",
        f__number=f"{number}/2026/QĐ-UBND", f__issue_date=yesterday, f__effective_date=yesterday,
        f__abstract="Quy định quản lý công trình cấp nước", event_type="issued", event_date=yesterday,
        c__phone="0912 000 111",
    )  # fmt: skip
    assert review.status == 200, review.text
    assert f"{number}.pdf" in review.text
    done = await surfer.send(review, review.form(), act="send")
    assert "done=received" in done.url, done.text
    assert "Trang đã tiếp nhận bài của bạn" in done.text
    return re.findall(r"/submissions/([0-9a-f-]{36})", done.url)[0]


async def take(surfer: Surfer, id: str, step: str, outcome: str = "passed") -> Page:
    """One step of the board, by its form; the act's page is waited for, as the board hears of it a moment later."""
    await eventually(lambda: surfer.get(f"/articles/{id}"), lambda page: page.status == 200)
    name = "publish" if step == "publish" else "take"
    asked = await surfer.get(f"/articles/{id}/acts/{name}", step=step)
    done = await surfer.send(asked, asked.form(f"/acts/{name}"))
    assert "done=" in done.url, (step, outcome, done.text)
    return done


async def see_the_clock(surfer: Surfer) -> None:
    """The officer's list shows until when it must be public, counted from its issuance."""
    owed = await eventually(
        lambda: surfer.get("/deadlines", site="hanam"), lambda page: TITLE in page.text
    )
    assert re.search(r"còn \d+ (ngày|giờ)", owed.text)
    assert "điểm c khoản 1 Điều 9" in unescape(owed.text)


async def send_back(surfer: Surfer, id: str, reasons: str) -> None:
    asked = await surfer.get(f"/articles/{id}/acts/return")
    done = await surfer.send(asked, asked.form("/acts/return"), reasons=reasons)
    assert "done=return" in done.url, done.text


async def mend(surfer: Surfer, id: str, added: str) -> None:
    """The officer reads why, changes the text where it was, and sees the change before sending."""
    seen = await eventually(
        lambda: surfer.get(f"/submissions/{id}"), lambda page: "Trả lại để sửa" in page.text
    )
    assert "Thiếu điều khoản thi hành." in seen.text
    again = await surfer.get(f"/submissions/{id}/correction")
    form = again.form("/correction")
    assert form.values["f.number"] == "41/2026/QĐ-UBND"
    assert form.values["a.0.name"] == "41.pdf"
    body = f"{form.values['f.body']}<p>{added}</p>"
    review = await surfer.send(again, form, act="review", f__body=body, note="Thêm điều khoản.")
    assert "<ins>" in review.text
    done = await surfer.send(review, review.form(), act="send")
    assert "done=again" in done.url, done.text


async def test_a_document_goes_from_the_officers_form_to_the_portal(surfer: Surfer, house: str):
    await surfer.sign_in(OFFICER)
    id = await hand_in(surfer, "41")
    receipt = await surfer.get(f"/submissions/{id}/receipt")
    await see_the_clock(surfer)
    for step, person in WAY[:2]:
        await surfer.sign_in(person)
        await take(surfer, id, step)
    await surfer.sign_in("hanam.pho-ban")
    await send_back(surfer, id, "Thiếu điều khoản thi hành.")
    await surfer.sign_in(OFFICER)
    await mend(surfer, id, "Điều 3. Điều khoản thi hành.")

    await surfer.sign_in("hanam.pho-ban")
    compared = await eventually(
        lambda: surfer.get(f"/articles/{id}/revisions/2"), lambda page: page.status == 200
    )
    for step, person in WAY:
        await surfer.sign_in(person)
        await take(surfer, id, step)
    public = await eventually(
        lambda: surfer.http.get(f"{house}/api/portal/articles/{id}"),
        lambda answer: answer.status_code == 200,
    )
    await surfer.sign_in(OFFICER)
    await eventually(lambda: surfer.get(f"/submissions/{id}"), lambda page: "Đã đăng" in page.text)
    closed = await surfer.get("/deadlines", site="hanam")

    assert re.search(r"hanam-\d{4}-\d{6}", receipt.text)
    assert re.search(r"<ins>.*?thi hành", compared.text, re.DOTALL)
    assert public.json()["title"] == TITLE
    assert "thi hành" in public.text
    assert "0912 000 111" not in public.text
    assert TITLE not in closed.text


async def test_a_form_that_was_not_opened_in_this_sign_in_does_nothing(surfer: Surfer):
    await surfer.sign_in(OFFICER)
    page = await surfer.get("/submit/hanam/news")
    form = page.form("/submit/hanam/news")
    forged = await surfer.send(page, form, act="send", form_token="0" * 64, f__title="Giả mạo")
    elsewhere = await surfer.http.post(
        page.url, data=form.values | {"act": "send", "f.title": "Giả mạo"},
        headers={"Origin": "http://elsewhere.example"},
    )  # fmt: skip
    surfer.http.cookies.clear()
    nobody = await surfer.http.post(
        page.url, data=form.values | {"act": "send"}, follow_redirects=False
    )

    assert (forged.status, elsewhere.status_code) == (403, 403)
    assert nobody.status_code == 303
    assert "/sign-in" in nobody.headers["location"]
    await surfer.sign_in(OFFICER)
    mine = await surfer.get("/submissions")
    assert "Giả mạo" not in mine.text
