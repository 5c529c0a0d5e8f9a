"""The wire: what goes in comes out, what is wrong is named, and nothing makes it crash."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings import kafka
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from contracts.generate.api import HEADERS
from contracts.wire import Chain, Envelope, Undecodable, decode, encode

DIGESTS = ("a" * 64, "b" * 64)
ENVELOPE = Envelope(
    id="directory/directory/agency/hanam.snv/3.1",
    type="directory.agency_changed.v1",
    source="/directory/agency/hanam.snv",
    time="2026-11-23T08:00:00.000Z",
    sequence=7,
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    incarnation=1,
    site="hanam",
    chain=Chain(3, 1, "0" * 64, "c" * 64, "d" * 64, DIGESTS),
    data='{"name_vi":"Sở Nội vụ"}'.encode(),
)


def changed(header: str, value: bytes | None) -> list[tuple[str, bytes | None]]:
    headers, _ = encode(ENVELOPE)
    return [(name, value if name == header else old) for name, old in headers]


def test_what_is_written_is_read_back():
    assert decode(*encode(ENVELOPE)) == ENVELOPE
    assert decode(*encode(replace(ENVELOPE, traceparent=None))).traceparent is None


def test_the_headers_are_those_of_the_asyncapi_document():
    headers = {name: value.decode() for name, value in encode(ENVELOPE)[0]}

    Draft202012Validator(HEADERS, validate_formats=True).validate(headers)

    assert headers.keys() == HEADERS["properties"].keys()
    assert set(HEADERS["required"]) == headers.keys() - {"traceparent"}


def test_the_sequence_sorts_as_text():
    assert dict(encode(ENVELOPE)[0])["ce_sequence"] == b"0000000007"


@pytest.mark.parametrize(
    ("header", "value", "problem"),
    [
        ("ce_specversion", b"0.3", "must be 1.0"),
        ("ce_id", b"another/3.1", "does not end with source, version and index"),
        ("ce_id", b"", "is empty"),
        ("ce_id", None, "is empty"),
        ("ce_id", b"x" * 1001, "is longer than 1000 bytes"),
        ("ce_type", b"agency", "must be a fact such as directory.agency_ended.v1"),
        ("ce_type", b"directory.agency_changed.v0", "must be a fact such as"),
        ("ce_source", b"directory", "must be a stream such as"),
        ("ce_source", b"/directory/\xff", "is not UTF-8 at byte 11"),
        ("ce_time", b"2026-11-23", "must be a moment of RFC 3339"),
        ("ce_time", b"2026-11-23T25:00:00Z", "must be a moment of RFC 3339"),
        ("ce_time", b"2026-11-23T08:00:00", "must be a moment of RFC 3339"),
        ("ce_sequence", b"7", "must be a number from 1 on in ten digits"),
        ("ce_sequence", b"0000000000", "must be a number from 1 on"),
        ("ce_sequence", b"-000000007", "must be a number from 1 on"),
        ("ce_sequence", "٠٠٠٠٠٠٠٠٠٧".encode(), "must be a number from 1 on"),
        ("ce_dataschema", b"urn:nhipcau:event:other.fact.v1", "must be urn:nhipcau:event:"),
        ("content-type", b"text/plain", "must be application/json"),
        ("ce_site", b"", "is empty"),
        ("ce_incarnation", b"0", "must be a whole number from 1 on"),
        ("ce_incarnation", b"1" * 50, "must be a whole number from 1 on"),
        ("ce_streamversion", b"one", "must be a whole number from 1 on"),
        ("ce_factindex", b"2", "names none of 2 facts"),
        ("ce_prevhash", b"00", "must be a hex SHA-256 digest"),
        ("ce_hash", b"C" * 64, "must be a hex SHA-256 digest"),
        ("ce_envelopedigest", b"g" * 64, "must be a hex SHA-256 digest"),
        ("ce_factdigests", b"a,b", "must be hex SHA-256 digests"),
    ],
)
def test_what_is_wrong_is_named_with_its_header(header, value, problem):
    with pytest.raises(Undecodable) as error:
        decode(changed(header, value), b"{}")

    assert error.value.header == header
    assert error.value.problem.startswith(problem)


@pytest.mark.parametrize("header", sorted(HEADERS["required"]))
def test_a_missing_header_is_named(header):
    headers = [(name, value) for name, value in encode(ENVELOPE)[0] if name != header]

    with pytest.raises(Undecodable) as error:
        decode(headers, b"{}")

    assert (error.value.header, error.value.problem) == (header, "is missing")


def test_an_attribute_that_stands_twice_is_refused():
    headers, body = encode(ENVELOPE)

    with pytest.raises(Undecodable, match="ce_id: stands twice"):
        decode([*headers, ("ce_id", b"other")], body)


@pytest.mark.parametrize("trace", [b"\xff\xfe", b"", b"00-short", None])
def test_a_trace_that_cannot_be_read_is_no_trace(trace):
    assert decode(changed("traceparent", trace), b"{}").traceparent is None


def test_a_foreign_header_is_left_alone_whatever_it_holds():
    headers, body = encode(ENVELOPE)

    assert decode([*headers, ("x-other", b"\xff"), ("x-other", b"\xfe")], body) == ENVELOPE


names = st.sampled_from([*HEADERS["properties"], "x-other"]) | st.text(max_size=20)
values = st.none() | st.binary(max_size=80) | st.sampled_from([v for _, v in encode(ENVELOPE)[0]])


def read(headers, body) -> Envelope | Undecodable:
    try:
        return decode(headers, body)
    except Undecodable as error:
        return error


@given(st.lists(st.tuples(names, values), max_size=25), st.binary(max_size=50))
def test_no_record_crashes_the_reader(headers, body):
    result = read(headers, body)

    assert isinstance(result, Envelope) or (result.header and result.problem)


@given(st.sampled_from(range(17)), st.binary(max_size=80))
def test_one_spoilt_header_is_refused_by_its_name_or_read(position, value):
    headers, body = encode(ENVELOPE)
    spoilt = [(n, value if i == position else v) for i, (n, v) in enumerate(headers)]

    result = read(spoilt, body)

    assert isinstance(result, Envelope) or result.header in {headers[position][0], "ce_id"}


def test_the_official_sdk_reads_what_we_write_and_we_read_what_it_writes():
    headers, body = encode(ENVELOPE)

    event = kafka.from_binary_event(kafka.KafkaMessage(dict(headers), None, body))
    again = kafka.to_binary_event(event)

    assert (event.get_type(), event.get_source()) == (ENVELOPE.type, ENVELOPE.source)
    assert event.get_time() == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert event.get_extension("sequence") == "0000000007"
    assert event.get_data() == {"name_vi": "Sở Nội vụ"}
    read = decode(list(again.headers.items()), again.value)
    assert (
        replace(read, time=ENVELOPE.time, traceparent=ENVELOPE.traceparent, data=body) == ENVELOPE
    )
