"""Files are what their content says, kept once, given back as downloads; pictures speak."""

import hashlib

import pytest

BIG = 25 * 1024 * 1024


async def test_a_file_is_known_by_its_content_and_kept_under_its_digest(town, a_pdf):
    sent = await town.upload("Quyết định 19.pdf", a_pdf)
    again = await town.upload("khac.pdf", a_pdf)

    assert sent.status_code == 201, sent.text
    assert sent.json() == {
        "digest": hashlib.sha256(a_pdf).hexdigest(),
        "name": "Quyết định 19.pdf",
        "size": len(a_pdf),
        "media_type": "application/pdf",
        "kind": "document",
        "needs_alternative_text": False,
    }
    assert again.json()["digest"] == sent.json()["digest"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("anh.png", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file-not-its-name"),
        ("van-ban.pdf", b"MZ\x90\x00" + b"\x00" * 200, "file-type-not-taken"),
        ("van-ban.pdf", b"<!DOCTYPE html><script>x()</script>", "file-type-not-taken"),
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file-type-not-taken"),
        ("trang.txt", b"\xef\xbb\xbf <HTML><script>x()</script>", "file-type-not-taken"),
        ("van-ban.docx", b"PK\x03\x04" + b"\x00" * 100, "file-type-not-taken"),
        ("so-lieu.bin", b"\x00\x01\x02\x03" * 50, "file-type-not-taken"),
        ("van-ban", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file-not-its-name"),
        ("van-ban.pdf", b"", "file-empty"),
    ],
)
async def test_what_is_not_what_it_seems_is_refused_and_not_kept(town, name, content, code):
    answer = await town.upload(name, content)

    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert await town.service.database.count("uploads", {}) == 0
    for place in town.service.stores.values():
        assert await place.count("fs.chunks", {}) == 0


async def test_a_macro_is_not_taken(town, a_docx):
    answer = await town.upload("van-ban.docx", a_docx(**{"word/vbaProject.bin": b"x"}))

    assert answer.json()["code"] == "file-type-not-taken"


async def test_each_kind_has_its_limit(town, a_pdf, a_picture):
    document = await town.upload("lon.pdf", a_pdf + b" " * BIG)
    picture = await town.upload("lon.png", a_picture + b" " * (11 * 1024 * 1024))

    assert (document.status_code, document.json()["code"]) == (413, "file-too-large")
    assert document.json()["limit"] == BIG
    assert "(tài liệu)" in document.json()["detail"]
    assert (picture.status_code, picture.json()["kind"]) == (413, "image")
    for place in town.service.stores.values():
        assert await place.count("fs.chunks", {}) == 0


async def test_a_stranger_sends_no_file(town, a_pdf):
    assert (await town.upload("x.pdf", a_pdf, "khach")).status_code == 403
    assert (await town.http.post("/files", files={"file": ("x.pdf", a_pdf)})).status_code == 401


async def test_a_picture_says_what_it_shows(town, a_news_item, a_picture):
    digest = (await town.upload("anh.png", a_picture)).json()["digest"]

    mute = await town.post("/submissions", a_news_item(attachments=[{"digest": digest}]))
    blank = await town.post(
        "/submissions", a_news_item(attachments=[{"digest": digest, "alternative_text": " "}])
    )
    told = await town.post(
        "/submissions",
        a_news_item(attachments=[{"digest": digest, "alternative_text": "Hội trường tỉnh ủy"}]),
    )

    for answer in (mute, blank):
        assert (answer.status_code, answer.json()["code"]) == (422, "alternative-text-missing")
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/attachments/0/alternative_text"
        assert "26/2020" in error["detail"]
    assert told.status_code == 201, told.text


async def test_an_attachment_cannot_take_another_kind_of_name(town, a_news_item, a_pdf):
    digest = (await town.upload("a.pdf", a_pdf)).json()["digest"]

    answer = await town.post(
        "/submissions", a_news_item(attachments=[{"digest": digest, "name": "a.html"}])
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "file-not-its-name")


async def test_a_file_comes_back_as_a_download_to_those_who_may(town, a_news_item, a_pdf):
    digest = (await town.upload("Quyết định 19.pdf", a_pdf)).json()["digest"]
    made = await town.post(
        "/submissions", a_news_item(site="binhduong", attachments=[{"digest": digest}])
    )
    path = f"/submissions/{made.json()['submission_id']}/files/{digest}"

    mine, foreign = await town.get(path), await town.get(path, "binh")
    unknown = await town.get(path[:-64] + "f" * 64)

    assert mine.content == a_pdf
    assert mine.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''Quy%E1%BA")
    assert mine.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in mine.headers["Content-Security-Policy"]
    assert foreign.status_code == 403
    assert (unknown.status_code, unknown.json()["code"]) == (404, "file-unknown")


async def test_a_named_file_is_kept_and_a_long_body_lies_beside_it(town, a_news_item, a_pdf):
    digest = (await town.upload("a.pdf", a_pdf)).json()["digest"]
    long = "".join(f"<p>Đoạn {n} của một bài rất dài.</p>" for n in range(3_000))
    made = await town.post("/submissions", a_news_item(body=long, attachments=[{"digest": digest}]))
    id = made.json()["submission_id"]
    body = (await town.get(f"/submissions/{id}")).json()["content"]["body"]

    kept = {
        reference["digest"]
        for place in town.service.stores.values()
        for reference in await place.find("references", {})
    }

    assert "html" not in body
    assert body["size"] == len(long.encode())
    assert kept == {digest, body["digest"]}
    again = await town.get(f"/submissions/{id}/files/{body['digest']}")
    assert again.text == long
