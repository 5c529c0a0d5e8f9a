"""What an export looks like: one JSON line per published fact, a header line first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import orjson

from common.kafka import Arrived, Broker
from common.kafka.reading import read_all
from contracts import wire

FORMAT = 1


class BadExport(ValueError):
    """A line that is no exported fact; says which."""


@dataclass(frozen=True, slots=True)
class ExportedFact:
    """One published fact with its place in the chain of its stream."""

    line: int
    topic: str
    stream: str
    type: str
    sequence: int
    incarnation: int
    version: int
    index: int
    prev: str
    hash: str
    envelope: str
    digests: tuple[str, ...]
    data: str


def header_line(topics: Sequence[str]) -> str:
    """The first line: which topics the export holds, whole."""
    return orjson.dumps({"nhipcau_export": FORMAT, "topics": sorted(topics)}).decode()


def fact_line(envelope: wire.Envelope, topic: str) -> str:
    """One fact as a line."""
    chain = envelope.chain
    return orjson.dumps(
        {
            "topic": topic,
            "stream": envelope.source,
            "type": envelope.type,
            "sequence": envelope.sequence,
            "incarnation": envelope.incarnation,
            "version": chain.version,
            "index": chain.index,
            "prev": chain.prev,
            "hash": chain.hash,
            "envelope": chain.envelope,
            "digests": list(chain.digests),
            "data": envelope.data.decode(),
        }
    ).decode()


def read(lines: Iterable[str]) -> tuple[frozenset[str], Iterator[ExportedFact]]:
    """The topics of an export and its facts, read as they are asked for; raises BadExport."""
    numbered = enumerate(lines, start=1)
    first = next(numbered, None)
    header = _json(first[1], 1) if first else {}
    if header.get("nhipcau_export") != FORMAT or not isinstance(header.get("topics"), list):
        raise BadExport("line 1: not the header of an export; make one with `nhipcau export`")
    return frozenset(header["topics"]), (_fact(line, number) for number, line in numbered)


def _fact(line: str, number: int) -> ExportedFact:
    values = _json(line, number)
    try:
        return ExportedFact(
            line=number,
            topic=str(values["topic"]),
            stream=str(values["stream"]),
            type=str(values["type"]),
            sequence=int(values["sequence"]),
            incarnation=int(values["incarnation"]),
            version=int(values["version"]),
            index=int(values["index"]),
            prev=str(values["prev"]),
            hash=str(values["hash"]),
            envelope=str(values["envelope"]),
            digests=tuple(map(str, values["digests"])),
            data=str(values["data"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadExport(f"line {number}: not an exported fact ({error})") from error


def _json(line: str, number: int) -> dict[str, Any]:
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadExport(f"line {number}: not JSON ({error})") from error
    if not isinstance(values, dict):
        raise BadExport(f"line {number}: not a JSON object")
    return values


class _Writer:
    def __init__(self, out: TextIO, prefix: str) -> None:
        self._out = out
        self._prefix = prefix
        self.written = 0
        self.unreadable = 0

    def write(self, arrived: Arrived) -> None:
        try:
            envelope = wire.decode(arrived.headers, arrived.value or b"")
        except wire.Undecodable:
            self.unreadable += 1
            return
        topic = arrived.partition.topic.removeprefix(self._prefix)
        self._out.write(fact_line(envelope, topic) + "\n")
        self.written += 1


async def export(
    broker: Broker, topics: Sequence[str], out: TextIO, *, group: str, prefix: str = ""
) -> tuple[int, int]:
    """Write every record that is there now; answers (facts written, records nobody can read)."""
    writer = _Writer(out, prefix)
    out.write(header_line(topics) + "\n")
    await read_all(broker, [prefix + topic for topic in topics], writer.write, group=group)
    return writer.written, writer.unreadable
