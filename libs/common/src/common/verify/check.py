"""The checks themselves: pure functions over exported facts and seals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from common.canonical import canonical, digest
from common.log.model import GENESIS, fact_digest, part_hash
from common.relay.merkle import merkle_root
from common.relay.seals import key_id, leaf_bytes, signature_holds
from common.verify.export import ExportedFact
from common.verify.seal_files import LivedSeal

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
    seals      those of the present life, which also tells the seals it kept of former ones
    lives      how many lives of the log are in the copy: it rises when one is restored
    """

    findings: tuple[Finding, ...]
    facts: int
    streams: int
    seals: int
    sealed_to: str | None
    lives: int = 1

    @property
    def whole(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class _Late:
    """A fact that came behind newer ones: in its place only when those are sent again behind it."""

    line: int
    sequence: int
    newest: int
    awaited: int


@dataclass(slots=True)
class _Stream:
    """What has been seen of one stream, in the order of the export."""

    hashes: dict[int, str] = field(default_factory=dict[int, str])
    prevs: dict[int, str] = field(default_factory=dict[int, str])
    sequences: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    newest: dict[str, int] = field(default_factory=dict[str, int])
    late: dict[str, list[_Late]] = field(default_factory=dict[str, list[_Late]])


@dataclass(slots=True)
class _Life:
    """One life of a log: restored to an earlier point it begins another, and publishes all anew."""

    streams: dict[str, _Stream] = field(default_factory=dict[str, _Stream])
    seals: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])


def verify(
    topics: frozenset[str],
    facts: Iterable[ExportedFact],
    seals: Iterable[LivedSeal],
    public_key: bytes,
) -> Verdict:
    """Every finding about a copy. Memory grows with the number of commits, not with their size.

    Each life of the log is a copy of its own. Of a former one only what its seals attest must be
    there: what was not out when the log was lost can never follow.
    """
    found: list[tuple[int, Finding]] = []
    lives: dict[int, _Life] = {}
    count = 0
    for fact in facts:
        count += 1
        streams = lives.setdefault(fact.incarnation, _Life()).streams
        found += [(fact.incarnation, finding) for finding in _take(fact, streams)]
    for lived in seals:
        lives.setdefault(lived.life, _Life()).seals.append(lived.seal)
    present = max(lives, default=1)
    for number, life in sorted(lives.items()):
        life.seals.sort(key=lambda seal: int(seal.get("number", 0)))
        whole = _whole_life(life, topics, public_key, number, former=number < present)
        found += [(number, finding) for finding in whole]
    findings = [*_named(found, lives), *_same_seals(lives)]
    names = {name for life in lives.values() for name in life.streams}
    sealed = lives[present].seals if lives else []
    last = str(sealed[-1].get("to")) if sealed else None
    return Verdict(tuple(findings), count, len(names), len(sealed), last, len(lives))


def _named(found: Iterable[tuple[int, Finding]], lives: Mapping[int, _Life]) -> Iterator[Finding]:
    """Where there are several lives, each finding says in which."""
    for life, finding in found:
        several = f"{finding.where} in life {life}"
        yield replace(finding, where=several) if len(lives) > 1 else finding


def _whole_life(
    life: _Life, topics: frozenset[str], public_key: bytes, number: int, *, former: bool
) -> Iterator[Finding]:
    heads = {leaf["stream"]: leaf for seal in life.seals for leaf in seal.get("leaves", [])}
    for name, stream in sorted(life.streams.items()):
        attested = _upto(heads[name]) if name in heads else {}
        yield from _whole_stream(name, stream, attested if former else None)
    yield from _whole_seals(life.seals, public_key, number)
    yield from _heads(heads, topics, life.streams)


def _take(fact: ExportedFact, streams: dict[str, _Stream]) -> Iterator[Finding]:
    where = f"{fact.stream} version {fact.version}"
    if not _says_what_it_said(fact):
        yield Finding("changed", where, f"line {fact.line} is not what was committed")
        return
    stream = streams.setdefault(fact.stream, _Stream())
    known = stream.hashes.get(fact.version)
    if known is not None and known != fact.hash:
        yield Finding(
            "changed", where, f"line {fact.line} is another commit than the one before it"
        )
        return
    _place(fact, stream)
    stream.hashes[fact.version] = fact.hash
    stream.prevs[fact.version] = fact.prev


def _place(fact: ExportedFact, stream: _Stream) -> None:
    """A repeat is well: a relay may send records again, from one on and in order; readers skip it."""
    seen = stream.sequences.setdefault(fact.topic, set())
    newest = stream.newest.get(fact.topic, 0)
    late = stream.late.setdefault(fact.topic, [])
    for each in late:
        each.awaited += each.awaited == fact.sequence
    if fact.sequence not in seen and fact.sequence < newest:
        late.append(_Late(fact.line, fact.sequence, newest, fact.sequence + 1))
    seen.add(fact.sequence)
    stream.newest[fact.topic] = max(newest, fact.sequence)


def _says_what_it_said(fact: ExportedFact) -> bool:
    own = fact_digest(fact.type, fact.topic, fact.sequence, fact.data.encode())
    in_its_place = 0 <= fact.index < len(fact.digests) and fact.digests[fact.index] == own
    link = part_hash(fact.prev, fact.stream, fact.version, fact.envelope, fact.digests)
    return in_its_place and link == fact.hash


def _whole_stream(
    name: str, stream: _Stream, attested: Mapping[str, int] | None
) -> Iterator[Finding]:
    """`attested`: up to which sequence of each topic nothing may be missing; None: nowhere."""
    for topic, seen in sorted(stream.sequences.items()):
        upto = max(seen) if attested is None else min(max(seen), attested.get(topic, 0))
        missing = sorted(set(range(1, upto + 1)) - seen)
        if missing:
            yield Finding("fact-missing", name, f"sequence {_some(missing)} of {topic}")
    for late in (each for found in stream.late.values() for each in found):
        if late.awaited <= late.newest:
            detail = f"line {late.line}: sequence {late.sequence} stands behind {late.newest}"
            yield Finding("out-of-order", name, detail)
    for version, prev in sorted(stream.prevs.items()):
        before = GENESIS if version == 1 else stream.hashes.get(version - 1)
        if before is not None and before != prev:
            yield Finding(
                "chain-broken", f"{name} version {version}", "does not follow the one before"
            )


def _whole_seals(
    seals: Sequence[Mapping[str, Any]], public_key: bytes, life: int
) -> Iterator[Finding]:
    previous, number, lived = GENESIS, 0, 1
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
        made_in = _made_in(seal)
        if not lived <= made_in <= life:
            yield Finding("seal-changed", where, f"made in life {made_in}, told in life {life}")
        lived = max(lived, made_in)
        previous, number = digest(canonical(dict(seal))), int(seal.get("number", 0))


def _same_seals(lives: Mapping[int, _Life]) -> Iterator[Finding]:
    """A restored log tells the seals that it kept once more, and they say what they said."""
    said: dict[tuple[int, int], Mapping[str, Any]] = {}
    for life in (lives[number] for number in sorted(lives)):
        for seal in life.seals:
            key = (_made_in(seal), int(seal.get("number", 0)))
            if said.setdefault(key, seal) != seal:
                yield Finding("seal-changed", f"seal {key[1]}", "says other things in another life")


def _made_in(seal: Mapping[str, Any]) -> int:
    return int(seal.get("incarnation", 1))


def _upto(leaf: Mapping[str, Any]) -> dict[str, int]:
    return {each["topic"]: each["sequence"] for each in leaf["upto"]}


def _heads(
    heads: Mapping[str, Mapping[str, Any]], topics: frozenset[str], streams: Mapping[str, _Stream]
) -> Iterator[Finding]:
    for name, leaf in sorted(heads.items()):
        told = {topic: last for topic, last in _upto(leaf).items() if topic in topics}
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
