"""Thousands of damaged facts and what must become of each: the same generator for fakes and engines.

    sent = list(Fuzz(Random(7), examples_of(HEARS, ROOT / "examples")).records(10_000))
    … the consumer takes them …
    refused = await refused_by(database, "portal@1")
    expected = outcome(arrived, HEARS, contracts, refused=refused)
    assert await differences(database, "portal@1", expected) == []

Bytes, headers, keys, types and sequences are damaged in every way that a producer could; most
records are whole or almost whole, because damage deep inside is the kind that crashes a reader.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson

from common.consumer.decode import Reads, Unreadable, base_type, decode
from common.consumer.hears import Hears
from common.consumer.positions import PARKED, POSITIONS
from common.errors import Unprocessable
from common.kafka import Arrived
from common.mongo import Database, Unwritable
from common.mongo.content import stored_size
from contracts import wire

Headers = list[tuple[str, bytes]]
FACTS_A_STREAM = 12
SENT_AGAIN = 0.6
HUGE = 900_000
ZEROS = "0" * 64
ODD_NAMES = ("$set", "a.b", "", "\x00", "_id", "__class__", "\u202e", "x" * 2_000)


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as it goes out; `damage` says in a word what was done to it."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    damage: str


@dataclass(slots=True)
class _Stream:
    topic: str
    name: str
    next: int = 1


class Fuzz:
    """Makes records for the topics of one consumer out of examples of the facts that it hears.

    examples  (type with version, topic, data) of whole facts
    """

    def __init__(self, random: Random, examples: Sequence[tuple[str, str, Any]]) -> None:
        self._random = random
        self._examples = examples
        self._damages: tuple[tuple[int, str, Callable[[Sent], Sent]], ...] = (
            (150, "none", lambda sent: sent),
            (4, "bytes", self._random_bytes),
            (6, "flipped", self._flipped),
            (4, "cut", self._cut),
            (16, "content", self._other_content),
            (3, "not-an-object", self._not_an_object),
            (4, "header-missing", self._header_missing),
            (5, "header-garbled", self._header_garbled),
            (2, "header-twice", self._header_twice),
            (4, "type", self._other_type),
            (3, "key", self._other_key),
            (1, "tombstone", self._tombstone),
        )

    def records(self, count: int, huge: int = 8) -> Iterator[Sent]:
        """`count` records, `huge` of them almost as large as a broker takes."""
        streams = [self._stream(n) for n in range(max(1, count // FACTS_A_STREAM))]
        large = set(self._random.sample(range(count), huge))
        weights = [weight for weight, _, _ in self._damages]
        for number in range(count):
            stream = self._random.choice(streams)
            before, whole = stream.next, self._whole(stream)
            ((_, _, damage),) = self._random.choices(self._damages, weights)
            sent = self._huge(whole) if number in large else damage(whole)
            if sent.damage != "none" and self._random.random() < SENT_AGAIN:
                stream.next = before
            yield sent

    # -- whole facts --------------------------------------------------------------------------------

    def _stream(self, number: int) -> _Stream:
        _, topic, _ = self._random.choice(self._examples)
        return _Stream(topic, f"/{topic.replace('.', '/')}/fuzz.n{number}")

    def _whole(self, stream: _Stream) -> Sent:
        """The next fact of a stream; sometimes an old one again, or one too far ahead."""
        turn = self._random.random()
        sequence = stream.next
        if turn < 0.06:  # noqa: PLR2004 - the shares that make a good mixture
            sequence = self._random.randint(1, stream.next)
        elif turn < 0.1:  # noqa: PLR2004 - as above
            sequence += self._random.randint(1, 3)
        else:
            stream.next += 1
        fits = [example for example in self._examples if example[1] == stream.topic]
        type_, topic, data = self._random.choice(fits)
        if "agency_id" in data:
            data = data | {"agency_id": stream.name.rpartition("/")[2]}
        headers, value = wire.encode(_envelope(type_, stream.name, sequence, orjson.dumps(data)))
        return Sent(topic, stream.name.encode(), value, headers, "none")

    # -- damages ------------------------------------------------------------------------------------

    def _noise(self, most: int = 60) -> bytes:
        return self._random.randbytes(self._random.randint(0, most))

    def _random_bytes(self, sent: Sent) -> Sent:
        headers = [(f"h{n}", self._noise()) for n in range(self._random.randint(0, 5))]
        return Sent(sent.topic, self._noise(), self._noise(500), headers, "bytes")

    def _flipped(self, sent: Sent) -> Sent:
        value = bytearray(sent.value or b"")
        for _ in range(self._random.randint(1, 4)):
            value[self._random.randrange(len(value))] = self._random.randrange(256)
        return Sent(sent.topic, sent.key, bytes(value), sent.headers, "flipped")

    def _cut(self, sent: Sent) -> Sent:
        value = sent.value or b""
        end = self._random.randrange(len(value))
        return Sent(sent.topic, sent.key, value[:end], sent.headers, "cut")

    def _other_content(self, sent: Sent) -> Sent:
        """Still JSON: fields lost, added, of another kind, absurd."""
        data = orjson.loads(sent.value or b"{}")
        for _ in range(self._random.randint(1, 2)):
            odd = not data or self._random.random() < 0.1  # noqa: PLR2004 - as above
            name = self._random.choice(ODD_NAMES if odd else list(data))
            if self._random.random() < 0.3:  # noqa: PLR2004 - as above
                data.pop(name, None)
            else:
                data[name] = self._absurd()
        return Sent(sent.topic, sent.key, orjson.dumps(data), sent.headers, "content")

    def _absurd(self) -> Any:
        deep: Any = []
        for _ in range(self._random.choice((3, 150))):
            deep = [deep] if self._random.random() < 0.5 else {"d": deep}  # noqa: PLR2004 - as above
        return self._random.choice(
            (
                *(None, True, -1, 2**63 - 1, 2**64 - 1, 1e308, "", "\x00", "9999-99-99"),
                *("0000-01-01", "9999-12-31", "tên 🏛", "x" * 5_000, [], {}, [None], {"": {}}, deep),
            )
        )

    def _not_an_object(self, sent: Sent) -> Sent:
        value = self._random.choice(
            (b"", b"null", b"[]", b"1", b'"x"', b"NaN", b"{}", b"[" * 5_000)
        )
        return Sent(sent.topic, sent.key, value, sent.headers, "not-an-object")

    def _header_missing(self, sent: Sent) -> Sent:
        gone = self._random.randrange(len(sent.headers))
        headers = sent.headers[:gone] + sent.headers[gone + 1 :]
        return Sent(sent.topic, sent.key, sent.value, headers, "header-missing")

    def _header_garbled(self, sent: Sent) -> Sent:
        """Never a higher incarnation that can be read: that one rightly begins a new life."""
        headers = [(n, v) for n, v in sent.headers if n != "ce_incarnation"]
        at = self._random.randrange(len(headers))
        name, value = headers[at]
        garbled = self._random.choice(
            (b"", b"\xff\xfe", self._noise(), value[:-1], value + b"0", value * 50, b"9" * 18)
        )
        headers[at] = (name, garbled)
        if self._random.random() < 0.9:  # noqa: PLR2004 - as above
            headers.append(("ce_incarnation", self._random.choice((b"1", b"1", b"0", b"-1", b"x"))))
        return Sent(sent.topic, sent.key, sent.value, headers, "header-garbled")

    def _header_twice(self, sent: Sent) -> Sent:
        again = self._random.choice(sent.headers)
        return Sent(sent.topic, sent.key, sent.value, [*sent.headers, again], "header-twice")

    def _other_type(self, sent: Sent) -> Sent:
        type_ = self._random.choice(
            [type_ for type_, _, _ in self._examples]
            + ["directory.agency_painted.v1", "log.sealed.v1", "directory.agency_ended.v9"]
        )
        changed = {"ce_type": type_, "ce_dataschema": f"urn:nhipcau:event:{type_}"}
        headers = [(n, changed[n].encode() if n in changed else v) for n, v in sent.headers]
        return Sent(sent.topic, sent.key, sent.value, headers, "type")

    def _other_key(self, sent: Sent) -> Sent:
        key = self._random.choice((None, b"", self._noise(), (sent.key or b"") + b"x"))
        return Sent(sent.topic, key, sent.value, sent.headers, "key")

    def _tombstone(self, sent: Sent) -> Sent:
        return Sent(sent.topic, sent.key, None, sent.headers, "tombstone")

    def _huge(self, sent: Sent) -> Sent:
        data = orjson.loads(sent.value or b"{}")
        data["note"] = "ồ" * (HUGE // 3)
        value = self._random.choice((orjson.dumps(data), b"\x00" * HUGE))
        return Sent(sent.topic, sent.key, value, sent.headers, "huge")


def _envelope(type_: str, stream: str, sequence: int, data: bytes) -> wire.Envelope:
    return wire.Envelope(
        id=f"{stream.split('/')[1]}{stream}/{sequence}.0",
        type=type_,
        source=stream,
        time="2026-11-23T05:00:00.000Z",
        sequence=sequence,
        traceparent=None,
        incarnation=1,
        site="hanam",
        chain=wire.Chain(sequence, 0, ZEROS, ZEROS, ZEROS, (ZEROS,)),
        data=data,
    )


# -- what must become of them -----------------------------------------------------------------------


@dataclass(slots=True)
class At:
    """One stream after all records: the rule of dense sequences, written a second time."""

    sequence: int = 0
    parked: set[int] = field(default_factory=set[int])
    held: dict[int, bool] = field(default_factory=dict[int, bool])

    def hear(self, sequence: int, *, good: bool) -> str:
        """Answers what becomes of the record when it comes."""
        if sequence <= self.sequence:
            return "skipped"
        if self.parked:
            self.parked.add(sequence)
            return "parked"
        if sequence > self.sequence + 1:
            self.held.setdefault(sequence, good)
            return "held"
        told = self._next(sequence, good=good)
        while not self.parked and self.sequence + 1 in self.held:
            following = self.sequence + 1
            self._next(following, good=self.held.pop(following))
        return told

    def _next(self, sequence: int, *, good: bool) -> str:
        if good:
            self.sequence = sequence
            return "applied"
        self.parked.add(sequence)
        return "parked"


@dataclass(slots=True)
class Outcome:
    """What must stand in the consumer's memory; `counts` says what became of the records."""

    places: dict[tuple[str, str], At] = field(default_factory=dict[tuple[str, str], At])
    unreadable: set[tuple[str, int, int]] = field(default_factory=set[tuple[str, int, int]])
    counts: Counter[str] = field(default_factory=Counter[str])


def outcome(
    arrived: Iterable[Arrived],
    hears: Hears,
    reads: Reads,
    *,
    prefix: str = "",
    refused: Collection[str] = (),
) -> Outcome:
    """What must become of records that come in this order (each partition's own order counts).

    refused  facts that the database said it cannot store; that they deserve it is looked at apart
    """
    told = Outcome()
    for record in arrived:
        item = decode(record, prefix)
        if isinstance(item, Unreadable):
            told.unreadable.add((record.partition.topic, record.partition.number, record.offset))
            told.counts["unreadable"] += 1
            continue
        at = told.places.setdefault((item.seen.topic, item.seen.stream), At())
        good = item.seen.id not in refused and _is_good(item.seen.type, item.data, hears, reads)
        told.counts[at.hear(item.seen.sequence, good=good)] += 1
    return told


def _is_good(type_: str, data: bytes, hears: Hears, reads: Reads) -> bool:
    if base_type(type_) not in hears.types:
        return True
    try:
        reads.revive(type_, data)
    except Unprocessable:
        return False
    return True


async def refused_by(database: Database, consumer: str) -> set[str]:
    """The facts whose effect the database refused."""
    where = {"consumer": consumer, "code": "effect-refused"}
    return {d["fact"] for d in await database.find(PARKED, where)}


def unjustified(refused: Iterable[str], arrived: Iterable[Arrived]) -> list[str]:
    """Refused facts none of whose records holds anything that a database cannot take."""
    guilty = {
        id
        for record in arrived
        for n, id in record.headers
        if n == "ce_id" and not _can_be_stored(record.value)
    }
    return [fact for fact in refused if fact.encode() not in guilty]


def _can_be_stored(value: bytes | None) -> bool:
    try:
        stored_size({"data": orjson.loads(value or b"")})
    except orjson.JSONDecodeError:
        return True
    except Unwritable:
        return False
    return True


async def differences(database: Database, consumer: str, expected: Outcome) -> list[str]:
    """Where positions and parked records of a consumer ("portal@1") are not what they must be."""
    positions = {
        (d["topic"], d["stream"]): (d["sequence"], d["parked"], d["held"])
        for d in await database.find(POSITIONS, {"consumer": consumer})
    }
    wanted = {
        place: (at.sequence, bool(at.parked), len(at.held))
        for place, at in expected.places.items()
        if at.sequence or at.parked or at.held
    }
    parked = await database.find(PARKED, {"consumer": consumer})
    unreadable = {(d["topic"], d["partition"], d["offset"]) for d in parked if not d["sequence"]}
    behind = {(d["stream"], d["sequence"]) for d in parked if d["sequence"]}
    told = {(stream, n) for (_, stream), at in expected.places.items() for n in at.parked}
    return [
        *(
            f"{place}: {positions.get(place)}, not {at}"
            for place, at in wanted.items()
            if positions.get(place) != at
        ),
        *(
            f"{place}: {at} out of nothing"
            for place, at in positions.items()
            if place not in wanted
        ),
        *(f"unreadable: {one}" for one in sorted(unreadable ^ expected.unreadable)),
        *(f"parked: {one}" for one in sorted(behind ^ told)),
        *(f"a handler failed: {d['detail']}" for d in parked if d.get("code") == "handler-failed"),
    ]


def examples_of(hears: Hears, folder: Path) -> list[tuple[str, str, Any]]:
    """Whole facts that a consumer hears, out of the contracts' examples."""
    found: list[tuple[str, str, Any]] = []
    for fact in hears.handlers:
        for file in sorted((folder / f"{fact.TYPE}.v{fact.VERSION}").glob("*.json")):
            data = orjson.loads(file.read_bytes())
            found += [
                (str(fact.name()), fact.topic_for(service), data)
                for service in hears.logs_of or ("",)
            ]
    return found
