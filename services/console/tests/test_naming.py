"""Names where a service's sentence has ids."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from console.queries import Api, Asker
from console.routes.naming import named, names_in

NAMES = {
    "langson": "Sở Ngoại vụ Lạng Sơn",
    "langson.truong-ban": "Nông Thị Mai",
    "installation.e-office": "E-Office",
}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("langson.truong-ban may not publish at langson.", "Nông Thị Mai may not publish at Sở Ngoại vụ Lạng Sơn."),
        ("Do installation.e-office gửi.", "Do E-Office gửi."),
        ("langson.truong-ban-2 gửi tới langson-snv; xem langson.gov.vn", "langson.truong-ban-2 gửi tới langson-snv; xem langson.gov.vn"),
    ],
)  # fmt: skip
def test_a_whole_id_is_told_by_its_name_and_never_a_part_of_another(sentence: str, told: str):
    assert named((sentence, NAMES), "vi") == told


def a_visitor(answers: Mapping[str, Any]) -> Any:
    """Somebody signed in; the directory answers these paths, and is away for others."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/directory/")
        if path not in answers:
            raise httpx.ConnectError("away", request=request)
        return httpx.Response(200, json=answers[path])

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    desk = SimpleNamespace(api=Api(http, "http://services"))
    return SimpleNamespace(
        session=object(), desk=desk, asker=Asker("t", "vi"), sites=None, language="vi"
    )


SITES = {"items": [{"site": "langson", "attributes": {"name_vi": NAMES["langson"]}}]}
PERSON = {"attributes": {"full_name": NAMES["langson.truong-ban"]}}


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ({"sites": SITES, "people/langson.truong-ban": PERSON}, ["langson", "langson.truong-ban"]),
        ({"sites": SITES}, []),
        ({}, []),
    ],
)
async def test_a_refusal_is_told_without_names_where_nobody_tells_them(
    answers: Mapping[str, Any], names: list[str]
):
    said = "langson.truong-ban may not publish at langson."

    found = await names_in(a_visitor(answers), [said])

    assert found == {id: NAMES[id] for id in names}
