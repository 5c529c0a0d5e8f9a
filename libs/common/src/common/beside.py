"""Databases beside a service's own: the blobs that services share, its vault, the vault's keys."""

from collections.abc import Callable
from dataclasses import dataclass

from common import blobs, vault
from common.mongo import Index
from common.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Beside:
    """Which database by the settings, and the indexes that it must have."""

    name_of: Callable[[ServiceSettings], str]
    indexes: tuple[Index, ...] = ()


BLOBS = Beside(lambda settings: settings.blobs_database, blobs.INDEXES)
VAULT = Beside(lambda settings: settings.vault_database, vault.ENTRY_INDEXES)
VAULT_KEYS = Beside(lambda settings: settings.vault_keys_database)
