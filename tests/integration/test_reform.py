"""The reform of 1 July 2025 in real processes: what is decided in June holds at midnight, in another service too."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from embedded.demo_people import beginning
from embedded.issuer import DEMO_GRANT

pytestmark = pytest.mark.engine

LAW = {"number": "202/2025/QH15"}
SINCE, REFORM = "2019-08-15", "2025-07-01"
MERGED = {"successor": "ninhbinh", "closes_on": REFORM, "document": LAW}
AGENCIES = (
    ("hanam.ubnd", "UBND tỉnh Hà Nam", "provincial_committee", None),
    ("hanam.snv", "Sở Nội vụ tỉnh Hà Nam", "department", "hanam.ubnd"),
    ("hanam.duytien", "UBND thị xã Duy Tiên", "district_committee", "hanam.ubnd"),
    ("ninhbinh.ubnd", "UBND tỉnh Ninh Bình", "provincial_committee", None),
    ("ninhbinh.snv", "Sở Nội vụ tỉnh Ninh Bình", "department", "ninhbinh.ubnd"),
)
HEAD, OFFICER, MOVER = "hanam.thu-truong", "hanam.can-bo", "hanam.truong-ban"


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


BEGINS = local("2025-06-30T12:00")


class Town:
    """The directory and the portal of the house, spoken to over HTTP; remembers what it has seen."""

    def __init__(self, house: Any) -> None:
        self.house, self.after = house, ""

    async def bearer(self, http: httpx.AsyncClient, person: str) -> dict[str, str]:
        form = {"grant_type": DEMO_GRANT, "person": person}
        answer = await http.post(f"{self.house.processes['issuer'].url}/token", data=form)
        token = {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
        return token | ({"After-Position": self.after} if self.after else {})

    async def tell(self, path: str, body: Any) -> None:
        async with httpx.AsyncClient(timeout=20) as http:
            headers = await self.bearer(http, "quan-tri") | {"Idempotency-Key": str(uuid4())}
            url = self.house.processes["directory"].url + path
            answer = await http.post(url, json=body, headers=headers)
        assert answer.is_success, f"{path}: {answer.text}"
        self.after = answer.headers.get("Position", self.after)

    async def until(self, path: str, holds: Callable[[Any], bool], **params: str) -> Any:
        """What the directory answers once it is as wanted."""
        async with asyncio.timeout(20), httpx.AsyncClient(timeout=20) as http:
            headers = await self.bearer(http, "quan-tri")
            while True:
                url = self.house.processes["directory"].url + path
                answer = await http.get(url, params=params, headers=headers)
                if answer.is_success and holds(answer.json()):
                    return answer.json()
                await asyncio.sleep(0.05)

    async def may(self, person: str, act: str, site: str) -> int:
        """What the portal says from its own projection; it is asked again while it has to catch up."""
        async with asyncio.timeout(30), httpx.AsyncClient(timeout=20) as http:
            headers = await self.bearer(http, person)
            url = f"{self.house.processes['portal'].url}/authority/{site}/{act}"
            while (status := (await http.get(url, headers=headers)).status_code) == 503:  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.05)
            return status


async def _a_province(town: Town) -> None:
    """Hà Nam in June 2025 with a district; the new Ninh Bình opens on 1 July."""
    issuer = town.house.processes["issuer"].url
    for act in beginning(issuer):
        since = {"valid_from": SINCE} if "valid_from" in act.body else {}
        await town.tell(act.path.removeprefix("/api/directory"), act.body | since)
    for id, name, kind, parent in AGENCIES:
        site = id.partition(".")[0]
        body = {"agency_id": id, "site": site, "jurisdiction": site, "name_vi": name, "kind": kind}
        above = {"parent": parent} if parent else {}
        await town.tell("/agencies", body | above | {"valid_from": SINCE})
    for site, agency, kind, name, since in (
        ("hanam", "hanam.ubnd", "province", "Cổng tỉnh Hà Nam", SINCE),
        ("hanam-duytien", "hanam.duytien", "district", "Trang thị xã Duy Tiên", SINCE),
        ("ninhbinh", "ninhbinh.ubnd", "province", "Cổng tỉnh Ninh Bình", REFORM),
    ):
        parent = {"parent": "hanam"} if kind == "district" else {}
        body = {"site": site, "agency": agency, "kind": kind, "profile": "hanam@1", "name_vi": name}
        await town.tell("/sites", body | parent | {"valid_from": since, "document": LAW})
    for id, agency, role, site in (
        (HEAD, "hanam.snv", "agency_head", "hanam"),
        (OFFICER, "hanam.duytien", "staff", "hanam-duytien"),
        (MOVER, "hanam.ubnd", "agency_head", "hanam"),
    ):
        entry = {"person_id": id, "site": "hanam", "full_name": "Trần Văn Bình", "agency": agency}
        await town.tell("/people", entry | {"valid_from": SINCE})
        ends = {"valid_to": REFORM} if id == MOVER else {}
        place = {"position_id": f"{id}.1", "site": site, "role": role, "agency": agency} | ends
        await town.tell(f"/people/{id}/positions", place | {"valid_from": SINCE, "document": LAW})
        await town.tell(f"/people/{id}/identities", {"issuer": issuer, "subject": id})
    moved = {"site": "ninhbinh", "role": "staff", "agency": "ninhbinh.snv", "valid_from": REFORM}
    await town.tell(f"/people/{MOVER}/positions", moved | {"document": LAW})
    given = {"giver": HEAD, "receiver": OFFICER, "acts": ["answer"], "sites": ["hanam"]}
    days = {"valid_from": "2025-06-30", "valid_to": "2025-12-31", "document": LAW}
    await town.tell("/delegations", given | days | {"delegation_id": "uq.1"})


async def _the_reform(town: Town) -> None:
    act = {"effective_on": REFORM, "document": LAW}
    for kind, before, after in (
        ("merge", "hanam.ubnd", "ninhbinh.ubnd"),
        ("merge", "hanam.snv", "ninhbinh.snv"),
        ("abolition", "hanam.duytien", "ninhbinh.ubnd"),
    ):
        body = {"kind": kind, "predecessors": [before], "successors": [after]}
        await town.tell("/successions", body | act)
    await town.tell("/sites/hanam-duytien/closing", MERGED)
    await town.tell("/sites/hanam/closing", MERGED)


@pytest.fixture(scope="module")
def town(dated_house):
    """All of the reform is decided at noon of 30 June 2025."""
    town = Town(dated_house)
    asyncio.run(_a_province(town))
    asyncio.run(_the_reform(town))
    return town


def ids(listed: Any) -> list[str]:
    return sorted(each["position_id"] for each in listed["items"])


async def test_positions_and_delegations_are_at_the_successor_from_the_day_of_the_reform(town):
    there = await town.until(
        "/positions", lambda found: len(found["items"]) == 3, site="ninhbinh", on=REFORM
    )
    entrusted = await town.until(
        "/delegations", lambda found: found["items"], site="ninhbinh", on=REFORM
    )
    before = await town.until("/positions", bool, site="hanam", on="2025-06-30")

    assert {f"{HEAD}.1.ninhbinh", f"{OFFICER}.1.ninhbinh"} < set(ids(there))
    assert ids(before) == [f"{HEAD}.1", f"{MOVER}.1"]
    assert entrusted["items"][0]["delegation_id"] == "uq.1.ninhbinh"


async def test_old_names_stay_on_old_days_and_the_abolished_district_has_its_heir(town):
    person = await town.until(
        f"/people/{OFFICER}",
        lambda found: found["attributes"]["agency"] == "ninhbinh.ubnd",
        on=REFORM,
    )
    before = await town.until(f"/people/{OFFICER}", bool, on="2025-06-30")
    district = await town.until("/agencies/hanam.duytien", bool)
    site = await town.until("/sites/hanam-duytien", bool, on="2025-06-30")

    assert person["as_of"] == REFORM
    assert before["attributes"]["agency"] == "hanam.duytien"
    assert (district["valid_to"], district["attributes"]["name_vi"]) == (REFORM, AGENCIES[2][1])
    assert district["successions"][0]["successors"] == ["ninhbinh.ubnd"]
    assert (site["attributes"]["parent"], site["closing"]["successor"]) == ("hanam", "ninhbinh")


async def test_another_service_lets_them_act_here_until_midnight_and_there_from_then(town):
    """The head, the officer by delegation, and one who moves to another agency and another role."""
    asked = [(who, site) for who in (HEAD, OFFICER, MOVER) for site in ("hanam", "ninhbinh")]
    await town.until("/delegations", lambda found: found["items"], site="ninhbinh", on=REFORM)

    town.house.set_clock(local("2025-06-30T23:58:30"))
    before = [await town.may(who, "answer", site) for who, site in asked]
    town.house.set_clock(local("2025-07-01T00:00:00"))
    after = [await town.may(who, "answer", site) for who, site in asked]

    assert before == [200, 403, 200, 403, 200, 403]
    assert after == [403, 200, 403, 200, 403, 403]


async def test_every_act_of_it_is_proved_again(town):
    found = await asyncio.to_thread(town.house.command, "directory", "proofs")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "all hold" in found.stdout
    assert int(found.stdout.partition(" acts proved")[0].rpartition(" ")[2]) >= 20
