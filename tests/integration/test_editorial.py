"""Articles of all four sites on the real engines, each under its own regulation; killed while it publishes."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from embedded.demo import demo
from embedded.issuer import DEMO_GRANT

from .conftest import House
from .test_intake import Door, an_item

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
SENDERS = {
    "hanam": "hanam.can-bo",
    "binhduong": "binhduong.thu-ky",
    "langson": "langson.truong-phong",
    "khanhhoa": "khanhhoa.tai-chinh",
}
PATHS = {
    "hanam": [
        ("receive", "bien-tap"),
        ("edit", "bien-tap"),
        ("moderate", "pho-ban"),
        ("publish", "truong-ban"),
    ],
    "binhduong": [("enter", "thanh-vien"), ("edit", "pho-ban"), ("approve", "truong-ban")],
    "langson": [
        ("receive", "trung-tam"),
        ("moderate", "pho-ban"),
        ("edit", "pho-ban"),
        ("approve", "truong-ban"),
        ("publish", "thu-ky"),
    ],
    "khanhhoa": [
        ("receive", "trung-tam"),
        ("moderate", "trung-tam"),
        ("approve", "truong-ban"),
        ("upload", "trung-tam"),
        ("compare", "thu-ky"),
        ("publish", "thu-ky"),
    ],
}


@dataclass
class Board:
    """The demo's officers and boards at the doors of intake and editorial; they never give up."""

    house: House
    http: httpx.AsyncClient
    tokens: dict[str, str]

    async def signed_in(self, person: str) -> dict[str, str]:
        if person not in self.tokens:
            form = {"grant_type": DEMO_GRANT, "person": person}
            answer = await self.http.post("/dev-issuer/token", data=form)
            self.tokens[person] = answer.raise_for_status().json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    async def post(self, path: str, body: Any, person: str, **more: str) -> httpx.Response:
        """The same request with the same key until it is answered by one who knows."""
        headers = await self.signed_in(person) | {"Idempotency-Key": str(uuid4())} | more
        async with asyncio.timeout(90):
            while True:
                try:
                    answer = await self.http.post(f"/api/{path}", json=body, headers=headers)
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.status_code < 500:
                    return answer
                await asyncio.sleep(0.1)

    async def get(self, path: str, person: str) -> httpx.Response:
        async with asyncio.timeout(60):
            while True:
                try:
                    headers = await self.signed_in(person)
                    answer = await self.http.get(f"/api/editorial{path}", headers=headers)
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.status_code < 500:
                    return answer
                await asyncio.sleep(0.1)

    async def article(self, id: str, person: str) -> dict[str, Any]:
        answer = await self.get(f"/articles/{id}", person)
        return answer.raise_for_status().json()

    async def submitted(self, site: str) -> str:
        """Handed in by an officer; answers once editorial has opened the article."""
        body = an_item(f"Tin {uuid4()}", site=site)
        return await self.handed_in(body, SENDERS[site], f"{site}.{PATHS[site][0][1]}")

    async def handed_in(self, body: Any, sender: str, who: str) -> str:
        """The same, of a body by a sender, looked for by somebody of the board."""
        made = await self.post("intake/submissions", body, sender)
        assert made.status_code == 201, made.text
        id = made.json()["submission_id"]
        async with asyncio.timeout(60):
            while (await self.get(f"/articles/{id}", who)).status_code != 200:  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.1)
        return id

    async def take(
        self, id: str, step: str, person: str, *, seen_by: str = "", **more: str
    ) -> httpx.Response:
        """The step on the text as it stands; `seen_by` looks for somebody who may not."""
        digest = (await self.article(id, seen_by or person))["digest"]
        body = {"step": step, "digest": digest}
        return await self.post(f"editorial/articles/{id}/steps", body, person, **more)

    async def through(self, id: str, site: str, until: str | None = None) -> None:
        for step, role in PATHS[site]:
            if step == until:
                return
            answer = await self.take(id, step, f"{site}.{role}")
            assert answer.status_code == 200, answer.text

    async def facts(self, id: str, person: str) -> list[str]:
        answer = await self.get(f"/articles/{id}/history", person)
        entries = answer.raise_for_status().json()
        return [fact["type"].split(".")[1] for entry in entries for fact in entry["facts"]]


@pytest.fixture
async def board(house: House) -> AsyncGenerator[Board]:
    for name in ("intake", "editorial"):
        if name not in house.processes:
            house.service(name)
    house.wait_ready("intake", "editorial")
    timeout = httpx.Timeout(30)
    async with httpx.AsyncClient(
        transport=Door(house), base_url="http://house", timeout=timeout
    ) as http:
        if not house.told:
            await demo().load_through(http, house.processes["issuer"].url)
            http.headers.pop("Authorization", None)
            house.told = True
        board = Board(house, http, {})
        await _known(board)
        yield board


async def _known(board: Board) -> None:
    """Until both services have heard of everybody who acts here."""
    async with asyncio.timeout(60):
        for sender in SENDERS.values():
            while True:
                body = an_item("Thử", site=sender.partition(".")[0])
                if (await board.post("intake/checks", body, sender)).status_code == 200:
                    break
                await asyncio.sleep(0.1)


async def _come(at: datetime) -> None:
    """Until a moment has come."""
    while datetime.now(UTC) < at:  # noqa: ASYNC110 - time sets no event
        await asyncio.sleep(0.01)


async def test_all_four_sites_publish_at_once_each_by_its_own_process(board: Board):
    async def journey(site: str) -> list[str]:
        id = await board.submitted(site)
        await board.through(id, site)
        return await board.facts(id, f"{site}.{PATHS[site][0][1]}")

    told = await asyncio.gather(*(journey(site) for site in PATHS))

    for site, facts in zip(PATHS, told, strict=True):
        assert facts.count("step_taken") == len(PATHS[site]), site
        assert facts[-1] == "article_published"


async def test_a_change_after_approval_blocks_upload_until_approved_again(board: Board):
    id = await board.submitted("khanhhoa")
    await board.through(id, "khanhhoa", until="upload")
    centre = "khanhhoa.trung-tam"
    version = (await board.article(id, centre))["version"]
    text = {"html": "<p>Nội dung khác.</p>", "reason": "Sửa."}
    await board.post(
        f"editorial/articles/{id}/revisions", text, centre, **{"If-Match": f'"{version}"'}
    )

    blocked = await board.take(id, "upload", centre)
    approved = await board.take(id, "approve", "khanhhoa.truong-ban")
    uploaded = await board.take(id, "upload", centre)

    assert (blocked.status_code, blocked.json()["code"]) == (409, "differs-from-approved")
    assert [approved.status_code, uploaded.status_code] == [200, 200]


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("binhduong.thanh-vien", "delegation-revoked"),
        ("hanam.truong-ban", "position-elsewhere"),
        ("binhduong.thu-ky", "no-position"),
    ],
)
async def test_who_may_not_approve_is_told_why_with_the_article(board: Board, person, why):
    id = await board.submitted("binhduong")
    await board.through(id, "binhduong", until="approve")
    digest = (await board.article(id, "binhduong.truong-ban"))["digest"]

    refused = await board.post(
        f"editorial/articles/{id}/steps", {"step": "approve", "digest": digest}, person
    )

    assert refused.status_code == 403, refused.text
    steps = [step["name"] for step in refused.json().get("explanation", {}).get("steps", [])]
    assert "Điều 22" in refused.json()["article"]["vi"]
    assert steps in ([why], []) or person == "binhduong.thu-ky"


async def test_an_expired_delegation_and_one_for_another_site_are_worth_nothing(board: Board):
    deputy, today = "binhduong.thu-truong", datetime.now(UTC).date()
    given = {
        "giver": "binhduong.truong-ban",
        "receiver": deputy,
        "acts": ["approve"],
        "sites": ["binhduong"],
        "valid_from": str(today - timedelta(days=60)),
        "valid_to": str(today - timedelta(days=30)),
        "document": {
            "number": "21/GUQ-BBT",
            "issued_on": str(today - timedelta(days=60)),
            "issuer": "Ban Biên tập",
            "title": "Uỷ quyền duyệt tin, bài",
        },
    }
    told = await board.post("directory/delegations", given, "quan-tri")
    assert told.status_code == 201, told.text
    here = await board.submitted("binhduong")
    there = await board.submitted("langson")
    await board.through(here, "binhduong", until="approve")
    await board.through(there, "langson", until="approve")

    after = {"After-Position": told.headers["Position"]}
    expired = await board.take(here, "approve", deputy, seen_by="binhduong.truong-ban", **after)
    elsewhere = await board.take(
        there, "approve", "hanam.pho-ban", seen_by="langson.truong-ban", **after
    )

    for refused, why in ((expired, "delegation-ended"), (elsewhere, "06/GUQ-BBT")):
        assert (refused.status_code, refused.json()["code"]) == (403, "not-authorised")
        assert why in refused.text, refused.text
        assert "Điều" in refused.json()["article"]["vi"]


async def test_whoever_wrote_it_does_not_approve_it(board: Board):
    head = "binhduong.truong-ban"
    body = an_item(f"Bài của Trưởng ban {uuid4()}", site="binhduong")
    id = await board.handed_in(body, head, "binhduong.pho-ban")
    await board.through(id, "binhduong", until="approve")

    refused = await board.take(id, "approve", head)

    assert (refused.status_code, refused.json()["code"]) == (403, "author-cannot-approve")
    assert refused.json()["article"]["vi"]
    assert "article_published" not in await board.facts(id, head)


async def test_the_same_submission_twice_is_one(board: Board):
    body, sender = an_item(f"Tin gửi hai lần {uuid4()}"), SENDERS["hanam"]
    key = {"Idempotency-Key": str(uuid4())}

    first, again = await asyncio.gather(
        *(board.post("intake/submissions", body, sender, **key) for _ in range(2))
    )
    after = {"After-Position": first.headers["Position"]}
    anew = await board.post("intake/submissions", body, sender, **after)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["submission_id"] == again.json()["submission_id"]
    assert (anew.status_code, anew.json()["code"]) == (409, "submitted-already")
    assert anew.json()["submission_id"] == first.json()["submission_id"]


async def test_of_two_editors_at_once_one_writes_and_the_other_is_told(board: Board):
    id = await board.submitted("hanam")
    await board.through(id, "hanam", until="edit")
    editors = ("hanam.bien-tap", "hanam.pho-ban")
    version = (await board.article(id, editors[0]))["version"]

    answers = await asyncio.gather(
        *(
            board.post(
                f"editorial/articles/{id}/revisions",
                {"html": f"<p>Bản của {editor}.</p>", "reason": "Sửa câu chữ."},
                editor,
                **{"If-Match": f'"{version}"'},
            )
            for editor in editors
        )
    )

    assert sorted(each.status_code for each in answers) == [201, 412]
    assert len((await board.article(id, editors[0]))["revisions"]) == 2


async def test_killed_while_it_publishes_it_loses_and_doubles_nothing(board: Board):
    ids = await asyncio.gather(*(board.submitted("binhduong") for _ in range(6)))
    await asyncio.gather(*(board.through(id, "binhduong", until="approve") for id in ids))
    head = "binhduong.truong-ban"

    async def killing() -> None:
        for pause in (0.02, 0.3):
            await _come(datetime.now(UTC) + timedelta(seconds=pause))
            board.house.processes["editorial"].kill9()
            board.house.processes["editorial"].restart()

    published, _ = await asyncio.gather(
        asyncio.gather(*(board.take(id, "approve", head) for id in ids)), killing()
    )
    board.house.wait_ready("editorial")

    assert [each.status_code for each in published] == [200] * len(ids)
    for id in ids:
        facts = await board.facts(id, head)
        assert facts.count("article_published") == 1
        assert facts.count("step_taken") == 3


async def test_killed_around_a_scheduled_moment_it_publishes_once(board: Board):
    id = await board.submitted("khanhhoa")
    await board.through(id, "khanhhoa", until="publish")
    secretary = "khanhhoa.thu-ky"
    digest = (await board.article(id, secretary))["digest"]
    at = datetime.now(UTC) + timedelta(seconds=3)
    body = {"at": at.isoformat(), "digest": digest}
    answer = await board.post(f"editorial/articles/{id}/schedule", body, secretary)
    assert answer.status_code == 200, answer.text

    board.house.processes["editorial"].kill9()
    await _come(at)
    board.house.processes["editorial"].restart()
    board.house.wait_ready("editorial")
    async with asyncio.timeout(90):
        while (await board.article(id, secretary))["phase"] != "published":  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.2)

    facts = await board.facts(id, secretary)
    assert facts.count("article_published") == 1
    assert facts[-1] == "article_published"
