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

from embedded.issuer import DEMO_GRANT
from embedded.trouble import Trouble

ADMINISTRATOR = "quan-tri"
AT_ONCE = 8
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
class Act:
    """One request of the demo; its key makes it the same act at every start."""

    path: str
    key: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Demo:
    """The agencies of the demo file; `digest` names this state of the file."""

    agencies: list[dict[str, Any]]
    digest: str

    def is_loaded(self, mark: Path) -> bool:
        return mark.exists() and mark.read_text("ascii") == self.digest

    def remember(self, mark: Path) -> None:
        mark.write_text(self.digest, "ascii")

    async def load(self, url: str) -> None:
        """Registers agencies, then successions; raises Trouble when the directory refuses an act."""
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            client.headers["Authorization"] = f"Bearer {await _token(client)}"
            await _send(client, [registration(agency) for agency in self.agencies])
            await _send(client, successions(self.agencies))


def demo() -> Demo:
    content = resources.files("embedded").joinpath("demo_data/agencies.json").read_bytes()
    return Demo(json.loads(content)["agencies"], hashlib.sha256(content).hexdigest())


async def _token(client: httpx.AsyncClient) -> str:
    form = {"grant_type": DEMO_GRANT, "person": ADMINISTRATOR}
    answer = await client.post("/dev-issuer/token", data=form)
    return answer.raise_for_status().json()["access_token"]


async def _send(client: httpx.AsyncClient, acts: list[Act]) -> None:
    free = asyncio.Semaphore(AT_ONCE)

    async def send(act: Act) -> None:
        async with free:
            answer = await client.post(
                act.path, json=act.body, headers={"Idempotency-Key": act.key}
            )
        if answer.is_error:
            raise Trouble(
                f"The demo data was refused at {act.path} ({answer.status_code}: {answer.text[:200]})",
                "NHIPCAU_DEMO=off make run starts without it",
            )

    await asyncio.gather(*(send(act) for act in acts))


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
    if "valid_to" in agency and "successor" not in agency:
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
