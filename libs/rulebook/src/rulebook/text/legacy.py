"""The 8-bit Vietnamese character sets TCVN3 (ABC), VNI and Windows-1258, as they look when read as Latin-1."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TCVN3_LOWER = (
    "à B5 ả B6 ã B7 á B8 ạ B9 ă A8 ằ BB ẳ BC ẵ BD ắ BE ặ C6 â A9 ầ C7 ẩ C8 ẫ C9 ấ CA ậ CB đ AE "
    "è CC ẻ CE ẽ CF é D0 ẹ D1 ê AA ề D2 ể D3 ễ D4 ế D5 ệ D6 ì D7 ỉ D8 ĩ DC í DD ị DE "
    "ò DF ỏ E1 õ E2 ó E3 ọ E4 ô AB ồ E5 ổ E6 ỗ E7 ố E8 ộ E9 ơ AC ờ EA ở EB ỡ EC ớ ED ợ EE "
    "ù EF ủ F1 ũ F2 ú F3 ụ F4 ư AD ừ F5 ử F6 ữ F7 ứ F8 ự F9 ỳ FA ỷ FB ỹ FC ý FD ỵ FE"
)
_TCVN3_UPPER = "Ă A1 Â A2 Ê A3 Ô A4 Ơ A5 Ư A6 Đ A7"

_VNI_TONES = {"": "", "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_ROOF = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_VNI_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_VNI_BASES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("a", "a", _VNI_TONES),
    ("â", "a", _VNI_ROOF),
    ("ă", "a", _VNI_BREVE),
    ("e", "e", _VNI_TONES),
    ("ê", "e", _VNI_ROOF),
    ("o", "o", _VNI_TONES),
    ("ô", "o", _VNI_ROOF),
    ("ơ", "ô", _VNI_TONES),
    ("u", "u", _VNI_TONES),
    ("ư", "ö", _VNI_TONES),
    ("y", "y", _VNI_TONES),
)
_VNI_SINGLE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}


def _tcvn3_letters() -> dict[str, str]:
    parts = (_TCVN3_LOWER + " " + _TCVN3_UPPER).split()
    return {
        chr(int(byte, 16)): letter for letter, byte in zip(parts[::2], parts[1::2], strict=True)
    }


def _vni_letters() -> dict[str, str]:
    lower = {shown: letter for letter, shown in _VNI_SINGLE.items()}
    for letter, base, marks in _VNI_BASES:
        for tone, mark in marks.items():
            if base + mark != letter and letter + tone != "y\u0323":
                lower[base + mark] = unicodedata.normalize("NFC", letter + tone)
    upper = {shown.upper(): letter.upper() for shown, letter in lower.items()}
    mixed = {
        shown[0].upper() + shown[1]: letter.upper()
        for shown, letter in lower.items()
        if len(shown) == 2  # noqa: PLR2004 - a capital with a mark from the lower-case row
    }
    return mixed | upper | lower


_TCVN3 = MappingProxyType(_tcvn3_letters())
_VNI = MappingProxyType(_vni_letters())
_VNI_PAIR = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_CP1252_AS_BYTE = {
    byte.to_bytes(1, "big").decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def western_byte(char: str) -> int | None:
    """The byte behind a character of text that was read as Latin-1 or Windows-1252; None where there is none."""
    code = ord(char)
    return code if code < 0x100 else _CP1252_AS_BYTE.get(char)  # noqa: PLR2004 - Latin-1 ends there


def _read_tcvn3(word: str) -> str:
    letters = "".join(_TCVN3.get(char, char) for char in word)
    return letters.upper() if is_capitals(word) else letters


def is_capitals(word: str) -> bool:
    """Whether a word's ASCII letters, two or more, are all capitals: TCVN3 has no toned capitals of its own."""
    ascii_letters = [char for char in word if char.isascii() and char.isalpha()]
    return len(ascii_letters) > 1 and "".join(ascii_letters).isupper()


def _read_vni(word: str) -> str:
    return _VNI_PAIR.sub(lambda pair: _VNI[pair[0]], word)


def _read_windows_1258(word: str) -> str:
    codes = [western_byte(char) for char in word]
    known = [code for code in codes if code is not None]
    if len(known) < len(codes):
        return word
    read = bytes(known).decode("cp1258", errors="replace")
    return word if "\ufffd" in read else unicodedata.normalize("NFC", read)


@dataclass(frozen=True, slots=True, eq=False)
class CharacterSet:
    """A legacy set: its name, how a word read as Latin-1 reads in it, and the letters that read the same."""

    name: str
    read: Callable[[str], str]
    same: frozenset[str]


def _same(read: Callable[[str], str], letters: str) -> frozenset[str]:
    return frozenset(letter for letter in letters if read(letter) == letter)


_LATIN_LETTERS = "".join(chr(code) for code in range(0xC0, 0x100))
TCVN3 = CharacterSet("TCVN3", _read_tcvn3, _same(_read_tcvn3, "".join(_TCVN3)))
VNI = CharacterSet("VNI", _read_vni, frozenset("ìíÌÍ"))
WINDOWS_1258 = CharacterSet(
    "windows-1258", _read_windows_1258, _same(_read_windows_1258, _LATIN_LETTERS)
)
CHARACTER_SETS = (TCVN3, VNI, WINDOWS_1258)


def tcvn3_case_is_lost(word: str) -> bool:
    """Whether a word begins with a letter that TCVN3 has in lower case only."""
    letter = _TCVN3.get(word[0], "")
    return letter.islower() and letter not in "ăâêôơưđ" and not is_capitals(word)
