"""What a sender tells privately is sealed: in no fact, no list, no log, no answer but the one that says why."""

import orjson
import pytest

PLANTED = {
    "name": "Nguyễn Bí Mật Planted",
    "phone": "0912 345 678",
    "email": "planted.person@example.net",
    "address": "Số 7 ngõ Planted, Phủ Lý",
    "id_number": "035099001234",
    "bank_account": "19031234567890",
    "bank": "Ngân hàng Planted",
    "tax_code": "8012345678",
    "note": "Gọi sau 17 giờ, planted",
}
MARKS = [value.encode() for value in PLANTED.values()]


def found_in(text: bytes) -> list[bytes]:
    escaped = [orjson.dumps(mark.decode())[1:-1] for mark in MARKS]
    return [mark for mark in [*MARKS, *escaped] if mark in text]


@pytest.fixture
async def handed_in(town, a_news_item):
    answer = await town.post("/submissions", a_news_item(contact=PLANTED, author=None))
    assert answer.status_code == 201, answer.text
    return answer


async def test_it_is_in_no_fact_and_no_projection(town, handed_in):
    id = handed_in.json()["submission_id"]
    seen = await town.get(f"/submissions/{id}")
    own = repr(vars(_inner(town.service.database))).encode()
    beside = b"".join(repr(vars(_inner(d))).encode() for d in town.service.stores.values())

    assert b"chuy" in own, "the dump holds what is kept"
    assert found_in(own) == []
    assert found_in(beside) == []
    assert found_in(seen.content + handed_in.content) == []
    assert seen.json()["content"]["contact"].startswith("sender:")


def _inner(database):
    """The memory behind what measures it."""
    while hasattr(database, "_database"):
        database = database._database
    return database


async def test_it_is_in_no_record_on_the_wire(town, handed_in):
    await town.get("/submissions")
    sent = [record for log in town.service.broker._broker.cluster.logs.values() for record in log]

    assert any(b"submission_received" in repr(record).encode() for record in sent)
    assert [
        found_in(repr(record).encode()) for record in sent if found_in(repr(record).encode())
    ] == []


async def test_it_is_in_no_log_line(town, handed_in, capsys, a_news_item):
    await town.post("/submissions", a_news_item(contact=PLANTED | {"phone": ["0912 345 678"]}))
    await town.post("/submissions", a_news_item(contact=PLANTED, site="nowhere"))

    printed = capsys.readouterr()

    assert "route=/submissions" in printed.out
    assert found_in((printed.out + printed.err).encode()) == []


async def test_a_problem_does_not_repeat_it(town, a_news_item):
    wrong = await town.post("/submissions", a_news_item(contact=PLANTED | {"passport": "B1234567"}))
    strict = await town.post(
        "/submissions", a_news_item(contact=PLANTED, author=None), Prefer="handling=strict"
    )

    assert (wrong.status_code, strict.status_code) == (422, 422)
    assert found_in(wrong.content + strict.content) == []


async def test_a_look_needs_a_reason_and_is_recorded(town, handed_in):
    id = handed_in.json()["submission_id"]
    path = f"/submissions/{id}/contact"

    mute = await town.get(path, "binh")
    told = await town.get(path, "binh", why="Chi trả nhuận bút")

    assert mute.status_code == 422
    assert told.json()["contact"] == PLANTED
    posted = await town.post(f"/submissions/{id}/looks", {"why": "Gọi lại hỏi ảnh"}, "binh")
    contact = (await town.get(f"/submissions/{id}")).json()["content"]["contact"]
    assert posted.json()["contact"] == PLANTED
    look, second = await town.app.state.deps.deps.stores.vault.looks(contact)
    assert (look.by, look.why) == ("binh", "Chi trả nhuận bút")
    assert (second.by, second.why) == ("binh", "Gọi lại hỏi ảnh")


async def test_handing_in_again_keeps_the_same_entry(town, handed_in, a_news_item):
    id = handed_in.json()["submission_id"]
    await town.returned(id)
    better = {
        k: v for k, v in a_news_item(contact={"phone": "0900 000 000"}).items() if k != "site"
    }

    await town.post(f"/submissions/{id}/resubmissions", better)

    told = await town.get(f"/submissions/{id}/contact", why="Hỏi lại tác giả")
    assert told.json()["contact"] == {"phone": "0900 000 000"}


async def test_what_is_refused_leaves_no_private_entry(town, a_news_item):
    await town.post("/submissions", a_news_item(contact=PLANTED, category="gossip"))

    for beside, place in town.service.stores.items():
        if "vault" in beside.name_of(town.service.settings):
            assert await place.count("entries", {}) == 0
