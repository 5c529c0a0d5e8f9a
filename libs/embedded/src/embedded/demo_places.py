"""The working calendar and a sample of the two administrative maps, entered through the directory's HTTP."""

import asyncio
import json
from typing import Any

import httpx

from contracts.place import ROOT
from embedded.demo_people import Act
from embedded.trouble import Trouble

API = "/api/directory"
LOOKS, PAUSE = 600, 0.1


def calendar() -> Act:
    """The calendar of Vietnamese state agencies as it stands in contracts/calendars."""
    read: dict[str, Any] = json.loads((ROOT / "calendars" / "vn.json").read_text(encoding="utf-8"))
    days = [{k: v for k, v in day.items() if k != "weekday"} for day in read["days"]]
    body = {"calendar_id": "vn", "years": read["years"], "days": days}
    return Act(f"{API}/calendars", "demo-calendar-vn", body)


async def load_maps(client: httpx.AsyncClient) -> None:
    """Sends the sample of the maps before and after July 2025; again, it changes nothing."""
    content = (ROOT / "administrative" / "sample-maps.json").read_bytes()
    answer = await client.post(
        f"{API}/imports",
        data={"kind": "administrative-maps"},
        files={"file": ("sample-maps.json", content, "application/json")},
    )
    job = _job(answer)
    for _ in range(LOOKS):
        if job["state"] != "running":
            break
        await asyncio.sleep(PAUSE)
        job = _job(await client.get(f"{API}/imports/{job['import_id']}"))
    if job["state"] != "done" or job["refused"]:
        raise Trouble(
            f"The sample of the maps stopped at {job['done']} of {job['total']}",
            "make run again goes on where it stopped",
        )


def _job(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise Trouble(
            f"The sample of the maps was refused ({answer.status_code}: {answer.text[:200]})",
            "NHIPCAU_DEMO=off make run starts without it",
        )
    return answer.json()
