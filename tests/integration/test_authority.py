"""Real processes: what the directory is told, another service knows within a second, and each of its processes does."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from embedded.demo_people import beginning
from embedded.issuer import DEMO_GRANT

pytestmark = pytest.mark.engine

SINCE, DOCUMENT = "2019-08-15", {"number": "12/QĐ-UBND"}
SITE = {
    "site": "hanam",
    "agency": "hanam.vpubnd",
    "kind": "province",
    "profile": "hanam@1",
    "name_vi": "Cổng Thông tin điện tử tỉnh Hà Nam",
    "valid_from": SINCE,
    "document": DOCUMENT,
}
AGENCY = {
    "agency_id": "hanam.vpubnd",
    "site": "hanam",
    "jurisdiction": "hanam",
    "name_vi": "Văn phòng UBND tỉnh Hà Nam",
    "kind": "office",
    "valid_from": SINCE,
}
GIVEN = {
    "giver": "hanam.thu-truong",
    "receiver": "hanam.can-bo",
    "acts": ["answer"],
    "sites": ["hanam"],
    "valid_from": "2020-01-01",
    "valid_to": "2090-01-01",
    "document": DOCUMENT,
}


@dataclass
class Office:
    """The directory and two processes of the portal, spoken to as people of the demo."""

    house: Any
    http: httpx.AsyncClient
    after: str = ""

    @property
    def issuer(self) -> str:
        return self.house.processes["issuer"].url

    async def bearer(self, person: str) -> dict[str, str]:
        form = {"grant_type": DEMO_GRANT, "person": person}
        answer = await self.http.post(f"{self.issuer}/token", data=form)
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

    async def tell(self, path: str, body: Any, by: str = "quan-tri") -> httpx.Response:
        """An act at the directory; its position is asked for by whatever comes after it."""
        headers = await self.bearer(by) | {"Idempotency-Key": str(uuid4())}
        headers |= {"After-Position": self.after} if self.after else {}
        url = self.house.processes["directory"].url + path
        answer = await self.http.post(url, json=body, headers=headers)
        assert answer.is_success, answer.text
        self.after = answer.headers.get("Position", self.after)
        return answer

    async def may_answer(self, person: str, portal: str = "portal", after: str = "") -> int:
        headers = await self.bearer(person) | ({"After-Position": after} if after else {})
        url = f"{self.house.processes[portal].url}/authority/hanam/answer"
        return (await self.http.get(url, headers=headers)).status_code

    async def person(self, id: str, role: str) -> None:
        entry = {"person_id": id, "site": "hanam", "full_name": id, "valid_from": SINCE}
        await self.tell("/people", entry)
        position = {"site": "hanam", "role": role, "valid_from": SINCE, "document": DOCUMENT}
        await self.tell(f"/people/{id}/positions", position)
        await self.tell(f"/people/{id}/identities", {"issuer": self.issuer, "subject": id})


@pytest.fixture(scope="module")
def office_of(house):
    """Begun once: the administrator, a site, a head and an officer."""

    async def begin() -> None:
        async with httpx.AsyncClient(timeout=20) as http:
            office = Office(house, http)
            for act in beginning(office.issuer):
                await office.tell(act.path.removeprefix("/api/directory"), act.body)
            await office.tell("/agencies", AGENCY)
            await office.tell("/sites", SITE)
            await office.person("hanam.thu-truong", "agency_head")
            await office.person("hanam.can-bo", "staff")

    asyncio.run(begin())
    house.service("portal-2", "portal")
    house.wait_ready("portal-2")
    return house


@pytest.fixture
async def office(office_of):
    async with httpx.AsyncClient(timeout=20) as http:
        yield Office(office_of, http)


async def until_no(office: Office, portal: str) -> float:
    began = time.monotonic()
    while await office.may_answer("hanam.can-bo", portal) != 403:
        assert time.monotonic() - began < 10, f"{portal} still says yes"
    return time.monotonic() - began


async def test_a_revocation_is_seen_by_every_process_of_another_service_within_a_second(office):
    given = await office.tell("/delegations", GIVEN)
    for portal in ("portal", "portal-2"):
        assert await office.may_answer("hanam.can-bo", portal, office.after) == 200

    id = given.json()["delegation_id"]
    await office.tell(f"/delegations/{id}/revocation", {"document": DOCUMENT})
    took = await asyncio.gather(until_no(office, "portal"), until_no(office, "portal-2"))

    assert max(took) < 1.0


async def test_a_revocation_is_refused_at_once_where_the_token_asks_for_it(office):
    given = await office.tell("/delegations", GIVEN)
    assert await office.may_answer("hanam.can-bo", after=office.after) == 200
    id = given.json()["delegation_id"]

    await office.tell(f"/delegations/{id}/revocation", {"document": DOCUMENT})

    answers = await asyncio.gather(
        office.may_answer("hanam.can-bo", "portal", office.after),
        office.may_answer("hanam.can-bo", "portal-2", office.after),
    )
    assert answers == [403, 403]


async def test_a_service_that_was_frozen_says_503_before_it_says_no_to_what_it_has_not_heard(
    office,
):
    """The position given meanwhile is asked for by the token; the frozen process is not asked to guess."""
    office.house.processes["portal-2"].pause()
    try:
        await office.person("hanam.truong-ban", "agency_head")
    finally:
        office.house.processes["portal-2"].resume()

    status = await office.may_answer("hanam.truong-ban", "portal-2", office.after)

    assert status in {200, 503}
    while status == 503:
        status = await office.may_answer("hanam.truong-ban", "portal-2", office.after)
    assert status == 200


async def test_every_act_in_the_log_is_proved_again(office):
    found = await asyncio.to_thread(office.house.command, "directory", "proofs")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "all hold" in found.stdout
