"""Seals: each hour a signed fact attests the heads of the streams that moved (decision D2).

Chains show a changed or missing commit inside a stream; seals show a missing tail and a missing
stream. A seal names its leaves, so a copy can say what it lacks.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from common.canonical import canonical, digest
from common.cause import Cause
from common.errors import DomainError
from common.log.log import CommitLog
from common.log.model import GENESIS
from common.log.streams import Loaded, Standing, StreamKind
from common.mongo import Database, Patch
from common.relay.heads import Heads, Leaf
from common.relay.merkle import merkle_root
from common.relay.relay import incarnation
from common.world import World
from contracts.events.log import SealedV1
from contracts.events.log import SealedV1SealedHead as SealedHead
from contracts.events.log import SealedV1SealedSequence as SealedSequence

STATE = "relay"
LEAVES = 500


class SealKey:
    """An Ed25519 key made from 32 secret bytes; `id` is the beginning of its public key's digest."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret).digest())
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = key_id(self.public)

    def sign(self, body: bytes) -> str:
        return base64.urlsafe_b64encode(self._key.sign(body)).decode().rstrip("=")


def key_id(public: bytes) -> str:
    """Which key it is: 16 hex digits."""
    return hashlib.sha256(public).hexdigest()[:16]


def signed_bytes(data: Mapping[str, Any]) -> bytes:
    """What a seal's signature covers: the fact without it."""
    return canonical({name: value for name, value in data.items() if name != "signature"})


def signature_holds(data: Mapping[str, Any], public: bytes) -> bool:
    """Whether a seal was signed with this key."""
    signature = str(data.get("signature", ""))
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        Ed25519PublicKey.from_public_bytes(public).verify(raw, signed_bytes(data))
    except (InvalidSignature, ValueError):
        return False
    return True


def leaf_bytes(leaf: Mapping[str, Any]) -> bytes:
    """A leaf of the tree: the canonical JSON of a sealed head."""
    return canonical(dict(leaf))


@dataclass(frozen=True, slots=True)
class SealStream:
    """The last seal of a stream of seals: number, moment and digest for the next one's `previous`."""

    number: int = 0
    made: str = ""
    digest: str = GENESIS


def _evolve(state: SealStream, fact: SealedV1) -> SealStream:
    del state
    data = fact.data()
    return SealStream(fact.number, data["to"], digest(canonical(data)))


class Sealer:
    """Makes the seals of one service's log; any process may try, one wins."""

    def __init__(
        self, service: str, database: Database, log: CommitLog, key: SealKey, world: World
    ) -> None:
        self._service = service
        self._database = database
        self._log = log
        self._key = key
        self._world = world
        self._heads = Heads(database)
        self._kind = StreamKind(f"{service}/seal", SealStream(), _evolve)

    async def seal(self) -> list[SealedV1]:
        """Attest every acknowledged head that moved; answers the seals made. Raises Transient.

        The leaves of the last seal are marked before the heads that moved are read, and the new
        seal follows that one or is not made: two processes at once never attest a move twice.
        """
        made: list[SealedV1] = []
        last = await self._finish_last()
        while moved := await self._heads.unsealed(LEAVES):
            seal = await self._make(moved, last, first=not made)
            if seal is None:
                break
            made.append(seal)
            last = _evolve(last, seal)
            if len(moved) < LEAVES:
                break
        return made

    async def _make(
        self, moved: Sequence[tuple[Leaf, int]], last: SealStream, *, first: bool
    ) -> SealedV1 | None:
        leaves = [leaf for leaf, _ in moved]
        own = f"/{self._service}/seal/"
        if not first and all(leaf.stream.startswith(own) for leaf in leaves):
            return None
        now = self._world.now()
        fact = self._signed(leaves, last, now, sum(leaf.version - old for leaf, old in moved))
        sealed = fact.model_copy(update={"incarnation": await incarnation(self._database)})
        sealed = sealed.model_copy(
            update={"signature": self._key.sign(signed_bytes(sealed.data()))}
        )
        cause = Cause(
            f"clock:/{self._service}/seal:{sealed.number}", now, f"service:{self._service}"
        )
        try:
            stands = await self._log.decide(cause, lambda: self._append(sealed, cause))
        except DomainError:
            return None  # another process made this one; the next turn goes on from it
        if stands.state != _evolve(last, sealed):
            return None  # as above, and the log answered with the other's
        await self._note(sealed)
        return sealed

    async def _append(self, fact: SealedV1, cause: Cause) -> Loaded[SealStream]:
        loaded = await self._log.load(self._kind, _stream_of(fact.number))
        return await self._log.append(loaded, (fact,), cause, Standing(site="system"))

    def _signed(
        self, leaves: Sequence[Leaf], last: SealStream, now: datetime, count: int
    ) -> SealedV1:
        heads = tuple(sealed_head(leaf) for leaf in sorted(leaves))
        root = merkle_root([leaf_bytes(head.model_dump(mode="json")) for head in heads])
        values: dict[str, Any] = {
            "service": self._service,
            "number": last.number + 1,
            "from": last.made or now,
            "to": now,
            "count": count,
            "streams": len(heads),
            "leaves": heads,
            "root": root,
            "previous": last.digest,
            "signature": "A" * 86,
            "key_id": self._key.id,
            "incarnation": 1,
        }
        return SealedV1.model_validate(values)

    async def _last(self) -> SealStream:
        """The newest seal: from the noted number on, the log itself tells."""
        found = await self._database.find(STATE, {"_id": "seal"})
        number = found[0]["number"] if found else 0
        state = SealStream()
        if number:
            state = (await self._log.load(self._kind, _stream_of(number))).state
        following = await self._log.load(self._kind, _stream_of(state.number + 1))
        return following.state if following.state.number > state.number else state

    async def _finish_last(self) -> SealStream:
        """A crash may stand between a seal and the note that its leaves are sealed.

        A seal of a former life says nothing about heads of this one: they are attested anew.
        """
        last = await self._last()
        if last.number:
            cause = f"clock:/{self._service}/seal:{last.number}"
            commit = await self._log.of_cause(cause)
            if commit is not None:
                fact = commit.parts[0].facts[0]
                seal = SealedV1.model_validate_json(fact.data)
                if seal.incarnation == await incarnation(self._database):
                    await self._note(seal)
        return last

    async def _note(self, seal: SealedV1) -> None:
        leaves = [
            Leaf(h.stream, h.version, h.hash, tuple((u.topic, u.sequence) for u in h.upto))
            for h in seal.leaves
        ]
        await self._heads.mark_sealed(leaves)
        await self._database.write(
            [Patch(STATE, "seal", maximum={"number": seal.number}, upsert=True)]
        )


def sealed_head(leaf: Leaf) -> SealedHead:
    """A head as the seal says it."""
    return SealedHead(
        stream=leaf.stream,
        version=leaf.version,
        hash=leaf.hash,
        upto=tuple(SealedSequence(topic=t, sequence=s) for t, s in sorted(leaf.upto)),
    )


def _stream_of(number: int) -> str:
    """Seals stand in streams of 200, so that none grows without end."""
    return f"{(number - 1) // 200:06d}"
