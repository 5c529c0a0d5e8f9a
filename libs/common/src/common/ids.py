"""Names for things: UUIDv7 from a given moment, and tracking codes that nobody can guess.

Both take their randomness as an argument: `entropy(n)` gives n random bytes, such as `os.urandom`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
Entropy = Callable[[int], bytes]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so a code survives the telephone."""

LENGTH = 16
GROUP = 4
RANDOM_BITS = 5 * (LENGTH - 1)
_READ_AS = str.maketrans("ILO", "110", " -")
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def uuid7(at: datetime, entropy: Entropy) -> str:
    """A UUIDv7 (RFC 9562) of that millisecond: sorts by time, the rest is random."""
    if at.tzinfo is None:
        raise ValueError("naive datetime: say which zone")
    milliseconds = (at - EPOCH) // MILLISECOND
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError("a UUIDv7 can't say this moment")
    random = int.from_bytes(entropy(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    return str(UUID(int=value | 0b10 << 62 | random & (1 << 62) - 1))


def tracking_code(entropy: Entropy) -> str:
    """15 random characters (75 bits) and a check character: "7K3M-9QXA-0DTV-RB2H"."""
    number = int.from_bytes(entropy(10)) % (1 << RANDOM_BITS)
    letters = [ALPHABET[number >> 5 * place & 31] for place in range(LENGTH - 1)]
    return _grouped("".join(letters) + _check_letter(letters))


def read_tracking_code(text: str) -> str | None:
    """The code as it is written in full, None for what can't be one.

    Forgives case, blanks, hyphens and the look-alikes I, L and O. The check character tells every
    single wrong character and nearly every swap of two neighbours.
    """
    if len(text) > 4 * LENGTH:
        return None
    letters = text.upper().translate(_READ_AS)
    if len(letters) != LENGTH or any(letter not in _VALUES for letter in letters):
        return None
    if _check_letter(letters[:-1]) != letters[-1]:
        return None
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def _check_letter(letters: list[str] | str) -> str:
    """Luhn's algorithm over 32 letters: each second value is doubled, its base-32 digits added."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = _VALUES[letter] * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
