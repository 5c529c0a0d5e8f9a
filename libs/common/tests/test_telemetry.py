"""One trace from the request to the handler, and spans only where sampled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from common.settings import ServiceSettings
from common.telemetry import current_traceparent, from_kafka, into_kafka, parse, set_up

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = PARENT[:-2] + "00"


@pytest.fixture
def recorded():
    return InMemorySpanExporter()


def traces(recorded, ratio=1.0):
    settings = ServiceSettings(service="directory", sample_ratio=ratio)
    return set_up(settings, processor=SimpleSpanProcessor(recorded))


def test_a_span_continues_the_trace_it_was_given(recorded):
    with traces(recorded).span("append", parent=PARENT, stream_count=2):
        inside = current_traceparent()

    assert inside is not None
    assert inside.split("-")[1] == PARENT.split("-")[1]
    span = recorded.get_finished_spans()[0]
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == PARENT.split("-")[2]
    assert span.attributes == {"stream_count": 2}


def test_a_trace_that_was_not_sampled_is_carried_on_unrecorded(recorded):
    with traces(recorded).span("append", parent=UNSAMPLED):
        inside = current_traceparent()

    assert inside is not None
    assert inside.split("-")[1] == PARENT.split("-")[1]
    assert inside.endswith("-00")
    assert recorded.get_finished_spans() == ()


def test_with_ratio_zero_there_is_a_trace_id_and_no_span(recorded):
    with traces(recorded, ratio=0.0).span("request"):
        assert current_traceparent() is not None

    assert recorded.get_finished_spans() == ()


def test_outside_a_span_there_is_no_traceparent():
    assert current_traceparent() is None


def test_a_failure_marks_the_span_by_type_and_hides_the_text(recorded):
    with pytest.raises(ValueError, match="Nguyen"), traces(recorded).span("handler"):
        raise ValueError("Nguyen Van A")

    span = recorded.get_finished_spans()[0]
    assert span.status.description == "ValueError"
    assert span.events == ()


def test_the_context_survives_kafka():
    headers = dict(into_kafka(PARENT))

    assert from_kafka(headers) == PARENT
    assert into_kafka(None) == []
    assert into_kafka("nonsense") == []


@given(st.binary())
def test_no_header_breaks_the_reader(raw):
    assert from_kafka({"traceparent": raw}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        "00-" + "0" * 32 + "-" + "1" * 16 + "-01",
        PARENT.upper(),
        PARENT + "-x",
        "01" + PARENT[2:],
    ],
)
def test_a_wrong_traceparent_is_no_parent(wrong):
    assert parse(wrong) is None
