"""The words of pages: Vietnamese in the templates, English in a gettext catalogue beside them."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

from pages.language import Language

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
_NUMBER = re.compile(r"\b\d+(?:/\d+)?/[^\W\d_][\w-]*")
CATALOGUE = Path("locale") / "en" / "LC_MESSAGES" / "pages.po"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text of a module that is translated where it is shown."""
    return text


def translations(language: Language, packages: Sequence[Path]) -> NullTranslations:
    """What the templates of these package folders say; Vietnamese is what they are written in."""
    merged = NullTranslations()
    if language == "vi":
        return merged
    found: Translations | None = None
    for package in packages:
        if not (package / CATALOGUE).is_file():
            continue  # a package without words of its own; `pages.catalogue.faults` finds the others
        each = _compiled(package / CATALOGUE)
        found = each if found is None else found.merge(each)
    return found or merged


def _compiled(file: Path) -> Translations:
    with file.open("rb") as text:
        catalogue = read_po(text, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def unbroken(text: str) -> Markup:
    """Numbers of documents in a text, such as 19/2019/QĐ-UBND, never stand on two lines."""
    return Markup(_NUMBER.sub(r'<span class="number">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped just now


def day(value: date | str, language: Language) -> str:
    """23/11/2026, or 23 November 2026; of a date or its ISO text, raises ValueError for another."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(value, "dd/MM/yyyy" if language == "vi" else "d MMMM y", locale=language)


def moment(value: datetime | str, language: Language) -> str:
    """14:05 ngày 23/11/2026, or 23 November 2026, 14:05; in Vietnam's time.

    Of a time or its RFC 3339 text; raises ValueError for another, and for a naive one.
    """
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    if value.tzinfo is None:
        raise ValueError("moment: a time without a zone")
    there = value.astimezone(SAIGON)
    form = "HH:mm 'ngày' dd/MM/yyyy" if language == "vi" else "d MMMM y, HH:mm"
    return format_datetime(there, form, tzinfo=SAIGON, locale=language)


def left(value: datetime | str, now: datetime, language: Language) -> str:
    """còn 2 ngày 3 giờ, quá 40 phút: the two largest units, rounded down; raises ValueError as `moment`."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    if value.tzinfo is None or now.tzinfo is None:
        raise ValueError("left: a time without a zone")
    seconds = int((value - now).total_seconds())
    span = _span(abs(seconds), language)
    if language == "vi":
        return f"còn {span}" if seconds >= 0 else f"quá {span}"
    return f"{span} left" if seconds >= 0 else f"{span} over"


def _span(seconds: int, language: Language) -> str:
    units = ((86_400, "ngày", "day"), (3_600, "giờ", "hour"), (60, "phút", "minute"))
    said: list[str] = []
    for length, vietnamese, english in units:
        count, seconds = divmod(seconds, length)
        if count and len(said) < len(units) - 1:
            plural = "" if count == 1 else "s"
            said.append(
                f"{count} {vietnamese}" if language == "vi" else f"{count} {english}{plural}"
            )
    if said:
        return " ".join(said)
    return "dưới 1 phút" if language == "vi" else "under a minute"


def sentence(text: str) -> str:
    """With a capital at its beginning; names inside keep theirs."""
    return text[:1].upper() + text[1:]


def number(value: float, language: Language) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English."""
    return format_decimal(value, locale=language)
