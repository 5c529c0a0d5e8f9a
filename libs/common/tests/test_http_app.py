"""What stands around every route: bounds, headers, traces, counts, probes and a graceful stop."""

import asyncio
import io
import json
import socket
from datetime import UTC, datetime

import httpx
import pytest
import structlog
import uvicorn
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette
from starlette.routing import Mount

from common import logs
from common.errors import Unavailable
from common.health import Health
from common.http.signed_in import FromToken, FromTokenOrNobody
from common.settings import ServiceSettings
from common.telemetry import current_traceparent, set_up
from common.testing.http import an_app, client_of
from common.testing.issuer import MemoryIssuer

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Gate:
    """Holds requests until it is opened."""

    def __init__(self):
        self.entered = asyncio.Event()
        self.open = asyncio.Event()
        self.cancelled = False

    async def __call__(self):
        self.entered.set()
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return "through"


def routes(gate: Gate | None = None) -> APIRouter:
    router = APIRouter()

    @router.get("/agencies/{agency_id}")
    async def agency(agency_id: str) -> str | None:
        return current_traceparent()

    @router.post("/files")
    async def files(request: Request) -> int:
        return len(await request.body())

    @router.get("/slow")
    async def slow() -> str:
        return await gate() if gate else ""

    @router.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts():
            yield b"first "
            yield (await gate()).encode() if gate else b""

        return StreamingResponse(parts(), media_type="text/plain")

    return router


def chunks(size: int, count: int):
    async def produce():
        for _ in range(count):
            yield b"x" * size

    return produce()


async def test_a_declared_body_over_the_limit_is_refused_unread():
    async with client_of(an_app([routes()], body_limit=2000)) as client:
        answer = await client.post("/files", content=b"x" * 2001)

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.json()["limit"] == 2000
    assert answer.headers["connection"] == "close"


async def test_a_chunked_body_over_the_limit_is_refused_while_it_is_read():
    async with client_of(an_app([routes()], body_limit=2000)) as client:
        over = await client.post("/files", content=chunks(500, 5))
        just_right = await client.post("/files", content=chunks(500, 4))

    assert (over.status_code, over.json()["code"]) == (413, "body-too-large")
    assert (just_right.status_code, just_right.json()) == (200, 2000)


async def test_a_route_for_uploads_has_a_limit_of_its_own():
    app = an_app([routes()], body_limit=2000, around={"body_limits": {"/files": 10_000}})
    async with client_of(app) as client:
        assert (await client.post("/files", content=b"x" * 9000)).json() == 9000


async def test_a_route_for_uploads_keeps_its_limit_where_the_service_is_mounted():
    app = an_app([routes()], body_limit=2000, around={"body_limits": {"/files": 10_000}})
    house = Starlette(routes=[Mount("/api/notes", app)])
    async with client_of(house) as client:  # pyright: ignore[reportArgumentType]
        large = await client.post("/api/notes/files", content=b"x" * 9000)
        over = await client.post("/api/notes/files", content=b"x" * 11_000)

    assert (large.status_code, over.status_code) == (200, 413)


@pytest.mark.parametrize("length", ["-5", "abc", "9" * 40, "٣"])
async def test_a_strange_content_length_breaks_nothing(length):
    async with client_of(an_app([routes()])) as client:
        headers = {"Content-Length": length.encode()}
        answer = await client.post("/files", content=b"x", headers=headers)

    assert answer.status_code in (200, 413)


async def test_an_answer_that_takes_too_long_is_503_and_its_work_is_cancelled():
    gate = Gate()
    async with client_of(an_app([routes(gate)], request_timeout=0.02)) as client:
        answer = await client.get("/slow")

    assert (answer.status_code, answer.json()["code"]) == (503, "timed-out")
    assert answer.headers["retry-after"] == "1"
    assert gate.cancelled


async def test_an_answer_that_has_begun_is_not_cut():
    gate = Gate()
    async with client_of(an_app([routes(gate)], request_timeout=0.05)) as client:
        asking = asyncio.create_task(client.get("/stream"))
        await gate.entered.wait()
        await asyncio.wait([asking], timeout=0.15)
        gate.open.set()
        answer = await asking

    assert answer.text == "first through"


async def test_every_answer_has_security_headers():
    async with client_of(an_app([routes()])) as client:
        well, wrong = await client.get("/agencies/1"), await client.get("/nowhere")

    for answer in (well, wrong):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in answer.headers


async def test_the_callers_trace_goes_through_the_route_and_back():
    async with client_of(an_app([routes()])) as client:
        answer = await client.get("/agencies/1", headers={"traceparent": PARENT})

    assert answer.json().split("-")[1] == PARENT.split("-")[1]
    assert answer.headers["traceresponse"] == answer.json()


async def test_a_sampled_request_leaves_a_span_named_by_its_template():
    recorded = InMemorySpanExporter()
    settings = ServiceSettings(service="testing", sample_ratio=1)
    traces = set_up(settings, processor=SimpleSpanProcessor(recorded))
    async with client_of(an_app([routes()], around={"telemetry": traces})) as client:
        await client.get("/agencies/0912345678?q=secret")

    (span,) = recorded.get_finished_spans()
    assert span.name == "GET /agencies/{agency_id}"
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/agencies/{agency_id}",
        "http.response.status_code": 200,
    }


async def test_metrics_count_by_template_and_do_not_grow_with_paths():
    async with client_of(an_app([routes()])) as client:
        for number in range(50):
            await client.get(f"/agencies/{number}")
            await client.get(f"/unknown/{number}")
            await client.request(f"VERB{number}", "/agencies/1")
        page = (await client.get("/metrics")).text

    lines = [line for line in page.splitlines() if line.startswith("http_requests_total{")]
    assert sorted(lines) == [
        'http_requests_total{method="GET",route="/agencies/{agency_id}",status="200"} 50.0',
        'http_requests_total{method="GET",route="unmatched",status="404"} 50.0',
        'http_requests_total{method="OTHER",route="/agencies/{agency_id}",status="405"} 50.0',
    ]


@pytest.fixture
def lines():
    out = io.StringIO()
    logs.set_up(clock=lambda: NOON, stream=out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()


async def test_the_access_log_names_the_template_and_no_value(lines):
    async with client_of(an_app([routes()])) as client:
        await client.get("/agencies/nguyen-van-a?phone=0912345678")
        await client.get("/health/live")

    (line,) = lines()
    assert (line["event"], line["route"], line["status"]) == (
        "request",
        "/agencies/{agency_id}",
        200,
    )
    assert "nguyen" not in json.dumps(line)
    assert len(line["trace"]) == 32


async def test_probes_name_what_is_wrong():
    async def away():
        raise Unavailable("mongo-away", "The database does not answer.")

    health = Health("testing", fresh_for=0)
    health.add("mongo", away)
    async with client_of(an_app(around={"health": health})) as client:
        ready, live = await client.get("/health/ready"), await client.get("/health/live")

    assert (ready.status_code, live.status_code) == (503, 200)
    assert ready.json()["checks"][0]["name"] == "mongo"
    assert ready.json()["checks"][0]["detail"] == "The database does not answer."


async def test_stopping_turns_unready_first_and_finishes_what_has_begun():
    gate = Gate()
    app = an_app([routes(gate)])
    async with client_of(app) as client:
        asking = asyncio.create_task(client.get("/slow"))
        await gate.entered.wait()
        stopping = asyncio.create_task(app.state.traffic.drain(limit=5))
        await asyncio.sleep(0)
        ready = await client.get("/health/ready")
        still_running = not stopping.done()
        gate.open.set()
        answer, finished = await asking, await stopping

    assert (ready.status_code, ready.json()["status"]) == (503, "draining")
    assert still_running
    assert finished
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")


async def test_stopping_gives_up_on_a_request_that_never_ends():
    gate = Gate()
    app = an_app([routes(gate)])
    async with client_of(app) as client:
        asking = asyncio.create_task(client.get("/slow"))
        await gate.entered.wait()

        assert not await app.state.traffic.drain(limit=0.01)

        gate.open.set()
        await asking


async def test_a_client_that_hangs_up_is_no_error(lines):
    app = an_app([routes()])
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/files",
        "raw_path": b"/files",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"content-length", b"100")],
        "server": ("service.test", 80),
        "client": ("10.0.0.1", 5000),
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }
    await app(scope, receive, send)

    assert sent == []
    assert [(line["event"], line["status"]) for line in lines()] == [("request", 499)]


async def test_the_document_declares_problems_and_nothing_of_fastapis_own():
    async with client_of(an_app([routes()])) as client:
        document = (await client.get("/openapi.json")).json()

    responses = document["paths"]["/agencies/{agency_id}"]["get"]["responses"]
    assert {"200", "400", "404", "422", "429", "503", "default"} <= set(responses)
    assert "application/problem+json" in responses["404"]["content"]
    assert document["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in json.dumps(document)
    assert "/health/ready" not in document["paths"]


async def test_routes_that_ask_for_a_person_say_so_in_the_document_and_refuse_nobody():
    router = APIRouter()

    @router.get("/mine")
    async def mine(who: FromToken) -> str:
        return who.subject

    @router.get("/ours")
    async def ours(who: FromTokenOrNobody) -> str:
        return "nobody" if who is None else who.subject

    issuer = MemoryIssuer()
    app = an_app([router], around={"verifier": issuer.verifier()})
    async with client_of(app) as client:
        document = (await client.get("/openapi.json")).json()
        nobody, an = await client.get("/mine"), await client.get("/mine", headers=issuer.bearer())
        anyone = await client.get("/ours")
        wrong = await client.get("/ours", headers={"Authorization": "bearer x.y.z"})

    operation = document["paths"]["/mine"]["get"]
    assert operation["security"] == [{"bearer": []}]
    assert {"401", "403"} <= set(operation["responses"])
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert (nobody.status_code, nobody.json()["code"]) == (401, "token-missing")
    assert (an.json(), anyone.json(), wrong.status_code) == ("an", "nobody", 401)


async def test_without_an_issuer_a_sign_in_cannot_be_checked():
    router = APIRouter()

    @router.get("/mine")
    async def mine(who: FromToken) -> str:
        return who.subject

    async with client_of(an_app([router])) as client:
        answer = await client.get("/mine", headers={"Authorization": "Bearer x"})

    assert (answer.status_code, answer.json()["code"]) == (503, "no-issuer")


async def test_a_client_that_sends_too_much_sees_the_answer_over_a_real_connection():
    """One that still writes when its connection is closed sees a broken pipe instead of the problem."""
    router = APIRouter()

    @router.post("/notes")
    async def note(request: Request) -> int:
        return len(await request.body())

    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(an_app([router]), log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve([door]))
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(
            f"http://127.0.0.1:{door.getsockname()[1]}/notes", content=b"x" * 31_000_000
        )
    server.should_exit = True
    await serving
    door.close()

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
