"""A small language for tests of the plumbing: accounts that items are put into.

Its facts need no contract and cost little, so that a simulation can commit thousands. An account
shows what went wrong: each item stands there once, in the order of the log.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

import orjson

from common.errors import Unprocessable
from common.log.streams import StreamKind

ACCOUNTS, AUDITS, ECHOES = "ledger.account", "ledger.audit", "mirror.echo"


@dataclass(frozen=True, slots=True)
class LedgerFact:
    """`TOPIC` is None for what never leaves the log."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str | None] = ACCOUNTS

    @classmethod
    def topic_for(cls, service: str) -> str | None:
        del service
        return cls.TOPIC


@dataclass(frozen=True, slots=True)
class Added(LedgerFact):
    """An item was put in; `due` is the second at which it is to be announced, 0 for never."""

    TYPE: ClassVar[str] = "ledger.item_added"
    item: str
    amount: int = 1
    due: int = 0


@dataclass(frozen=True, slots=True)
class Closed(LedgerFact):
    TYPE: ClassVar[str] = "ledger.account_closed"


@dataclass(frozen=True, slots=True)
class Opened(LedgerFact):
    TYPE: ClassVar[str] = "ledger.account_opened"


@dataclass(frozen=True, slots=True)
class Announced(LedgerFact):
    TYPE: ClassVar[str] = "ledger.item_announced"
    item: str


@dataclass(frozen=True, slots=True)
class Audited(LedgerFact):
    """On a topic of its own, so that sequences and versions differ."""

    TYPE: ClassVar[str] = "ledger.item_audited"
    TOPIC: ClassVar[str | None] = AUDITS
    item: str


@dataclass(frozen=True, slots=True)
class Noted(LedgerFact):
    """Private: stays in the log."""

    TYPE: ClassVar[str] = "ledger.note_taken"
    TOPIC: ClassVar[str | None] = None
    note: str


@dataclass(frozen=True, slots=True)
class Echoed(LedgerFact):
    """What another service decided because it heard of an item."""

    TYPE: ClassVar[str] = "mirror.item_echoed"
    TOPIC: ClassVar[str | None] = ECHOES
    item: str


FACTS: Mapping[str, type[LedgerFact]] = {
    f"{fact.TYPE}.v1": fact for fact in (Added, Closed, Opened, Announced, Audited, Noted, Echoed)
}


@dataclass(frozen=True, slots=True)
class Account:
    """The fold of an account's facts."""

    items: tuple[str, ...] = ()
    due: tuple[tuple[str, int], ...] = ()
    announced: tuple[str, ...] = ()
    is_open: bool = True


def evolve(account: Account, fact: LedgerFact) -> Account:
    match fact:
        case Added(item=item, due=due):
            dated = ((item, due),) if due else ()
            return replace(account, items=(*account.items, item), due=account.due + dated)
        case Announced(item=item):
            return replace(account, announced=(*account.announced, item))
        case Closed() | Opened():
            return replace(account, is_open=isinstance(fact, Opened))
        case _:
            return account


def _echo(items: tuple[str, ...], fact: LedgerFact) -> tuple[str, ...]:
    assert isinstance(fact, Echoed)
    return (*items, fact.item)


ACCOUNT: StreamKind[Account] = StreamKind("ledger/account", Account(), evolve)
ECHO: StreamKind[tuple[str, ...]] = StreamKind("mirror/echo", (), _echo)


class LedgerCatalogue:
    """The facts above to words and back (`common.log.streams.Catalogue`, `consumer.decode.Reads`)."""

    def write(self, fact: LedgerFact) -> tuple[str, str | None, Mapping[str, Any]]:
        """Raises Unprocessable for an item without a name, as a schema would."""
        data = asdict(fact)
        if data.get("item") == "":
            raise Unprocessable("breaks-its-schema", "an item has a name")
        return f"{fact.TYPE}.v1", fact.TOPIC, data

    def read(self, type: str, data: Mapping[str, Any]) -> LedgerFact:
        fact = FACTS.get(type)
        if fact is None:
            raise Unprocessable("unknown-fact", type)
        return fact(**data)

    def revive(self, type: str, data: bytes) -> LedgerFact:
        return self.read(type, orjson.loads(data))
