"""Envelope encryption: a data key per person seals the data, a master key wraps the data key.

AES-256-GCM with a fresh 96-bit nonce each time. What is sealed is bound to where it belongs (the
additional data), so nothing can be moved to another person or purpose and still open.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.canonical import canonical
from common.ids import Entropy

KEY_BYTES, NONCE_BYTES = 32, 12


class Broken(Exception):
    """Sealed data that was changed, moved, or sealed with a key that is not here."""


def seal(key: bytes, data: bytes, place: Sequence[str], entropy: Entropy) -> bytes:
    """Nonce and sealed data, bound to `place`."""
    nonce = entropy(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, canonical(list(place)))


def unseal(key: bytes, sealed: bytes, place: Sequence[str]) -> bytes:
    """The data sealed for this place; raises Broken."""
    try:
        return AESGCM(key).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], canonical(list(place))
        )
    except (InvalidTag, ValueError) as error:
        raise Broken("sealed data does not open") from error


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A person's data key under the master key of that name."""

    master: str
    sealed: bytes


class MasterKeys:
    """The present master key wraps; it and the old ones unwrap. 32 bytes each."""

    def __init__(self, present: bytes, old: Sequence[bytes] = ()) -> None:
        self._keys = {name_of(key): key[:KEY_BYTES] for key in (*old, present)}
        self.present = name_of(present)

    def wrap(self, data_key: bytes, person: str, entropy: Entropy) -> Wrapped:
        sealed = seal(self._keys[self.present], data_key, ("key", person), entropy)
        return Wrapped(self.present, sealed)

    def unwrap(self, wrapped: Wrapped, person: str) -> bytes:
        """The data key of a person; raises Broken."""
        key = self._keys.get(wrapped.master)
        if key is None:
            raise Broken(f"master key {wrapped.master} is not configured")
        return unseal(key, wrapped.sealed, ("key", person))


def name_of(key: bytes) -> str:
    """A master key's name: the beginning of a digest, which tells nothing about the key."""
    return hashlib.sha256(b"nhipcau master key\x00" + key[:KEY_BYTES]).hexdigest()[:12]


def keyed_digest(key: bytes, kind: str, text: str) -> str:
    """Hex HMAC-SHA-256 of a normalised text, to find a person by e-mail or number without storing it.

    Normalised: Unicode NFC, no blanks around, case folded; for phones and ids only the digits count,
    and +84 is 0.
    """
    return hmac.digest(key, f"{kind}\x00{normalised(kind, text)}".encode(), "sha256").hex()


def normalised(kind: str, text: str) -> str:
    """The form of a text that is compared."""
    plain = unicodedata.normalize("NFC", text.strip().casefold())
    if kind not in {"phone", "id-number"}:
        return plain
    digits = "".join(letter for letter in plain if letter.isdecimal())
    is_abroad = kind == "phone" and digits.startswith("84") and plain.startswith(("+", "84"))
    return f"0{digits[2:]}" if is_abroad else digits
