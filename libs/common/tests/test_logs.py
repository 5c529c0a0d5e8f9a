"""Logs are one JSON object a line, tied to the trace, and silent about people."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest
import structlog
from opentelemetry import trace

from common import logs, telemetry
from common.settings import ServiceSettings

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.fixture
def lines():
    out = io.StringIO()
    logs.set_up(clock=lambda: NOON, stream=out)

    def read():
        return [json.loads(line) for line in out.getvalue().splitlines()]

    yield read
    structlog.reset_defaults()
    logging.basicConfig(force=True)


def test_a_line_says_what_where_and_when(lines):
    logs.logger("directory").info("started", port=8000)

    assert lines() == [
        {
            "event": "started",
            "service": "directory",
            "level": "info",
            "at": "2026-03-02T05:00:00.000Z",
            "port": 8000,
        }
    ]


def test_a_line_carries_the_trace_it_belongs_to(lines):
    traces = telemetry.set_up(ServiceSettings(service="directory"))

    with traces.span("work"):
        logs.logger("directory").info("done")
        expected = f"{trace.get_current_span().get_span_context().trace_id:032x}"

    assert lines()[0]["trace"] == expected


def test_personal_data_is_masked_wherever_it_hides(lines):
    logs.logger("questions").info("asked", by="an@example.vn", asker={"phone": "0912345678"})

    text = json.dumps(lines())
    assert "an@example.vn" not in text
    assert "0912345678" not in text


def test_an_exception_is_named_and_placed_but_not_quoted(lines):
    try:
        int("Nguyễn Văn A, Hà Nam")
    except ValueError:
        logs.logger("questions").exception("failed")

    line = lines()[0]
    assert line["error"] == "ValueError"
    assert "test_an_exception_is_named" in line["where"][-1]
    assert "Nguyễn" not in json.dumps(line, ensure_ascii=False)


def test_lines_of_libraries_have_the_same_shape_and_mask(lines):
    logging.getLogger("aiokafka").warning("no answer for %s", "an@example.vn")

    assert lines()[0] == {
        "event": "library",
        "logger": "aiokafka",
        "level": "warning",
        "message": "no answer for ***",
        "at": "2026-03-02T05:00:00.000Z",
    }


def test_chatter_of_libraries_is_left_out(lines):
    logging.getLogger("aiokafka").info("heartbeat")

    assert lines() == []
