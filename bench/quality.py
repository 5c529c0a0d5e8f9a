"""Measures references and text detection on the real data and writes the tables of docs/quality.md.

The data is not part of the repository: `python bench/quality.py FOLDER`, with the folder that holds seeds/ and data/.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from rulebook.references import NotADocumentNumber, find_numbers, find_places, parse_number
from rulebook.references.codes import ISSUERS
from rulebook.testing.damage import DAMAGES, as_tcvn3
from rulebook.text import inspect_text

LABELS = Path(__file__).parents[1] / "libs" / "rulebook" / "tests" / "data" / "numbers_labelled.tsv"
PAGE = Path(__file__).parents[1] / "docs" / "quality.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
DATED = re.compile(r"\d{1,5}(?:\.\d+)?\s?/\s?(?:19|20)\d\d\s?/\s?[A-ZĐ]")
UNDATED = re.compile(r"(?<![\w/.])\d{1,5}\s?/\s?[A-ZĐ]{2,}[A-Za-zĐđ]*\s?[-–]\s?[A-ZĐ]")
ARTICLE = re.compile(r"(?<!\w)[Đđ]iều \d")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def procedures(folder: Path) -> list[list[str]]:
    lines = (folder / "data/real/procedures_national.jsonl").read_text("utf-8").splitlines()
    return [list(strings(json.loads(line))) for line in lines]


def seeds(folder: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted((folder / "seeds").glob("*.txt"))]


def recall(
    texts: Iterable[str], candidate: re.Pattern[str], find: Callable[[str], Iterable[Any]]
) -> tuple[int, Counter[str]]:
    """How many candidates there are, and the distinct ones that lie in no finding, with some words around."""
    count, missed = 0, Counter[str]()
    for text in texts:
        spans = [(found.start, found.end) for found in find(text)]
        for found in candidate.finditer(text):
            count += 1
            if not any(start < found.end() and found.start() < end for start, end in spans):
                missed[text[max(found.start() - 24, 0) : found.end() + 16].replace("\n", " ")] += 1
    return count, missed


def number_rows(texts: list[str], of_seeds: list[str]) -> Iterator[str]:
    found = [number for text in texts for number in find_numbers(text)]
    distinct = {number.number.render() for number in found}
    unknown = sorted(
        {
            n.number.render()
            for n in found
            if not n.number.issuers or n.number.issuers[0] not in ISSUERS
        }
        - {n.number.render() for n in found if n.number.family in {"assembly", "standard"}}
    )
    yield "| measured | candidates | missed | recall |"
    yield "|---|---|---|---|"
    for name, group, candidate in (
        ("procedures, number/year/…", texts, DATED),
        ("procedures, number/TYPE-…", texts, UNDATED),
        ("four regulations, number/year/…", of_seeds, DATED),
        ("four regulations, number/TYPE-…", of_seeds, UNDATED),
    ):
        count, missed = recall(group, candidate, find_numbers)
        yield f"| {name} | {count} | {missed.total()} | {100 * (1 - missed.total() / max(count, 1)):.2f} % |"
    count, missed = recall([*texts, *of_seeds], ARTICLE, find_places)
    yield f"| articles (“Điều n”) in both | {count} | {missed.total()} | {100 * (1 - missed.total() / max(count, 1)):.2f} % |"
    yield ""
    yield f"Found: {len(found)} numbers, {len(distinct)} distinct; with an issuer that is in no list: {', '.join(unknown) or 'none'}."
    irregular = Counter(kind for number in found for kind in number.irregular)
    yield (
        "Read in spite of: " + ", ".join(f"{kind} {n}" for kind, n in irregular.most_common()) + "."
    )
    yield ""
    yield "Every miss, with the words around it:"
    yield ""
    missed = (
        recall([*texts, *of_seeds], DATED, find_numbers)[1]
        + recall([*texts, *of_seeds], UNDATED, find_numbers)[1]
    )
    for around, times in sorted(missed.items()):
        yield f"- {times} × `{around}`"


def precision_rows(texts: list[str]) -> Iterator[str]:
    """Of what is found, how much is a reference, by the labels that stand beside the tests."""
    labels = dict(row.split("\t") for row in LABELS.read_text(encoding="utf-8").splitlines()[1:])
    found = Counter(number.number.render() for text in texts for number in find_numbers(text))
    by = Counter[str]()
    for number, times in found.items():
        by[labels.get(number, "not labelled")] += times
    total, right = found.total(), by["listed"] + by["read"]
    yield "| found | places | distinct |"
    yield "|---|---|---|"
    for label in ("listed", "read", "misprint", "wrong", "not labelled"):
        distinct = [number for number in found if labels.get(number, "not labelled") == label]
        named = f" ({', '.join(sorted(distinct))})" if label in {"misprint", "wrong"} else ""
        yield f"| {label}{named} | {by[label]} | {len(distinct)} |"
    yield ""
    yield (
        f"Precision: {right} of {total} = {100 * right / total:.2f} %; "
        f"{100 * (right + by['misprint']) / total:.2f} % if a number printed wrong in the source and read as printed is right."
    )


def seen_rows(folder: Path) -> Iterator[str]:
    lines = (folder / "data/real/legal_numbers_seen.tsv").read_text("utf-8").splitlines()[1:]
    wrong: list[str] = []
    for line in lines:
        number = line.split("\t")[0]
        try:
            wrong += [] if parse_number(number).render() == number else [number]
        except NotADocumentNumber:
            wrong.append(number)
    yield f"legal_numbers_seen.tsv: {len(lines)} numbers, {len(lines) - len(wrong)} parse to themselves; not: {', '.join(wrong) or 'none'}."


def text_rows(documents: list[str], pieces: list[str]) -> Iterator[str]:
    alarms = sum(not inspect_text(text).sound for text in (*documents, *pieces))
    yield f"False alarms on {len(documents)} whole texts and {len(pieces)} single strings: {alarms}."
    yield ""
    yield "| damage | whole texts found | repaired | strings found | repaired |"
    yield "|---|---|---|---|---|"
    for damage, _ in DAMAGES:
        cells: list[str] = []
        for group in (documents, pieces):
            damaged = [(text, damage(text)) for text in group]
            pairs = [(text, inspect_text(bad)) for text, bad in damaged if bad != text]
            found = sum(not report.sound for _, report in pairs)
            same = sum(
                _same(text, report.repaired, lose_case=damage is as_tcvn3) for text, report in pairs
            )
            cells += [f"{found} / {len(pairs)}", f"{same}"]
        yield f"| {damage.__name__} | {' | '.join(cells)} |"


def _same(text: str, repaired: str, *, lose_case: bool) -> bool:
    return repaired.lower() == text.lower() if lose_case else repaired == text


def main() -> None:
    folder = Path(sys.argv[1])
    records = procedures(folder)
    texts, of_seeds = [text for record in records for text in record], seeds(folder)
    pieces = sorted({text for text in texts if text})
    lines = [
        "## Legal references", "", *number_rows(texts, of_seeds), "", *precision_rows([*texts, *of_seeds]), "", *seen_rows(folder), "",
        "## Damaged text", "", *text_rows([*of_seeds, *("\n".join(record) for record in records)], pieces),
    ]  # fmt: skip
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
