"""Handing in through pages: every form of every regulation, nothing typed is lost, nothing is sent twice."""

import re
from collections.abc import AsyncGenerator
from html import unescape
from random import Random
from typing import Any

import httpx
import pytest

from common.testing.issuer import URL, MemoryIssuer
from common.world import World
from console.main import create_app
from console.settings import Settings

from .intake_fake import CATEGORIES, ID, NOON, SITES, Intake, a_submission, returned
from .test_pages import House, sign_in

PAIRS = [(site, category) for site in SITES for category in CATEGORIES.by_id]
PNG = b"\x89PNG\r\n\x1a\n picture"
TCVN3 = "Héi nghÞ chuyÓn ®æi sè cña tØnh Hµ Nam vµ c¸c së, ban, ngµnh"


class Officer:
    """A browser without scripts: it sends back every field of the form it was shown."""

    def __init__(self, browser: httpx.AsyncClient, intake: Intake) -> None:
        self.browser, self.intake = browser, intake

    async def get(self, path: str, **asked: str) -> httpx.Response:
        return await self.browser.get(f"/console{path}", params=asked)

    async def send(
        self, page: httpx.Response, act: str, files: Any = None, **typed: Any
    ) -> httpx.Response:
        form = _last_form(page.text)
        data = fields_of(form) | {"act": act} | typed
        action = unescape(re.findall(r'action="([^"]+)"', form)[0])
        sent = files or {"none": ("", b"")}
        return await self.browser.post(action, data=data, files=sent)


def _last_form(text: str) -> str:
    forms = [f for f in re.findall(r"<form.*?</form>", text, re.DOTALL) if 'method="post"' in f]
    return forms[-1]


def fields_of(form: str) -> dict[str, Any]:
    """As a browser reads them: inputs, texts, choices."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.findall(r' name="([^"]*)"', tag)
        kind = (re.findall(r' type="([^"]*)"', tag) or ["text"])[0]
        if not name or kind == "file" or (kind == "checkbox" and " checked" not in tag):
            continue
        found[name[0]] = unescape((re.findall(r' value="([^"]*)"', tag) or [""])[0])
    for name, text in re.findall(
        r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescape(text)
    for name, options in re.findall(
        r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.findall(r'value="([^"]*)" selected', options) or re.findall(
            r'value="([^"]*)"', options
        )
        found[name] = unescape(chosen[0])
    return found


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
async def officer(intake: Intake) -> AsyncGenerator[Officer]:
    house = House(MemoryIssuer(clock=lambda: NOON))
    house.answers = {
        "/api/portal/authority/mine": {"person": "an", "may": []},
        "/api/directory/people": {"items": []},
    }

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/api/intake/"):
            await request.aread()
            return intake.answer(request)
        return house.answer(request)

    settings = Settings(
        service="console", public_url="http://house", oidc_issuer=URL, api_url="http://services"
    )
    services = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    app = create_app(settings, services, World(lambda: NOON, lambda: "id", Random(1)))
    transport = httpx.ASGITransport(app, root_path="/console")
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as browser:
        await sign_in(browser, house)
        yield Officer(browser, intake)


@pytest.mark.parametrize("site", SITES)
async def test_every_form_of_a_regulation_shows_every_field_and_sends_back_what_was_typed(
    officer, site
):
    for category in CATEGORIES.by_id.values():
        page = await officer.get(f"/submit/{site}/{category.id}")
        assert page.status_code == 200, category.id
        form = _last_form(page.text)
        typed, expected = _typed(form, category)

        checked = await officer.send(page, "review", **typed)

        assert checked.status_code == 200, (category.id, re.findall(r"error.*?</p>", checked.text))
        path, body, _ = officer.intake.sent[-1]
        assert path == "/checks"
        assert {k: body["fields"].get(k) for k in expected} == expected, category.id
        again = fields_of(_last_form(checked.text))
        assert {k: again.get(k) for k in typed} == typed, category.id


def _typed(form: str, category: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """Something for every field that a person can type into, and what intake should get of it."""
    typed, expected = {"f.title": "Tiêu đề “thử” <b>"}, {}
    for each in category.fields:
        name = f"f.{each.name}"
        if each.widget == "rows":
            column = each.columns[0]
            value = "2026-11-24" if column.widget == "date" else "Dòng một"
            typed[f"r.{each.name}.0.{column.name}"] = value
            expected[each.name] = [{column.name: value}]
        elif each.widget != "file":
            value = {"date": "2026-11-24", "number": "1200", "email": "a@b.gov.vn"}.get(
                each.widget, "chữ"
            )
            value = each.options[0] if each.options else value
            typed[name] = value
            if each.name not in {"title", "summary", "body", "author", "source"}:
                expected[each.name] = {"list": [value], "number": 1200}.get(each.widget, value)
        else:
            assert f'name="u.{each.name}"' in form
    return typed, expected


async def test_the_way_in_shows_where_one_may_hand_in_and_why_not_elsewhere(officer):
    sites = await officer.get("/submit")
    found = await officer.get("/submit/langson", q="consular")
    closed = await officer.get("/submit/xa")

    assert 'href="/console/submit/hanam"' in sites.text
    assert "Bạn không có chức vụ ở trang này." in sites.text
    assert "Điều 8" in sites.text
    assert re.findall(r'href="/console/submit/langson/(\w+)"', found.text) == ["consular"]
    assert (closed.status_code, "Trưởng Ban Biên tập" in closed.text) == (403, True)


async def test_a_sound_item_is_checked_reviewed_and_handed_in_once_under_the_key_of_its_form(
    officer,
):
    page = await officer.get("/submit/khanhhoa/news")
    key = fields_of(_last_form(page.text))["key"]
    typed = {
        "f.title": "Hội nghị",
        "f.body": "Nội dung.",
        "f.author": "An",
        "f.source": "Báo",
        "c.phone": "0912 345 678",
    }
    review = await officer.send(page, "check", **typed)
    done = await officer.send(review, "send")
    again = await officer.send(review, "send")

    assert (review.status_code, done.status_code, again.status_code) == (200, 303, 303)
    assert done.headers["location"] == f"/console/submissions/{ID}?done=received&after=W10"
    sent = [(body, k) for path, body, k in officer.intake.sent if path == "/submissions"]
    assert [k for _, k in sent] == [key, key]
    assert sent[0][0]["contact"] == {"phone": "0912 345 678"}
    assert sent[0][0]["source"] == {"name": "Báo"}
    assert "contact" not in officer.intake.sent[0][1], "a check is told nothing private"


async def test_what_the_regulation_misses_stands_beside_its_field_with_article_words_and_way(
    officer,
):
    page = await officer.get("/submit/hanam/news")

    wrong = await officer.send(page, "check", **{"f.title": "Hội nghị", "f.body": "Chữ."})
    reviewed = await officer.send(wrong, "review")

    assert wrong.status_code == 422
    assert "<title>Lỗi (" in wrong.text
    assert 'href="#f.source"' in wrong.text
    assert re.search(
        r'id="f.source"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*f.source-error',
        wrong.text,
    )
    assert "Điều 8" in wrong.text
    assert "Việc cần làm:" in wrong.text
    assert fields_of(_last_form(wrong.text))["f.body"] == "Chữ."
    assert (reviewed.status_code, "Còn chỗ chưa đúng quy chế" in reviewed.text) == (200, True)


async def test_files_are_sent_on_at_once_and_kept_by_digest_while_the_rest_is_mended(officer):
    page = await officer.get("/submit/khanhhoa/news")
    wrong = await officer.send(
        page, "check", {"u.": ("ảnh.png", PNG)}, **{"f.title": "Ảnh", "f.body": "x"}
    )
    told = fields_of(_last_form(wrong.text))
    mended = await officer.send(wrong, "review", **{"a.0.alt": "Hội trường đông người"})

    assert (wrong.status_code, "#a.0.alt" in wrong.text) == (422, True)
    assert told["a.0.name"] == "ảnh.png"
    assert mended.status_code == 200
    (attached,) = officer.intake.sent[-1][1]["attachments"]
    assert attached == {
        "digest": told["a.0.digest"],
        "name": "ảnh.png",
        "alternative_text": "Hội trường đông người",
    }
    assert officer.intake.files[told["a.0.digest"]] == PNG


async def test_a_file_that_is_not_taken_is_told_at_its_field_and_the_text_stays(officer):
    page = await officer.get("/submit/hanam/legal_document")

    wrong = await officer.send(
        page, "check", {"u.": ("virus.pdf", b"MZ\x90")}, **{"f.title": "Quyết định"}
    )

    assert (wrong.status_code, 'href="#u."' in wrong.text) == (422, True)
    assert "Loại tệp này không nhận" in wrong.text
    assert fields_of(_last_form(wrong.text))["f.title"] == "Quyết định"
    assert officer.intake.sent == []


async def test_a_text_in_tcvn3_comes_with_the_repaired_text_that_one_button_accepts(officer):
    page = await officer.get("/submit/khanhhoa/news")
    wrong = await officer.send(page, "check", **{"f.title": "Tin", "f.body": TCVN3})
    taken = await officer.send(wrong, "take")

    assert wrong.status_code == 422
    assert "Hội nghị chuyển đổi số" in wrong.text
    assert fields_of(_last_form(wrong.text))["f.body"] == TCVN3
    assert fields_of(_last_form(taken.text))["f.body"].startswith("Hội nghị chuyển đổi số")


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        pytest.param({"f.title": ""}, "f.title", id="no title"),
        pytest.param({"f.body": "<script>alert(1)</script>"}, "f.body", id="script"),
        pytest.param({"event_date": "2026-02-31"}, "event_date", id="no such day"),
        pytest.param({"f.title": "x" * 501}, "f.title", id="title too long"),
        pytest.param({"language": "klingon-long"}, "language", id="no such language"),
    ],
)
async def test_bad_input_is_told_at_its_field_and_nothing_is_handed_in(officer, typed, place):
    page = await officer.get("/submit/khanhhoa/news")

    wrong = await officer.send(page, "send", **{"f.title": "Tin", "f.body": "x"} | typed)

    assert (wrong.status_code, f'href="#{place}"' in wrong.text) == (422, True)
    assert [path for path, _, _ in officer.intake.sent if path != "/checks"] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "Chọn một ngày có thật"), ("en", "Choose a real day")],
)
async def test_a_shape_is_told_at_its_field_in_the_readers_language_before_anybody_is_asked(
    officer, language, said
):
    page = await officer.get("/submit/hanam/legal_document", lang=language)
    typed = {"f.title": "Quyết định", "f.issue_date": "31/11/2026", "c.email": "an"}

    wrong = await officer.send(page, "check", **typed)

    assert wrong.status_code == 422
    assert said in wrong.text.partition('id="f.issue_date-error"')[2][:200]
    assert 'href="#c.email"' in wrong.text
    assert officer.intake.sent == []


async def test_an_odd_document_number_is_asked_about_once_and_may_be_sent_all_the_same(officer):
    page = await officer.get("/submit/hanam/legal_document")
    typed = {"f.title": "Quyết định", "f.body": "Chữ.", "f.number": "mười chín"}

    wrong = await officer.send(page, "check", **typed)
    reviewed = await officer.send(wrong, "review")

    assert (wrong.status_code, 'href="#f.number"' in wrong.text) == (422, True)
    assert "Vẫn xem lại và gửi" in wrong.text
    assert (reviewed.status_code, "mười chín" in reviewed.text) == (200, True)


async def test_what_is_not_there_and_what_is_too_much_are_pages_that_say_so(officer):
    site = await officer.get("/submit/nowhere")
    size = await officer.get("/submissions", order="x" * 300)
    big = await officer.browser.post(
        "/console/submit/hanam/news", headers={"Content-Length": str(10**9)}, content=b""
    )

    assert (site.status_code, size.status_code, big.status_code) == (404, 422, 413)


@pytest.mark.parametrize("act", ["check", "send"])
async def test_a_form_of_another_site_reaches_no_service(officer, act):
    page = await officer.get("/submit/hanam/news")
    calls = len(officer.intake.sent)

    answer = await officer.send(page, act, **{"form_token": "0" * 64, "f.title": "x"})

    assert (answer.status_code, len(officer.intake.sent)) == (403, calls)


async def test_the_same_content_again_leads_to_the_one_that_stands(officer):
    page = await officer.get("/submit/khanhhoa/news")
    officer.intake.refused["/submissions"] = (
        409,
        {
            "code": "submitted-already",
            "detail": "Đã gửi rồi.",
            "submission_id": ID,
            "receipt": "hanam-2026-000007",
        },
    )

    typed = {"f.title": "Tin", "f.body": "x", "f.author": "A", "f.source": "B"}
    wrong = await officer.send(page, "send", **typed)

    assert wrong.status_code == 409
    assert f'href="/console/submissions/{ID}"' in wrong.text
    assert fields_of(_last_form(wrong.text))["f.title"] == "Tin"


async def test_the_list_shows_returned_ones_first_with_their_clock_and_as_a_table(officer):
    officer.intake.submissions = {
        "1": a_submission(submission_id="1", title="=1+1", receipt="hanam-2026-000001"),
        "2": returned() | {"submission_id": "2", "title": "Trả lại"},
    }

    page = await officer.get("/submissions")
    table = await officer.get("/submissions/table.csv")

    assert page.text.index("Trả lại</a>") < page.text.index("=1+1</a>")
    assert "còn 3 ngày" in page.text
    assert "cursor=abc" in page.text
    assert "'=1+1" in table.text
    assert table.headers["content-disposition"].startswith("attachment")


async def test_a_submission_tells_what_happened_and_why_it_was_returned(officer):
    officer.intake.submissions[ID] = returned()

    page = await officer.get(f"/submissions/{ID}")
    done = await officer.get(f"/submissions/{ID}", done="received", after="W10")
    receipt = await officer.get(f"/submissions/{ID}/receipt")

    for text in ("Thiếu nguồn ảnh.", "khoản 4 Điều 7 Quy chế", "Sửa và gửi lại", "Rút lại"):
        assert text in page.text
    assert "hanam-2026-000007" in done.text
    assert "Trang đã tiếp nhận bài của bạn" in done.text
    assert "<p>Đăng trong ba ngày.</p>" in receipt.text
    assert "<li>Đếm 3 ngày.</li>" in receipt.text


async def test_a_returned_one_comes_back_filled_shows_what_changed_and_keeps_what_no_field_shows(
    officer,
):
    officer.intake.submissions[ID] = returned()
    page = await officer.get(f"/submissions/{ID}/correction")
    typed = {"f.author": "Nguyễn An", "note": "Thêm tác giả"}

    review = await officer.send(page, "review", **typed)
    done = await officer.send(review, "send")

    assert fields_of(_last_form(page.text))["f.title"] == "Hội nghị chuyển đổi số"
    assert (
        "<del>Ban Biên tập</del>"
        in re.sub(r"</del><ins>.*?</ins><del>|</del> <del>", "", review.text)
        or "<ins>" in review.text
    )
    assert done.headers["location"].startswith(f"/console/submissions/{ID}?done=again")
    path, body, _ = officer.intake.sent[-1]
    assert path == f"/submissions/{ID}/resubmissions"
    assert (body["note"], body["author"], body["links"]) == (
        "Thêm tác giả",
        "Nguyễn An",
        ["https://hanam.gov.vn"],
    )
    assert body["attachments"][0]["alternative_text"] == "Hội trường"
    assert "site" not in body


async def test_a_body_too_long_for_a_fact_is_in_the_form_that_corrects_it(officer):
    """Else what is handed in again would have none."""
    long = f"<p>{'Nghị quyết. ' * 9000}Hết.</p>"
    seen = returned()
    seen["content"]["body"] = {"digest": "c" * 64, "size": len(long.encode())}
    officer.intake.submissions[ID], officer.intake.files["c" * 64] = seen, long.encode()

    page = await officer.get(f"/submissions/{ID}/correction")
    shown = await officer.get(f"/submissions/{ID}")
    await officer.send(await officer.send(page, "review"), "send")

    assert "Nghị quyết. Nghị quyết." in shown.text
    assert officer.intake.sent[-1][0] == f"/submissions/{ID}/resubmissions"
    assert officer.intake.sent[-1][1]["body"] == long


async def test_taking_back_says_why_and_goes_once_under_its_key(officer):
    officer.intake.submissions[ID] = a_submission()
    page = await officer.get(f"/submissions/{ID}")
    key = fields_of(_last_form(page.text))["key"]

    done = await officer.send(page, "", reason="Trùng bài")

    assert done.headers["location"] == f"/console/submissions/{ID}?done=withdrawn&after=W10"
    assert officer.intake.sent[-1] == (
        f"/submissions/{ID}/withdrawal",
        {"reason": "Trùng bài"},
        key,
    )


async def test_a_private_contact_is_shown_for_a_reason_and_stands_in_no_address(officer):
    officer.intake.submissions[ID] = a_submission()
    page = await officer.get(f"/submissions/{ID}")
    token = fields_of(_last_form(page.text))["form_token"]
    address = f"/console/submissions/{ID}/contact"

    mute = await officer.browser.post(address, data={"form_token": token, "why": ""})
    seen = await officer.browser.post(address, data={"form_token": token, "why": "Hỏi lại tác giả"})

    assert "0912" not in page.text + mute.text
    assert "Nêu lý do" in mute.text
    assert "0912 345 678" in seen.text
    assert officer.intake.sent == [(f"/submissions/{ID}/looks", {"why": "Hỏi lại tác giả"}, "")]


async def test_what_is_owed_is_shown_with_its_day_and_its_article(officer):
    seen = a_submission()
    officer.intake.deadlines = [
        {
            "submission_id": ID, "receipt": seen["receipt"], "title": "Quyết định 12", "category": "legal_document", "person": "an",
            "state": "received", "last_day": "2026-11-20", "due_at": "2026-11-20T17:00:00Z", "overdue": True, "seconds_left": -1,
            "rule": "hanam.d7", "warned": [], "due": seen["content"]["due"],
        }
    ]  # fmt: skip

    page = await officer.get("/deadlines", site="hanam", stage="overdue")

    for text in ("Quyết định 12", "quá 2 ngày", "khoản 1 Điều 7 Quy chế", "20/11/2026"):
        assert text in page.text


async def test_the_board_sees_what_every_agency_owes_and_an_officer_sees_their_own(officer):
    every = await officer.get("/deadlines/duties", site="binhduong")
    mine = await officer.get("/deadlines/duties", site="binhduong", of="mine")
    english = await officer.get("/deadlines/duties", site="binhduong", lang="en")
    other = await officer.get("/deadlines/duties", site="xa")

    assert "Sở Kế hoạch và Đầu tư" in every.text
    assert "khoản 3 Điều 12" in every.text
    assert "Chưa gửi lần nào" in every.text
    assert "10 ngày làm việc từ khi" in every.text
    assert "Sở Kế hoạch và Đầu tư" not in mine.text
    assert "Văn phòng UBND" in mine.text
    assert 'href="/console/submit/binhduong/direction"' in mine.text
    assert _agencies(every, "Chưa gửi hoặc quá hạn").count(("", "Sở Tài nguyên và Môi trường")) == 1
    own = _agencies(mine, "Chưa gửi hoặc quá hạn") + _agencies(mine, "Đã gửi")
    assert own == [(" open", name) for _, name in own] != []
    assert "Nay là Văn phòng mới" in every.text
    assert "Văn phòng mới chịu trách nhiệm thay Văn phòng cũ" in every.text
    assert "Chưa rõ ai kế thừa" in every.text
    assert "Now New office" in english.text
    assert "Never handed in" in english.text
    assert "clause 3" in english.text
    assert 'value="xa"' not in other.text


def _agencies(page, title):
    """Under this heading of the duties: whether each agency lies open, and its name."""
    section = page.text.partition(f">{title} <")[2].partition("</section>")[0]
    return re.findall(
        r'<details class="ds-details"( open)?><summary><span class="who"><strong>([^<]+)', section
    )


async def test_each_regulation_says_what_it_asks_for_periodically(officer):
    weekly = await officer.get("/deadlines/duties", site="langson")
    yearly = await officer.get("/deadlines/duties", site="hanam")

    assert "29/11/2026" in weekly.text
    assert "khoản 3 Điều 14" in weekly.text
    assert "14/11/2027" in yearly.text
    assert "khoản 5 Điều 17" in yearly.text
