"""Loads the demo data through the public HTTP of the running house; loading it again changes nothing."""

import asyncio
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from common.http import positions
from common.http.positions import Position
from embedded import demo_people, demo_places
from embedded.demo_people import Act
from embedded.issuer import DEMO_GRANT
from embedded.trouble import Trouble

ADMINISTRATOR = "quan-tri"
AT_ONCE = 8
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds between tries while a busy machine's house has not caught up."""
FILES = ("agencies.json", "people.json")
# The data names agencies as they were in these years and gives no first day.
KNOWN_SINCE = {
    "binhduong": date(2013, 1, 1),
    "hanam": date(2019, 1, 1),
    "khanhhoa": date(2020, 1, 1),
    "langson": date(2021, 1, 1),
}
SAME_NAME = (
    "name_vi",
    "name_en",
    "kind",
    "domain",
    "competence_keywords",
    "supplies",
    "parent",
    "note",
)


@dataclass(frozen=True)
class Demo:
    """The demo data; `digest` names this state of its files."""

    agencies: list[dict[str, Any]]
    digest: str

    def is_loaded(self, mark: Path, url: str) -> bool:
        """Whether the house at this address knows it: sign-ins belong to the address."""
        return mark.exists() and mark.read_text("utf-8") == self._mark(url)

    def remember(self, mark: Path, url: str) -> None:
        mark.write_text(self._mark(url), "utf-8")

    def _mark(self, url: str) -> str:
        return f"{self.digest} {url}"

    async def load(self, url: str) -> list[Position]:
        """Begins the installation and fills it; raises Trouble when the directory refuses an act."""
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            return await self.load_through(client, f"{url}/dev-issuer")

    async def load_through(self, client: httpx.AsyncClient, issuer: str) -> list[Position]:
        """The same through a client that reaches the house; answers how far its people reach."""
        client.headers["Authorization"] = f"Bearer {await _token(client)}"
        await _begin(client, issuer)
        for wave in generations(self.agencies):
            await _send(client, [registration(agency) for agency in wave])
        await _send(client, [*successions(self.agencies), *demo_people.agencies()])
        await _send(client, demo_people.successions())
        reached = await _people(client, issuer)
        await _send(client, [demo_places.calendar()])
        await demo_places.load_maps(client)
        return reached


async def _begin(client: httpx.AsyncClient, issuer: str) -> None:
    """Somebody administers the house and may sign in here; each step comes after the one before."""
    steps = demo_people.beginning(issuer)
    found = await client.get(f"{demo_people.API}/people/{demo_people.ADMINISTRATOR}")
    if found.is_success and found.json()["positions"]:
        steps = steps[-1:]
    for step in steps:
        answer = await _sent(client, step)
        if "Position" in answer.headers:
            client.headers["After-Position"] = answer.headers["Position"]


async def _people(client: httpx.AsyncClient, issuer: str) -> list[Position]:
    """Sites, people, positions, boards and delegations, whatever others need first."""
    waves = (
        demo_people.sites(),
        demo_people.people(),
        demo_people.deciders(),
        demo_people.boards(),
        demo_people.seats(),
        demo_people.delegations(),
        demo_people.revocations(),
        demo_people.links(issuer),
    )
    answers = [answer for wave in waves for answer in await _send(client, wave)]
    tokens = [
        answer.headers[positions.HEADER] for answer in answers if positions.HEADER in answer.headers
    ]
    return positions.merged([place for token in tokens for place in positions.decode(token)])


def demo() -> Demo:
    files = [resources.files("embedded").joinpath(f"demo_data/{name}") for name in FILES]
    contents = [file.read_bytes() for file in files]
    return Demo(json.loads(contents[0])["agencies"], hashlib.sha256(b"".join(contents)).hexdigest())


async def _token(client: httpx.AsyncClient) -> str:
    form = {"grant_type": DEMO_GRANT, "person": ADMINISTRATOR}
    answer = await client.post("/dev-issuer/token", data=form)
    return answer.raise_for_status().json()["access_token"]


async def _send(client: httpx.AsyncClient, acts: list[Act]) -> list[httpx.Response]:
    free = asyncio.Semaphore(AT_ONCE)

    async def send(act: Act) -> httpx.Response:
        async with free:
            return await _sent(client, act)

    return await asyncio.gather(*(send(act) for act in acts))


async def _sent(client: httpx.AsyncClient, act: Act) -> httpx.Response:
    """The same act again while the house says "not yet" (503): its key makes it one act."""
    answer = await _posted(client, act)
    for pause in PAUSES:
        if answer.status_code != int(httpx.codes.SERVICE_UNAVAILABLE):
            break
        await asyncio.sleep(pause)
        answer = await _posted(client, act)
    if answer.is_error:
        raise Trouble(
            f"The demo data was refused at {act.path} ({answer.status_code}: {answer.text[:200]})",
            "NHIPCAU_DEMO=off make run starts without it",
        )
    return answer


async def _posted(client: httpx.AsyncClient, act: Act) -> httpx.Response:
    return await client.post(act.path, json=act.body, headers={"Idempotency-Key": act.key})


def generations(agencies: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Parents before their children, in as few waves as that takes."""
    waves: list[list[dict[str, Any]]] = []
    known: set[str | None] = {None}
    waiting = agencies
    while waiting:
        wave = [agency for agency in waiting if agency.get("parent") in known]
        if not wave:
            raise Trouble("The demo's agencies have parents that are none of them", "mend the file")
        waves.append(wave)
        known |= {agency["id"] for agency in wave}
        waiting = [agency for agency in waiting if agency["id"] not in known]
    return waves


def registration(agency: dict[str, Any]) -> Act:
    """The request that registers an agency; one with a successor gets its last day by succession."""
    since = agency.get("valid_from") or KNOWN_SINCE[agency["jurisdiction"]].isoformat()
    body = {
        "agency_id": agency["id"],
        "site": agency["jurisdiction"],
        "jurisdiction": agency["jurisdiction"],
        "valid_from": since,
    }
    body |= {name: agency[name] for name in SAME_NAME if name in agency}
    if "abbr_in_doc_numbers" in agency:
        body["abbreviation"] = agency["abbr_in_doc_numbers"]
    follows = "successor" in agency or agency["id"] in demo_people.succeeded()
    if "valid_to" in agency and not follows:
        body["valid_to"] = first_day_after(agency["valid_to"])
    return Act("/api/directory/agencies", f"demo-agency-{agency['id']}", body)


def successions(agencies: list[dict[str, Any]]) -> list[Act]:
    """One request for all agencies that one successor takes over on one day."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for agency in agencies:
        if "successor" in agency:
            groups[agency["successor"], first_day_after(agency["valid_to"])].append(agency["id"])
    return [
        Act(
            "/api/directory/successions",
            f"demo-succession-{successor}-{day}",
            {
                "kind": "merge",
                "predecessors": predecessors,
                "successors": [successor],
                "effective_on": day,
            },
        )
        for (successor, day), predecessors in sorted(groups.items())
    ]


def first_day_after(last: str) -> str:
    """The data names last days; validity is half-open."""
    return (date.fromisoformat(last) + timedelta(days=1)).isoformat()
