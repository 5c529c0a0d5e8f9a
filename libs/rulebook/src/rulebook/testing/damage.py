"""Damages sound Vietnamese text in the ways that old files and careless programs do; for tests and measurements."""

import random
import unicodedata
from collections.abc import Callable
from functools import cache

from rulebook.text import Damage

OFTEN = 0.2
LOOK_ALIKES = dict(zip("aeopcxyAEOPCXTHKMB", "аеорсхуАЕОРСХТНКМВ", strict=True))
TCVN3_TABLE = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        bytes.fromhex(
            "B5B6B7B8B9A8BBBCBDBEC6A9C7C8C9CACBAECCCECFD0D1AAD2D3D4D5D6D7D8DCDDDE"
            "DFE1E2E3E4ABE5E6E7E8E9ACEAEBECEDEEEFF1F2F3F4ADF5F6F7F8F9FAFBFCFDFEA1A2A3A4A5A6A7"
        ).decode("latin-1"),
        strict=True,
    )
)
VNI_ROWS = {
    "a": "a áaù àaø ảaû ãaõ ạaï", "â": "âaâ ấaá ầaà ẩaå ẫaã ậaä", "ă": "ăaê ắaé ằaè ẳaú ẵaü ặaë",
    "e": "éeù èeø ẻeû ẽeõ ẹeï", "ê": "êeâ ếeá ềeà ểeå ễeã ệeä", "o": "óoù òoø ỏoû õoõ ọoï",
    "ô": "ôoâ ốoá ồoà ổoå ỗoã ộoä", "ơ": "ơô ớôù ờôø ởôû ỡôõ ợôï", "u": "úuù ùuø ủuû ũuõ ụuï",
    "ư": "ưö ứöù ừöø ửöû ữöõ ựöï", "y": "ýyù ỳyø ỷyû ỹyõ ỵî", "i": "íí ìì ỉæ ĩó ịò", "đ": "đñ",
}  # fmt: skip
VNI_TABLE = {
    letter: shown
    for row in VNI_ROWS.values()
    for pair in row.split()
    for letter, shown in ((pair[0], pair[1:]), (pair[0].upper(), pair[1:].upper()))
    if shown
}


def as_tcvn3(text: str) -> str:
    """As ABC typists have it: a toned capital is the small letter in a capital font."""
    return "".join(TCVN3_TABLE.get(char) or TCVN3_TABLE.get(char.lower(), char) for char in text)


def as_vni(text: str) -> str:
    return "".join(VNI_TABLE.get(char, char) for char in text)


def as_windows_1258(text: str) -> str:
    return "".join(_in_1258(char) for char in text)


@cache
def _in_1258(char: str) -> str:
    apart = unicodedata.normalize("NFD", char)
    tones = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
    base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
    return (base + tones).encode("cp1258", errors="ignore").decode("latin-1")


def as_double_encoded(text: str) -> str:
    return text.encode().decode("latin-1")


def as_double_encoded_1252(text: str) -> str:
    undefined = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    return "".join(
        chr(byte) if byte in undefined else bytes([byte]).decode("cp1252") for byte in text.encode()
    )


def as_twice_double_encoded(text: str) -> str:
    return as_double_encoded(as_double_encoded(text))


def as_decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def with_eth(text: str) -> str:
    return text.replace("Đ", "\u00d0").replace("đ", "\u00f0")


def with_zero_width(text: str) -> str:
    dice = random.Random(len(text))  # noqa: S311 - a repeatable damage, no secret
    hidden = "\u200b\u200c\u200d\ufeff\u2060"
    return "".join(char + (dice.choice(hidden) if dice.random() < OFTEN else "") for char in text)


def with_no_break_spaces(text: str) -> str:
    return text.replace(" ", "\u00a0")


def with_look_alikes(text: str) -> str:
    dice = random.Random(len(text))  # noqa: S311 - a repeatable damage, no secret
    return "".join(
        LOOK_ALIKES[char] if char in LOOK_ALIKES and dice.random() < OFTEN else char
        for char in text
    )


DAMAGES: tuple[tuple[Callable[[str], str], Damage], ...] = (
    (as_tcvn3, Damage.TCVN3),
    (as_vni, Damage.VNI),
    (as_windows_1258, Damage.WINDOWS_1258),
    (as_double_encoded, Damage.DOUBLE_ENCODED),
    (as_double_encoded_1252, Damage.DOUBLE_ENCODED),
    (as_twice_double_encoded, Damage.DOUBLE_ENCODED),
    (as_decomposed, Damage.DECOMPOSED),
    (with_eth, Damage.ETH),
    (with_zero_width, Damage.ZERO_WIDTH),
    (with_no_break_spaces, Damage.NBSP),
    (with_look_alikes, Damage.LOOK_ALIKE),
)
CHARACTER_DAMAGES = tuple(
    pair for pair in DAMAGES if pair[0] not in (as_tcvn3, as_vni, as_windows_1258)
)
