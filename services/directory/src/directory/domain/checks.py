"""What every aggregate checks in the same way: validity, names, overlaps, what lies behind us."""

import unicodedata
from collections.abc import Iterable
from datetime import date

from common.errors import FieldProblem, Refused, Unprocessable
from rulebook.dated import Spell
from rulebook.text import inspect_text


def bad_field(pointer: str, rule: str, detail: str, **extra: object) -> Unprocessable:
    """The refusal of one field: where it stands, the rule it breaks, what to do."""
    problem = FieldProblem(pointer, rule, detail)
    return Unprocessable("invalid-request", detail, errors=[problem], extra=extra)


def check_days(valid_from: date, valid_to: date | None) -> None:
    """Half-open [valid_from, valid_to) must hold at least a day; raises Unprocessable."""
    if valid_to is not None and valid_to <= valid_from:
        detail = "valid_to is the first day after; it must be later."
        raise bad_field("/valid_to", "after-begin", detail)


def check_text(pointer: str, text: str | None) -> None:
    """A name must be sound Vietnamese text; raises Unprocessable with the repair as a proposal."""
    if text is None:
        return
    report = inspect_text(text)
    if report.findings:
        found = ", ".join(sorted({finding.damage.value for finding in report.findings}))
        detail = f"The text is damaged ({found}); use the proposed one, or type it anew."
        raise bad_field(pointer, "sound-text", detail, proposed=report.repaired)
    if text != text.strip() or not text.isprintable():
        raise bad_field(pointer, "sound-text", "Leave out control characters and outer blanks.")
    if any(unicodedata.combining(sign) for sign in text):
        raise bad_field(
            pointer, "sound-text", "A mark belongs to no Vietnamese letter; type it anew."
        )
    if any(sign.isalpha() and not _is_latin(sign) for sign in text):
        detail = "A letter only looks Latin, or is of another script; type it anew."
        raise bad_field(pointer, "latin-letters", detail)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN ")


def check_host(pointer: str, host: str | None) -> None:
    """A label in the wire form of another alphabet (RFC 5890) shows letters that look alike; raises Unprocessable."""
    if host is not None and any(label[2:4] == "--" for label in host.split(".")):
        detail = "Use the letters a to z, digits and hyphens only: no name in another alphabet."
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
                f"{', '.join(sorted(shared))} has another value "
                f"from {spell.valid_from:%d/%m/%Y} to {spell.valid_to:%d/%m/%Y}.",
            )


def check_not_behind(day: date, today: date, pointer: str, what: str) -> None:
    """What acts may have been proved by is not changed for days gone by; raises Refused."""
    if day < today:
        detail = (
            f"{what} cannot change for days before today ({today:%d/%m/%Y}): acts of those days "
            "were proved by it. Let it hold from today on, and name the document that says since when."
        )
        problem = FieldProblem(pointer, "not-back-in-time", detail)
        raise Refused("back-in-time", detail, errors=[problem])
