"""Files that a text names: there when it is said, and kept from then on whatever a sweep does."""

import asyncio
import hashlib
from datetime import timedelta

import pytest

from common.blobs import KEPT_FOR

NOT_THERE = "e" * 64


def attached(digest):
    return {
        "name": "a.pdf",
        "digest": digest,
        "size": 10,
        "media_type": "application/pdf",
        "kind": "document",
    }


async def once(data):
    yield data


async def a_file(house, words):
    return (await house.service.blobs.put(once(words), limit=100)).digest


async def in_work(house):
    id = await house.submitted("hanam")
    await house.take(id, "receive", "hanam.board-member")
    return id


async def test_a_text_that_names_a_file_which_is_not_there_is_refused_and_leaves_nothing(house):
    id = await in_work(house)
    there = await a_file(house, b"there")

    answer = await house.revise(
        id, "hanam.board-member", attachments=[attached(there), attached(NOT_THERE)]
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "file-gone")
    assert NOT_THERE in answer.json()["detail"]
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
    there = await a_file(house, b"there")

    answer = await house.revise(
        id, "hanam.board-member", attachments=[attached(there), attached(there) | changes]
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["errors"][0]["pointer"] == f"/attachments/1/{at}"
    assert (await house.article(id, "hanam.board-member"))["revision"] == 1


async def test_what_an_earlier_text_names_does_not_keep_one_from_mending_the_others(house):
    id = await house.submitted("hanam", attachments=[attached(NOT_THERE)])
    await house.take(id, "receive", "hanam.board-member")

    answer = await house.revise(id, "hanam.board-member", title="Tên mới")

    assert answer.status_code == 201, answer.text


async def test_acts_that_race_a_sweep_name_no_file_that_is_gone(house):
    """Each file has lain for thirty days when its article comes to name it and a sweep comes by."""
    ids = [await in_work(house) for _ in range(6)]
    digests = [await a_file(house, f"file {id}".encode()) for id in ids]
    blobs, late = house.service.blobs, house.clock.at + KEPT_FOR + timedelta(seconds=1)

    async def sweep(after):
        for _ in range(after):
            await asyncio.sleep(0)
        return await blobs.sweep(late)

    *answers, early, later, last = await asyncio.gather(
        *(
            house.revise(id, "hanam.board-member", attachments=[attached(digest)])
            for id, digest in zip(ids, digests, strict=True)
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
