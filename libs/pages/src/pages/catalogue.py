"""Keeps the English catalogue in step with the templates.

    python -m pages.catalogue PACKAGE_FOLDER …

adds what is new (empty, to be translated) and drops what no template says any more.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from pages.words import CATALOGUE

METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "extensions": "jinja2.ext.do"}}
Message = str | tuple[str, ...]


def main() -> int:
    for folder in map(Path, sys.argv[1:]):
        renew(folder)
    return 0


def spoken(package: Path) -> set[Message]:
    """Every message of a package's templates and modules."""
    found: Iterable[tuple[str, int, Message, list[str], str | None]] = extract_from_dir(
        package, METHODS, OPTIONS, KEYWORDS
    )
    return {message for _, _, message, _, _ in found}


def catalogue(package: Path) -> Catalog:
    """The package's English catalogue; an empty one where there is none."""
    file = package / CATALOGUE
    if not file.is_file():
        return Catalog(locale="en", project="Nhịp Cầu", charset="utf-8")
    with file.open("rb") as text:
        return read_po(text, locale="en")


def faults(package: Path) -> list[str]:
    """Messages that nobody translated, and translations of what nobody says."""
    said, known = spoken(package), {each.id: each for each in catalogue(package) if each.id}
    missing = [f"not translated: {each}" for each in said if not _translated(known.get(each))]
    orphaned = [f"no template says: {each}" for each in known if each not in said]
    return sorted(missing + orphaned)


def _translated(message: object) -> bool:
    text = getattr(message, "string", None)
    return all(text) if isinstance(text, tuple) and text else bool(text)


def renew(package: Path) -> None:
    old = {each.id: each.string for each in catalogue(package) if each.id}
    new = Catalog(locale="en", project="Nhịp Cầu", charset="utf-8")
    for message in sorted(spoken(package), key=str):
        new.add(message, old.get(message, ""))  # pyright: ignore[reportArgumentType] - Babel's stub forgets plural ids
    file = package / CATALOGUE
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as text:
        write_po(text, new, width=100, omit_header=True, sort_output=True)


if __name__ == "__main__":
    sys.exit(main())
