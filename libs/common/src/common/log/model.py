"""What a commit is, and the hash that chains it to the one before: pure, shared with the verifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from common.canonical import canonical, digest
from common.moments import from_wire, to_wire
from contracts.events.log import StreamClosedV1

GENESIS = "0" * 64
CLOSING = str(StreamClosedV1.name())


@dataclass(frozen=True, slots=True)
class StoredFact:
    """One fact as stored: `data` is canonical JSON text; `sequence` is 0 for a private fact.

    type      with its version, "directory.agency_registered.v1"
    topic     where it is published; None for a private fact, which never leaves the log
    sequence  dense 1, 2, 3 … per (stream, topic)
    """

    type: str
    topic: str | None
    sequence: int
    data: str

    @property
    def digest(self) -> str:
        """What the chain holds of this fact: its place and the digest of its data."""
        return fact_digest(self.type, self.topic, self.sequence, self.data.encode())

    @property
    def closes(self) -> bool:
        """Whether it only says what the facts before it have made of the stream."""
        return self.type == CLOSING


@dataclass(frozen=True, slots=True)
class Part:
    """What one commit adds to one stream: version 1 is the first of a stream.

    upto  the last sequence of each topic that the stream has been published on, with this part
    """

    stream: str
    version: int
    prev: str
    hash: str
    facts: tuple[StoredFact, ...]
    upto: Mapping[str, int]

    @property
    def decided(self) -> tuple[StoredFact, ...]:
        """The facts of the decision, without one that closes the stream."""
        return tuple(fact for fact in self.facts if not fact.closes)


@dataclass(frozen=True, slots=True)
class Commit:
    """One decision: everything it changed, why, by whom, with what authority.

    id      unique in the log; kept when an insert is tried again, so that it lands once
    proof   the authority the actor had, as JSON values
    claims  "key#n" for each invariant over a set that this commit takes
    """

    id: str
    cause: str
    request: str
    parts: tuple[Part, ...]
    actor: str
    site: str
    at: datetime
    proof: Mapping[str, Any]
    claims: tuple[str, ...] = ()
    traceparent: str | None = None


def envelope_digest(cause: str, actor: str, proof: Mapping[str, Any], at: datetime) -> str:
    """Digest of what surrounds the facts; published, so that outsiders can check the chain."""
    return digest(canonical({"cause": cause, "actor": actor, "proof": proof, "at": to_wire(at)}))


def fact_digest(type_: str, topic: str | None, sequence: int, data: bytes) -> str:
    """Hex SHA-256 over a fact's type, topic and sequence and the digest of its data."""
    return digest(canonical([type_, topic, sequence, digest(data)]))


def part_hash(
    prev: str, stream: str, version: int, envelope: str, fact_digests: Sequence[str]
) -> str:
    """The link of the chain: private facts take part by their digest alone."""
    return digest(canonical([prev, stream, version, envelope, list(fact_digests)]))


def to_document(commit: Commit) -> dict[str, Any]:
    """The commit as one MongoDB document; `claims` is left out when there are none."""
    document: dict[str, Any] = {
        "_id": commit.id,
        "cause": commit.cause,
        "request": commit.request,
        "parts": [
            {
                "stream": part.stream,
                "version": part.version,
                "prev": part.prev,
                "hash": part.hash,
                "upto": [[topic, sequence] for topic, sequence in sorted(part.upto.items())],
                "facts": [
                    {"type": f.type, "topic": f.topic, "sequence": f.sequence, "data": f.data}
                    for f in part.facts
                ],
            }
            for part in commit.parts
        ],
        "actor": commit.actor,
        "proof": canonical(commit.proof).decode(),
        "site": commit.site,
        "traceparent": commit.traceparent,
        "at": to_wire(commit.at),
    }
    if commit.claims:
        document["claims"] = list(commit.claims)
    return document


def of_document(document: Mapping[str, Any]) -> Commit:
    """The inverse of `to_document`."""
    return Commit(
        id=document["_id"],
        cause=document["cause"],
        request=document["request"],
        parts=tuple(_part(part) for part in document["parts"]),
        actor=document["actor"],
        site=document["site"],
        at=from_wire(document["at"]),
        proof=orjson.loads(document["proof"]),
        claims=tuple(document.get("claims", ())),
        traceparent=document.get("traceparent"),
    )


def _part(part: Mapping[str, Any]) -> Part:
    return Part(
        stream=part["stream"],
        version=part["version"],
        prev=part["prev"],
        hash=part["hash"],
        facts=tuple(
            StoredFact(f["type"], f["topic"], f["sequence"], f["data"]) for f in part["facts"]
        ),
        upto=dict(part["upto"]),
    )
