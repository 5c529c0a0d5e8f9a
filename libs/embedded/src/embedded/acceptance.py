"""`make accept FILE=…`: hands in each article of a file at the running house and compares what its `expected` says.

The file has the shape of the written articles. A system passes them on, so that each counts as received
when its row says. Sent again, nothing changes; what the house has already is compared as it stands.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from common.http.idempotency import HEADER as KEY
from embedded import place
from embedded.demo_articles import E_OFFICE
from embedded.demo_files import DemoFile
from embedded.issuer_clients import CLIENTS
from embedded.trouble import Trouble

Row = Mapping[str, Any]
NOT_SENT = frozenset({"id", "jurisdiction", "expected", "attachments"})
TIMEOUT = 30
AT_ONCE = 4


def main() -> int:
    try:
        rows = read(Path(sys.argv[1]))
        url = f"http://{place.HOST}:{place.wanted_port()}"
        found = asyncio.run(_at(url, rows))
    except Trouble as trouble:
        print(f"accept: {trouble}", file=sys.stderr)
        return 1
    for row, different in zip(rows, found, strict=True):
        print(f"{row['id']:10} {'; '.join(different) or 'as expected'}")
    wrong = sum(bool(different) for different in found)
    print(f"{len(rows) - wrong} of {len(rows)} as expected")
    return 1 if wrong else 0


def read(file: Path) -> Sequence[Row]:
    """The rows of a file; raises Trouble for one of another shape."""
    try:
        rows = json.loads(file.read_text("utf-8"))["articles"]
        return [row for row in rows if row["expected"] is not None and row["jurisdiction"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else repr(error)
        raise Trouble(
            f"“{file}” is no file of articles ({why})",
            "make accept FILE=libs/rulebook/tests/data/articles.json",
        ) from error


async def _at(url: str, rows: Sequence[Row]) -> list[list[str]]:
    try:
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT) as http:
            return await accept(http, rows)
    except httpx.HTTPError as error:
        raise Trouble(
            f"No house answers at {url} ({error!r})", "make run, with the same PORT"
        ) from error


async def accept(http: httpx.AsyncClient, rows: Sequence[Row]) -> list[list[str]]:
    """For each row in what the house differs from it; empty where everything is as expected."""
    http.headers["Authorization"] = f"Bearer {await _token(http)}"
    free = asyncio.Semaphore(AT_ONCE)

    async def one(row: Row) -> list[str]:
        async with free:
            return await differences(http, row)

    return await asyncio.gather(*(one(row) for row in rows))


async def differences(http: httpx.AsyncClient, row: Row) -> list[str]:
    """What a check before sending, and handing in, say otherwise than the row."""
    sent = _sent(row)
    checked = await http.post("/api/intake/checks", json=sent)
    found = _compared("check", checked, row["expected"])
    for each in sent["attachments"]:
        each["digest"] = await _uploaded(http, each["name"])
    key = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:32]
    made = await http.post("/api/intake/submissions", json=sent, headers={KEY: f"accept-{key}"})
    return [*found, *await _of_submission(http, made, row["expected"])]


def _sent(row: Row) -> dict[str, Any]:
    """The row as a program would send it: its own words, to the site of its jurisdiction."""
    said = {
        name: value for name, value in row.items() if name not in NOT_SENT and value is not None
    }
    attachments: list[dict[str, Any]] = [dict(each) for each in row["attachments"]]
    return said | {"site": row["jurisdiction"], "attachments": attachments}


async def _of_submission(http: httpx.AsyncClient, made: httpx.Response, expected: Row) -> list[str]:
    """A wrong character set is refused, naming what was found; the rest is registered with its findings."""
    wrong = [code for code in expected["errors"] if code.startswith("encoding:")]
    said = made.json()
    if wrong:
        named = [each["code"] for each in said.get("findings", ())]
        return (
            [] if (said.get("code"), named) == ("encoding-wrong", wrong) else [f"handed in: {said}"]
        )
    if said.get("code") == "submitted-already" and "submission_id" in said:
        made = await http.get(f"/api/intake/submissions/{said['submission_id']}")
    return _compared("handed in", made, expected)


def _compared(what: str, answer: httpx.Response, expected: Row) -> list[str]:
    if answer.is_error:
        return [f"{what}: {answer.status_code} {answer.text[:300]}"]
    said = answer.json()
    told = {
        "errors": sorted(said["errors"]),
        "warnings": sorted(said["warnings"]),
        "valid": said.get("valid", not said["errors"]),
        "due_date": said.get("due_date", said.get("last_day")),
        "deadline_wd": said.get("deadline_wd", expected.get("deadline_wd")),
        "route_to": said.get("route_to"),
    }
    wanted = {
        **{name: expected[name] for name in told if name in expected},
        "errors": sorted(expected["errors"]),
        "warnings": sorted(expected["warnings"]),
    }
    return [
        f"{what}: {name} is {told[name]}, expected {value}"
        for name, value in wanted.items()
        if told[name] != value
    ]


async def _uploaded(http: httpx.AsyncClient, name: str) -> str:
    """A small document under the name of the row, for its file itself is not part of the data."""
    kind = "docx" if name.endswith("docx") else "pdf"
    parts = ("title", "issuer", "number", "place", "on", "type", "abstract", "signs", "signer")
    said = dict.fromkeys(parts, "…") | {"basis": [], "body": ["Tài liệu thử."], "recipients": []}
    made = await asyncio.to_thread(DemoFile(name, kind, said).made)
    answer = await http.post("/api/intake/files", files={"file": (name, made)})
    return answer.raise_for_status().json()["digest"]


async def _token(http: httpx.AsyncClient) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": E_OFFICE,
        "client_secret": CLIENTS[E_OFFICE].secret or "",
    }
    answer = await http.post("/dev-issuer/token", data=form)
    return answer.raise_for_status().json()["access_token"]


if __name__ == "__main__":
    sys.exit(main())
