"""Form of what is handed in: character set, font, languages, media, "Nơi nhận", identity numbers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rulebook.because import again
from rulebook.explanation import Basis, Citation, Step, Values, Way
from rulebook.profiles.model import Rule, RuleType
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Encoding, IdentityNumber, Languages, Media, RecipientNamed
from rulebook.rules.results import Checked, Finding, is_empty, met, not_met
from rulebook.text import Damage, TextReport, fold, inspect_bytes, inspect_text
from rulebook.world import World

_WARNED = MappingProxyType(
    {
        Damage.DECOMPOSED: "text_decomposed",
        Damage.ETH: "text_eth",
        Damage.ZERO_WIDTH: "text_zero_width",
        Damage.NBSP: "text_no_break_space",
        Damage.LOOK_ALIKE: "text_look_alike",
    }
)
_LAYERS = (Damage.NOT_UTF8, Damage.UNREADABLE)

MOST_SHOWN = 400
MOST_RECIPIENTS = 4_000
_RECIPIENTS = re.compile(r"nơi nhận ?:", re.IGNORECASE)
CHARACTER_SET: Rule[Encoding] = Rule(
    "tcvn6909.character-set",
    "format",
    "format.encoding",
    Encoding(standard="TCVN 6909:2001", normal_form="NFC", refuse=("TCVN3", "VNI")),
    Basis(
        "tcvn6909", "1", "in_force", "tcvn6909.character-set",
        Citation("TCVN 6909:2001 (Quyết định 72/2002/QĐ-TTg)", "decision"), "",
        "Văn bản điện tử giữa các cơ quan dùng bộ mã ký tự tiếng Việt TCVN 6909:2001 (Unicode).",
    ),
)  # fmt: skip
"""The standard itself, for a regulation that is silent on character sets; it has no words here to quote."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as far as its form goes; what is unknown is None."""

    name: str
    font: str | None = None
    size: int | None = None


def encoding(rule: Rule[Encoding], report: TextReport, on: date) -> Checked:
    """A wrong character set is refused by its name; other damage is mended and recorded (AMB-27)."""
    wrong, mended = _codes(report)
    inputs: Values = {"damages": tuple(each.value for each in report.damages), "on": on.isoformat()}
    steps = tuple(
        Step("text-damage", {"damage": found.damage.value, "count": found.count, "at": found.places[0].start if found.places else 0})
        for found in report.findings
    )  # fmt: skip
    if not report.sound:
        steps = (*steps, Step("repair-proposed", {"text": report.repaired[:MOST_SHOWN]}))
    ways = (Way("take-repaired-text", {}),)
    if wrong:
        return not_met(rule, on, inputs, wrong, ways, *steps)
    if mended:
        return not_met(rule, on, inputs, mended, ways, *steps, severity="warning")
    return met(rule, on, inputs, Step("text-sound", {}))


def _codes(report: TextReport) -> tuple[tuple[str, ...], tuple[str, ...]]:
    wrong = [found.damage for found in report.findings if found.is_encoding]
    named = [damage for damage in wrong if damage not in _LAYERS] or wrong
    mended = [_WARNED[found.damage] for found in report.findings if found.damage in _WARNED]
    return tuple(f"encoding:{damage.value}" for damage in named), tuple(mended)


def font(rule: Rule[Encoding], files: Iterable[Attached], on: date) -> Checked:
    """Whether attached texts have the font and size asked for (LS Đ7 k2); files of unknown font are passed."""
    params = rule.params
    inputs: Values = {"font": params.font, "size": params.size, "on": on.isoformat()}
    other = [file for file in files if _is_other(file, params)]
    if params.font is None or not other:
        return met(rule, on, inputs)
    slug = "_".join((*params.font.lower().split(), str(params.size or "")))
    steps = tuple(
        Step("file-font", {"name": f.name, "font": f.font, "size": f.size}) for f in other
    )
    ways = (Way("set-font", {"font": params.font, "size": params.size}),)
    return not_met(rule, on, inputs, (f"format_not_{slug}",), ways, *steps, severity="warning")


def _is_other(file: Attached, params: Encoding) -> bool:
    other_font = file.font is not None and params.font is not None and fold(file.font) != fold(params.font)  # fmt: skip
    other_size = file.size is not None and params.size is not None and file.size != params.size
    return other_font or other_size


def recipient_named(
    rule: Rule[RecipientNamed],
    category: str,
    recipients: Iterable[str] | None,
    on: date,
    text: str = "",
) -> Checked:
    """Whether "Nơi nhận" names the site (LS Đ6 k9): the list of recipients, or what stands after those words in the text.

    Where neither says whom it was sent to, nothing is proved either way: the sender is asked (AMB-42).
    """
    params, listed = rule.params, tuple(recipients or ())
    inputs: Values = {"category": category, "on": on.isoformat()}
    if category not in params.category_scope:
        return met(rule, on, inputs, Step("no-recipients-asked", {"category": category}))
    if not listed:
        listed = _recipients_in(text)
    if not listed:
        step = Step("no-recipients-given", {"category": category})
        ways = (Way("state-recipients", {"text": params.text}),)
        codes = ("recipients_not_stated",)
        return not_met(rule, on, inputs, codes, ways, step, severity="warning")
    step = Step("recipients", {"recipients": tuple(each[:MOST_SHOWN] for each in listed)})
    names = [_folded(name) for name in (params.text, *params.also_as)]
    if any(name in fold(each) for each in listed for name in names):
        return met(rule, on, inputs, step)
    ways = (Way("add-recipient", {"text": params.text}),)
    return not_met(rule, on, inputs, ("recipient_not_named",), ways, step)


def _recipients_in(text: str) -> tuple[str, ...]:
    """The lines after the last "Nơi nhận:" of a document's text, where its recipients stand."""
    found = list(_RECIPIENTS.finditer(text))
    if not found:
        return ()
    after = text[found[-1].end() :][:MOST_RECIPIENTS]
    return tuple(line for each in after.splitlines() if (line := each.strip(" \t-–;.")))


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return fold(text)


def language(rule: Rule[Languages], code: str, on: date) -> Checked:
    """Whether the site serves this language."""
    inputs: Values = {"language": code, "on": on.isoformat()}
    if code in rule.params.languages:
        return met(rule, on, inputs)
    ways = (Way("use-language", {"languages": rule.params.languages}),)
    return not_met(rule, on, inputs, (f"language_not_served:{code}",), ways, severity="warning")


def media(rule: Rule[Media], kind: str, on: date) -> Checked:
    """Whether the site shows this kind of content; an open list refuses nothing."""
    inputs: Values = {"kind": kind, "on": on.isoformat()}
    if kind in rule.params.kinds or not rule.params.closed:
        return met(rule, on, inputs, Step("media-kinds", {"kinds": rule.params.kinds}))
    ways = (Way("use-media", {"kinds": rule.params.kinds}),)
    return not_met(rule, on, inputs, (f"media_not_served:{kind}",), ways)


def identity_number(
    rule: Rule[IdentityNumber], kind: str | None, number: str | None, on: date
) -> Checked:
    """Whether a number has the form of its kind, or of any where no kind is said (AMB-11); never that it exists.

    The number itself stays out of the explanation.
    """
    inputs: Values = {"kind": kind, "on": on.isoformat()}
    gives = again(rule, lambda other: identity_number(other, kind, number, on))
    if is_empty(number):
        return met(rule, on, inputs, Step("no-number-given", {}), gives=gives)
    kinds = rule.params.kinds
    said = kinds.get(kind or "")
    tried = [said] if said else list(kinds.values())
    compact = re.sub(r"[\s.-]", "", (number or "")[:40]).upper()
    if any(re.fullmatch(pattern, compact) for pattern in tried):
        return met(rule, on, inputs, Step("number-has-form", {"kind": kind}), gives=gives)
    ways = (Way("correct-number", {"kinds": tuple(kinds)}),)
    return not_met(rule, on, inputs, ("malformed_field:id_number",), ways, gives=gives)


_PUBLIC_MAIL = frozenset(
    "gmail.com yahoo.com yahoo.com.vn outlook.com hotmail.com icloud.com live.com msn.com proton.me".split(" ")  # noqa: SIM905
)  # fmt: skip


def is_public_mail(address: object) -> bool:
    """Whether an address lies with a public mail provider, so that it is no official one."""
    if not isinstance(address, str) or "@" not in address:
        return False
    return address.rpartition("@")[2].strip().lower() in _PUBLIC_MAIL


def official_mail(rule: Rule[Any], rows: Iterable[Mapping[str, object]], on: date) -> Checked:
    """Whether the e-mail addresses of officials and of the site are official ones (BD Đ11 k10, k11)."""
    inputs: Values = {"on": on.isoformat()}
    if not any(is_public_mail(row.get("email")) for row in rows):
        return met(rule, on, inputs)
    ways = (Way("use-official-mail", {}),)
    return not_met(rule, on, inputs, ("email_not_official",), ways, severity="warning")


def all_findings(*checks: Checked) -> tuple[Finding, ...]:
    return tuple(finding for check in checks for finding in check.findings)


class EncodingInputs(Inputs):
    text: str | None = None
    data: bytes | None = None
    on: date


class RecipientInputs(Inputs):
    category: str
    recipients: tuple[str, ...] | None = None
    on: date
    text: str = ""


class LanguageInputs(Inputs):
    language: str
    on: date


class MediaInputs(Inputs):
    kind: str
    on: date


class NumberInputs(Inputs):
    kind: str | None = None
    number: str | None = None
    on: date


def _apply_encoding(rule: Rule[Any], inputs: EncodingInputs, _world: World) -> Checked:
    report = inspect_text(inputs.text or "") if inputs.data is None else inspect_bytes(inputs.data)
    return encoding(rule, report, inputs.on)


def _apply_recipient(rule: Rule[Any], inputs: RecipientInputs, _world: World) -> Checked:
    return recipient_named(rule, inputs.category, inputs.recipients, inputs.on, inputs.text)


def _apply_language(rule: Rule[Any], inputs: LanguageInputs, _world: World) -> Checked:
    return language(rule, inputs.language, inputs.on)


def _apply_media(rule: Rule[Any], inputs: MediaInputs, _world: World) -> Checked:
    return media(rule, inputs.kind, inputs.on)


def _apply_number(rule: Rule[Any], inputs: NumberInputs, _world: World) -> Checked:
    return identity_number(rule, inputs.kind, inputs.number, inputs.on)


_FORMAT: frozenset[RuleType] = frozenset({"format"})
FUNCTIONS = (
    RuleFunction("format.encoding", _FORMAT, Encoding, EncodingInputs, _apply_encoding),
    RuleFunction("format.recipient_named", _FORMAT, RecipientNamed, RecipientInputs, _apply_recipient),
    RuleFunction("format.language", _FORMAT, Languages, LanguageInputs, _apply_language),
    RuleFunction("format.media", _FORMAT, Media, MediaInputs, _apply_media),
    RuleFunction("format.identity_number", _FORMAT, IdentityNumber, NumberInputs, _apply_number),
)  # fmt: skip
