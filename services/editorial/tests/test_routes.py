"""The service over HTTP on the working fakes: journeys, refusals, lists, clocks."""

import asyncio
import json
import unicodedata
from datetime import timedelta

import pytest

from common.errors import NotFound
from common.moments import to_wire
from contracts.events.intake import SubmissionResubmittedV1
from editorial.domain.cleaning import body_of, cleaned

SITES = ["hanam", "binhduong", "langson", "khanhhoa"]


@pytest.mark.parametrize("site", SITES)
async def test_a_submission_goes_the_way_of_its_site_to_the_public(house, site):
    id = await house.submitted(site)

    seen = await house.through(id, site)

    assert seen["phase"] == "published"
    assert seen["published"]["revision"] == 1
    assert seen["check"]["same"] is True
    assert all(step["article"]["vi"] and step["quotation"] for step in seen["steps"])


async def test_each_act_stands_in_the_history_with_its_proof(house):
    id = await house.submitted("khanhhoa")
    await house.through(id, "khanhhoa", until="upload")

    answer = await house.get(f"/articles/{id}/history", "khanhhoa.board-head")

    opened, *steps = answer.json()
    assert opened["facts"][0]["type"] == "editorial.article_opened.v1"
    assert [each["facts"][0]["data"]["step"] for each in steps] == [
        "receive",
        "moderate",
        "approve",
    ]
    assert {each["proof"]["by"] for each in steps} == {"authority"}
    assert steps[2]["proof"]["rule"] == "khanhhoa.d5.k1.g2.who-approves"
    assert steps[2]["proof"]["position"] == "khanhhoa.board-head.board-head"


async def test_what_i_may_do_and_why_not_the_rest(house):
    id = await house.submitted("langson")
    await house.through(id, "langson", until="approve")

    head = (await house.get(f"/articles/{id}/acts", "langson.board-head")).json()
    centre = (await house.get(f"/articles/{id}/acts", "langson.centre")).json()

    may = {(each["act"], each["step"]) for each in head if each["allowed"]}
    assert may == {
        ("take", "approve"),
        ("return", None),
        ("refuse", None),
        ("revise", None),
        ("reopen", "edit"),
        ("assign", "approve"),
        ("classify", None),
    }
    taking = next(each for each in head if (each["act"], each["step"]) == ("take", "approve"))
    assert taking["right"]["role"] == "board_head"
    approve = next(each for each in centre if (each["act"], each["step"]) == ("take", "approve"))
    assert approve["code"] == "not-authorised"
    assert approve["why_not"]["rule"] == "langson.d12.k1.who-approves"
    assert approve["why_not"]["nearest"][0]["people"] == ["langson.board-head"]
    refuse = next(each for each in head if each["act"] == "refuse")
    assert "langson_1c" in refuse["choices"]
    ground = next(each for each in refuse["grounds"] if each["ground"] == "langson_1c")
    assert ground["article"]["vi"].startswith("điểm c khoản 1 Điều 8")
    assert ground["quotation"]


@pytest.mark.parametrize("site", SITES)
async def test_the_author_who_may_approve_is_told_why_not_here(house, site):
    step, role = {
        "hanam": ("moderate", "deputy-board-head"),
    }.get(site, ("approve", "board-head"))
    approver = f"{site}.{role}"
    id = await house.submitted(site, submitted_by={"person": approver, "role": "board_member"})
    await house.through(id, site, until=step)

    refused = await house.take(id, step, approver)

    assert (refused.status_code, refused.json()["code"]) == (403, "author-cannot-approve")
    assert "Điều" in refused.json()["article"]["vi"]
    assert refused.json()["explanation"]["schema"] == "explanation.v1"


async def test_somebody_of_another_site_reads_and_does_nothing(house):
    id = await house.submitted("hanam")

    seen = await house.get(f"/articles/{id}", "langson.board-head")
    body = {"step": "receive", "digest": "0" * 64}
    done = await house.post(f"/articles/{id}/steps", body, "langson.board-head")
    nobody = await house.post(f"/articles/{id}/steps", body, "who-is-this")

    assert (seen.status_code, seen.json()["code"]) == (403, "not-your-site")
    assert (done.status_code, done.json()["code"]) == (403, "not-authorised")
    assert (nobody.status_code, nobody.json()["code"]) == (403, "person-unknown")


async def test_two_editors_at_once_one_is_told(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    version = (await house.article(id, "hanam.board-member"))["version"]
    seen = {"If-Match": f'"{version}"'}

    answers = await asyncio.gather(
        *(
            house.post(f"/articles/{id}/revisions", {"title": title, "reason": "Sửa."}, who, **seen)
            for title, who in (("Một", "hanam.board-member"), ("Hai", "hanam.board-head"))
        )
    )

    assert sorted(each.status_code for each in answers) == [201, 412]
    article = await house.article(id, "hanam.board-head")
    assert article["revision"] == 2
    assert article["revisions"][0]["digest"] != article["digest"]


async def test_a_revision_needs_the_version_it_was_written_on(house):
    id = await house.submitted("hanam")

    answer = await house.post(
        f"/articles/{id}/revisions", {"title": "Một", "reason": "Sửa."}, "hanam.board-member"
    )

    assert (answer.status_code, answer.json()["code"]) == (428, "if-match-missing")


async def test_an_approval_that_is_replayed_is_answered_and_counts_once(house):
    id = await house.submitted("binhduong")
    article = await house.through(id, "binhduong", until="approve")
    body = {"step": "approve", "digest": article["digest"]}

    answers = [
        await house.post(f"/articles/{id}/steps", body, "binhduong.board-head", key="approve-once")
        for _ in range(3)
    ]
    other = await house.post(f"/articles/{id}/steps", body, "binhduong.board-head")

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len({each.text for each in answers}) == 1
    assert (other.status_code, other.json()["code"]) == (409, "step-not-open")
    history = (await house.get(f"/articles/{id}/history", "binhduong.board-head")).json()
    facts = [fact["type"] for entry in history for fact in entry["facts"]]
    assert facts.count("editorial.article_published.v1") == 1


async def test_returned_corrected_handed_in_again(house):
    id = await house.submitted("langson")
    await house.through(id, "langson", until="edit")

    returned = await house.post(
        f"/articles/{id}/returns", {"reasons": ["Ảnh thiếu nguồn."]}, "langson.board-head"
    )
    again = house_body("Đã sửa")
    await house.intake_says(
        SubmissionResubmittedV1, id, "langson", revision=2, body=again, title="Đã sửa"
    )
    seen = await house.through(id, "langson")

    assert returned.json()["phase"] == "returned"
    assert (seen["phase"], seen["revision"], seen["title"]) == ("published", 2, "Đã sửa")


DUE = {
    "rule": "langson.d9.k3.issuer", "article": "khoản 3 Điều 9 Quy chế", "quotation": "02 ngày làm việc",
    "sentence": "Hạn đăng: 25/11/2026.", "sentence_en": "By 25/11/2026.", "last_day": "2026-11-25", "at": "2026-11-25T17:00:00.000Z",
}  # fmt: skip


async def handed_in_again(house, **changes):
    """An item of Lạng Sơn, returned, comes back otherwise than it came."""
    id = await house.submitted("langson")
    await house.through(id, "langson", until="edit")
    await house.post(f"/articles/{id}/returns", {"reasons": ["Sửa."]}, "langson.board-head")
    values = {"revision": 2, "title": "Đã sửa", **changes}
    await house.intake_says(SubmissionResubmittedV1, id, "langson", **values)
    return id


async def test_content_found_sensitive_when_handed_in_again_needs_the_heads_opinion(house):
    id = await handed_in_again(house, flags=["sensitive"])

    seen = await house.article(id, "langson.board-head")

    assert seen["process"] == "langson.publishing-sensitive"
    assert seen["circumstances"]["sensitivity"] == "sensitive"
    assert "agency_opinion" in {each["step"] for each in seen["steps"] if each["required"]}


async def test_its_clock_and_its_category_are_those_it_was_handed_in_with_last(house):
    """Who may act on it is asked for what it is now, not for what it was."""
    id = await handed_in_again(
        house, category="legal_document", due=DUE, event={"type": "issued", "date": "2026-11-23"}
    )

    seen = await house.article(id, "langson.board-head")
    assert (seen["category"], seen["due"]["last_day"]) == ("legal_document", "2026-11-25")

    async def listed():
        (row,) = (await house.get("/work", "langson.board-head", list="unit")).json()["items"]
        return row["category"], row["due_day"]

    async with asyncio.timeout(10):
        while await listed() != ("legal_document", "2026-11-25"):  # noqa: ASYNC110 - a projection sets no event
            await asyncio.sleep(0.02)


async def test_what_the_board_found_sensitive_stays_so_when_it_is_handed_in_again(house):
    id = await house.submitted("langson", flags=["sensitive"])
    await house.take(id, "receive", "langson.centre")
    await house.post(f"/articles/{id}/returns", {"reasons": ["Sửa."]}, "langson.board-head")
    await house.intake_says(SubmissionResubmittedV1, id, "langson", revision=2, title="Đã sửa")

    seen = await house.article(id, "langson.board-head")

    assert (seen["phase"], seen["process"]) == ("in_process", "langson.publishing-sensitive")


def house_body(words: str) -> dict:
    html = f"<p>{words}</p>"
    return {"digest": "d" * 64, "size": len(html.encode()), "media_type": "text/html", "html": html}


async def test_refused_with_a_ground_the_regulation_names(house):
    id = await house.submitted("hanam")
    await house.through(id, "hanam", until="moderate")
    path, who = f"/articles/{id}/refusal", "hanam.board-head"

    unknown = await house.post(path, {"ground": "vi_ly_do", "explanation": "Không."}, who)
    done = await house.post(path, {"ground": "hanam_p1c", "explanation": "Quảng cáo."}, who)

    assert (unknown.status_code, unknown.json()["code"]) == (422, "ground-unknown")
    assert "hanam_p1c" in unknown.json()["grounds"]
    assert (done.status_code, done.json()["phase"]) == (200, "refused")


async def test_a_change_after_approval_is_named_and_blocks(house):
    id = await house.submitted("khanhhoa")
    await house.through(id, "khanhhoa", until="upload")
    await house.revise(id, "khanhhoa.member-centre", html="<p>Khác</p>")

    refused = await house.take(id, "upload", "khanhhoa.member-centre")
    article = await house.article(id, "khanhhoa.board-head")

    assert (refused.status_code, refused.json()["code"]) == (409, "differs-from-approved")
    assert refused.json()["quote"]
    assert article["check"]["same"] is False
    approve = next(each for each in article["steps"] if each["step"] == "approve")
    assert approve["state"] == "again"
    assert (await house.take(id, "approve", "khanhhoa.board-head")).status_code == 200


async def test_the_difference_of_two_revisions_is_told_word_by_word(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    await house.revise(id, "hanam.board-member", html="<p>Nội dung mới</p>")

    answer = await house.get(f"/articles/{id}/revisions/2/difference", "hanam.board-head")

    body = next(each for each in answer.json()["parts"] if each["part"] == "body")
    assert body["pieces"] == [
        {"kind": "same", "text": "Nội dung"},
        {"kind": "added", "text": " mới"},
    ]
    first = await house.get(f"/articles/{id}/revisions/1", "hanam.board-head")
    assert first.json()["content"]["body"]["html"] == "<p>Nội dung</p>"


async def test_a_part_that_is_taken_out_is_gone_and_the_rest_stays(house):
    id = await house.submitted("hanam", summary="Tóm tắt")
    await house.take(id, "receive", "hanam.board-member")

    await house.revise(id, "hanam.board-member", without=["summary"])
    content = (await house.article(id, "hanam.board-member"))["content"]

    assert "summary" not in content
    assert content["author"] == "Phòng Tổng hợp"


@pytest.mark.parametrize(
    ("html", "status"),
    [
        ("<p>x</p><script>alert(1)</script>", 422),
        ("<p onclick='x()'>x</p>", 422),
        ("<div>" * 100_000, 422),
        ("<a href='javascript:x()'>x</a>", 422),
        ("<p class='a' style='b'>x</p>", 201),
    ],
)
async def test_a_body_that_would_act_is_refused_and_the_rest_cleaned(house, html, status):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")

    answer = await house.revise(id, "hanam.board-member", html=html)

    assert answer.status_code == status, answer.text
    if status == 201:
        seen = await house.article(id, "hanam.board-member")
        assert seen["content"]["body"]["html"] == "<p>x</p>"


async def test_a_long_body_lies_among_the_blobs(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    words = "<p>" + "dài " * 20_000 + "</p>"

    await house.revise(id, "hanam.board-member", html=words)
    seen = await house.through_rest(id, "hanam")

    assert "html" not in seen["content"]["body"]
    assert seen["phase"] == "published"


async def test_who_may_not_write_leaves_no_body_among_the_blobs(house):
    id = await house.submitted("hanam")
    words = "<p>" + "dài " * 20_000 + "</p>"

    refused = await house.post(
        f"/articles/{id}/revisions", {"html": words, "reason": "Sửa."}, "langson.board-head", **{"If-Match": '"1"'}
    )  # fmt: skip

    assert refused.status_code == 403, refused.text
    with pytest.raises(NotFound):
        await house.service.blobs.get(body_of(cleaned(words))["digest"])


async def test_a_text_is_kept_in_composed_letters_without_invisible_ones(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    typed = unicodedata.normalize("NFD", "Hội nghị tổng kết cuối năm")

    await house.revise(id, "hanam.board-member", title=f"{typed}\u200b", html=f"<p>{typed}</p>")
    content = (await house.article(id, "hanam.board-member"))["content"]

    assert content["title"] == "Hội nghị tổng kết cuối năm"
    assert content["body"]["html"] == "<p>Hội nghị tổng kết cuối năm</p>"


async def test_a_token_for_another_site_takes_no_step_and_sees_nothing(house):
    id = await house.submitted("khanhhoa")
    step, who = "receive", "khanhhoa.board-secretary"
    digest = (await house.article(id, who))["digest"]
    elsewhere = house.issuer.bearer(f"id-of-{who}", lasts=1_000_000, nhipcau_site="langson")
    body = {"step": step, "digest": digest}

    taken = await house.post(f"/articles/{id}/steps", body, who, **elsewhere)
    seen = [
        await house.http.get(path, headers=house.headers(who, **elsewhere))
        for path in (f"/articles/{id}", "/work?site=khanhhoa", "/articles?site=khanhhoa")
    ]
    work = await house.http.get("/work?list=unit", headers=house.headers(who, **elsewhere))

    assert [each.json()["code"] for each in (taken, *seen)] == ["other-site"] * 4
    assert work.json()["items"] == []
    assert [each["article_id"] for each in (await house.get("/work", who, list="unit")).json()["items"]] == [id]  # fmt: skip
    assert (await house.article(id, who))["version"] == 1


# -- time -----------------------------------------------------------------------------------------


async def scheduled(house, site="khanhhoa", who="khanhhoa.board-secretary", **changes):
    id = await house.submitted(site, **changes)
    article = await house.through(id, site, until="publish")
    at = house.clock.at + timedelta(hours=2)
    body = {"at": at.isoformat(), "digest": article["digest"]}
    answer = await house.post(f"/articles/{id}/schedule", body, who)
    assert answer.json()["phase"] == "scheduled", answer.text
    return id, at


async def test_a_scheduled_article_is_published_by_the_clock_and_once(house):
    id, at = await scheduled(house)
    await house.get("/work", "khanhhoa.board-secretary")

    await house.tick()
    early = await house.article(id, "khanhhoa.board-secretary")
    await house.later(at)
    await asyncio.gather(*(house.tick() for _ in range(3)))

    assert early["phase"] == "scheduled"
    article = await house.article(id, "khanhhoa.board-secretary")
    assert (article["phase"], article["version"]) == ("published", 8)


async def test_a_schedule_in_the_past_is_a_problem(house):
    id = await house.submitted("khanhhoa")
    article = await house.through(id, "khanhhoa", until="publish")
    body = {"at": to_wire(house.clock.at), "digest": article["digest"]}

    answer = await house.post(f"/articles/{id}/schedule", body, "khanhhoa.board-secretary")

    assert (answer.status_code, answer.json()["code"]) == (409, "schedule-in-the-past")
    assert "Điều" in answer.json()["article"]["vi"]


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
async def test_a_moment_that_no_calendar_has_is_refused_at_its_field(house, at):
    id = await house.submitted("khanhhoa")
    article = await house.through(id, "khanhhoa", until="publish")
    who = "khanhhoa.board-secretary"

    answer = await house.post(
        f"/articles/{id}/schedule", {"at": at, "digest": article["digest"]}, who
    )
    listed = [await house.get("/articles", who, **{name: at[:10]}) for name in ("from", "to")]

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/at")
    assert [each.status_code for each in listed] == [422, 422]
    assert (await house.article(id, who))["phase"] == "in_process"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_a_number_without_an_end_is_refused_at_its_field(house, number):
    id = await house.submitted("langson")
    seen = await house.through(id, "langson", until="rate")
    who = "langson.board-head"
    body = json.dumps({"step": "rate", "digest": seen["digest"], "rating": 17})
    headers = {"Idempotency-Key": "a-number-without-an-end", "Content-Type": "application/json"}

    answer = await house.http.post(
        f"/articles/{id}/steps",
        content=body.replace("17", number),
        headers=house.headers(who, **headers),
    )

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/rating"), answer.text
    assert error["rule"] == "finite_number"
    assert (await house.article(id, who))["version"] == seen["version"]


@pytest.mark.parametrize(
    "value", ["NaN", "1e999", "[1, -Infinity]", "2026-11-24", "{", "[" * 100 + "]" * 100]
)
async def test_a_field_whose_value_is_no_json_is_refused_at_its_place(house, value):
    id = await house.submitted("binhduong")
    await house.through(id, "binhduong", until="approve")
    fields = [{"name": "issuer", "value": '"UBND"'}, {"name": "budget", "value": value}]

    answer = await house.revise(id, "binhduong.deputy-board-head", fields=fields)

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["rule"]) == (422, "field-not-json"), answer.text
    assert error["pointer"] == "/fields/1/value"
    assert (await house.article(id, "binhduong.board-head"))["revision"] == 1


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("revisions", {"reason": " \t", "title": "Khác"}, "/reason"),
        ("revisions", {"reason": "Sửa.", "title": "\u00a0 "}, "/title"),
        ("revisions", {"reason": "Sửa.", "source": {"name": " "}}, "/source/name"),
        ("returns", {"reasons": ["Ảnh mờ.", "  "]}, "/reasons/1"),
        ("refusal", {"ground": "hanam_p1a", "explanation": " "}, "/explanation"),
    ],
)
async def test_blanks_alone_say_nothing(house, path, body, pointer):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    before = await house.article(id, "hanam.board-head")

    answer = await house.post(
        f"/articles/{id}/{path}", body, "hanam.board-head", **{"If-Match": f'"{before["version"]}"'}
    )

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["rule"]) == (422, pointer, "blank")
    assert (await house.article(id, "hanam.board-head"))["version"] == before["version"]


async def test_a_schedule_is_cancelled_with_its_reason(house):
    id, at = await scheduled(house)

    answer = await house.post(
        f"/articles/{id}/schedule/cancellation", {"reason": "Hoãn."}, "khanhhoa.board-secretary"
    )
    await house.get("/work", "khanhhoa.board-secretary")
    house.clock.at = at

    assert answer.json()["phase"] == "in_process"
    assert await house.tick() == 0


MISSING = {
    "name": "a.pdf",
    "digest": "a" * 64,
    "size": 10,
    "media_type": "application/pdf",
    "kind": "document",
}


async def test_publishing_without_its_file_fails_is_shown_and_tried_again(house):
    id = await house.submitted("binhduong", attachments=[MISSING])
    await house.through(id, "binhduong", until="approve")

    failed = await house.take(id, "approve", "binhduong.board-head")
    work = (await house.get("/articles", "binhduong.board-head", phase="failed")).json()["items"]
    house.clock.at += timedelta(minutes=1)
    await house.tick()
    later = await house.article(id, "binhduong.board-head")

    assert failed.json()["phase"] == "failed"
    assert [each["failed"]["why"] for each in work] == ["file-missing"]
    assert later["pending"]["attempts"] == 2
    assert "Thiếu" in later["pending"]["detail"]
    assert "missing" in later["pending"]["detail_en"]


async def test_the_member_of_lang_son_has_two_working_days(house):
    id = await house.submitted("langson")
    await house.take(id, "receive", "langson.centre")

    given = await house.post(
        f"/articles/{id}/assignments",
        {"step": "moderate", "to": "langson.board-member"},
        "langson.board-head",
    )
    mine = (await house.get("/work", "langson.board-member")).json()["items"]
    house.clock.at += timedelta(days=3)
    await house.tick()
    house.service.views("editorial").forget()
    overdue = (await house.get("/work", "langson.board-head", list="overdue")).json()["items"]

    due = given.json()["assigned"]["moderate"]["due"]
    assert (due["rule"], due["last_day"]) == ("langson.d12.k3.member-moderation", "2026-11-25")
    assert [each["article_id"] for each in mine] == [id]
    assert [each["article_id"] for each in overdue] == [id]
    history = (await house.get(f"/articles/{id}/history", "langson.board-head")).json()
    kinds = [f["data"]["kind"] for e in history for f in e["facts"] if "reminded" in f["type"]]
    assert kinds == ["near"]


@pytest.mark.parametrize("to", ["langson.nobody", "hanam.board-head"])
async def test_a_step_is_given_only_to_somebody_who_may_take_it(house, to):
    id = await house.submitted("langson")
    await house.through(id, "langson", until="moderate")
    head = "langson.board-head"
    before = await house.article(id, head)
    body = {"step": "moderate", "to": to}

    answer = await house.post(f"/articles/{id}/assignments", body, head)

    assert (answer.status_code, answer.json()["code"]) == (403, "receiver-may-not"), answer.text
    assert "Điều" in answer.json()["article"]["vi"]
    assert (await house.article(id, head))["version"] == before["version"]


async def test_sensitive_content_waits_for_the_head_of_agency(house):
    id = await house.submitted("langson")
    await house.through(id, "langson", until="approve")
    body = {"sensitivity": "sensitive", "reason": "Biên giới."}

    await house.post(f"/articles/{id}/classifications", body, "langson.deputy-board-head")
    refused = await house.take(id, "approve", "langson.board-head")
    said = await house.take(id, "agency_opinion", "langson.office-head", remark="Đồng ý.")
    approved = await house.take(id, "approve", "langson.board-head")

    assert refused.status_code == 409
    assert (said.status_code, approved.status_code) == (200, 200)


# -- what the public reads ------------------------------------------------------------------------


async def test_corrected_with_a_note_and_withdrawn_with_an_explanation(house):
    id = await house.submitted("binhduong")
    article = await house.through(id, "binhduong")
    body = {"level": "minor", "note": "Sửa ngày.", "title": "Hội nghị tổng kết năm"}

    begun = await house.post(
        f"/articles/{id}/corrections",
        body,
        "binhduong.deputy-board-head",
        **{"If-Match": f'"{article["version"]}"'},
    )
    done = await house.take(id, "approve", "binhduong.board-head")
    gone = await house.post(
        f"/articles/{id}/withdrawal", {"explanation": "Bãi bỏ."}, "binhduong.board-head"
    )

    assert (begun.status_code, begun.json()["phase"]) == (201, "correcting")
    assert done.json()["published"]["revision"] == 2
    assert gone.json()["phase"] == "withdrawn"


async def test_a_sender_takes_a_submission_back(house):
    id = await house.submitted("hanam")
    await house.withdrawn(id, "hanam")

    assert (await house.article(id, "hanam.board-head"))["phase"] == "dropped"


async def test_my_work_is_what_i_may_take_next(house):
    one, two = [await house.submitted("khanhhoa") for _ in range(2)]
    await house.through(two, "khanhhoa", until="approve")

    centre = (await house.get("/work", "khanhhoa.member-centre")).json()["items"]
    head = (await house.get("/work", "khanhhoa.board-head")).json()["items"]
    unit = (await house.get("/work", "khanhhoa.board-head", list="unit", limit=1)).json()
    other = (await house.get("/work", "hanam.board-head", list="unit")).json()["items"]

    assert [each["article_id"] for each in centre] == [one]
    assert [each["article_id"] for each in head] == [two]
    assert head[0]["open_steps"] == [
        {
            "step": "approve",
            "name": {"vi": "Bước 2: phê duyệt", "en": "Step 2: approve"},
            "mine": True,
        }
    ]
    assert len(unit["items"]) == 1
    assert unit["next"]
    assert other == []


async def test_lists_are_counted_and_what_is_due_first_stands_first(house):
    later = {"at": "2026-11-30T10:00:00.000Z", "last_day": "2026-11-30", **A_RULE}
    plain, due = [await house.submitted("langson", **each) for each in ({}, {"due": later})]
    given = await house.submitted("langson")
    await house.take(given, "receive", "langson.centre")
    body = {"step": "moderate", "to": "langson.board-member"}
    await house.post(f"/articles/{given}/assignments", body, "langson.board-head")

    counts = (await house.get("/work-counts", "langson.board-member")).json()
    unit = (await house.get("/work", "langson.board-member", list="unit")).json()["items"]
    first = (await house.get("/work", "langson.board-member", list="unit", limit=1)).json()
    rest = await house.get(
        "/work", "langson.board-member", list="unit", limit=1, cursor=first["next"]
    )
    house.clock.at += timedelta(days=3)
    late = (await house.get("/work-counts", "langson.board-member")).json()

    assert [each["article_id"] for each in unit] == [given, due, plain]
    assert [each["article_id"] for each in rest.json()["items"]] == [due]
    assert (unit[0]["step_due"]["rule"], unit[1]["due"]["rule"]) == (
        "langson.d12.k3.member-moderation",
        A_RULE["rule"],
    )
    assert (counts["mine"]["count"], counts["unit"]["count"], counts["overdue"]["count"]) == (
        1,
        3,
        0,
    )
    assert late["overdue"] == {"count": 1, "more": False}
    nobody = (await house.get("/work-counts", "who-is-this")).json()
    assert (nobody["person"], nobody["unit"]["count"]) == (None, 0)


async def test_what_is_published_and_only_waits_for_its_rating_stands_behind_what_has_no_time(
    house,
):
    soon = {"at": "2026-11-24T10:00:00.000Z", "last_day": "2026-11-24", **A_RULE}
    published = await house.submitted("langson", due=soon)
    open_ended = await house.submitted("langson")
    await house.through(published, "langson")
    await house.through(open_ended, "langson", until="edit")

    mine = (await house.get("/work", "langson.deputy-board-head")).json()["items"]
    first = (await house.get("/work", "langson.deputy-board-head", limit=1)).json()
    rest = (
        await house.get("/work", "langson.deputy-board-head", limit=1, cursor=first["next"])
    ).json()

    assert [each["article_id"] for each in mine] == [open_ended, published]
    assert [each["article_id"] for each in first["items"] + rest["items"]] == [
        open_ended,
        published,
    ]
    assert [each["step"] for each in mine[1]["open_steps"] if each["mine"]] == ["rate"]


A_RULE = {
    "rule": "langson.d7.k5",
    "article": "khoản 5 Điều 7",
    "quotation": "…",
    "sentence": "…",
    "sentence_en": "…",
}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"one", "two"}),
        ({"phase": "published"}, {"done"}),
        ({"phase": "any"}, {"one", "two", "done"}),
        ({"step": "edit"}, {"two"}),
        ({"language": "en"}, {"two"}),
        ({"category": "notice"}, {"one"}),
        ({"from": "2026-11-24"}, set()),
        ({"to": "2026-11-23"}, {"one", "two"}),
        ({"assigned_to": "hanam.board-head"}, {"two"}),
        ({"site": "langson"}, set()),
    ],
)
async def test_the_boards_articles_are_filtered(house, filters, found):
    ids = {
        "one": await house.submitted("hanam", category="notice"),
        "two": await house.submitted("hanam", language="en"),
        "done": await house.submitted("hanam"),
    }
    await house.take(ids["two"], "receive", "hanam.board-member")
    await house.through(ids["done"], "hanam")
    house.clock.at += timedelta(minutes=1)
    body = {"step": "edit", "to": "hanam.board-head"}
    await house.post(f"/articles/{ids['two']}/assignments", body, "hanam.board-head")

    listed = await house.get("/articles", "hanam.board-head", **filters)
    newest = await house.get("/articles", "hanam.board-head", sort="changed")

    assert {each["article_id"] for each in listed.json()["items"]} == {ids[name] for name in found}
    assert newest.json()["items"][0]["article_id"] == ids["two"]


async def test_the_parts_are_compared_with_what_was_approved_and_what_is_public(house):
    id = await house.submitted("khanhhoa")
    await house.through(id, "khanhhoa", until="upload")
    await house.revise(id, "khanhhoa.member-centre", html="<p>Khác</p>")

    parts = {
        each["part"]: each for each in (await house.article(id, "khanhhoa.board-head"))["parts"]
    }

    assert list(parts) == ["title", "body", "attachments", "metadata", "language"]
    assert parts["body"]["current"] != parts["body"]["approved"]
    assert parts["language"]["current"] == parts["language"]["approved"]
    assert parts["title"]["published"] is None


async def test_a_file_is_for_those_who_may_read_the_article(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    words = "<p>" + "dài " * 20_000 + "</p>"
    await house.revise(id, "hanam.board-member", html=words)
    digest = (await house.article(id, "hanam.board-member"))["content"]["body"]["digest"]

    seen = await house.get(f"/articles/{id}/files/{digest}", "hanam.board-head")
    other = await house.get(f"/articles/{id}/files/{digest}", "langson.board-head")
    unknown = await house.get(f"/articles/{id}/files/{'0' * 64}", "hanam.board-head")

    assert seen.content.decode() == words
    assert seen.headers["content-disposition"].startswith("attachment")
    assert (other.status_code, unknown.status_code) == (403, 404)


async def test_the_same_submission_twice_is_one_article(house):
    id = await house.submitted("hanam")
    await house.submitted("hanam", id=id)

    assert (await house.article(id, "hanam.board-head"))["revision"] == 1


# -- errors block publication ---------------------------------------------------------------------

APPROVES = {"hanam": ("moderate", "hanam.deputy-board-head"), "binhduong": ("approve", "binhduong.board-head")}  # fmt: skip
A_DECREE = {
    "doc_type": "Quyết định", "issuing_authority": "UBND tỉnh", "number": "15/2026/QĐ-UBND", "issue_date": "2026-11-20",
    "effective_date": "2026-12-01", "abstract": "Ban hành quy định", "file": "15.pdf",
}  # fmt: skip


def stored(fields):
    return [{"name": name, "value": json.dumps(value)} for name, value in fields.items()]


@pytest.mark.parametrize(
    ("site", "changes", "codes", "article"),
    [
        ("binhduong", {"source": None}, ["missing_source"], "khoản 3 Điều 9"),
        ("hanam", {"author": None, "source": None}, ["missing_author", "missing_source"], "khoản 4 Điều 8"),
        ("binhduong", {"category": "legal_document", "fields": stored(A_DECREE | {"number": "15/2023/QĐ-UBND"})},
         ["number_year_mismatch"], "khoản 6 Điều 11"),
        ("binhduong", {"category": "legal_document", "fields": stored({**A_DECREE, "file": ""})},
         ["missing_field:file"], "khoản 6 Điều 11"),
        ("binhduong", {"category": "science_topic", "event": {"type": "accepted", "date": "2026-11-20"},
                       "fields": stored({"general_report": "x"})}, ["missing_field:application_report"], "điểm b khoản 12 Điều 11"),
    ],
)  # fmt: skip
async def test_what_the_regulation_finds_wrong_is_not_approved(
    house, site, changes, codes, article
):
    """`expected.errors` block publication: named with rule, article and words, and what would mend it."""
    id = await house.submitted(site, **changes)
    step, who = APPROVES[site]
    await house.through(id, site, until=step)

    refused = await house.take(id, step, who)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "findings-stand"), refused.text
    assert problem["codes"] == codes
    assert article in problem["article"]["vi"]
    assert problem["quote"]
    assert problem["nearest"]
    assert problem["sentences"]["en"]
    assert (await house.article(id, who))["phase"] == "in_process"


async def test_what_was_wrong_is_mended_and_then_approved(house):
    id = await house.submitted("binhduong", source=None)
    await house.through(id, "binhduong", until="approve")
    acts = (await house.get(f"/articles/{id}/acts", "binhduong.board-head")).json()

    mended = await house.revise(
        id, "binhduong.deputy-board-head", source={"name": "Văn phòng UBND tỉnh"}
    )
    done = await house.take(id, "approve", "binhduong.board-head")

    approve = next(each for each in acts if (each["act"], each["step"]) == ("publish", "approve"))
    assert (approve["allowed"], approve["code"]) == (False, "findings-stand")
    assert "Điều 9" in approve["why_not"]["article"]["vi"]
    assert mended.status_code == 201
    assert done.json()["phase"] == "published"


async def test_a_text_in_an_old_character_set_is_not_approved(house):
    id = await house.submitted("hanam")
    await house.through(id, "hanam", until="moderate")
    await house.revise(id, "hanam.board-member", html="<p>Hoäi nghò trieån khai nhieäm vuï</p>")

    refused = await house.take(id, "moderate", "hanam.deputy-board-head")

    assert (refused.status_code, refused.json()["codes"]) == (409, ["encoding:VNI"])
    assert "Điều 6" in refused.json()["article"]["vi"]


async def test_a_lateness_and_a_suspicion_keep_nobody_from_approving(house):
    """The duty does not end with its time, and what is prohibited a person decides."""
    html = "<p>Sản phẩm chữa khỏi hoàn toàn, mua ngay hôm nay.</p>"
    body = house_body("x") | {"html": html, "size": len(html.encode())}
    late = DUE | {"at": "2026-11-20T17:00:00.000Z", "last_day": "2026-11-20"}
    id = await house.submitted("hanam", body=body, due=late)

    seen = await house.through(id, "hanam")

    assert seen["phase"] == "published"
