"""The checks themselves: pure functions over exported facts and seals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from common.canonical import canonical, digest
from common.log.model import GENESIS, fact_digest, part_hash
from common.relay.merkle import merkle_root
from common.relay.seals import key_id, leaf_bytes, signature_holds
from common.verify.export import ExportedFact

Fault = Literal[
    "changed",
    "chain-broken",
    "fact-missing",
    "out-of-order",
    "tail-missing",
    "stream-missing",
    "seal-changed",
    "seal-missing",
    "seal-unsigned",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: what, in which stream or seal, and a sentence with the numbers."""

    fault: Fault
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.where}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and what is wrong; whole when nothing is.

    sealed_to  up to which moment the seals attest completeness; None without any seal
    """

    findings: tuple[Finding, ...]
    facts: int
    streams: int
    seals: int
    sealed_to: str | None

    @property
    def whole(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class _Stream:
    """What has been seen of one stream, in the order of the export."""

    hashes: dict[int, str] = field(default_factory=dict[int, str])
    prevs: dict[int, str] = field(default_factory=dict[int, str])
    sequences: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    newest: dict[str, int] = field(default_factory=dict[str, int])


def verify(
    topics: frozenset[str],
    facts: Iterable[ExportedFact],
    seals: Iterable[Mapping[str, Any]],
    public_key: bytes,
) -> Verdict:
    """Every finding about a copy. Memory grows with the number of commits, not with their size."""
    findings: list[Finding] = []
    streams: dict[str, _Stream] = {}
    count = 0
    for fact in facts:
        count += 1
        findings.extend(_take(fact, streams))
    for name in sorted(streams):
        findings.extend(_whole_stream(name, streams[name]))
    sealed = sorted(seals, key=lambda seal: int(seal.get("number", 0)))
    findings.extend(_whole_seals(sealed, public_key))
    findings.extend(_heads(sealed, topics, streams))
    last = str(sealed[-1].get("to")) if sealed else None
    return Verdict(tuple(findings), count, len(streams), len(sealed), last)


def _take(fact: ExportedFact, streams: dict[str, _Stream]) -> Iterator[Finding]:
    where = f"{fact.stream} version {fact.version}"
    if not _says_what_it_said(fact):
        yield Finding("changed", where, f"line {fact.line} is not what was committed")
        return
    stream = streams.setdefault(fact.stream, _Stream())
    seen = stream.sequences.setdefault(fact.topic, set())
    if fact.sequence in seen:
        return  # a repeat: a relay may send a record again, readers skip it
    if fact.sequence < stream.newest.get(fact.topic, 0):
        detail = f"sequence {fact.sequence} stands behind {stream.newest[fact.topic]}"
        yield Finding("out-of-order", where, f"line {fact.line}: {detail}")
    stream.newest[fact.topic] = max(stream.newest.get(fact.topic, 0), fact.sequence)
    seen.add(fact.sequence)
    stream.hashes[fact.version] = fact.hash
    stream.prevs[fact.version] = fact.prev


def _says_what_it_said(fact: ExportedFact) -> bool:
    own = fact_digest(fact.type, fact.topic, fact.sequence, fact.data.encode())
    in_its_place = 0 <= fact.index < len(fact.digests) and fact.digests[fact.index] == own
    link = part_hash(fact.prev, fact.stream, fact.version, fact.envelope, fact.digests)
    return in_its_place and link == fact.hash


def _whole_stream(name: str, stream: _Stream) -> Iterator[Finding]:
    for topic, seen in sorted(stream.sequences.items()):
        missing = sorted(set(range(1, max(seen) + 1)) - seen)
        if missing:
            yield Finding("fact-missing", name, f"sequence {_some(missing)} of {topic}")
    for version, prev in sorted(stream.prevs.items()):
        before = GENESIS if version == 1 else stream.hashes.get(version - 1)
        if before is not None and before != prev:
            yield Finding(
                "chain-broken", f"{name} version {version}", "does not follow the one before"
            )


def _whole_seals(seals: Sequence[Mapping[str, Any]], public_key: bytes) -> Iterator[Finding]:
    previous, number = GENESIS, 0
    for seal in seals:
        where = f"seal {seal.get('number')}"
        if seal.get("number") != number + 1:
            yield Finding("seal-missing", where, f"follows number {number}")
        elif seal.get("previous") != previous:
            yield Finding("seal-changed", where, "does not follow the one before")
        if merkle_root([leaf_bytes(leaf) for leaf in seal.get("leaves", [])]) != seal.get("root"):
            yield Finding("seal-changed", where, "its root is not that of its leaves")
        if not signature_holds(seal, public_key):
            yield Finding("seal-unsigned", where, f"not signed by key {key_id(public_key)}")
        previous, number = digest(canonical(dict(seal))), int(seal.get("number", 0))


def _heads(
    seals: Sequence[Mapping[str, Any]], topics: frozenset[str], streams: Mapping[str, _Stream]
) -> Iterator[Finding]:
    newest = {leaf["stream"]: leaf for seal in seals for leaf in seal.get("leaves", [])}
    for name in sorted(newest):
        leaf = newest[name]
        told = {u["topic"]: u["sequence"] for u in leaf["upto"] if u["topic"] in topics}
        if told:
            yield from _head(name, leaf, told, streams.get(name))


def _head(
    name: str, leaf: Mapping[str, Any], told: Mapping[str, int], stream: _Stream | None
) -> Iterator[Finding]:
    if stream is None:
        yield Finding("stream-missing", name, f"a seal attests {leaf['version']} versions of it")
        return
    for topic, sequence in sorted(told.items()):
        reached = stream.newest.get(topic, 0)
        if reached < sequence:
            yield Finding("tail-missing", name, f"ends at {reached} of {sequence} on {topic}")
    known = stream.hashes.get(leaf["version"])
    if known is not None and known != leaf["hash"]:
        yield Finding("changed", f"{name} version {leaf['version']}", "is not what was sealed")


def _some(numbers: Sequence[int], most: int = 5) -> str:
    shown = ", ".join(map(str, numbers[:most]))
    return shown if len(numbers) <= most else f"{shown} and {len(numbers) - most} more"
