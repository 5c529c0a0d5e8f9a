"""The page "write a new service" is true: its example is run as it stands there."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from common.settings import ServiceSettings
from common.testing.http import client_of

PAGE = Path(__file__).parents[3] / "docs" / "write-a-new-service.md"
KEY = {"Idempotency-Key": "note-a-first"}


@pytest.fixture
async def client():
    (source,) = re.findall(r"```python\n(\"\"\"Notes.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    module = ModuleType("notes_of_the_page")
    sys.modules[module.__name__] = module
    exec(compile(source, PAGE, "exec"), module.__dict__)  # noqa: S102 - our own page
    async with client_of(module.create_app(ServiceSettings(service="notes"))) as client:
        yield client
    del sys.modules[module.__name__]


async def test_the_example_writes_reads_and_lists(client):
    written = await client.post("/notes/a", json={"text": "first"}, headers=KEY)
    await client.post("/notes/b", json={"text": "second"}, headers=KEY)
    again = await client.get("/notes/a", headers={"If-None-Match": written.headers["etag"]})
    page = await client.get("/notes?limit=1")
    rest = await client.get(page.links["next"]["url"])

    assert (written.status_code, again.status_code) == (201, 304)
    assert [note["name"] for note in page.json()["items"] + rest.json()["items"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ({"text": "x"}, {}, 400, "idempotency-key-missing"),
        ({"text": ""}, KEY, 422, "content-invalid"),
        ({"text": "x"}, KEY | {"If-Match": '"7"'}, 412, "version-changed"),
    ],
)
async def test_the_example_refuses_as_the_page_says(client, body, headers, status, code):
    answer = await client.post("/notes/a", json=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_unknown_note_is_not_found(client):
    assert (await client.get("/notes/nobody")).json()["code"] == "note-unknown"
