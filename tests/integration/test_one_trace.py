"""One trace id from the request through the commit and Kafka to the handler, on real engines."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import directory.main
import portal.main
from common.identity import Principal
from common.service import assemble, parts_of
from common.settings import ServiceSettings
from common.telemetry import set_up
from embedded.engines import Engines

from .conftest import an_agency

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
TRACE = "0af7651916cd43dd8448eb211c80319c"
ABOVE = "b7ad6b7169203331"


class Everybody:
    """Takes any token."""

    def known(self, token: str) -> Principal:
        return Principal(token, token, "person", frozenset({"directory:write"}))

    async def verify(self, token: str) -> Principal:
        return self.known(token)


@dataclass(frozen=True)
class Watched:
    """Directory and portal in this process, and every span that each of them recorded."""

    http: httpx.AsyncClient
    recorded: Mapping[str, InMemorySpanExporter]

    async def register(self, traceparent: str) -> str:
        agency = f"trace.{uuid4().hex[:8]}"
        headers = {
            "Authorization": "Bearer somebody",
            "Idempotency-Key": agency,
            "traceparent": traceparent,
        }
        answer = await self.http.post("/agencies", json=an_agency(agency), headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["traceresponse"]

    async def until_recorded(self, trace: str, names: set[str]) -> dict[str, ReadableSpan]:
        async with asyncio.timeout(30):
            while not names <= self.spans(trace).keys():  # noqa: ASYNC110 - an exporter tells nobody
                await asyncio.sleep(0.05)
        return self.spans(trace)

    def spans(self, trace: str) -> dict[str, ReadableSpan]:
        return {
            f"{service}: {span.name}": span
            for service, exporter in self.recorded.items()
            for span in exporter.get_finished_spans()
            if span.context is not None and f"{span.context.trace_id:032x}" == trace
        }


@pytest.fixture
async def watched(
    engines: Engines, database_prefix: str, topic_prefix: str
) -> AsyncGenerator[Watched]:
    recorded: dict[str, InMemorySpanExporter] = {}
    apps: dict[str, Any] = {}
    makers: dict[str, Callable[..., Any]] = {
        "directory": directory.main.create_app,
        "portal": portal.main.create_app,
    }
    async with AsyncExitStack() as stack:
        for name, make in makers.items():
            settings = ServiceSettings(
                service=name,
                mongo_url=engines.mongo_url,
                kafka_bootstrap=engines.kafka_bootstrap,
                mongo_prefix=database_prefix.replace("-", "_"),
                topic_prefix=topic_prefix,
                sample_ratio=0.0,
            )
            recorded[name] = InMemorySpanExporter()
            traces = set_up(settings, processor=SimpleSpanProcessor(recorded[name]))
            app = make(settings, assemble(settings, parts_of(name), telemetry=traces))
            object.__setattr__(app.state.around, "verifier", Everybody())
            await stack.enter_async_context(app.router.lifespan_context(app))
            apps[name] = app
        transport = httpx.ASGITransport(apps["directory"])
        http = httpx.AsyncClient(transport=transport, base_url="http://directory")
        yield Watched(await stack.enter_async_context(http), recorded)


async def test_one_trace_goes_from_the_request_to_every_handler(watched: Watched):
    answered = await watched.register(f"00-{TRACE}-{ABOVE}-01")

    wanted = {
        "directory: POST /agencies",
        "directory: commit",
        "directory: directory: when_agency_registered_list_it",
        "portal: portal: when_agency_registered_show_it",
    }
    spans = await watched.until_recorded(TRACE, wanted)
    assert any(name.startswith("directory: publish ") for name in spans)
    request = spans.pop("directory: POST /agencies")
    assert request.parent is not None
    assert request.context is not None
    assert f"{request.parent.span_id:016x}" == ABOVE
    assert answered.split("-")[1] == TRACE
    assert {span.parent and span.parent.span_id for span in spans.values()} == {
        request.context.span_id
    }
    assert all((span.end_time or 0) >= (span.start_time or 0) > 0 for span in spans.values())


async def test_a_trace_that_is_not_sampled_leaves_no_span_and_travels_on(watched: Watched):
    unsampled = TRACE.replace("0", "1")

    answered = await watched.register(f"00-{unsampled}-{ABOVE}-00")
    await watched.register(f"00-{TRACE}-{ABOVE}-01")

    await watched.until_recorded(TRACE, {"portal: portal: when_agency_registered_show_it"})
    assert (answered.split("-")[1], answered[-3:]) == (unsampled, "-00")
    assert watched.spans(unsampled) == {}
