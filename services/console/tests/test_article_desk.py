"""The article desk as people use it, without scripts: work, steps, texts, refusals, two editors at once."""

import re
from datetime import timedelta
from html import unescape

import pytest

from authority.testing import position_id

SITES = ["hanam", "binhduong", "langson", "khanhhoa"]


def hidden(page) -> dict[str, str]:
    """What a form carries unseen."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in pairs}


def long(page, name) -> str:
    """What stands in a long field."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    return unescape(found[1]) if found else ""


async def act(desk, id, name, **typed):
    """Open an act's page, fill its form in, send it."""
    query = {key: typed.pop(key) for key in ("step", "outcome") if key in typed}
    page = await desk.get(f"/articles/{id}/acts/{name}", **query)
    assert page.status_code == 200, page.text
    return await desk.browser.post(
        f"/console/articles/{id}/acts/{name}", data={**hidden(page), **typed}
    )


async def write(desk, id, purpose, page=None, **typed):
    """Open the text, change it, send it."""
    page = page or await desk.get(f"/articles/{id}/{purpose}")
    shown = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
        for name in ("author", "source")
    }
    values = {name: unescape(found[1]) for name, found in shown.items() if found}
    values |= {name: long(page, name) for name in ("title", "html")} | {"reason": "Sửa."}
    return await desk.browser.post(
        f"/console/articles/{id}/{purpose}", data={**hidden(page), **values, **typed}
    )


async def test_my_work_says_what_is_to_be_done_next_until_when_and_why(desk):
    id = await desk.house.submitted("langson")
    await desk.house.take(id, "receive", "langson.centre")
    body = {"step": "moderate", "to": "langson.board-member"}
    await desk.house.post(f"/articles/{id}/assignments", body, "langson.board-head")
    await desk.sign_in("langson.board-member")

    mine = await desk.get("/")
    await desk.house.later(desk.house.clock.at + timedelta(days=3))
    late = await desk.get("/", list="overdue")
    english = await desk.get("/", lang="en")

    for text in ("Hội nghị tổng kết", "Kiểm duyệt", "còn 2 ngày", "Vì sao?", "langson-2026-000001"):
        assert text in mine.text
    assert "khoản 3 Điều 12" in mine.text
    assert "Quá hạn" in late.text
    assert re.search(r"quá \d+ giờ|quá \d+ ngày", late.text)
    assert "My work" in english.text


@pytest.mark.parametrize("site", SITES)
async def test_the_desk_shows_the_steps_of_the_sites_own_process_with_their_law(desk, site):
    id = await desk.house.submitted(site)
    head = f"{site}.board-head"
    await desk.sign_in(head)

    page = await desk.get(f"/articles/{id}")

    article = await desk.house.article(id, head)
    for each in article["steps"]:
        if each["required"]:
            assert each["name"]["vi"] in page.text
            assert each["article"]["vi"] in unescape(page.text)
    assert page.text.count("<h1") == 1


async def test_a_step_is_taken_by_a_form_and_the_page_says_what_follows(desk):
    id = await desk.house.submitted("khanhhoa")
    await desk.house.through(id, "khanhhoa", until="approve")
    await desk.sign_in("khanhhoa.board-head")

    before = await desk.get(f"/articles/{id}")
    answer = await act(desk, id, "take", step="approve", remark="Đồng ý.")
    after = await desk.browser.get(answer.headers["location"])

    assert "Bước 2: phê duyệt: " in before.text
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/console/articles/{id}?done=take",
    )
    assert "Đã ghi nhận" in after.text
    assert "Tiếp theo: Bước 3: cập nhật lên Cổng" in after.text
    history = await desk.get(f"/articles/{id}/history")
    assert "khanhhoa.d5.k1.g2.who-approves" in history.text
    assert "Trần Văn An" in history.text


@pytest.mark.parametrize(
    ("language", "office"),
    [
        ("vi", "Trưởng Ban Biên tập, Văn phòng UBND"),
        ("en", "head of the editorial board, Office of the Committee"),
    ],
)
async def test_the_history_names_the_office_by_which_somebody_acted(desk, language, office):
    id = await desk.house.submitted("khanhhoa")
    await desk.house.through(id, "khanhhoa", until="upload")
    await desk.sign_in("khanhhoa.board-head")

    page = await desk.get(f"/articles/{id}/history", lang=language)

    held = position_id("khanhhoa.board-head", "board_head")
    kept = (await desk.house.get(f"/articles/{id}/history", "khanhhoa.board-head")).json()
    assert held in [each["proof"].get("position") for each in kept]
    assert page.text.count(office) == 2
    assert held not in page.text


async def test_why_not_names_rule_article_words_and_who_may(desk):
    id = await desk.house.submitted("langson")
    await desk.house.through(id, "langson", until="approve")
    await desk.sign_in("langson.centre")

    desk_page = await desk.get(f"/articles/{id}")
    act_page = await desk.get(f"/articles/{id}/acts/take", step="approve")

    for page in (desk_page, act_page):
        assert "Điều 12" in page.text
        assert "/console/people/langson.board-head" in page.text
    assert "Lúc này bạn chưa làm được việc này" in act_page.text


async def test_a_form_sent_twice_does_it_once(desk):
    id = await desk.house.submitted("binhduong")
    await desk.house.through(id, "binhduong", until="approve")
    await desk.sign_in("binhduong.board-head")
    page = await desk.get(f"/articles/{id}/acts/publish")

    answers = [
        await desk.browser.post(f"/console/articles/{id}/acts/publish", data=hidden(page))
        for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [303, 303]
    history = (await desk.house.get(f"/articles/{id}/history", "binhduong.board-head")).json()
    assert sum("published" in fact["type"] for each in history for fact in each["facts"]) == 1


async def test_two_editors_at_once_the_second_sees_the_change_and_keeps_the_text(desk):
    id = await desk.house.submitted("hanam")
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.sign_in("hanam.board-member")
    page = await desk.get(f"/articles/{id}/revise")
    await desk.house.revise(id, "hanam.board-head", title="Của người khác", reason="Sửa đầu đề.")

    refused = await write(desk, id, "revise", page, title="Của tôi")
    again = await desk.browser.post(
        f"/console/articles/{id}/revise",
        data={**hidden(refused), "title": "Của tôi", "html": "<p>x</p>", "reason": "Sửa."},
    )

    assert refused.status_code == 412
    assert "Sửa đầu đề." in refused.text
    assert "Trần Văn An" in refused.text
    assert long(refused, "title") == "Của tôi"
    assert f"/articles/{id}/revisions/2?since=1" in refused.text
    assert again.status_code == 303
    assert (await desk.house.article(id, "hanam.board-head"))["title"] == "Của tôi"


async def test_a_body_that_nobody_touched_keeps_its_digest_however_the_field_sets_it_in(desk):
    id = await desk.house.submitted("khanhhoa")
    html = "<p>Một</p>\n<p>Hai</p> <ul><li>ba</li><li>bốn</li></ul>"
    await desk.house.revise(id, "khanhhoa.member-centre", html=html)
    await desk.sign_in("khanhhoa.member-centre")
    before = (await desk.house.article(id, "khanhhoa.member-centre"))["content"]["body"]

    page = await desk.get(f"/articles/{id}/revise")
    await write(desk, id, "revise", page, title="Đầu đề khác")

    article = await desk.house.article(id, "khanhhoa.member-centre")
    assert "&lt;ul&gt;\n  &lt;li&gt;ba&lt;/li&gt;\n  &lt;li&gt;bốn" in page.text
    assert (article["revision"], article["content"]["title"]) == (3, "Đầu đề khác")
    assert article["content"]["body"] == before


async def test_a_text_is_edited_and_what_the_form_does_not_show_stays(desk):
    fields = [{"name": "a_field_of_another_system", "value": '"Ông A"'}]
    id = await desk.house.submitted("hanam", fields=fields, summary="Tóm tắt")
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.sign_in("hanam.board-member")

    answer = await write(desk, id, "revise", html="Một\n\nHai", summary="")
    page = await desk.get(f"/articles/{id}/revisions/2")

    content = (await desk.house.article(id, "hanam.board-head"))["content"]
    assert answer.status_code == 303
    assert content["body"]["html"] == "<p>Một</p><p>Hai</p>"
    assert content["fields"] == fields
    assert "summary" not in content
    assert "<ins>" in page.text
    assert "<del>" in page.text


async def test_a_field_that_every_category_has_is_kept_where_it_was_given_and_shown_by_its_label(
    desk,
):
    fields = [{"name": "responsible_head", "value": '"Ông A"'}]
    id = await desk.house.submitted("hanam", fields=fields)
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.sign_in("hanam.board-member")

    seen = await desk.get(f"/articles/{id}")
    page = await desk.get(f"/articles/{id}/revise")
    await write(desk, id, "revise", page, title="Khác", **{"f.responsible_head": "Ông A"})

    content = (await desk.house.article(id, "hanam.board-head"))["content"]
    assert "Thủ trưởng chịu trách nhiệm" in seen.text
    assert 'name="f.responsible_head"' in page.text
    assert 'name="f.agreement_ref"' not in page.text
    assert content["fields"] == fields


async def test_a_long_title_is_seen_whole_and_stays_one_line(desk):
    title = "Quyết định về việc " + "ban hành quy chế phối hợp " * 12
    id = await desk.house.submitted("hanam", title=title.strip())
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.sign_in("hanam.board-member")

    page = await desk.get(f"/articles/{id}/revise")
    broken = long(page, "title").replace(" quy chế", "\r\nquy chế", 2)
    await write(desk, id, "revise", page, title=broken, summary="Một câu.")

    assert long(page, "title") == title.strip()
    assert (await desk.house.article(id, "hanam.board-head"))["title"] == title.strip()


# -- what the regulation finds ------------------------------------------------------------------


def panel(page) -> str:
    """The words of the findings on the desk."""
    found = re.search(r'aria-labelledby="findings">(.*?)</section>', page.text, re.DOTALL)
    assert found is not None, page.text
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1])))


async def test_what_blocks_an_approval_stands_on_the_desk_with_its_article_and_words(desk):
    id = await desk.house.submitted("hanam", author=None, flags=["source_requires_agreement"])
    await desk.sign_in("hanam.deputy-board-head")

    vietnamese = panel(await desk.get(f"/articles/{id}"))
    english = panel(await desk.get(f"/articles/{id}", lang="en"))

    for text in (
        *("2 chỗ phải sửa trước khi duyệt", "thiếu tác giả", "“thỏa thuận trích dẫn”"),
        *("khoản 4 Điều 8", "phải ghi rõ thông tin về tác giả", "Cách gần nhất: bổ sung “tác giả”"),
    ):
        assert text in vietnamese
    assert vietnamese.count("Chặn duyệt") == 2
    for text in ("2 things to mend before approval", "no author", "clause 4, Article 8"):
        assert text in english
    assert english.count("Blocks approval") == 2


async def test_what_a_person_decides_stands_behind_it_and_blocks_nothing(desk):
    html = "<p>Sản phẩm chữa khỏi hoàn toàn, mua ngay hôm nay.</p>"
    body = {"html": html, "digest": "d" * 64, "size": len(html.encode()), "media_type": "text/html"}
    due = {
        "rule": "hanam.d9.k1c.issuer", "article": "điểm c khoản 1 Điều 9", "quotation": "không quá 02 ngày",
        "sentence": "Hạn cuối: hết ngày 20/11/2026.\nĐếm 2 ngày.", "sentence_en": "Due by 20/11/2026.\nCounted.",
        "last_day": "2026-11-20", "at": "2026-11-20T17:00:00.000Z", "legal": True,
    }  # fmt: skip
    id = await desk.house.submitted("hanam", body=body, due=due, source=None)
    await desk.sign_in("hanam.deputy-board-head")

    page = await desk.get(f"/articles/{id}")

    said = panel(page)
    places = [said.index(each) for each in ("Chặn duyệt", "Quá hạn", "Nghi vấn")]
    assert places == sorted(places)
    assert "2 điều không chặn duyệt" in said
    assert "người có thẩm quyền xem và quyết định" in said
    assert "Hạn cuối: hết ngày 20/11/2026." in said
    assert "<li>Đếm 2 ngày.</li>" in page.text


async def test_where_nothing_is_found_one_line_says_so(desk):
    id = await desk.house.submitted("hanam")
    await desk.sign_in("hanam.deputy-board-head")

    said = panel(await desk.get(f"/articles/{id}"))

    assert "Không thấy gì phải sửa." in said
    assert "chặn duyệt" not in said.lower()


async def test_an_agreement_that_is_asked_for_is_written_on_the_desk(desk):
    id = await desk.house.submitted("hanam", flags=["source_requires_agreement"])
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.sign_in("hanam.board-member")

    before = await desk.get(f"/articles/{id}")
    page = await desk.get(f"/articles/{id}/revise")
    answer = await write(desk, id, "revise", page, **{"f.agreement_ref": "12/TT"})
    after = await desk.get(f"/articles/{id}")

    assert "Nguồn đòi hỏi thỏa thuận" in before.text
    assert 'name="f.agreement_ref"' in page.text
    assert answer.status_code == 303, answer.text
    assert "Không thấy gì phải sửa." in panel(after)
    assert "Thỏa thuận trích dẫn" in after.text
    assert "12/TT" in after.text


async def test_a_text_that_would_act_is_refused_at_its_field_and_kept(desk):
    id = await desk.house.submitted("hanam")
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.sign_in("hanam.board-member")

    answer = await write(desk, id, "revise", html="<p>x</p><script>a()</script>")

    assert answer.status_code == 422
    assert 'id="html-error"' in answer.text
    assert "&lt;script&gt;a()&lt;/script&gt;" in answer.text
    assert "<script>a()" not in answer.text


async def test_a_change_after_approval_is_shown_part_by_part_and_asks_for_approval_again(desk):
    id = await desk.house.submitted("khanhhoa")
    await desk.house.through(id, "khanhhoa", until="upload")
    await desk.house.revise(id, "khanhhoa.member-centre", html="<p>Khác</p>")
    await desk.sign_in("khanhhoa.board-head")

    page = await desk.get(f"/articles/{id}")

    assert "cần duyệt bổ sung" in page.text
    assert page.text.count("khác</span>") == 1


async def test_scheduled_in_vietnams_time_never_in_the_past_and_cancelled(desk):
    id = await desk.house.submitted("khanhhoa")
    await desk.house.through(id, "khanhhoa", until="publish")
    await desk.sign_in("khanhhoa.board-secretary")

    past = await act(desk, id, "schedule", step="publish", day="2026-11-23", hour="11:59")
    no_day = await act(desk, id, "schedule", step="publish", day="2026-02-31", hour="12:00")
    done = await act(desk, id, "schedule", step="publish", day="2026-11-23", hour="14:30")
    waiting = await desk.get(f"/articles/{id}")
    cancelled = await act(desk, id, "cancel", reason="Hoãn.")

    assert (past.status_code, no_day.status_code) == (409, 422)
    assert 'value="11:59"' in past.text
    assert "Chọn ngày và giờ có thật." in no_day.text
    assert done.status_code == 303
    assert "14:30 ngày 23/11/2026" in waiting.text
    assert cancelled.status_code == 303


MISSING = {
    "name": "a.pdf",
    "digest": "a" * 64,
    "size": 10,
    "media_type": "application/pdf",
    "kind": "document",
}


async def test_failed_publishing_is_shown_with_its_retry_and_can_be_tried_now(desk):
    id = await desk.house.submitted("binhduong", attachments=[MISSING])
    await desk.house.through(id, "binhduong", until="approve")
    await desk.sign_in("binhduong.board-head")

    answer = await act(desk, id, "publish")
    told = await desk.browser.get(answer.headers["location"])
    later = await desk.get(f"/articles/{id}")

    for page in (told, later):
        assert "Đăng chưa được" in page.text
        assert "thiếu tệp trong kho" in page.text
        assert "Tự thử lại lúc 12:01 ngày 23/11/2026" in page.text
    assert f"/articles/{id}/acts/publish" in later.text


async def test_refused_with_a_ground_of_the_regulation_and_its_words(desk):
    id = await desk.house.submitted("hanam")
    await desk.house.through(id, "hanam", until="moderate")
    await desk.sign_in("hanam.board-head")

    page = await desk.get(f"/articles/{id}/acts/refuse")
    empty = await act(desk, id, "refuse")
    done = await act(desk, id, "refuse", ground="hanam_p1c", explanation="Quảng cáo.")

    assert "Quảng cáo trái pháp luật" in page.text
    assert "Điều 5" in page.text
    assert (empty.status_code, "Lỗi (2):" in empty.text) == (422, True)
    assert done.status_code == 303


async def test_sensitive_content_takes_the_way_by_the_head_of_agency(desk):
    id = await desk.house.submitted("langson")
    await desk.house.through(id, "langson", until="approve")
    await desk.sign_in("langson.deputy-board-head")

    marked = await act(desk, id, "classify", sensitivity="sensitive", reason="Biên giới.")
    await desk.sign_in("langson.office-head")
    page = await desk.get(f"/articles/{id}")
    silent = await act(desk, id, "take", step="agency_opinion")
    spoken = await act(desk, id, "take", step="agency_opinion", remark="Đồng ý.")

    assert marked.status_code == 303
    assert "Nội dung nhạy cảm" in page.text
    assert "Thủ trưởng cơ quan thông qua: " in page.text
    assert (silent.status_code, spoken.status_code) == (422, 303)


async def test_a_step_is_given_to_somebody_who_may_take_it_and_its_clock_starts(desk):
    id = await desk.house.submitted("langson")
    await desk.house.take(id, "receive", "langson.centre")
    await desk.sign_in("langson.board-head")

    page = await desk.get(f"/articles/{id}/acts/assign", step="moderate")
    done = await act(desk, id, "assign", step="moderate", to="langson.board-member")
    after = await desk.browser.get(done.headers["location"])

    assert "Phạm Minh Châu" in page.text
    assert 'value="langson.centre"' not in page.text
    assert "Đã giao việc" in after.text
    assert "Hạn: " in after.text


async def test_returned_with_reasons_withdrawn_with_an_explanation_corrected_with_a_note(desk):
    one = await desk.house.submitted("langson")
    await desk.house.through(one, "langson", until="edit")
    two = await desk.house.submitted("binhduong")
    await desk.house.through(two, "binhduong")

    await desk.sign_in("langson.board-head")
    returned = await act(desk, one, "return", reasons="Ảnh thiếu nguồn.\nThiếu tác giả.")
    await desk.sign_in("binhduong.board-head")
    corrected = await write(desk, two, "correct", level="minor", title="Mới", reason="Sửa tên.")
    await act(desk, two, "publish")
    withdrawn = await act(desk, two, "withdraw", explanation="Bãi bỏ.")

    assert {each.status_code for each in (returned, corrected, withdrawn)} == {303}
    history = await desk.get(f"/articles/{two}/history")
    assert "Công bố đính chính: Sửa tên." in history.text
    assert "Gỡ bài: Bãi bỏ." in history.text
    assert (await desk.house.article(one, "langson.board-head"))["phase"] == "returned"


async def test_the_boards_list_is_filtered_by_its_address_and_given_as_a_table(desk):
    one = await desk.house.submitted("hanam", title="=1+1 Bài một")
    two = await desk.house.submitted("hanam", language="en", title="Second")
    await desk.sign_in("hanam.board-head")

    every = await desk.get("/articles", site="hanam")
    english = await desk.get("/articles", site="hanam", language="en")
    wrong = await desk.get("/articles", **{"from": "2026-02-31"})
    table = await desk.get("/articles.csv", site="hanam")

    assert (one in every.text, two in every.text) == (True, True)
    assert (one in english.text, two in english.text) == (False, True)
    assert "<title>Lỗi (1):" in wrong.text
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.strip().splitlines()) == 3
    assert "'=1+1 Bài một" in table.text


async def test_a_picture_is_shown_in_its_place_and_other_files_are_downloads(desk):
    id = await desk.house.submitted("hanam")
    await desk.house.take(id, "receive", "hanam.board-member")
    await desk.house.revise(id, "hanam.board-member", html="<p>" + "dài " * 20_000 + "</p>")
    digest = (await desk.house.article(id, "hanam.board-head"))["content"]["body"]["digest"]
    await desk.sign_in("hanam.board-head")

    page = await desk.get(f"/articles/{id}")
    file = await desk.get(f"/articles/{id}/files/{digest}")

    assert "dài dài dài" in page.text
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in file.headers["content-security-policy"]


async def test_somebody_of_another_site_reads_nothing_and_a_foreign_form_does_nothing(desk):
    id = await desk.house.submitted("hanam")
    await desk.sign_in("langson.board-head")
    seen = await desk.get(f"/articles/{id}")
    await desk.sign_in("hanam.board-member")
    page = await desk.get(f"/articles/{id}/acts/take", step="receive")
    data = {**hidden(page), "form_token": "0" * 64}
    done = await desk.browser.post(f"/console/articles/{id}/acts/take", data=data)

    assert (seen.status_code, done.status_code) == (403, 403)
    assert (await desk.house.article(id, "hanam.board-head"))["version"] == 1
