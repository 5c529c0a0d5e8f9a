"""A commit as Kafka records: pure."""

from collections.abc import Iterator, Sequence

from common.kafka import Record
from common.log.model import Commit, Part, envelope_digest
from common.moments import to_wire
from contracts import wire


def records_of(
    commit: Commit, *, service: str, prefix: str, incarnation: int, only: str | None = None
) -> Iterator[Record]:
    """The records of a commit's published facts, of all its parts or of one stream's."""
    envelope = envelope_digest(commit.cause, commit.actor, commit.proof, commit.at)
    for part in commit.parts:
        if only is None or part.stream == only:
            yield from _of_part(commit, part, envelope, (service, prefix, incarnation))


def _of_part(
    commit: Commit, part: Part, envelope: str, place: tuple[str, str, int]
) -> Iterator[Record]:
    service, prefix, incarnation = place
    digests = [fact.digest for fact in part.facts]
    for index, fact in enumerate(part.facts):
        if fact.topic is None:
            continue
        headers, body = wire.encode(
            wire.Envelope(
                id=f"{service}{part.stream}/{part.version}.{index}",
                type=fact.type,
                source=part.stream,
                time=to_wire(commit.at),
                sequence=fact.sequence,
                traceparent=commit.traceparent,
                incarnation=incarnation,
                site=commit.site,
                chain=wire.Chain(part.version, index, part.prev, part.hash, envelope, digests),
                data=fact.data.encode(),
            )
        )
        yield Record(prefix + fact.topic, part.stream, body, headers)


def published(parts: Sequence[Part]) -> int:
    """How many facts of these parts leave the log."""
    return sum(fact.topic is not None for part in parts for fact in part.facts)
