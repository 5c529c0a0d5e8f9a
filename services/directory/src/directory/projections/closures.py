"""The local closures of all places, to be listed."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import ClosureCancelledV1, ClosureDeclaredV1

CLOSURES = "closures"
INDEXES = (
    Index(CLOSURES, (("place", 1), ("_id", 1))),
    Index(CLOSURES, (("end", 1), ("_id", 1))),
)


def when_closure_declared_list_it(fact: ClosureDeclaredV1, seen: Seen) -> Iterable[Write]:
    data = fact.data()
    kept = ("place", "closure_id", "calendar_id", "start", "end", "reason", "source")
    closure = {name: data[name] for name in kept}
    number = fact.document.number if fact.document else None
    closure |= {"document": number, "sequence": seen.sequence}
    yield Put(CLOSURES, f"{fact.place}/{fact.closure_id}", closure)


def when_closure_cancelled_shorten_it(fact: ClosureCancelledV1, seen: Seen) -> Iterable[Write]:
    """A closure cancelled whole stays listed, with no day left."""
    values = {
        "end": fact.works_from.isoformat(),
        "cancelled": fact.reason,
        "sequence": seen.sequence,
    }
    yield Patch(CLOSURES, f"{fact.place}/{fact.closure_id}", values=values)


HANDLERS = {
    ClosureDeclaredV1: when_closure_declared_list_it,
    ClosureCancelledV1: when_closure_cancelled_shorten_it,
}
