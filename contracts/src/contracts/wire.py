"""A fact as a Kafka record: CloudEvents 1.0 in binary mode, written and read.

The record's value is the fact's canonical JSON, as stored and hashed; everything else is a header.
Attributes and our extensions carry the prefix `ce_` of the CloudEvents Kafka binding; `traceparent`
stands alone, where W3C Trace Context and OpenTelemetry look for it. Reading never trusts: whatever
is wrong is an `Undecodable` that names the header. Headers that we do not know are left alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from contracts.names import FactName

Headers = list[tuple[str, bytes]]

JSON = "application/json"
TEXT_LIMIT = 1_000

_SEQUENCE = re.compile(r"[0-9]{10,18}", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class Undecodable(ValueError):
    """A record that breaks the wire's contract: `header` says where, `problem` what is wrong."""

    def __init__(self, header: str, problem: str) -> None:
        super().__init__(f"{header}: {problem}")
        self.header = header
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Chain:
    """The fact's place in its stream's hash chain: what a verifier needs of the whole commit.

    version   of the commit in its stream, 1 for the first
    index     of the fact in the commit's part, from 0
    prev      hex SHA-256 of the commit before; 64 zeros for the first
    hash      hex SHA-256 of this commit's part
    envelope  hex SHA-256 of cause, actor, proof and moment
    digests   hex SHA-256 of every fact of the part in order, private ones among them
    """

    version: int
    index: int
    prev: str
    hash: str
    envelope: str
    digests: Sequence[str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One fact and what surrounds it.

    id           "<service><stream>/<version>.<index>", unique and stable
    type         with its version, "directory.agency_registered.v1"
    source       the stream, "/directory/agency/hanam.snv"
    time         RFC 3339, UTC, milliseconds
    sequence     dense 1, 2, 3 … per (stream, topic)
    incarnation  of the log; rises when it is restored to an earlier point
    site         the scope that owns the fact
    data         the fact as JSON, not parsed
    """

    id: str
    type: str
    source: str
    time: str
    sequence: int
    traceparent: str | None
    incarnation: int
    site: str
    chain: Chain
    data: bytes


def encode(envelope: Envelope) -> tuple[Headers, bytes]:
    """Headers and value of the record; its key is `envelope.source`."""
    chain = envelope.chain
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", envelope.id.encode()),
        ("ce_type", envelope.type.encode()),
        ("ce_source", envelope.source.encode()),
        ("ce_time", envelope.time.encode()),
        ("ce_sequence", b"%010d" % envelope.sequence),
        ("ce_dataschema", _fact(envelope.type).schema_id.encode()),
        ("content-type", JSON.encode()),
        ("ce_site", envelope.site.encode()),
        ("ce_incarnation", b"%d" % envelope.incarnation),
        ("ce_streamversion", b"%d" % chain.version),
        ("ce_factindex", b"%d" % chain.index),
        ("ce_prevhash", chain.prev.encode()),
        ("ce_hash", chain.hash.encode()),
        ("ce_envelopedigest", chain.envelope.encode()),
        ("ce_factdigests", ",".join(chain.digests).encode()),
    ]
    if envelope.traceparent is not None:
        headers.append(("traceparent", envelope.traceparent.encode()))
    return headers, envelope.data


def decode(headers: Sequence[tuple[str, bytes | None]], body: bytes) -> Envelope:
    """The fact of a record; raises Undecodable and nothing else, whatever stands in it."""
    given = _once(headers)
    _expect(given, "ce_specversion", "1.0")
    _json(given)
    type_ = _type(given)
    chain = _chain(given)
    source = _text(given, "ce_source")
    if not source.startswith("/"):
        raise Undecodable("ce_source", "must be a stream such as /directory/agency/hanam.snv")
    id_ = _text(given, "ce_id")
    if not id_.endswith(f"{source}/{chain.version}.{chain.index}"):
        raise Undecodable("ce_id", "does not end with source, version and index")
    return Envelope(
        id=id_,
        type=type_,
        source=source,
        time=_time(given),
        sequence=_sequence(given),
        traceparent=_traceparent(given),
        incarnation=_number(given, "ce_incarnation", least=1),
        site=_text(given, "ce_site"),
        chain=chain,
        data=body,
    )


def _once(headers: Sequence[tuple[str, bytes | None]]) -> Mapping[str, bytes | None]:
    given: dict[str, bytes | None] = {}
    for name, value in headers:
        if name in given and name.startswith("ce_"):
            raise Undecodable(name, "stands twice")
        given[name] = value
    return given


def _text(given: Mapping[str, bytes | None], header: str, limit: int = TEXT_LIMIT) -> str:
    if header not in given:
        raise Undecodable(header, "is missing")
    value = given[header]
    if not value:
        raise Undecodable(header, "is empty")
    if len(value) > limit:
        raise Undecodable(header, f"is longer than {limit} bytes")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Undecodable(header, f"is not UTF-8 at byte {error.start}") from error


def _expect(given: Mapping[str, bytes | None], header: str, value: str) -> None:
    if _text(given, header) != value:
        raise Undecodable(header, f"must be {value}")


def _json(given: Mapping[str, bytes | None]) -> None:
    media = _text(given, "content-type").partition(";")[0].strip().lower()
    if media != JSON:
        raise Undecodable("content-type", f"must be {JSON}")


def _type(given: Mapping[str, bytes | None]) -> str:
    text = _text(given, "ce_type")
    try:
        fact = _fact(text)
    except ValueError as error:
        raise Undecodable("ce_type", "must be a fact such as directory.agency_ended.v1") from error
    _expect(given, "ce_dataschema", fact.schema_id)
    return text


@lru_cache(maxsize=1_000)
def _fact(type_: str) -> FactName:
    return FactName.parse(type_)


def _time(given: Mapping[str, bytes | None]) -> str:
    text = _text(given, "ce_time")
    if not _is_moment(text):
        raise Undecodable("ce_time", "must be a moment of RFC 3339 with its zone")
    return text


def _is_moment(text: str) -> bool:
    try:
        return _TIME.fullmatch(text) is not None and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _sequence(given: Mapping[str, bytes | None]) -> int:
    text = _text(given, "ce_sequence")
    if _SEQUENCE.fullmatch(text) is None or int(text) < 1:
        raise Undecodable("ce_sequence", "must be a number from 1 on in ten digits")
    return int(text)


def _number(given: Mapping[str, bytes | None], header: str, *, least: int) -> int:
    text = _text(given, header)
    if _NUMBER.fullmatch(text) is None or int(text) < least:
        raise Undecodable(header, f"must be a whole number from {least} on")
    return int(text)


def _traceparent(given: Mapping[str, bytes | None]) -> str | None:
    """A trace that cannot be read is no trace (W3C), and no reason to park a fact."""
    text = (given.get("traceparent") or b"").decode("ascii", "replace")
    return text if _TRACEPARENT.fullmatch(text) else None


def _chain(given: Mapping[str, bytes | None]) -> Chain:
    digests = tuple(_text(given, "ce_factdigests", limit=1_000_000).split(","))
    if not all(_DIGEST.fullmatch(digest) for digest in digests):
        raise Undecodable("ce_factdigests", "must be hex SHA-256 digests with commas between")
    index = _number(given, "ce_factindex", least=0)
    if index >= len(digests):
        raise Undecodable("ce_factindex", f"names none of {len(digests)} facts")
    return Chain(
        version=_number(given, "ce_streamversion", least=1),
        index=index,
        prev=_digest(given, "ce_prevhash"),
        hash=_digest(given, "ce_hash"),
        envelope=_digest(given, "ce_envelopedigest"),
        digests=digests,
    )


def _digest(given: Mapping[str, bytes | None], header: str) -> str:
    text = _text(given, header)
    if _DIGEST.fullmatch(text) is None:
        raise Undecodable(header, "must be a hex SHA-256 digest")
    return text
