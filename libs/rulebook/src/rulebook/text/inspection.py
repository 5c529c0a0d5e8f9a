"""Inspects text and bytes: which damage they have, layer by layer, and what the sound text would be."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rulebook.text import double, legacy
from rulebook.text.characters import (
    ALSO_8_BIT,
    NEVER_8_BIT,
    Change,
    apply,
    find_and_repair,
    is_odd,
    summary,
)
from rulebook.text.findings import Damage, Place, TextFinding, TextReport
from rulebook.text.letters import LONGEST_SYLLABLE, is_modern, is_syllable

MOST_LAYERS = 6
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HIGH = "\u00a1-\u00ff\u0192\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u02c6\u02dc"
_WORD = re.compile(f"[A-Za-z{_HIGH}\u0100-\u017f\u01a0-\u01b0\u0300-\u036f\u1ea0-\u1ef9]+")
_LETTERS_8_BIT = re.compile(f"[A-Za-z{_HIGH}]*[{_HIGH}][A-Za-z{_HIGH}]*")
_LETTER_OF_8_BIT = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]")
_SIGN_INSIDE = re.compile("[A-Za-z][\u00a1-\u00bf\u00d7\u00f7]+[A-Za-z]")
_ETH_TO_D = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ"})
_ETH = re.compile("[\u00d0\u00f0]")
_CONTROL_80_9F = re.compile("[\u0080-\u009f]")
_DAMAGE_OF = {
    legacy.TCVN3: Damage.TCVN3,
    legacy.VNI: Damage.VNI,
    legacy.WINDOWS_1258: Damage.WINDOWS_1258,
}


def inspect_text(text: str) -> TextReport:
    """What is wrong with a text. Linear in its length; a sound text comes back unchanged with no finding."""
    findings: list[TextFinding] = []
    uncertain = 0
    for layer in range(MOST_LAYERS):
        found, repaired, lost_case = _one_layer(text, layer)
        findings += found
        uncertain += lost_case
        if repaired == text:
            break
        text = repaired
    return TextReport(tuple(findings), text, uncertain)


def inspect_bytes(data: bytes) -> TextReport:
    """What is wrong with bytes that should be UTF-8, and the text they most likely hold.

    Bytes that are not UTF-8 give `not-utf8` with the offset of the first wrong byte, followed by the
    legacy set they are in. If no set fits, the proposal keeps U+FFFD where a byte cannot be read.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _wrong_bytes(data, 0, data.decode(name, errors="replace"))
    try:
        return inspect_text(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        first = error.start
    western = data.decode("latin-1")
    if _character_set_of(_evidence(western)) is None:
        western = data.decode("utf-8", errors="replace")
    return _wrong_bytes(data, first, western)


def _wrong_bytes(data: bytes, first: int, text: str) -> TextReport:
    place = Place(first, first + 1, data[first : first + 1].hex(), "")
    wrong = TextFinding(Damage.NOT_UTF8, 1, (place,))
    report = inspect_text(text)
    return TextReport((wrong, *report.findings), report.repaired, report.case_uncertain)


def _one_layer(text: str, layer: int) -> tuple[tuple[TextFinding, ...], str, int]:
    if text.isascii():
        return (), text, 0
    doubled = _double_encoded(text)
    if doubled:
        finding = summary(Damage.DOUBLE_ENCODED, text, doubled, layer)
        return (finding,), apply(text, list(doubled)), 0
    odd = is_odd(text)
    found, repaired = find_and_repair(text, NEVER_8_BIT, layer) if odd else ((), text)
    if repaired != text:
        return found, repaired, 0
    in_legacy_set = _in_legacy_set(text)
    if in_legacy_set:
        damage, changes, uncertain = in_legacy_set
        finding = summary(damage, text, changes, layer)
        return (*found, finding), apply(text, list(changes)), uncertain
    also, repaired = find_and_repair(text, ALSO_8_BIT, layer) if odd else ((), text)
    return (*found, *also), repaired, 0


def _double_encoded(text: str) -> tuple[Change, ...]:
    if not double.POSSIBLE.search(text):
        return ()
    found = tuple(double.SEQUENCE.finditer(text))
    if found and is_modern(text):
        found = tuple(sequence for sequence in found if "\u00a0" not in sequence[0])
    if sum(map(double.weight, found)) < double.ENOUGH:
        return ()
    return tuple(
        Change(*sequence.span(), proposed=read)
        for sequence in found
        if (read := double.undo(sequence[0])) is not None
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """For each set the words that are syllables only when read in it, and the words sound as they are."""

    only_decoded: dict[legacy.CharacterSet, frozenset[str]]
    decoded: dict[legacy.CharacterSet, int]
    sound: int
    words: int
    has_modern: bool


def _evidence(text: str) -> _Evidence:
    counts = Counter(found[0] for found in _LETTERS_8_BIT.finditer(text))
    sound = {word for word in counts if _is_sound(word.translate(_ETH_TO_D))}
    decoded = {
        charset: {word for word in counts if _reads_as_syllable(charset, word)}
        for charset in legacy.CHARACTER_SETS
    }
    return _Evidence(
        {charset: frozenset(words - sound) for charset, words in decoded.items()},
        {charset: sum(counts[word] for word in words) for charset, words in decoded.items()},
        sum(counts[word] for word in sound),
        counts.total(),
        is_modern(text),
    )


def _is_sound(word: str) -> bool:
    return is_syllable(word) and (word.islower() or word.isupper() or word[1:].islower())


def _is_sound_run(run: str) -> bool:
    """Whether each word with a letter of the 8-bit sets is sound as it is, in a run of signs without a space."""
    return _is_sound_short(run) if len(run) <= LONGEST_SYLLABLE else _has_only_sound(run)


@lru_cache(maxsize=32_768)
def _is_sound_short(run: str) -> bool:
    """Words come again and again."""
    return _has_only_sound(run)


def _has_only_sound(run: str) -> bool:
    return all(map(_is_sound, set(_LETTERS_8_BIT.findall(run))))


def _reads_as_syllable(charset: legacy.CharacterSet, word: str) -> bool:
    return len(word) <= LONGEST_SYLLABLE and _reads(charset, word)


def _as_read(charset: legacy.CharacterSet, word: str) -> str:
    return _short_read(charset, word) if len(word) <= LONGEST_SYLLABLE else charset.read(word)


@lru_cache(maxsize=32_768)
def _short_read(charset: legacy.CharacterSet, word: str) -> str:
    return charset.read(word)


@lru_cache(maxsize=32_768)
def _reads(charset: legacy.CharacterSet, word: str) -> bool:
    read = charset.read(word)
    eth_for_d = charset is legacy.TCVN3 and _ETH.search(word)  # "NÐ-CP" is no "NÉ-CP"
    return read != word and not eth_for_d and is_syllable(read)


def _character_set_of(evidence: _Evidence) -> legacy.CharacterSet | None:
    best = max(
        legacy.CHARACTER_SETS,
        key=lambda charset: (
            sum(map(len, evidence.only_decoded[charset])),
            evidence.decoded[charset],
        ),
    )
    words = evidence.only_decoded[best]
    needed = 2 if evidence.has_modern else 1
    return best if sum(map(_weight, words)) >= needed else None


def _weight(word: str) -> float:
    """How much a word tells: "µm" or "m²" may stand in sound text, a sign between letters does not."""
    return 1 if _LETTER_OF_8_BIT.search(word) or _SIGN_INSIDE.search(word) else 1 / 3


def _in_legacy_set(text: str) -> tuple[Damage, tuple[Change, ...], int] | None:
    if all(map(_is_sound_run, set(text.split()))):
        return None
    evidence = _evidence(text)
    charset = _character_set_of(evidence)
    if charset is None:
        return None
    telling = evidence.only_decoded[charset]
    runs = _runs(text) if evidence.has_modern else iter([list(_WORD.finditer(text))])
    damaged = [run for run in runs if _is_damaged(run, charset, telling)]
    changes = [change for run in damaged for change in _run_read(text, run, charset)]
    if not changes:
        return None
    uncertain = charset is legacy.TCVN3 and sum(
        legacy.tcvn3_case_is_lost(text[change.start : change.end]) for change in changes
    )
    return _DAMAGE_OF[charset], tuple(changes), int(uncertain)


def _run_read(
    text: str, run: list[re.Match[str]], charset: legacy.CharacterSet
) -> Iterator[Change]:
    for index, word in enumerate(run):
        read = _as_read(charset, word[0])
        if charset is legacy.TCVN3 and _stands_among_capitals(run, index):
            read = read.upper()
        if read != word[0]:
            yield Change(*word.span(), proposed=read)
    for sign in _CONTROL_80_9F.finditer(text, run[0].start(), run[-1].end() + 1):
        yield Change(*sign.span(), proposed=_printers_mark(sign[0]))


def _stands_among_capitals(run: list[re.Match[str]], index: int) -> bool:
    """A short word such as "ë" or "Së" has no letter to tell its case by: its neighbours on both sides do."""
    if any(char.isascii() and char.islower() for char in run[index][0]):
        return False
    before = next((run[at][0] for at in range(index - 1, max(index - 4, -1), -1)), "")
    after = next((run[at][0] for at in range(index + 1, min(index + 4, len(run)))), "")
    return legacy.is_capitals(before) and legacy.is_capitals(after)


def _printers_mark(sign: str) -> str:
    return sign.encode("latin-1").decode("cp1252", errors="replace")


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Stretches of words without one modern letter, cut at the ends of lines that have one."""
    run: list[re.Match[str]] = []
    for line in re.finditer(r"[^\n]*\n?", text):
        words = list(_WORD.finditer(text, *line.span()))
        if any(is_modern(word[0]) for word in words):
            yield run
            run = []
            yield from _runs_in_line(words)
        else:
            run += words
    yield run


def _runs_in_line(words: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    run: list[re.Match[str]] = []
    for word in words:
        if is_modern(word[0]):
            yield run
            run = []
        else:
            run.append(word)
    yield run


def _is_damaged(
    run: list[re.Match[str]], charset: legacy.CharacterSet, telling: frozenset[str]
) -> bool:
    high = [word[0] for word in run if not word[0].isascii()]
    only_decoded = sum(word in telling for word in high)
    if not only_decoded:
        return False
    readable = sum(word in telling or _reads_as_syllable(charset, word) for word in high)
    against = sum(
        _is_sound(word) and not _reads_as_syllable(charset, word) and not _same(charset, word)
        for word in high
    )
    return only_decoded > against and (readable + only_decoded) * 2 > len(high)


def _same(charset: legacy.CharacterSet, word: str) -> bool:
    return all(char.isascii() or char in charset.same for char in word)
