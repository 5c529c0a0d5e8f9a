"""What is published can be read, corrected with its notes, and withdrawn with its explanation."""

import pytest

from common.mongo import ANY


async def test_an_article_is_read_with_everything_that_was_published_of_it(press):
    await press.say(
        press.opened("hanam", "Cổng Hà Nam"),
        press.registered("hanam.ubnd", "UBND tỉnh Hà Nam"),
        press.published(1, "Tin", "<p>Xin chào</p>", fields=[press.a_field("number", "1/TB-UBND")]),
    )

    article = (await press.get(f"/articles/{press.an_id(1)}")).json()

    assert (article["title"], article["html"]) == ("Tin", "<p>Xin chào</p>")
    assert article["published_by"]["agency_name_vi"] == "UBND tỉnh Hà Nam"
    assert article["legal"]["article"] == "khoản 1 Điều 7 Quy chế"
    assert "approved_by" not in article["legal"]
    assert article["category_label_en"]


async def test_an_old_article_keeps_the_old_name_of_its_agency(press):
    await press.say(
        press.opened("hanam", "Cổng Hà Nam"),
        press.registered("hanam.ubnd", "Tên cũ"),
        press.renamed("hanam.ubnd", "Tên mới", "2026-11-21"),
        press.published(1, "Trước"),
        press.published(2, "Sau", published_at="2026-11-20T17:00:00.000Z"),
    )

    before = (await press.get(f"/articles/{press.an_id(1)}")).json()
    after = (await press.get(f"/articles/{press.an_id(2)}")).json()

    assert before["published_by"]["agency_name_vi"] == "Tên cũ"
    assert after["published_by"]["agency_name_vi"] == "Tên mới"


async def test_corrections_keep_every_note_and_what_they_take_away_is_gone(press):
    fact = press.published(1, "Họp ngày 25", summary="Cũ")
    first = press.corrected(fact, "Sửa ngày", title="Họp ngày 26")
    again = {key: value for key, value in first.data().items() if key != "summary"}
    second = type(first).model_validate(again | {"note": "Bỏ tóm tắt", "corrected_at": "2026-11-22T05:00:00.000Z"})  # fmt: skip
    await press.say(fact, first, second)

    article = (await press.get(f"/articles/{press.an_id(1)}")).json()

    assert [note["text"] for note in article["notes"]] == ["Sửa ngày", "Bỏ tóm tắt"]
    assert (article["title"], article["summary"]) == ("Họp ngày 26", None)
    assert article["updated_at"] == "2026-11-22T05:00:00.000Z"


async def test_what_was_withdrawn_answers_410_with_the_explanation_and_nothing_of_the_content(
    press,
):
    fact = press.published(1, "Tin sai", "<p>bí mật</p>")
    await press.say(press.opened("hanam", "Cổng Hà Nam"), fact)
    assert await press.titles() == ["Tin sai"]
    await press.say(press.withdrawn(fact, "Số liệu sai."))

    problem = await press.get(f"/articles/{press.an_id(1)}")
    page = await press.page(f"/bai/{press.an_id(1)}")

    assert problem.status_code == page.status_code == 410
    said = problem.json()
    assert (said["code"], said["explanation"]) == ("article-withdrawn", "Số liệu sai.")
    assert said["ground"]["quotation"] == "xuyên tạc, vu khống"
    assert said["published_at"].startswith("2026-11-20")
    assert "Số liệu sai." in page.text
    assert "bí mật" not in page.text + problem.text
    assert await press.titles() == []
    assert "Tin sai" not in (await press.page("/trang/hanam/rss.xml")).text


async def test_who_has_a_version_is_not_sent_it_again_until_it_changes(press):
    fact = press.published(1, "Tin")
    await press.say(press.opened("hanam", "Cổng Hà Nam"), fact)
    for path in (f"/articles/{press.an_id(1)}", f"/bai/{press.an_id(1)}", "/trang/hanam/atom.xml"):
        first = await press.page(path)
        tag = {"If-None-Match": first.headers["etag"]}
        assert (await press.page(path, headers=tag)).status_code == 304, path
        assert first.headers["cache-control"] == "public, max-age=0, s-maxage=10, must-revalidate"
    path = f"/articles/{press.an_id(1)}"
    tag = {"If-None-Match": (await press.get(path)).headers["etag"]}
    await press.say(press.corrected(fact, "Sửa", title="Tin mới"))

    assert (await press.get(path, headers=tag)).json()["title"] == "Tin mới"


async def test_lists_are_filtered_and_paged_newest_first(press):
    await press.say(
        *(press.published(n, f"Bài {n}", section="y-te" if n % 2 else "doi-ngoai") for n in range(1, 8)),
        press.published(8, "Văn bản", category="legal_document", site="langson", section="khac"),
    )  # fmt: skip

    first = (await press.get("/articles", params={"limit": 3})).json()
    second = (await press.get("/articles", params={"limit": 3, "cursor": first["next"]})).json()

    assert [each["title"] for each in first["items"]] == ["Văn bản", "Bài 7", "Bài 6"]
    assert [each["title"] for each in second["items"]] == ["Bài 5", "Bài 4", "Bài 3"]
    assert await press.titles(section="doi-ngoai") == ["Bài 6", "Bài 4", "Bài 2"]
    assert await press.titles(site="langson") == ["Văn bản"]
    assert await press.titles(to="2026-11-19") == []


async def test_a_file_is_saved_and_never_shown_unless_it_is_a_picture(press):
    files = []
    for name, kind, content in (
        ("tệp.html", "text/html", b"<script>alert(1)</script>"),
        ("ảnh.svg", "image/svg+xml", b"<svg onload=alert(1)>"),
        ("ảnh.png", "image/png", b"\x89PNG"),
    ):
        digest = await press.file(content)
        files.append({"name": name, "digest": digest, "size": len(content), "media_type": kind,
                      "kind": "document", "alternative_text": "ảnh"})  # fmt: skip
    fact = press.published(1, "Tin", attachments=files)
    await press.say(fact)

    answers = [await press.get(f"/articles/{press.an_id(1)}/files/{f['digest']}") for f in files]

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert [each.headers["content-type"] for each in answers] == ["application/octet-stream", "application/octet-stream", "image/png"]  # fmt: skip
    assert [each.headers["content-disposition"].split(";")[0] for each in answers] == ["attachment", "attachment", "inline"]  # fmt: skip
    for each in answers:
        assert "sandbox" in each.headers["content-security-policy"]
        assert each.headers["x-content-type-options"] == "nosniff"
    await press.say(press.withdrawn(fact, "Sai."))
    gone = await press.get(f"/articles/{press.an_id(1)}/files/{files[2]['digest']}")
    assert gone.status_code == 410


async def test_a_file_that_no_published_article_names_is_not_there(press):
    secret = await press.file(b"draft")
    await press.say(press.published(1, "Tin"))

    answer = await press.get(f"/articles/{press.an_id(1)}/files/{secret}")

    assert (answer.status_code, answer.json()["code"]) == (404, "file-unknown")


async def test_html_that_means_harm_is_cleaned_once_more(press):
    await press.say(press.published(1, "Tin", '<p onclick="x()">a</p><script>alert(1)</script>'))

    assert (await press.get(f"/articles/{press.an_id(1)}")).json()["html"] == "<p>a</p>"


async def test_a_rebuild_ends_the_same(press):
    fact = press.published(1, "Tin")
    await press.say(press.opened("hanam", "Cổng"), fact, press.published(2, "Bài"))
    await press.say(press.corrected(fact, "Sửa"), press.withdrawn(press.published(2, "Bài"), "Sai"))
    await press.titles()
    service = press.portal.state.service
    consumption = next(each for each in service.consumptions if each.hears.name == "portal")

    await consumption.rebuild()

    for name in ("articles", "moves", "sites"):
        old = await service.database.find(f"{name}@1", ANY, sort=(("_id", 1),))
        assert old == await service.database.find(f"{name}@2", ANY, sort=(("_id", 1),)) != []


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
)
async def test_streams_may_come_in_any_order(press, order):
    facts = (
        press.opened("hanam", "Cổng Hà Nam"),
        press.registered("hanam.ubnd", "UBND tỉnh"),
        press.published(1, "Tin"),
    )
    for place in order:
        await press.say(facts[place])

    article = (await press.get(f"/articles/{press.an_id(1)}")).json()
    page = await press.page(f"/bai/{press.an_id(1)}")

    named = article["published_by"]
    assert (named["name_vi"], named["agency_name_vi"]) == ("Cổng Hà Nam", "UBND tỉnh")
    assert "UBND tỉnh" in page.text


async def test_sites_are_told_as_of_a_day(press):
    await press.say(
        press.opened("hanam", "Cổng Hà Nam", valid_to="2025-07-01"),
        press.opened("langson", "Trang Lạng Sơn"),
    )

    now = [each["site"] for each in (await press.get("/sites")).json()]
    then = [
        each["site"] for each in (await press.get("/sites", params={"on": "2024-01-01"})).json()
    ]

    assert now == ["langson"]
    assert then == ["hanam", "langson"]
    assert (await press.get("/sites/nowhere")).json()["code"] == "site-unknown"


async def test_a_page_of_a_thousand_million_is_refused(press):
    answer = await press.get("/articles", params={"limit": 10**9})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "query:limit"
