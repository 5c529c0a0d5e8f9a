"""Files that a text names: there when it is said, and kept from then on whatever a sweep does."""

import asyncio
import hashlib
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest

from common.beside import BLOBS
from common.blobs import KEPT_FOR
from common.filekinds import MEGABYTE

NOT_THERE = "e" * 64
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8ffff3f0005fe02fea7d6059b0000000049454e44ae426082"
)
CHUNK = 255 * 1024


def attached(blob, **changes):
    """A PDF, as the text says."""
    said = {"name": "a.pdf", "media_type": "application/pdf", "kind": "document"}
    return {**said, "digest": blob.digest, "size": blob.size, **changes}


MISSING = {
    "name": "a.pdf",
    "digest": NOT_THERE,
    "size": 10,
    "media_type": "application/pdf",
    "kind": "document",
}


def office(inside="word/document.xml", **more):
    """A container of an office program, longer than what is read of a file at first."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("picture.bin", bytes(2 * CHUNK))
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<w:document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


async def once(data):
    yield data


async def a_file(house, words="", content=PDF):
    return await house.service.blobs.put(once(content + words.encode()), limit=30 * 1024 * 1024)


async def in_work(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    return id


async def test_a_text_that_names_a_file_which_is_not_there_is_refused_and_leaves_nothing(house):
    id = await in_work(house)
    there = await a_file(house)

    answer = await house.revise(id, "hanam.board-member", attachments=[attached(there), MISSING])

    assert (answer.status_code, answer.json()["code"]) == (422, "file-gone")
    assert NOT_THERE in answer.json()["detail"]
    assert answer.json()["errors"][0]["pointer"] == "/attachments/1/digest"
    assert (await house.article(id, "hanam.board-member"))["revision"] == 1


@pytest.mark.parametrize(
    ("changes", "code", "at"),
    [
        ({"media_type": "image/png", "kind": "image"}, "alternative-text-missing", "alternative_text"),
        ({"media_type": "image/png", "kind": "document"}, "file-not-its-kind", "kind"),
        ({"media_type": "text/html", "kind": "image", "alternative_text": "Ảnh"}, "file-not-its-kind", "kind"),
    ],
)  # fmt: skip
async def test_a_picture_without_words_or_under_another_kind_is_refused(house, changes, code, at):
    id = await in_work(house)
    there = await a_file(house)

    answer = await house.revise(
        id, "hanam.board-member", attachments=[attached(there), attached(there) | changes]
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["errors"][0]["pointer"] == f"/attachments/1/{at}"
    assert (await house.article(id, "hanam.board-member"))["revision"] == 1


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
A_PICTURE = {
    "name": "a.png",
    "media_type": "image/png",
    "kind": "image",
    "alternative_text": "Hội trường",
}


@pytest.mark.parametrize(
    ("content", "said", "code", "at"),
    [
        pytest.param(PNG, {}, "file-not-its-name", "name", id="a picture that calls itself a document"),
        pytest.param(PDF, {"name": "a.html"}, "file-not-its-name", "name", id="another ending"),
        pytest.param(PDF, {"name": "a"}, "file-not-its-name", "name", id="no ending"),
        pytest.param(PDF, {"name": "../../a.pdf"}, "file-name-not-plain", "name", id="a path"),
        pytest.param(PDF, {"media_type": "text/plain"}, "file-not-its-kind", "media_type", id="another type"),
        pytest.param(PDF, {"kind": "video"}, "file-not-its-kind", "kind", id="another kind"),
        pytest.param(PDF, {"size": 7}, "file-not-its-kind", "size", id="another size"),
        pytest.param(b"<!doctype html><script>x()</script>", {}, "file-type-not-taken", "digest", id="a page"),
        pytest.param(b"MZ" + bytes(200), {}, "file-type-not-taken", "digest", id="a program"),
        pytest.param(office(word__vbaProject="x"), {"name": "a.docx", "media_type": DOCX}, None, "", id="office"),
        pytest.param(office(**{"word/vbaProject.bin": "x"}), {"name": "a.docx", "media_type": DOCX}, "file-type-not-taken", "digest", id="a macro"),
        pytest.param(office("xl/workbook.xml"), {"name": "a.docx", "media_type": DOCX}, "file-not-its-name", "name", id="a sheet as a text"),
        pytest.param(PNG, A_PICTURE, None, "", id="a picture"),
    ],
)  # fmt: skip
async def test_a_file_is_what_its_content_says_as_when_it_is_handed_in(
    house, content, said, code, at
):
    id = await in_work(house)
    kept = await a_file(house, content=content)

    answer = await house.revise(id, "hanam.board-member", attachments=[attached(kept, **said)])

    if code is None:
        assert answer.status_code == 201, answer.text
        return
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code), answer.text
    assert [each["pointer"] for each in problem["errors"]] == [f"/attachments/0/{at}"]
    assert (await house.article(id, "hanam.board-member"))["revision"] == 1
    assert await house.service.stores[BLOBS].count("references", {"digest": kept.digest}) == 0


@pytest.mark.parametrize(
    ("content", "said", "most"),
    [
        pytest.param(office() + bytes(25 * MEGABYTE), {"name": "a.docx", "media_type": DOCX}, 25, id="a document"),
        pytest.param(PNG + bytes(11 * MEGABYTE), A_PICTURE, 10, id="a picture"),
    ],
)  # fmt: skip
async def test_each_kind_has_the_limit_it_has_when_it_is_handed_in(house, content, said, most):
    id = await in_work(house)
    kept = await a_file(house, content=content)

    answer = await house.revise(id, "hanam.board-member", attachments=[attached(kept, **said)])

    assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large"), answer.text
    assert answer.json()["limit"] == most * MEGABYTE


async def test_who_may_not_write_hears_nothing_of_a_file(house):
    id = await in_work(house)
    page = await a_file(house, content=b"<!doctype html>")

    body = {"attachments": [attached(page)], "reason": "Sửa."}
    answer = await house.post(
        f"/articles/{id}/revisions", body, "langson.board-head", **{"If-Match": '"2"'}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not-authorised"), answer.text


async def test_what_an_earlier_text_names_does_not_keep_one_from_mending_the_others(house):
    id = await house.submitted("hanam", attachments=[MISSING])
    await house.take(id, "receive", "hanam.board-member")

    answer = await house.revise(id, "hanam.board-member", title="Tên mới")

    assert answer.status_code == 201, answer.text


async def test_acts_that_race_a_sweep_name_no_file_that_is_gone(house):
    """Each file has lain for thirty days when its article comes to name it and a sweep comes by."""
    ids = [await in_work(house) for _ in range(6)]
    files = [await a_file(house, id) for id in ids]
    digests = [file.digest for file in files]
    blobs, late = house.service.blobs, house.clock.at + KEPT_FOR + timedelta(seconds=1)

    async def sweep(after):
        for _ in range(after):
            await asyncio.sleep(0)
        return await blobs.sweep(late)

    *answers, early, later, last = await asyncio.gather(
        *(
            house.revise(id, "hanam.board-member", attachments=[attached(file)])
            for id, file in zip(ids, files, strict=True)
        ),
        *(sweep(after) for after in (1, 60, 120)),
    )

    said = [d for d, answer in zip(digests, answers, strict=True) if answer.status_code == 201]
    refused = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert set(refused) <= {"file-gone"}
    assert early + later + last == len(refused)
    for digest in said:
        content = b"".join([piece async for piece in blobs.stream(digest)])
        assert hashlib.sha256(content).hexdigest() == digest
