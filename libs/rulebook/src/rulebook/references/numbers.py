"""Numbers of Vietnamese documents: the grammar of law B.15, one normal form, finding them in running text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rulebook.references.codes import (
    ISSUER_LETTER,
    ISSUERS,
    KIND_ALIASES,
    KIND_PATTERN,
    KINDS,
    PARTY_KINDS,
    VIETNAMESE_LETTER,
    in_usual_case,
    known_beginning,
)

Family = Literal["normative", "assembly", "party", "administrative", "letter", "standard"]
LONGEST = 120

_SERIAL = r"(?P<serial>\d{1,5}(?:\.\d{1,3})?)(?P<suffix>[a-zđ]?)"
_SLASH = r"\s?/\s?"
_DASH = r"\s?[-–]\s?"
_LEFT = r"(?<![\w./-])"
_CODE = rf"[A-ZĐƯƠ][{ISSUER_LETTER}]{{0,11}}\d{{0,2}}"
_ISSUERS = rf"(?P<issuers>{_CODE}(?:{_DASH}{_CODE}){{0,8}})"

_ASSEMBLY = re.compile(
    rf"{_SERIAL}{_SLASH}(?P<year>(?:19|20)\d{{2}}){_SLASH}(?P<body>UBTVQH|QH)-?(?P<term>1[0-9]|[1-9]|K\d{{1,2}})"
)
_NORMATIVE = re.compile(
    rf"{_SERIAL}{_SLASH}(?P<year>(?:19|20)\d{{2}}){_SLASH}(?P<kind>{KIND_PATTERN})(?:{_DASH}|{_SLASH})?"
    rf"(?=[A-ZĐƯƠ]|(?<=NĐ-))"
)
_ADMINISTRATIVE = re.compile(rf"{_SERIAL}{_SLASH}(?P<kind>{KIND_PATTERN}){_DASH}(?=[A-ZĐƯƠ])")
_PARTY = re.compile(rf"{_SERIAL}{_DASH}(?P<kind>{'|'.join(PARTY_KINDS)}){_SLASH}(?=[A-ZĐƯƠ])")
_LETTER = re.compile(rf"{_SERIAL}{_SLASH}(?=[A-ZĐƯƠ])")
_LETTER_CODES = re.compile(
    rf"(?P<issuer>[A-ZĐƯƠ][{ISSUER_LETTER}]{{1,11}}){_DASH}(?P<unit>[A-ZĐ][A-Za-zĐđ&]{{0,19}}\d{{0,2}}"
    rf"(?:{_DASH}[A-ZĐ][A-Za-zĐđ&]{{0,19}}\d{{0,2}}){{0,3}})(?!\w)"
)
_STANDARD = re.compile(
    r"(?P<body>TCVN|QCVN|ISO(?:/IEC)?)\s?(?P<serial>\d[\d.\-]{0,14}?)\s?:\s?(?P<year>(?:19|20)\d{2})"
    r"(?:/(?P<owner>[A-ZĐ]{2,8}))?(?!\w)"
)
_YEARS = rf"{_SLASH}(?:19|20)\d{{2}}{_SLASH}(?=[A-ZĐ])"
_START = re.compile(
    rf"(?P<strong>(?<![\d/])\d[\d.]{{0,11}}[a-zđ]?(?={_YEARS}))"
    rf"|(?P<dated>(?<=/)(?:19|20)\d{{2}}\d{{1,5}}(?={_YEARS}))"
    rf"|{_LEFT}(?=\d{{1,5}}(?:\.\d{{1,3}})?[a-zđ]?(?:{_SLASH}|{_DASH})|TCVN|QCVN|ISO)"
)
_YEAR_GLUED_BEFORE = re.compile(r"(?:[\d.]*\.)?(?:19|20)\d{2}\.?(?=\d{1,5}(?:\.\d{1,3})?[a-zđ]?$)")
_PLAIN_SERIAL = re.compile(r"\d{1,5}[a-zđ]?|(?!(?:19|20)\d{2}\.)\d{1,5}\.\d{1,3}")
_AFTER_LAST_DOT = re.compile(r"(?:[\d.]*\.)(?=\d{1,5}[a-zđ]?$)")
_RUN = re.compile(f"[{VIETNAMESE_LETTER}]{{1,40}}")
_NEXT_CODE = re.compile(rf"(?:{_DASH}|&)(?=[A-ZĐƯƠ])")
_DIGITS = re.compile(r"\d*")
_UNIT_DIGITS = re.compile(r"\d{1,2}(?![\d/.])")
_FORM_BEFORE = re.compile(r"(?:Mẫu|Biểu|Phụ lục|Tờ khai)(?:\s+(?:số|mẫu))?\s*:?\s*$", re.IGNORECASE)
_HEADING = re.compile("QUY|BAN|NGHỊ|LUẬT|THÔNG|SỬA|HƯỚNG|VỀ|QUYẾT")
_LETTER_ISSUER = re.compile("B|S|UB|HĐ|VP|TC|C[A-ZĐ]|T[A-ZĐ]|N[A-ZĐ]|KB|BQL")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number in parts. `serial` has a leading 0 under ten; `issuers` are codes, for letters issuer then unit.

    `assembly`: `kind` is QH or UBTVQH and `term` the term; `standard`: `kind` is TCVN, QCVN or ISO.
    """

    family: Family
    serial: str
    kind: str
    year: int | None = None
    issuers: tuple[str, ...] = ()
    term: str = ""

    def render(self) -> str:
        """The normal form, without spaces: "19/2019/QĐ-UBND", "91/2025/QH15", "80-NQ/TW", "924/SNV-TCBC"."""
        issuers = "-".join(self.issuers)
        match self.family:
            case "normative":
                return f"{self.serial}/{self.year}/{self.kind}-{issuers}"
            case "assembly":
                return f"{self.serial}/{self.year}/{self.kind}{self.term}"
            case "party":
                return f"{self.serial}-{self.kind}/{issuers}"
            case "administrative":
                return f"{self.serial}/{self.kind}-{issuers}"
            case "letter":
                return f"{self.serial}/{issuers}"
            case _:
                owner = f"/{issuers}" if issuers else ""
                return f"{self.kind} {self.serial}:{self.year}{owner}"

    @property
    def kind_word(self) -> str | None:
        """The type in words, where the number tells it; National Assembly numbers stand for laws and resolutions."""
        return KINDS.get(self.kind)


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text at [start, end). `irregular` tells how it departs from the grammar; empty = as it should be."""

    start: int
    end: int
    text: str
    number: DocumentNumber
    irregular: tuple[str, ...] = ()


class NotADocumentNumber(ValueError):
    pass


def parse_number(text: str) -> DocumentNumber:
    """The number that a text is, and nothing else. Raises NotADocumentNumber naming the text."""
    stripped = text.strip()
    found = read_at(stripped, 0) if len(stripped) <= LONGEST else None
    if found is None or found.end != len(stripped):
        raise NotADocumentNumber(f"number: {text[:LONGEST]!r} is no Vietnamese document number")
    return found.number


def find_numbers(text: str) -> Iterator[FoundNumber]:
    """All numbers of a text, in order; numbers of forms ("Mẫu số 01/TB-HT") are left out. Linear in its length."""
    position = 0
    while (start := _START.search(text, position)) is not None:
        found = read_at(text, _begin(start))
        if found is None or _is_form(text, found):
            position = _after_candidate(text, start.start())
            continue
        while found is not None:
            yield found
            position = found.end
            found = read_at(text, position)


def read_at(text: str, start: int) -> FoundNumber | None:
    """The number that begins exactly at `start`, or None."""
    for read in (_read_assembly, _read_normative, _read_party, _read_administrative, _read_letter):
        found = read(text, start)
        if found is not None:
            return found
    return _read_standard(text, start)


def _begin(start: re.Match[str]) -> int:
    """Where the serial begins when a year ("năm 202437/2024/QH15") or a list number is glued to it."""
    run = start["strong"] or start["dated"]
    if run is None or (start["strong"] and _PLAIN_SERIAL.fullmatch(run)):
        return start.start()
    glued = _YEAR_GLUED_BEFORE.match(run) or _AFTER_LAST_DOT.match(run)
    return start.start() + (glued.end() if glued else 0)


def _after_candidate(text: str, start: int) -> int:
    digits = _DIGITS.match(text, start)
    return max(digits.end() if digits else 0, start + 1)


def _is_form(text: str, found: FoundNumber) -> bool:
    if found.number.family not in {"administrative", "letter"}:
        return False
    return _FORM_BEFORE.search(text, max(found.start - 24, 0), found.start) is not None


def _serial(found: re.Match[str]) -> str:
    digits, suffix = found["serial"], found["suffix"]
    whole, _, part = digits.partition(".")
    padded = f"{int(whole):02d}"
    return f"{padded}.{part}{suffix}" if part else padded + suffix


def _read_assembly(text: str, start: int) -> FoundNumber | None:
    found = _ASSEMBLY.match(text, start)
    if found is None:
        return None
    number = DocumentNumber(
        "assembly", _serial(found), found["body"], int(found["year"]), (), found["term"]
    )
    irregular = ("dash-before-term",) if f"{found['body']}-" in found[0] else ()
    return _found(text, start, found.end(), number, irregular)


def _read_normative(text: str, start: int) -> FoundNumber | None:
    found = _NORMATIVE.match(text, start)
    if found is None:
        return None
    issuers, end = _read_issuers(text, found.end(), found["kind"])
    between = text[found.end("kind") : found.end()].strip()
    if not issuers and found["kind"] == "NĐ" and between == "-":
        issuers = ("C",)
    if not issuers or (not between and issuers[0] not in ISSUERS):
        return None
    irregular = {"": ("no-dash",), "/": ("slash-for-dash",)}.get(between, ())
    number = DocumentNumber(
        "normative", _serial(found), _kind(found), int(found["year"]), _usual(issuers)
    )
    return _found(text, start, end, number, (*irregular, *_faults(issuers, found["kind"])))


def _read_administrative(text: str, start: int) -> FoundNumber | None:
    found = _ADMINISTRATIVE.match(text, start)
    if found is None:
        return None
    issuers, end = _read_issuers(text, found.end(), found["kind"])
    if not issuers:
        return None
    number = DocumentNumber("administrative", _serial(found), _kind(found), None, _usual(issuers))
    return _found(text, start, end, number, _faults(issuers, found["kind"]))


def _read_party(text: str, start: int) -> FoundNumber | None:
    found = _PARTY.match(text, start)
    if found is None:
        return None
    issuers, end = _read_issuers(text, found.end(), found["kind"])
    if not issuers:
        return None
    number = DocumentNumber("party", _serial(found), _kind(found), None, _usual(issuers))
    return _found(text, start, end, number, ())


def _read_letter(text: str, start: int) -> FoundNumber | None:
    found = _LETTER.match(text, start)
    codes = _LETTER_CODES.match(text, found.end()) if found else None
    if found is None or codes is None or not _LETTER_ISSUER.match(codes["issuer"]):
        return None
    units = re.split(r"\s?[-–]\s?", codes["unit"])
    number = DocumentNumber("letter", _serial(found), "", None, (codes["issuer"], *units))
    return _found(text, start, codes.end(), number, ())


def _read_standard(text: str, start: int) -> FoundNumber | None:
    found = _STANDARD.match(text, start)
    if found is None:
        return None
    owner = (found["owner"],) if found["owner"] else ()
    number = DocumentNumber("standard", found["serial"], found["body"], int(found["year"]), owner)
    return _found(text, start, found.end(), number, ())


def _found(
    text: str, start: int, end: int, number: DocumentNumber, irregular: tuple[str, ...]
) -> FoundNumber:
    shown = text[start:end]
    spaced = ("spaces",) if re.search(r"\s", shown) and number.family != "standard" else ()
    beside = text[max(start - 1, 0) : start] + " " + text[end : end + 1]
    glued = ("glued",) if re.search(r"\w", beside) else ()
    return FoundNumber(start, end, shown, number, (*irregular, *spaced, *glued))


def _read_issuers(text: str, start: int, kind: str) -> tuple[tuple[str, ...], int]:
    """Codes of issuers from `start` on, and where they end: before a word or number glued to the last one."""
    codes: list[str] = []
    position = end = start
    while len(codes) < 9:  # noqa: PLR2004 - joint documents have a handful of issuers
        run = _RUN.match(text, position)
        code = _one_issuer(run[0], kind, first=not codes) if run else ""
        if not code:
            break
        end = position + len(code)
        if run and code == run[0] and len(code) <= 4 and code not in ISSUERS:  # noqa: PLR2004 - C06, PC08
            digits = _UNIT_DIGITS.match(text, end)
            code, end = (code + digits[0], digits.end()) if digits else (code, end)
        codes.append(code)
        joined = _NEXT_CODE.match(text, end)
        if joined is None or (run and len(code) < len(run[0])):
            break
        position = joined.end()
    return tuple(codes), end


def _one_issuer(run: str, kind: str, *, first: bool) -> str:
    """The code at the beginning of a run of letters; "" when the run is a word."""
    known = known_beginning(run)
    if known is not None and (len(known) == len(run) or _is_next_word(run[len(known) :])):
        return known
    if kind == "NĐ" and run.startswith("C") and first:
        return "CP" if run.startswith("CP") else "C"
    shape = re.match(rf"[A-ZĐƯƠ][{ISSUER_LETTER}]{{0,11}}(?![{VIETNAMESE_LETTER}])", run)
    if shape and sum(char.isupper() for char in run) * 2 > len(run):
        return run
    capitals = re.match("[A-ZĐ]{2,}(?=[A-ZĐÀ-Ỹ][a-zà-ỹ])", run)
    return capitals[0] if capitals else ""


def _is_next_word(rest: str) -> bool:
    return rest[0].islower() or rest[1:2].islower() or bool(_HEADING.match(rest)) or len(rest) == 1


def _usual(issuers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("CP" if code == "C" else in_usual_case(code) for code in issuers)


def _kind(found: re.Match[str]) -> str:
    return KIND_ALIASES.get(found["kind"], found["kind"])


def _faults(issuers: tuple[str, ...], kind: str) -> tuple[str, ...]:
    if kind in KIND_ALIASES:
        return ("no-stroke",)
    if kind == "NĐ" and issuers[0] == "C":
        return ("issuer-cut",)
    return ("issuer-case",) if _usual(issuers) != issuers else ()
