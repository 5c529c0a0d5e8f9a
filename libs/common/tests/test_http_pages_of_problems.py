"""Browsers are refused with a page by the layers around the routes; programs and floods with a document."""

from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from common.http.pages_of_problems import A_SECOND, PagesOfProblems, People
from common.testing.http import an_app, client_of

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/agencies")
    async def agencies(request: Request) -> str:
        return request.headers.get("accept-language", "")

    return router


async def page(request: Request, problem: Mapping[str, Any]) -> Response | None:
    if request.url.path.startswith("/json"):
        return None
    return HTMLResponse(f"<p>{problem['detail']}</p>", problem["status"])


def language(request: Request) -> str:
    return request.query_params.get("lang", "vi")


def person(request: Request) -> str | None:
    return request.cookies.get("who")


def a_site(**settings: Any) -> Any:
    around = {"people": People(page, language, person)}
    return an_app([routes()], around=around, **settings)


async def test_a_browser_is_refused_with_a_page_in_its_language():
    async with client_of(a_site(rate_limit="1/day")) as client:
        await client.get("/agencies", headers=BROWSER)
        refused = await client.get("/agencies", params={"lang": "en"}, headers=BROWSER)
        again = await client.get("/agencies", headers=BROWSER)

    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert refused.text.startswith("<p>")
    assert "requests" in refused.text
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["cache-control"] == "no-store"
    assert "yêu cầu" in again.text


async def test_programs_and_addresses_for_programs_get_the_document():
    async with client_of(a_site(rate_limit="1/day")) as client:
        await client.get("/agencies")
        answers = [
            await client.get("/agencies"),
            await client.get("/agencies", headers={"Accept": "application/json"}),
            await client.get("/json", headers=BROWSER),
        ]

    assert [each.json()["code"] for each in answers] == ["too-many-requests"] * 3
    assert {each.headers["content-type"] for each in answers} == {"application/problem+json"}


async def test_a_body_too_large_is_a_page_too_and_what_a_route_answers_stays():
    async with client_of(a_site(body_limit=1024)) as client:
        large = await client.post("/agencies", content=b"x" * 1025, headers=BROWSER)
        nothing = await client.get("/nothing", headers=BROWSER)
        fine = await client.get("/agencies", params={"lang": "en"}, headers=BROWSER)

    assert (large.status_code, large.text[:3]) == (413, "<p>")
    assert nothing.headers["content-type"] == "application/problem+json"
    assert fine.json() == "en"


async def test_people_behind_one_address_are_counted_each_for_themselves():
    async with client_of(a_site(rate_limit="2/day")) as client:
        of_an = [
            (await client.get("/agencies", headers={"Cookie": "who=an"})).status_code
            for _ in range(3)
        ]
        of_binh = await client.get("/agencies", headers={"Cookie": "who=binh"})

    assert of_an == [200, 200, 429]
    assert of_binh.status_code == 200


async def test_a_flood_gets_documents():
    seconds = [0.5]

    async def refuses(scope: Any, receive: Any, send: Any) -> None:
        answer = Response(b'{"status":429,"detail":"x"}', 429, None, "application/problem+json")
        await answer(scope, receive, send)

    shown = PagesOfProblems(refuses, people=People(page, language), clock=lambda: seconds[0])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(shown), base_url="http://x"
    ) as client:
        kinds = [
            (await client.get("/a", headers=BROWSER)).headers["content-type"]
            for _ in range(A_SECOND + 5)
        ]
        seconds[0] = 1.5
        later = await client.get("/a", headers=BROWSER)

    assert [kind.startswith("text/html") for kind in kinds] == [True] * A_SECOND + [False] * 5
    assert later.headers["content-type"].startswith("text/html")
