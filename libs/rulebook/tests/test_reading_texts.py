"""The shipped texts are the scans with the listed corrections, nothing else."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from rulebook.files import CONTRACTS
from rulebook.profiles.scans import Correction, Frame, reading_text

TEXTS = CONTRACTS / "regulations" / "texts"
SCANS = CONTRACTS.parent.parent / "shared" / "seeds"
CORRECTIONS = yaml.safe_load((TEXTS / "corrections.yaml").read_text(encoding="utf-8"))
LISTED = CORRECTIONS["texts"]


def remade(listed: Mapping[str, Any], scan: str) -> str:
    frame = Frame(listed["starts"] or "", listed["stops"] or "", listed["layout"])
    return reading_text(scan, frame, [Correction(**each) for each in listed["corrections"]])


@pytest.mark.parametrize("listed", LISTED, ids=lambda each: each["text"])
def test_a_corrected_scan_is_the_shipped_text(listed: Mapping[str, Any]) -> None:
    scan = SCANS / listed["scan"]
    if not scan.exists():
        pytest.skip("the scans of the regulations are not part of the repository")

    assert remade(listed, scan.read_text(encoding="utf-8")) == shipped(listed)


@pytest.mark.parametrize("listed", LISTED, ids=lambda each: each["text"])
def test_a_shipped_text_is_composed_and_carries_every_correction(
    listed: Mapping[str, Any],
) -> None:
    text = shipped(listed)

    assert text == unicodedata.normalize("NFC", text)
    assert all(each["reading"] in text for each in listed["corrections"])


def test_every_text_has_its_corrections_listed_or_is_an_account() -> None:
    listed = {each["text"] for each in LISTED} | set(CORRECTIONS["accounts"])

    assert {path.name for path in TEXTS.glob("*.txt")} == listed


@pytest.mark.parametrize("listed", LISTED, ids=lambda each: each["text"])
def test_what_is_a_matter_of_law_stays_as_printed(listed: Mapping[str, Any]) -> None:
    kept = [each["printed"] for each in listed["kept"] if not each["why"].startswith("chữ cái")]

    assert all(printed in shipped(listed) for printed in kept)


def test_a_correction_that_does_not_fit_the_scan_is_refused() -> None:
    lost = Correction("Điều 1", "không có", "có")

    with pytest.raises(ValueError, match="correction at Điều 1: 'không có' stands 0 times, not 1"):
        reading_text("Điều 1. Phạm vi", Frame(), [lost])


def test_a_correction_that_could_stand_in_two_places_is_refused() -> None:
    twice = Correction("Điều 1", "tin", "bài")

    with pytest.raises(ValueError, match="stands 2 times, not 1"):
        reading_text("Điều 1. Duyệt tin, đăng tin", Frame(), [twice])


def test_a_lost_heading_goes_before_the_words_it_headed() -> None:
    lost = Correction("Điều 2", "", "Điều 2. Giải thích từ ngữ", before="Trong Quy chế này")

    made = reading_text("Điều 1. A\nTrong Quy chế này", Frame(), [lost])

    assert made == "Điều 1. A\nĐiều 2. Giải thích từ ngữ\nTrong Quy chế này\n"


def shipped(listed: Mapping[str, Any]) -> str:
    return Path(TEXTS / listed["text"]).read_text(encoding="utf-8")
