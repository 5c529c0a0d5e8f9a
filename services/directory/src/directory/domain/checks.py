"""What every aggregate checks in the same way: validity, names, overlaps, what lies behind us."""

import unicodedata
from collections.abc import Iterable
from datetime import date

from pydantic import ValidationError

from common.errors import FieldProblem, Refused, Said, Unprocessable
from common.http.words import advice
from directory.domain.words import ATTRIBUTES, DAMAGE, joined, say, word
from rulebook.dated import Spell
from rulebook.text import inspect_text


def bad_field(pointer: str, rule: str, detail: Said, **extra: object) -> Unprocessable:
    """The refusal of one field: where it stands, the rule it breaks, what to do."""
    problem = FieldProblem(pointer, rule, detail)
    return Unprocessable("invalid-request", detail, errors=[problem], extra=extra)


def problems_of(error: ValidationError) -> list[FieldProblem]:
    """What a model found wrong, field by field; what was given is not repeated."""
    return [
        FieldProblem(
            "/" + "/".join(map(str, each["loc"])),
            each["type"],
            advice(each["type"], each.get("ctx") or {}),
        )
        for each in error.errors(include_url=False, include_input=False)
    ]


def check_days(valid_from: date, valid_to: date | None) -> None:
    """Half-open [valid_from, valid_to) must hold at least a day; raises Unprocessable."""
    if valid_to is not None and valid_to <= valid_from:
        raise bad_field("/valid_to", "after-begin", say("days-end-first"))


def check_text(pointer: str, text: str | None) -> None:
    """A name must be sound Vietnamese text; raises Unprocessable with the repair as a proposal."""
    if text is None:
        return
    report = inspect_text(text)
    if report.findings:
        found = sorted({finding.damage.value for finding in report.findings})
        detail = say("text-damaged", found=joined(word(DAMAGE, each) for each in found))
        raise bad_field(pointer, "sound-text", detail, proposed=report.repaired)
    if text != text.strip() or not text.isprintable():
        raise bad_field(pointer, "sound-text", say("text-unprintable"))
    if any(unicodedata.combining(sign) for sign in text):
        raise bad_field(pointer, "sound-text", say("text-loose-mark"))
    if any(sign.isalpha() and not _is_latin(sign) for sign in text):
        raise bad_field(pointer, "latin-letters", say("text-not-latin"))


_LATIN = ("LATIN SMALL LETTER ", "LATIN CAPITAL LETTER ")
_ORDINARY = (range(0x250), range(0x1E00, 0x1F00))
"""Letters of languages; signs of phonetics beyond look like them and are none (ɑ, ᴀ)."""


def _is_latin(letter: str) -> bool:
    ordinary = any(ord(letter) in signs for signs in _ORDINARY)
    return ordinary and unicodedata.name(letter, "").startswith(_LATIN)


def check_host(pointer: str, host: str | None) -> None:
    """A label in the wire form of another alphabet (RFC 5890) shows letters that look alike; raises Unprocessable."""
    if host is not None and any(label[2:4] == "--" for label in host.split(".")):
        detail = say("host-not-ascii")
        raise Unprocessable(
            "domain-against-the-rule", detail, errors=[FieldProblem(pointer, "ascii-only", detail)]
        )


def check_overlap(spells: Iterable[Spell], new: Spell) -> None:
    """Two changes of one attribute that both end somewhere must not share a day; raises Refused."""
    names = {*new.changes, *new.cleared}
    for spell in spells:
        bounded = spell.valid_to is not None and new.valid_to is not None
        shared = names & {*spell.changes, *spell.cleared}
        if bounded and shared and spell.meets(new):
            raise Refused(
                "overlapping-validity",
                say(
                    "overlapping-change",
                    names=joined(word(ATTRIBUTES, name) for name in sorted(shared)),
                    start=spell.valid_from,
                    end=spell.valid_to,
                ),
            )


def check_not_behind(day: date, today: date, pointer: str, what: str) -> None:
    """What acts may have been proved by is not changed for days gone by; raises Refused with the words `behind.{what}`."""
    if day < today:
        detail = say(f"behind.{what}", today=today)
        problem = FieldProblem(pointer, "not-back-in-time", detail)
        raise Refused("back-in-time", detail, errors=[problem])
