"""What the log says must be everywhere: folds of a service's commits, computed the plain way."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from common.log.model import Commit, Part, StoredFact, of_document
from common.testing.ledger import ACCOUNT, Account, LedgerCatalogue
from common.testing.simulation.witness import Witness


@dataclass(frozen=True, slots=True)
class Published:
    """One published fact of a log."""

    stream: str
    version: int
    fact: StoredFact

    @property
    def place(self) -> tuple[str, str]:
        assert self.fact.topic is not None
        return self.fact.topic, self.stream


class Log:
    """A service's whole log, read once."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness
        self.commits: list[Commit] = [of_document(document) for document in witness.commits()]
        self.parts: dict[str, list[tuple[Commit, Part]]] = {}
        for commit in self.commits:
            for part in commit.parts:
                self.parts.setdefault(part.stream, []).append((commit, part))
        for parts in self.parts.values():
            parts.sort(key=lambda entry: entry[1].version)

    def published(self) -> Iterator[Published]:
        """Every published fact, stream by stream, in order."""
        for stream, parts in self.parts.items():
            for _, part in parts:
                for fact in part.facts:
                    if fact.topic is not None:
                        yield Published(stream, part.version, fact)

    def last(self) -> dict[tuple[str, str], int]:
        """The last sequence of each (topic, stream)."""
        return {p.place: p.fact.sequence for p in self.published()}

    def states(self, id: str) -> list[Account]:
        """An account's state after each version, the empty one first."""
        catalogue, states = LedgerCatalogue(), [ACCOUNT.initial]
        for _, part in self.parts.get(ACCOUNT.stream(id), ()):
            state = states[-1]
            for fact in part.decided:
                state = ACCOUNT.evolve(state, catalogue.revive(fact.type, fact.data.encode()))
            states.append(state)
        return states


def projected(logs: Sequence[Log], topics: Sequence[str], types: frozenset[str]) -> dict[str, Any]:
    """The counters and lists that a projection of these topics and types must hold."""
    counters: dict[str, Counter[str]] = {}
    lists: dict[str, list[str]] = {}
    for published in (p for log in logs for p in log.published()):
        topic, stream = published.place
        kind = published.fact.type.rpartition(".v")[0]
        if topic not in topics or kind not in types:
            continue
        counters.setdefault(stream, Counter()).update(["facts", topic])
        item = orjson.loads(published.fact.data).get("item", published.fact.type)
        lists.setdefault(f"{topic}|{stream}", []).append(
            f"{published.fact.sequence} {published.fact.type} {item}"
        )
    return {
        "counters": {key: dict(counter) for key, counter in counters.items()},
        "lists": lists,
    }


def held_by(witness: Witness, suffix: str) -> dict[str, Any]:
    """The counters and lists that a projection does hold."""
    return {
        "counters": {
            document["_id"]: {name: n for name, n in document.items() if name != "_id"}
            for document in witness.documents(f"counters{suffix}")
        },
        "lists": {
            document["_id"]: document["items"] for document in witness.documents(f"lists{suffix}")
        },
    }
