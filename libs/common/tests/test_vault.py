"""The vault: sealed per person, every look recorded, and what is erased stays erased."""

import base64
import os
from datetime import UTC, datetime, timedelta
from random import SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import masking
from common.errors import NotFound, Refused, TooLarge, Unprocessable
from common.ids import uuid7
from common.mongo import ANY, Database, Patch, Put
from common.sealing import Broken, MasterKeys, keyed_digest, seal, unseal
from common.settings import ServiceSettings
from common.testing.mongo import MemoryDatabase
from common.vault import (
    ENTRIES,
    ENTRY_INDEXES,
    KEYS,
    LARGEST,
    LEDGER_INDEXES,
    Secrets,
    Stores,
    Vault,
    secrets_of,
)
from common.world import World

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ASKER = {"name": "Nguyễn Văn An", "email": "an@example.vn", "question": "Bao giờ có kết quả?"}
OLD, NEW = b"o" * 32, b"n" * 32
WHY = {"by": "officer-1", "why": "answering question 7"}


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def a_vault(stores, clock, masters=None):
    world = World(clock, lambda: uuid7(clock.now, os.urandom), SystemRandom())
    return Vault(stores, Secrets(masters or MasterKeys(OLD), b"d" * 32, os.urandom), world)


@pytest.fixture
async def stores(database: Database):
    await database.migrate((*ENTRY_INDEXES, *LEDGER_INDEXES))
    return Stores(database, database, database)


@pytest.fixture
def vault(stores, clock):
    return a_vault(stores, clock)


async def test_what_is_kept_can_be_read_with_a_reason(vault):
    await vault.put("person-1", "contact", ASKER)

    assert await vault.get("person-1", "contact", **WHY) == ASKER


async def test_nothing_of_it_lies_in_the_database_in_clear(vault, database):
    await vault.put("person-1", "contact", ASKER)

    stored = str(await database.find(ENTRIES, ANY)) + str(await database.find(KEYS, ANY))

    assert "example.vn" not in stored
    assert "Nguy" not in stored


async def test_the_same_data_looks_different_each_time(vault, database):
    await vault.put("person-1", "contact", ASKER)
    (one,) = await database.find(ENTRIES, ANY)
    await vault.put("person-1", "contact", ASKER)
    (other,) = await database.find(ENTRIES, ANY)

    assert one["sealed"] != other["sealed"]


async def test_every_look_is_recorded_also_the_one_that_finds_nothing(vault, clock):
    await vault.put("person-1", "contact", ASKER)
    await vault.get("person-1", "contact", **WHY)
    clock.now += timedelta(minutes=1)
    with pytest.raises(NotFound):
        await vault.get("person-1", "identity", by="officer-2", why="checking")

    looks = await vault.looks("person-1")

    assert [(look.by, look.purpose, look.why, look.at) for look in looks] == [
        ("officer-1", "contact", "answering question 7", NOON),
        ("officer-2", "identity", "checking", NOON + timedelta(minutes=1)),
    ]


@pytest.mark.parametrize("given", [{"by": "", "why": "x"}, {"by": "x", "why": " "}])
async def test_nobody_looks_without_a_name_and_a_reason(vault, given):
    await vault.put("person-1", "contact", ASKER)

    with pytest.raises(Unprocessable, match="reason-missing"):
        await vault.get("person-1", "contact", **given)
    assert await vault.looks("person-1") == []


async def test_an_erased_person_is_gone_and_others_stay(vault, database):
    await vault.put("person-1", "contact", ASKER)
    await vault.put("person-2", "contact", ASKER)

    await vault.erase("person-1", by="dpo", why="asked by the person")
    await vault.erase("person-1", by="dpo", why="again")

    with pytest.raises(NotFound):
        await vault.get("person-1", "contact", **WHY)
    with pytest.raises(Refused, match="person-erased"):
        await vault.put("person-1", "contact", ASKER)
    assert await database.count(KEYS, {"_id": "person-1"}) == 0
    assert await vault.get("person-2", "contact", **WHY) == ASKER
    assert [erasure.why for erasure in await vault.erasures()] == ["asked by the person"]


async def test_a_restore_brings_nobody_back(clock):
    entries, keys, ledger = MemoryDatabase(), MemoryDatabase(), MemoryDatabase()
    vault = a_vault(Stores(entries, keys, ledger), clock)
    await vault.put("person-1", "contact", ASKER)
    backup = (entries.server.snapshot(), keys.server.snapshot())
    await vault.erase("person-1", by="dpo", why="asked")

    restored = Stores(MemoryDatabase(backup[0]), MemoryDatabase(backup[1]), ledger)
    vault = a_vault(restored, clock)

    with pytest.raises(NotFound):  # even before anybody has run reapply
        await vault.get("person-1", "contact", **WHY)
    assert await vault.reapply() == 1
    assert await restored.keys.count(KEYS, ANY) == 0
    assert await vault.reapply() == 0


async def test_erasures_known_from_facts_are_applied_when_the_ledger_was_restored_too(clock):
    server = MemoryDatabase()
    vault = a_vault(Stores(server, server, server), clock)
    await vault.put("person-1", "contact", ASKER)
    backup = server.server.snapshot()
    erasure = await vault.erase("person-1", by="dpo", why="asked")

    old = MemoryDatabase(backup)
    vault = a_vault(Stores(old, old, old), clock)

    assert await vault.reapply([erasure]) == 1
    with pytest.raises(NotFound):
        await vault.get("person-1", "contact", **WHY)


class ErasingMeanwhile(MemoryDatabase):
    """Runs an erasure just before an entry is written."""

    vault = None

    async def write(self, writes):
        if (
            self.vault is not None
            and isinstance(writes[0], Put)
            and writes[0].collection == ENTRIES
        ):
            erasing, self.vault = self.vault, None
            await erasing.erase("person-1", by="dpo", why="asked")
        await super().write(writes)


async def test_an_erasure_that_meets_a_write_wins(clock):
    entries, other = ErasingMeanwhile(), MemoryDatabase()
    vault = a_vault(Stores(entries, other, other), clock)
    entries.vault = vault

    with pytest.raises(Refused, match="person-erased"):
        await vault.put("person-1", "contact", ASKER)

    assert await entries.count(ENTRIES, ANY) == 0
    assert await other.count(KEYS, ANY) == 0


async def test_data_moved_to_another_person_or_purpose_does_not_open(vault, database):
    await vault.put("person-1", "contact", ASKER)
    await vault.put("person-1", "identity", {"number": "1"})
    (contact,) = await database.find(ENTRIES, {"purpose": "contact"})
    moved = {"sealed": contact["sealed"]}
    await database.write([Patch(ENTRIES, "person-1|identity", values=moved)])

    with pytest.raises(Broken):
        await vault.get("person-1", "identity", **WHY)


async def test_master_keys_rotate_without_touching_the_data(stores, vault, clock, database):
    await vault.put("person-1", "contact", ASKER)

    both = a_vault(stores, clock, MasterKeys(NEW, [OLD]))
    assert await both.get("person-1", "contact", **WHY) == ASKER
    assert await both.rewrap() == 1
    assert await both.rewrap() == 0

    new_only = a_vault(stores, clock, MasterKeys(NEW))
    assert await new_only.get("person-1", "contact", **WHY) == ASKER
    with pytest.raises(Broken, match="not configured"):
        await vault.get("person-1", "contact", **WHY)


def test_the_keys_come_from_the_settings():
    old, new = base64.b64encode(OLD).decode(), base64.b64encode(NEW).decode()
    before = secrets_of(ServiceSettings(service="questions", vault_master_key=old), os.urandom)
    settings = ServiceSettings(
        service="questions", vault_master_key=new, vault_old_master_keys=(old,)
    )

    wrapped = before.masters.wrap(b"k" * 32, "person-1", os.urandom)

    assert secrets_of(settings, os.urandom).masters.unwrap(wrapped, "person-1") == b"k" * 32


async def test_too_much_is_refused(vault):
    with pytest.raises(TooLarge):
        await vault.put("person-1", "contact", {"text": "x" * LARGEST})


@given(st.binary(), st.lists(st.text(), max_size=3), st.data())
def test_no_changed_byte_opens(data, place, draw):
    sealed = bytearray(seal(OLD, data, place, os.urandom))
    assert unseal(OLD, bytes(sealed), place) == data

    at = draw.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(Broken):
        unseal(OLD, bytes(sealed), place)


@given(st.binary(max_size=40))
def test_nonsense_does_not_open(data):
    with pytest.raises(Broken):
        unseal(OLD, data, ["x"])


@pytest.mark.parametrize(
    ("kind", "one", "same"),
    [
        ("email", "An@Example.VN ", "an@example.vn"),
        ("phone", "+84 912 345 678", "0912.345.678"),
        ("phone", "84912345678", "0912345678"),
        ("id-number", "035 301 001 234", "035301001234"),
        ("name", "Nguyê\u0303n", "NGUYỄN"),
    ],
)
def test_one_person_has_one_digest_however_it_is_written(kind, one, same):
    assert keyed_digest(OLD, kind, one) == keyed_digest(OLD, kind, same)


def test_digests_differ_by_kind_text_and_key():
    digests = {
        keyed_digest(OLD, "phone", "0912345678"),
        keyed_digest(OLD, "id-number", "0912345678"),
        keyed_digest(OLD, "phone", "0912345679"),
        keyed_digest(NEW, "phone", "0912345678"),
    }
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (masking.masked_email, "an.nguyen@example.gov.vn", "a***@e***.vn"),
        (masking.masked_email, "an@localhost", "a***@l***"),
        (masking.masked_email, "no address", "***"),
        (masking.masked_number, "0912 345 678", "*******678"),
        (masking.masked_number, "113", "***"),
        (masking.masked_name, "Nguyễn Văn An", "N. V. An"),
        (masking.masked_name, "An", "An"),
        (masking.masked_name, "", ""),
    ],
)
def test_masks_show_just_enough(mask, text, shown):
    assert mask(text) == shown


@given(st.text())
def test_no_text_breaks_a_mask(text):
    for mask in (masking.masked_email, masking.masked_number, masking.masked_name):
        mask(text)
