"""Explanations as sentences, Vietnamese first, English second."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, cast

from rulebook.explanation import Citation, Explanation, Part, Reading, Value, Values
from rulebook.phrases import phrases, terms
from rulebook.phrases.readings import READINGS

Language = Literal["vi", "en"]

_PARTS_OF_NAME = re.compile(r"_or_|\.")
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
_OPTIONAL = re.compile(r"\[\[(.+?)\]\]")
_COUNTED = re.compile(r"\b(\d+)((?: [a-z]+)*? [a-z]+)\(s\)")
_IN_WORDS = frozenset(["term", "list", "day", "days", "place"])
"""Kinds whose words may begin a sentence; a name stays as it is written."""
_RULE_PLACE = re.compile(
    r"[a-z0-9]+\.(?:(?P<decision>qd\.)?d(?P<article>\d+)(?:\.k(?P<clause>\d+)(?P<point>dd|[a-z])?)?(?:\.g(?P<item>\d+))?"
    r"|pl\.(?P<section>[ivx]+)(?:-(?P<row>\d+)(?P<letter>[a-z])?)?)[.-]"
)
_SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")
_SPAN_WORDS = (("ngày", "giờ", "phút", "giây"), ("day(s)", "hour(s)", "minute(s)", "second(s)"))
_DAYS = (
    ("thứ Hai", "Mon"),
    ("thứ Ba", "Tue"),
    ("thứ Tư", "Wed"),
    ("thứ Năm", "Thu"),
    ("thứ Sáu", "Fri"),
    ("thứ Bảy", "Sat"),
    ("Chủ nhật", "Sun"),
)
_NONE = ("chưa có", "none")
_PARTS = {
    "decision": ("Quyết định", "Decision"),
    "regulation": ("Quy chế", "Regulation"),
    "appendix": ("Phụ lục", "Appendix"),
}


def sentences(explanation: Explanation, lang: Language = "vi") -> tuple[str, ...]:
    """The outcome first, then the nearest way, the words of the law, the steps, the reading, the warnings, the parts."""
    outcome = explanation.outcome
    return (
        told(outcome.name, outcome.values, lang),
        *(told(way.code, way.values, lang) for way in outcome.nearest),
        _basis(explanation, lang),
        *(told(step.name, step.values, lang) for step in explanation.steps),
        *(line for reading in explanation.readings for line in _reading(reading, lang)),
        *(told(warned.code, warned.values, lang) for warned in explanation.warnings),
        *(line for part in explanation.parts for line in sentences(part, lang)),
    )


def told(name: str, values: Values, lang: Language) -> str:
    """The phrase filled in; a name without a phrase is shown as it is, with its values.

    What stands in [[ ]] is left out where one of its values is not there.
    """
    pair = phrases().get(name)
    if pair is None:
        return f"{name}: " + ", ".join(f"{key} = {_text(v, lang)}" for key, v in values.items())
    template = _OPTIONAL.sub(lambda m: m[1] if _all_there(m[1], values) else "", pair[_index(lang)])
    filled = _PLACE.sub(lambda m: _filled(values.get(m[1]), m[2], lang), template)
    first = _PLACE.match(template)
    if first is not None and first[2] in _IN_WORDS:
        filled = filled[:1].upper() + filled[1:]
    return _in_number(filled) if lang == "en" else filled


def _all_there(optional: str, values: Values) -> bool:
    return all(values.get(m[1]) not in {None, "", ()} for m in _PLACE.finditer(optional))


def _in_number(text: str) -> str:
    """“1 day(s)” and “2 day(s)” as they are said."""
    counted = _COUNTED.sub(lambda m: f"{m[1]}{m[2]}{'' if m[1] == '1' else 's'}", text)
    return counted.replace("(s)", "")


def word_for(name: str, lang: Language) -> str:
    """A single name of the code in words."""
    return _term(name, lang)


def citation_text(citation: Citation, lang: Language = "vi") -> str:
    """For example `điểm a khoản 5 Điều 10 Quy chế (Quyết định 19/2019/QĐ-UBND)`."""
    return _cited_vi(citation) if lang == "vi" else _cited_en(citation)


def _cited(at: Citation, lang: Language) -> str:
    """Without the instrument, which the reader knows."""
    whole = "" if at.part == "regulation" else _PARTS[at.part][_index(lang)]
    inner = _places_vi(at) if lang == "vi" else _places_en(at)
    return (" " if lang == "vi" else ", ").join(word for word in (*inner, whole) if word)


def _cited_vi(at: Citation) -> str:
    return " ".join((*_places_vi(at), _whole(at, 0)))


def _cited_en(at: Citation) -> str:
    return ", ".join((*_places_en(at), _whole(at, 1)))


def _places_vi(at: Citation) -> tuple[str, ...]:
    article, clause = ("phần", "mục") if at.part == "appendix" else ("Điều", "khoản")
    return _named(at, ("gạch đầu dòng thứ", "điểm", clause, article))


def _places_en(at: Citation) -> tuple[str, ...]:
    article, clause = ("Part", "section") if at.part == "appendix" else ("Article", "clause")
    return _named(at, ("dash", "point", clause, article))


def _named(at: Citation, words: tuple[str, str, str, str]) -> tuple[str, ...]:
    values = (at.item, at.point, at.clause, at.article)
    return tuple(f"{word} {value}" for word, value in zip(words, values, strict=True) if value)


def _whole(at: Citation, language: int) -> str:
    """A regulation is issued by a decision; any other instrument is cited by itself."""
    itself = at.part == "decision" or not at.instrument.startswith("Quyết định")
    said = terms().get(at.instrument, (at.instrument, at.instrument))[language]
    return said if itself else f"{_PARTS[at.part][language]} ({said})"


def _basis(explanation: Explanation, lang: Language) -> str:
    basis = explanation.basis
    place = citation_text(basis.citation, lang)
    reads = f" [{basis.reads}]" if basis.reads else ""
    words = f": “{basis.quote}”{reads}" if basis.quote else "."
    start, joined = (("Căn cứ ", "; cùng "), ("Basis: ", "; with "))[_index(lang)]
    return start + joined.join([place, *(citation_text(each, lang) for each in basis.also)]) + words


def _reading(reading: Reading, lang: Language) -> tuple[str, ...]:
    taken, other, gives = (
        ("Văn bản hiểu được nhiều cách ({id}); cách hiểu được chọn: {r}.", "Cách hiểu khác: {r}", " → {g}"),
        ("The text can be read in several ways ({id}); reading taken: {r}.", "Another reading: {r}", " → {g}"),
    )[_index(lang)]  # fmt: skip
    return (
        taken.format(id=reading.id, r=_read_as(reading.reading, lang)),
        *(
            other.format(r=_read_as(o.reading, lang))
            + (gives.format(g=_given(o.gives, lang)) if o.gives is not None else "")
            + "."
            for o in reading.others
        ),
    )


def _given(value: Value, lang: Language) -> str:
    """What another reading gives: a day, a number, names of the code in words, or a sentence of the profile."""
    if isinstance(value, str) and value in phrases():
        return told(value, {}, lang).rstrip(".")
    if isinstance(value, str) and value not in terms():
        return _dated(_read_as(value, lang), lang)
    return _listed(value, lang)


def _read_as(reading: str, lang: Language) -> str:
    """A reading in the language asked for; one that has no English yet is told as the profile holds it."""
    return (READINGS.get(reading, reading) if lang == "en" else reading).rstrip(".")


def _filled(value: Value, kind: str | None, lang: Language) -> str:
    if value is None and kind != "any":
        return "–"
    return KINDS.get(kind or "", _text)(value, lang)


def _text(value: Value, lang: Language) -> str:
    if isinstance(value, bool):
        return (("không", "có"), ("no", "yes"))[_index(lang)][value]
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(v, lang)}" for key, v in value.items())
    if isinstance(value, tuple | list):
        return "; ".join(_text(cast("Value", item), lang) for item in value)
    return _dated(str(value), lang)


def _dated(text: str, lang: Language) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _day(text, lang)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T[\d:.]+\+07:00", text):
        return _when(text, lang)
    return text


def _day(value: Value, lang: Language) -> str:
    day = date.fromisoformat(str(value)[:10])
    return f"{_DAYS[day.weekday()][_index(lang)]} {day:%d/%m}/{day.year:04d}"


def _when(value: Value, lang: Language) -> str:
    at = datetime.fromisoformat(str(value))
    return f"{at:%H:%M} {_day(at.date().isoformat(), lang)}"


def _days(value: Value, lang: Language) -> str:
    """Days with the reason: rows {date, why, name?} or plain dates; days in a row with one reason are told once."""
    rows = value if isinstance(value, tuple | list) else (value,)
    found = [_day_and_why(cast("Value", row), lang) for row in rows]
    return ", ".join(_stretch(run, lang) for run in _runs(found))


def _day_and_why(row: Value, lang: Language) -> tuple[date, str]:
    if not isinstance(row, Mapping):
        return date.fromisoformat(str(row)[:10]), ""
    name = str(row.get("name") or "").split(" (", 1)[0] if lang == "vi" else ""
    return date.fromisoformat(str(row["date"])[:10]), name or _term(row.get("why"), lang)


def _runs(days: list[tuple[date, str]]) -> Iterator[list[tuple[date, str]]]:
    """Days that follow each other for the same reason; weekends stay as they are counted."""
    run: list[tuple[date, str]] = []
    for day in days:
        if run and (day[0] - run[-1][0] != timedelta(days=1) or day[1] != run[-1][1]):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _stretch(run: list[tuple[date, str]], lang: Language) -> str:
    first, last = (_day(day.isoformat(), lang) for day in (run[0][0], run[-1][0]))
    whole = first if len(run) == 1 else f"{first} – {last}"
    return f"{whole} ({run[0][1]})" if run[0][1] else whole


def _until(value: Value, lang: Language) -> str:
    """A half-open end: midnight is told as the end of the day before it, any other moment as itself."""
    at = datetime.fromisoformat(str(value))
    if (at.hour, at.minute, at.second, at.microsecond) != (0, 0, 0, 0):
        return _when(value, lang)
    last = _day((at - timedelta(days=1)).date().isoformat(), lang)
    return f"hết ngày {last}" if lang == "vi" else f"the end of {last}"


def _span(value: Value, lang: Language) -> str:
    """An ISO duration of days, hours, minutes and seconds."""
    found = _SPAN.fullmatch(str(value))
    if found is None:
        return str(value)
    words = _SPAN_WORDS[_index(lang)]
    return " ".join(f"{n} {word}" for n, word in zip(found.groups(), words, strict=True) if n)


def _whens(value: Value, lang: Language) -> str:
    moments = value if isinstance(value, tuple | list) else (value,)
    return ", ".join(_when(cast("Value", moment), lang) for moment in moments)


def _term(value: Value, lang: Language) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_term(cast("Value", item), lang) for item in value)
    pair = terms().get(str(value))
    if pair is None and all(part in terms() for part in _PARTS_OF_NAME.split(str(value))):
        return _joined(str(value), lang)
    return pair[_index(lang)] if pair else _plain_word(str(value))


def _joined(name: str, lang: Language) -> str:
    """`street_or_commune` and `address.street` by the words of their parts."""
    either = (" hoặc ", " or ")[_index(lang)]
    inside = " – "
    return either.join(
        inside.join(_term(part, lang) for part in each.split(".")) for each in name.split("_or_")
    )


def _listed(value: Value, lang: Language) -> str:
    """Names and codes in words where there are words for them: `missing_field:file` is told as thiếu thông tin “tệp …”."""
    items = value if isinstance(value, tuple | list) else (value,)
    return "; ".join(_coded(cast("Value", item), lang) for item in items) or _NONE[_index(lang)]


def _places(value: Value, lang: Language) -> str:
    """Rules by the places that their ids name; an id that names none is told as it is."""
    items = value if isinstance(value, tuple | list) else (value,)
    places = (_place_of_rule(str(item), lang) for item in items)
    return "; ".join(dict.fromkeys(places)) or _NONE[_index(lang)]


def _place_of_rule(rule: str, lang: Language) -> str:
    found = _RULE_PLACE.match(rule)
    if found is None:
        return rule
    part: Part = (
        "appendix" if found["section"] else "decision" if found["decision"] else "regulation"
    )
    article = found["article"] or found["section"].upper()
    point = "đ" if found["point"] == "dd" else found["point"]
    clause = found["clause"] or found["row"]
    return _cited(
        Citation("", part, article, clause, point or found["letter"], found["item"]), lang
    )


def _within(value: Value, lang: Language) -> str:
    """What a name before it consists of, in brackets; nothing where there is nothing."""
    return f" ({_listed(value, lang)})" if value else ""


def _rather(value: Value, lang: Language) -> str:
    """What stands there should be; nothing where nothing is expected."""
    word = ("đúng ra: ", "expected: ")[_index(lang)]
    return f" ({word}{_dated(str(value), lang)})" if value else ""


def _money(value: Value, lang: Language) -> str:
    """An amount with its thousands apart, as each language writes it."""
    text = str(value)
    if not text.isdecimal():
        return _text(value, lang)
    apart = f"{int(text):,}"
    return apart.replace(",", ".") if lang == "vi" else apart


def _any(value: Value, lang: Language) -> str:
    """Names in words, or that there are none."""
    return _term(value, lang) if value else _NONE[_index(lang)]


def _nth(value: Value, lang: Language) -> str:
    """A place in a text, counted from one as people do."""
    return str(value + 1) if isinstance(value, int) else _text(value, lang)


def _every(value: Value, lang: Language) -> str:
    """A period as it comes again: hằng năm, yearly."""
    name = f"every_{value}"
    return _term(name if name in terms() else value, lang)


def _coded(item: Value, lang: Language) -> str:
    if not isinstance(item, str):
        return _text(item, lang)
    code, _, of = item.partition(":")
    if of and code in terms():
        told_of = _term(of, lang)
        return (
            f"{_term(code, lang)}: {told_of}"
            if code == "citation"
            else f"{_term(code, lang)} “{told_of}”"
        )
    known = item in terms() or all(part in terms() for part in _PARTS_OF_NAME.split(item))
    return _term(item, lang) if known else _dated(item, lang)


def _plain_word(value: str) -> str:
    return value.replace("_", " ") if re.fullmatch(r"[a-z][a-z0-9_]*", value) else value


def _index(lang: Language) -> int:
    return 0 if lang == "vi" else 1


KINDS = {
    "day": _day,
    "days": _days,
    "when": _when,
    "whens": _whens,
    "until": _until,
    "span": _span,
    "term": _term,
    "list": _listed,
    "within": _within,
    "place": _places,
    "rather": _rather,
    "money": _money,
    "every": _every,
    "any": _any,
    "nth": _nth,
}
