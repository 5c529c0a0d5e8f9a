"""From changes to the parts of a commit: facts checked and stored, chains linked, long streams closed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from common.canonical import canonical
from common.cause import Cause
from common.errors import TooLarge
from common.log.cache import Head
from common.log.closing import Closings
from common.log.model import Part, StoredFact, envelope_digest, part_hash
from common.log.streams import Catalogue, Change, Loaded, Standing
from common.words import say

COMMIT_BYTES = 256 * 1024


@dataclass(slots=True)
class Prepared:
    """A change on its way into a commit: its facts as stored, and the state after them."""

    loaded: Loaded[Any]
    facts: list[StoredFact]
    sequences: dict[str, int]
    state: Any

    @property
    def version(self) -> int:
        return self.loaded.version + 1

    @property
    def size(self) -> int:
        return sum(len(fact.data.encode()) for fact in self.facts)

    def linked(self, envelope: str) -> tuple[Part | None, Loaded[Any]]:
        """Its part of the commit, and its stream afterwards; a change without facts has no part."""
        loaded = self.loaded
        if not self.facts:
            return None, loaded
        before = loaded.head
        digests = [fact.digest for fact in self.facts]
        link = part_hash(before.hash, before.stream, self.version, envelope, digests)
        part = Part(
            before.stream, self.version, before.hash, link, tuple(self.facts), self.sequences
        )
        head = Head(part.stream, part.version, part.hash, dict(part.upto))
        return part, Loaded(loaded.kind, loaded.id, self.state, head)


class Preparing:
    """Makes parts with one service's words."""

    def __init__(self, catalogue: Catalogue, closings: Closings) -> None:
        self._catalogue = catalogue
        self._closings = closings

    def parts(
        self, changes: Sequence[Change[Any]], cause: Cause, standing: Standing
    ) -> tuple[tuple[Part | None, Loaded[Any]], ...]:
        """Each change as a part of the commit, and its stream afterwards.

        Raises Unprocessable for a fact that breaks its schema, TooLarge above 256 KB. A closing
        takes what room the facts leave, so that it never makes a commit too large.
        """
        prepared = [self._prepared(change) for change in changes]
        size = sum(each.size for each in prepared)
        if size > COMMIT_BYTES:
            raise TooLarge(
                "commit-too-large", say("commit-too-large", size=size, most=COMMIT_BYTES)
            )
        room = COMMIT_BYTES - size
        for each in prepared:
            room -= self._close(each, room)
        envelope = envelope_digest(cause.id, cause.actor, standing.proof, cause.at)
        return tuple(each.linked(envelope) for each in prepared)

    def revive(self, fact: StoredFact) -> Any:
        """A stored fact as it is read today, in its newest version."""
        return self._catalogue.read(fact.type, orjson.loads(fact.data))

    def _prepared(self, change: Change[Any]) -> Prepared:
        loaded, sequences = change.loaded, dict(change.loaded.head.sequences)
        stored = [self._store(fact, sequences) for fact in change.facts]
        state = loaded.state
        for fact in stored:
            state = loaded.kind.evolve(state, self.revive(fact))
        return Prepared(loaded, stored, sequences, state)

    def _store(self, fact: Any, sequences: dict[str, int]) -> StoredFact:
        type_, topic, data = self._catalogue.write(fact)
        text = canonical(data).decode()
        if topic is None:
            return StoredFact(type_, None, 0, text)
        sequences[topic] = sequences.get(topic, 0) + 1
        return StoredFact(type_, topic, sequences[topic], text)

    def _close(self, prepared: Prepared, room: int) -> int:
        """Add the closing that is due, if it can be said; answers the bytes it takes."""
        if not prepared.facts:
            return 0
        closing = self._closings.of(prepared.loaded.kind, prepared.state, prepared.version)
        if closing is None:
            return 0
        stored = self._store(closing, prepared.sequences)
        size = len(stored.data.encode())
        if size > room:
            return 0
        prepared.facts.append(stored)
        return size
