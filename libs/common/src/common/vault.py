"""The personal-data vault: sealed with a key per person, every look recorded, erasable for good (D5).

Facts, projections and logs carry a person's id and a keyed digest; what the person told us lies here
only. Three databases, so that each can have backups of its own length:

    entries  sealed data, one document per person and purpose
    keys     one wrapped key per person: backups live for days, and deleting the key erases
    ledger   who looked when and why, and who was erased: the service's own database

After any restore run `reapply`: whoever was erased stays erased. An erasure should also be a fact
of the service, so that the list survives a restore of the ledger itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from common.canonical import canonical
from common.errors import NotFound, Refused, TooLarge, Unprocessable
from common.ids import Entropy
from common.mongo import Database, Document, Drop, Index, Put
from common.sealing import KEY_BYTES, MasterKeys, Wrapped, keyed_digest, seal, unseal
from common.settings import ServiceSettings, key_bytes
from common.words import say
from common.world import World

ENTRIES, KEYS, ACCESSES, ERASURES = "entries", "keys", "accesses", "erasures"
ENTRY_INDEXES = (Index(ENTRIES, (("person", 1),)),)
LEDGER_INDEXES = (Index(ACCESSES, (("person", 1), ("at", 1))),)
LARGEST = 65_536

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's data: `by` a subject, `why` in words the person may read."""

    person: str
    purpose: str
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person whose data is gone for good."""

    person: str
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the three kinds of things lie."""

    entries: Database
    keys: Database
    ledger: Database


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys from the settings, and where randomness comes from."""

    masters: MasterKeys
    digest_key: bytes
    entropy: Entropy


def secrets_of(settings: ServiceSettings, entropy: Entropy) -> Secrets:
    """The keys of the settings: NHIPCAU_VAULT_MASTER_KEY, …_OLD_MASTER_KEYS, …_DIGEST_KEY."""
    old = [key_bytes(key.get_secret_value()) for key in settings.vault_old_master_keys]
    masters = MasterKeys(settings.key("vault_master_key"), old)
    return Secrets(masters, settings.key("vault_digest_key"), entropy)


class Vault:
    """One service's vault."""

    def __init__(self, stores: Stores, secrets: Secrets, world: World) -> None:
        self._stores = stores
        self._secrets = secrets
        self._world = world

    async def put(self, person: str, purpose: str, data: Data) -> None:
        """Keep a person's data for a purpose, in place of what was there.

        Raises TooLarge over 64 KiB and Refused for a person who was erased.
        """
        text = canonical(dict(data))
        if len(text) > LARGEST:
            raise TooLarge("personal-data-too-large", say("personal-data-too-large", limit=LARGEST))
        if await self._is_erased(person):
            raise _erased()
        key = await self._key(person) or await self._new_key(person)
        sealed = seal(key, text, ("entry", person, purpose), self._secrets.entropy)
        entry: Document = {"person": person, "purpose": purpose, "sealed": sealed}
        entry["at"] = self._world.now()
        await self._stores.entries.write([Put(ENTRIES, _place(person, purpose), entry)])
        if await self._is_erased(person):  # meanwhile: the erasure may have passed before our write
            await self._remove(person)
            raise _erased()

    async def get(self, person: str, purpose: str, *, by: str, why: str) -> dict[str, Any]:
        """A person's data for a purpose. The look is recorded before anything is shown.

        Raises Unprocessable without a reason, NotFound when there is none or it was erased.
        """
        if not by.strip() or not why.strip():
            raise Unprocessable("reason-missing", say("reason-missing"))
        await self._record(Look(person, purpose, by, why, self._world.now()))
        found = await self._stores.entries.find(ENTRIES, {"_id": _place(person, purpose)})
        key = await self._key(person)
        if not found or key is None or await self._is_erased(person):
            raise NotFound("personal-data-unknown", say("personal-data-unknown"))
        opened = unseal(key, bytes(found[0]["sealed"]), ("entry", person, purpose))
        return orjson.loads(opened)

    async def looks(self, person: str) -> Sequence[Look]:
        """Who looked at a person's data, in order of time."""
        found = await self._stores.ledger.find(ACCESSES, {"person": person}, sort=[("at", 1)])
        return [Look(o["person"], o["purpose"], o["by"], o["why"], o["at"]) for o in found]

    async def erase(self, person: str, *, by: str, why: str) -> Erasure:
        """Erase a person: noted first, then the key, then what it sealed. Harmless when repeated."""
        erasure = Erasure(person, by, why, self._world.now())
        note: Document = {"_id": person, "by": by, "why": why, "at": erasure.at}
        await self._stores.ledger.insert(ERASURES, [note])
        await self._remove(person)
        return erasure

    async def erasures(self) -> Sequence[Erasure]:
        """Everybody who was erased, in order of time."""
        found = await self._stores.ledger.find(ERASURES, {}, sort=[("at", 1)])
        return [Erasure(one["_id"], one["by"], one["why"], one["at"]) for one in found]

    async def reapply(self, known: Iterable[Erasure] = ()) -> int:
        """Erase again whoever was erased, by the ledger and by `known` (the service's facts).

        To be run after any restore and at each start; answers how many persons had come back.
        """
        for one in known:
            note: Document = {"_id": one.person, "by": one.by, "why": one.why, "at": one.at}
            await self._stores.ledger.insert(ERASURES, [note])
        back = 0
        for one in await self.erasures():
            back += await self._remove(one.person)
        return back

    async def rewrap(self) -> int:
        """Wrap every key that an old master key wraps with the present one; answers how many."""
        masters = self._secrets.masters
        old = await self._stores.keys.find(KEYS, {"master": {"$ne": masters.present}})
        for document in old:
            person = document["_id"]
            key = masters.unwrap(_wrapped(document), person)
            await self._stores.keys.write([Put(KEYS, person, self._wrapped_key(key, person))])
        return len(old)

    def digest(self, kind: str, text: str) -> str:
        """The keyed digest by which a person is found again; kind: "email", "phone", "id-number"."""
        return keyed_digest(self._secrets.digest_key, kind, text)

    async def _key(self, person: str) -> bytes | None:
        found = await self._stores.keys.find(KEYS, {"_id": person})
        return self._secrets.masters.unwrap(_wrapped(found[0]), person) if found else None

    async def _new_key(self, person: str) -> bytes:
        """A new key; when two are made at once, both use the one that landed."""
        made = self._secrets.entropy(KEY_BYTES)
        document: Document = {"_id": person, **self._wrapped_key(made, person)}
        if (await self._stores.keys.insert(KEYS, [document])).landed[0]:
            return made
        key = await self._key(person)
        if key is None:
            raise _erased()
        return key

    def _wrapped_key(self, key: bytes, person: str) -> Document:
        wrapped = self._secrets.masters.wrap(key, person, self._secrets.entropy)
        return {"master": wrapped.master, "sealed": wrapped.sealed}

    async def _record(self, look: Look) -> None:
        record: Document = {
            "_id": self._world.new_id(),
            "person": look.person,
            "purpose": look.purpose,
            "by": look.by,
            "why": look.why,
            "at": look.at,
        }
        await self._stores.ledger.insert(ACCESSES, [record])

    async def _is_erased(self, person: str) -> bool:
        return bool(await self._stores.ledger.find(ERASURES, {"_id": person}))

    async def _remove(self, person: str) -> bool:
        there = await self._stores.keys.find(KEYS, {"_id": person})
        await self._stores.keys.write([Drop(KEYS, person)])
        removed = await self._stores.entries.delete(ENTRIES, {"person": person})
        return bool(there) or removed > 0


def _erased() -> Refused:
    return Refused("person-erased", say("person-erased"))


def _place(person: str, purpose: str) -> str:
    return f"{person}|{purpose}"


def _wrapped(document: Document) -> Wrapped:
    return Wrapped(document["master"], bytes(document["sealed"]))
