"""A route answered by its plan answers as FastAPI itself would: status, headers, bytes, errors."""

from datetime import date
from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response, UploadFile
from fastapi.routing import iter_route_contexts
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, PlainTextResponse

from common.errors import NotFound
from common.http.direct import Direct
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.plans import plan_of
from common.http.positions import AfterPositionOrStale
from common.http.preconditions import DemandedVersion
from common.http.signed_in import FromToken, FromTokenOrNobody
from common.testing.http import an_app, client_of
from common.testing.issuer import MemoryIssuer

CHANGING = {"traceresponse", "ratelimit"}
LATE = ("direct", "fastapi")


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=20)]
    born: date
    tags: tuple[str, ...] = ()


class Looked(BaseModel):
    word: str
    many: tuple[int, ...] = ()


async def _upper(word: Annotated[str, Query(max_length=5)]) -> str:
    if word == "none":
        raise NotFound("no-word", "There is no such word.")
    return word.upper()


Upper = Annotated[str, Depends(_upper)]


async def _twice(word: Upper) -> str:
    return word * 2


def routes() -> APIRouter:  # noqa: C901 - a kind of route each
    router = APIRouter()

    @router.get("/people/first")
    async def first() -> str:
        return "first"

    @router.get("/people/{number}")
    async def one(
        number: Annotated[int, Path(ge=1)],
        response: Response,
        _: AfterPositionOrStale,
        kind: Literal["short", "long"] = "short",
    ) -> dict[str, str | int]:
        response.headers["ETag"] = f'"{number}"'
        if number == 202:
            response.status_code = 202
        return {"number": number, "kind": kind}

    @router.post("/people", status_code=201)
    async def add(body: Person, cause: FromRequest, who: FromTokenOrNobody) -> Person:
        assert cause.actor == "anonymous"
        assert who is None
        return body

    @router.put("/people/{number}")
    async def change(number: int, body: Person, expected: DemandedVersion) -> int:
        return number + (expected or 0) + len(body.name)

    @router.delete("/people/{number}", status_code=204)
    async def remove(number: int) -> None:
        assert number

    @router.get("/words")
    async def words(twice: Annotated[str, Depends(_twice)], word: Upper) -> list[str]:
        return [twice, word]

    @router.get("/looked")
    async def looked(asked: Annotated[Looked, Query()]) -> Looked:
        return asked

    @router.get("/lists")
    async def lists(
        page: FromPage,
        at: AwareDatetime | None = None,
        ids: Annotated[tuple[int, ...], Query()] = (),
    ) -> Page[int]:
        assert at is None or at.tzinfo
        return page.page([*ids, *range(page.fetch)], view=lambda n: n, key=lambda n: (n,))

    @router.get("/raw", response_model=None)
    async def raw(request: Request, x_mark: Annotated[str | None, Header()] = None) -> Response:
        match request.query_params.get("as"):
            case "text":
                return PlainTextResponse(x_mark or "-", headers={"X-Own": "1"})
            case "broken":
                raise RuntimeError("broken")
            case _:
                return JSONResponse({"path": request.url.path, "for": str(request.url_for("raw"))})

    @router.get("/loose", response_model=None)
    async def loose() -> dict[str, date]:
        return {"on": date(2026, 3, 2)}

    @router.get("/files/{path:path}")
    async def files(path: str) -> str:
        return path

    return router


def app_of(kind: str):
    app = an_app([routes()])
    if kind == "fastapi":
        app.user_middleware = [each for each in app.user_middleware if each.cls is not Direct]
    return app


GOOD = {"name": "Nguyễn Thị Hoa", "born": "1990-02-01"}
KEY = {"Idempotency-Key": "0123456789abcdef"}
JSON = {"Content-Type": "application/json"}
ASKED = [
    ("GET", "/people/first", {}),
    ("GET", "/people/7", {}),
    ("GET", "/people/7?kind=long", {}),
    ("GET", "/people/7?kind=odd", {}),
    ("GET", "/people/202", {}),
    ("GET", "/people/0", {}),
    ("GET", "/people/x?kind=odd", {}),
    ("GET", "/people/7?stale=no", {}),
    ("GET", "/people/7", {"headers": {"After-Position": "rubbish"}}),
    ("HEAD", "/people/7", {}),
    ("GET", "/people/7/", {}),
    ("GET", "/nowhere", {}),
    ("PATCH", "/people/7", {}),
    ("POST", "/people", {"json": GOOD, "headers": KEY}),
    ("POST", "/people", {"json": GOOD | {"tags": ["a", "b"]}, "headers": KEY}),
    ("POST", "/people", {"json": GOOD}),
    ("POST", "/people", {"json": GOOD, "headers": {"Idempotency-Key": "short"}}),
    ("POST", "/people", {"json": GOOD | {"name": "", "more": 1}, "headers": KEY}),
    ("POST", "/people", {"json": [], "headers": KEY}),
    ("POST", "/people", {"content": b"{", "headers": KEY | JSON}),
    ("POST", "/people", {"content": b"\xff", "headers": KEY | JSON}),
    ("POST", "/people", {"content": b"null", "headers": KEY | JSON}),
    ("POST", "/people", {"content": b"", "headers": KEY | JSON}),
    ("POST", "/people", {"content": b"{}", "headers": KEY}),
    ("POST", "/people", {"content": b"{}", "headers": KEY | {"Content-Type": "text/plain"}}),
    ("POST", "/people", {"content": b"{}", "headers": KEY | {"Content-Type": "a/b+json"}}),
    ("POST", "/people", {"json": GOOD, "headers": KEY | {"Authorization": "Bearer x"}}),
    ("PUT", "/people/3", {"json": GOOD}),
    ("PUT", "/people/3", {"json": GOOD, "headers": {"If-Match": '"4"'}}),
    ("PUT", "/people/x", {"json": {}, "headers": {"If-Match": '"4"'}}),
    ("DELETE", "/people/3", {}),
    ("GET", "/words?word=ha", {}),
    ("GET", "/words?word=none", {}),
    ("GET", "/looked?word=a&many=1&many=2", {}),
    ("GET", "/looked?many=x", {}),
    ("GET", "/lists?limit=2&ids=4&ids=5&at=2026-03-02T05:00:00Z", {}),
    ("GET", "/lists?limit=0&ids=x&at=2026-03-02T05:00:00", {}),
    ("GET", "/lists?cursor=rubbish", {}),
    ("GET", "/raw?as=text", {"headers": {"X-Mark": "đỏ".encode()}}),
    ("GET", "/raw", {}),
    ("GET", "/raw?as=broken", {}),
    ("GET", "/loose", {}),
    ("GET", "/files/a/b", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), ASKED)
async def test_a_plan_answers_as_fastapi_does(method, path, more):
    answers = []
    for kind in LATE:
        async with client_of(app_of(kind)) as client:
            answers.append(await client.request(method, path, **more))

    direct, usual = answers
    assert (direct.status_code, _told(direct)) == (usual.status_code, _told(usual))
    assert _headers(direct) == _headers(usual)


async def test_a_finding_that_two_dependencies_share_is_told_once():
    async with client_of(app_of("direct")) as client:
        answer = await client.get("/words?word=toolong")

    assert [error["pointer"] for error in answer.json()["errors"]] == ["query:word"]


def test_the_routes_of_these_answers_have_plans():
    planned = {
        context.path
        for context in iter_route_contexts(app_of("direct").routes)
        if plan_of(context) is not None
    }
    assert {each.path for each in routes().routes} <= planned


async def test_one_router_in_several_apps_answers_in_each_where_and_for_whom_it_stands():
    shared = APIRouter()

    @shared.get("/name")
    async def name(request: Request) -> str:
        return request.app.state.deps

    first, second = an_app([shared], deps="first"), an_app([shared], deps="second")
    moved = an_app([], deps="moved")
    moved.include_router(shared, prefix="/elsewhere")

    told = []
    for app, path in ((first, "/name"), (second, "/name"), (moved, "/elsewhere/name")):
        async with client_of(app) as client:
            told.append((await client.get(path)).json())
    async with client_of(moved) as client:
        nothing = await client.get("/name")

    assert told == ["first", "second", "moved"]
    assert nothing.status_code == 404


async def test_a_route_that_a_router_gets_later_is_answered_by_the_next_app():
    growing = APIRouter()
    async with client_of(an_app([growing])) as client:
        before = await client.get("/late")

    @growing.get("/late")
    async def late() -> str:
        return "here"

    async with client_of(an_app([growing])) as client:
        after = await client.get("/late")

    assert (before.status_code, after.status_code) == (404, 200)


def asking() -> APIRouter:
    """Routes that ask who it is: by a plan, by FastAPI itself, and one that lets nobody pass too."""
    router = APIRouter()

    @router.post("/acts/{number}")
    async def act(number: int, body: Person, cause: FromRequest, who: FromToken) -> str:
        return f"{number} {body.name} {cause.actor} {who.subject}"

    @router.post("/files")
    async def keep(file: UploadFile, who: FromToken) -> str:
        return f"{file.filename} {who.subject}"

    @router.post("/notes")
    async def note(body: Person, who: FromTokenOrNobody) -> str:
        return f"{body.name} {who}"

    return router


def asked_app():
    return an_app([asking()], around={"verifier": MemoryIssuer().verifier()})


FORM = {"Content-Type": "multipart/form-data; boundary=x"}
RUBBISH = {"Authorization": "Bearer rubbish"}


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/acts/7", JSON | KEY, "token-missing"),
        ("/acts/7", JSON, "token-missing"),
        ("/acts/x", {}, "token-missing"),
        ("/acts/7", JSON | KEY | RUBBISH, "token-invalid"),
        ("/files", FORM, "token-missing"),
        ("/files", FORM | RUBBISH, "token-invalid"),
        ("/notes", JSON | RUBBISH, "token-invalid"),
    ],
)
async def test_who_is_nobody_hears_only_that_and_nothing_of_what_they_sent_is_read(
    path, headers, code
):
    async def unread():
        raise AssertionError
        yield b"{"

    async with client_of(asked_app()) as client:
        broken = await client.post(path, content=b"{", headers=headers)
        long = await client.post(path, content=unread(), headers=headers)

    assert [(a.status_code, a.json()["code"]) for a in (broken, long)] == [(401, code)] * 2
    assert broken.headers["www-authenticate"].startswith("Bearer")


async def test_who_is_known_hears_what_is_wrong_with_what_they_sent():
    issuer = MemoryIssuer()
    app = an_app([asking()], around={"verifier": issuer.verifier()})

    async with client_of(app, headers=issuer.bearer("hoa")) as client:
        broken = await client.post("/acts/7", content=b"{", headers=JSON | KEY)
        done = await client.post("/acts/7", json=GOOD, headers=KEY)
        kept = await client.post("/files", files={"file": ("a.txt", b"words")})
        nobody = await client.post("/notes", json=GOOD, headers={"Authorization": ""})

    assert broken.status_code == 400
    assert done.json() == f"7 {GOOD['name']} hoa hoa"
    assert kept.json() == "a.txt hoa"
    assert nobody.json() == f"{GOOD['name']} None"


def _told(answer):
    """The body without the number of its trace."""
    if answer.headers.get("content-type") != "application/problem+json":
        return answer.content
    trace = answer.headers["traceresponse"].split("-")[1]
    return answer.text.replace(trace, "trace")


def _headers(answer):
    return [(name, value) for name, value in answer.headers.multi_items() if name not in CHANGING]
