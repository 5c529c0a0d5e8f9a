"""Who answers for X on day D, across merger, split, renaming and the abolition of the district level."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.organisation import Agency, BadHistory, Succession, history
from rulebook.profiles.model import Span
from rulebook.sentences import sentences

MERGED = date(2025, 3, 1)
ABOLISHED = date(2025, 7, 1)
AGENCIES = [
    Agency("hn.stttt", "Sở TTTT Hà Nam", Span(date(2008, 1, 1), MERGED)),
    Agency("hn.skhcn", "Sở KH&CN Hà Nam", Span(date(2003, 1, 1), ABOLISHED)),
    Agency("hn.svhttdl", "Sở VHTTDL Hà Nam", Span(date(2008, 1, 1), ABOLISHED)),
    Agency("nb.skhcn", "Sở KH&CN Ninh Bình", Span(date(2003, 1, 1), None)),
    Agency("nb.svhtt", "Sở VHTT Ninh Bình", Span(ABOLISHED, None)),
    Agency("hn.binhluc", "UBND huyện Bình Lục", Span(date(1977, 1, 1), ABOLISHED), "district"),
    Agency("nb.ubnd", "UBND tỉnh Ninh Bình", Span(date(1992, 1, 1), None), "province"),
    Agency("nb.binhmy", "UBND xã Bình Mỹ", Span(ABOLISHED, None), "commune"),
    Agency("closed", "Ban Quản lý cũ", Span(date(2000, 1, 1), date(2020, 1, 1))),
]
SUCCESSIONS = [
    Succession(
        "hn.stttt",
        "split",
        MERGED,
        ("hn.skhcn", "hn.svhttdl"),
        "Nghị quyết 1/NQ-HĐND",
        {"portal": "hn.skhcn", "press": "hn.svhttdl"},
    ),
    Succession("hn.skhcn", "merge", ABOLISHED, ("nb.skhcn",), "Nghị quyết 202/2025/QH15"),
    Succession("hn.svhttdl", "rename", ABOLISHED, ("nb.svhtt",), "Nghị quyết 202/2025/QH15"),
    Succession(
        "hn.binhluc",
        "abolish",
        ABOLISHED,
        ("nb.ubnd", "nb.binhmy"),
        "Luật Tổ chức chính quyền địa phương 2025",
        {"land": "nb.ubnd", "civil_status": "nb.binhmy"},
    ),
]
HISTORY = history(AGENCIES, SUCCESSIONS)
LATER = Agency("nb.later", "Trung tâm thành lập sau", Span(date(2026, 1, 1), None))


@pytest.mark.parametrize(
    ("agency", "on", "work", "answers", "path"),
    [
        ("hn.stttt", date(2025, 2, 28), None, "hn.stttt", ("hn.stttt",)),
        ("hn.stttt", date(2025, 3, 1), "portal", "hn.skhcn", ("hn.stttt", "hn.skhcn")),
        ("hn.stttt", date(2025, 6, 30), "press", "hn.svhttdl", ("hn.stttt", "hn.svhttdl")),
        ("hn.stttt", date(2025, 7, 1), "portal", "nb.skhcn", ("hn.stttt", "hn.skhcn", "nb.skhcn")),
        ("hn.stttt", date(2030, 1, 1), "press", "nb.svhtt", ("hn.stttt", "hn.svhttdl", "nb.svhtt")),
        ("hn.stttt", date(2025, 3, 1), None, None, ("hn.stttt",)),
        ("hn.stttt", date(2025, 3, 1), "fishing", None, ("hn.stttt",)),
        ("hn.binhluc", date(2025, 6, 30), "land", "hn.binhluc", ("hn.binhluc",)),
        ("hn.binhluc", date(2025, 7, 1), "land", "nb.ubnd", ("hn.binhluc", "nb.ubnd")),
        ("hn.binhluc", date(2025, 7, 1), "civil_status", "nb.binhmy", ("hn.binhluc", "nb.binhmy")),
        ("closed", date(2021, 1, 1), None, None, ("closed",)),
        ("nb.binhmy", date(2025, 6, 30), None, None, ("nb.binhmy",)),
    ],
    ids=[f"case-{n}" for n in range(12)],
)
def test_the_successor_of_the_day_answers_with_the_path(agency, on, work, answers, path):
    """Half-open: on the day of the change the successor answers."""
    found = HISTORY.answers_for(agency, on, work)

    assert (found.agency, found.path) == (answers, path)
    assert found.agency is not None or found.explanation.outcome.nearest


def test_a_split_without_a_field_names_the_candidates():
    """A person must decide; the machine does not guess."""
    found = HISTORY.answers_for("hn.stttt", MERGED)

    assert found.candidates == ("hn.skhcn", "hn.svhttdl")
    assert found.explanation.outcome.verdict == "undetermined"


def test_the_path_is_told_with_its_instruments():
    """Old names stay on old documents, the explanation says what became of them."""
    lines = sentences(HISTORY.answers_for("hn.stttt", date(2026, 1, 1), "portal").explanation, "vi")

    assert (
        lines[0]
        == "Ngày thứ Năm 01/01/2026, Sở KH&CN Ninh Bình chịu trách nhiệm thay Sở TTTT Hà Nam."
    )
    assert any("Nghị quyết 1/NQ-HĐND" in line for line in lines)
    assert any("Nghị quyết 202/2025/QH15" in line for line in lines)


@pytest.mark.parametrize(
    ("agencies", "successions", "words"),
    [
        ([AGENCIES[0], AGENCIES[0]], [], ["hn.stttt stands twice"]),
        ([], [SUCCESSIONS[1]], ["hn.skhcn is not known", "successor nb.skhcn is not known"]),
        (AGENCIES, [SUCCESSIONS[1], SUCCESSIONS[1]], ["hn.skhcn ends twice"]),
        (AGENCIES, [Succession("hn.skhcn", "merge", MERGED, ("nb.skhcn",), "x")], ["but is succeeded on"]),
        (AGENCIES, [Succession("hn.skhcn", "merge", ABOLISHED, ("closed",), "x")], ["does not exist on"]),
        ([*AGENCIES, LATER], [Succession("hn.skhcn", "merge", ABOLISHED, ("nb.later",), "x")], ["does not exist on"]),
        (AGENCIES, [Succession("hn.skhcn", "merge", ABOLISHED, (), "x")], ["needs one successor"]),
        (AGENCIES, [Succession("hn.skhcn", "split", ABOLISHED, ("nb.skhcn",), "x", {"a": "nb.ubnd"})], ["no successor"]),
        ([Agency("x", "x", Span(MERGED, MERGED))], [], ["not after"]),
    ],
    ids=[f"fault-{n}" for n in range(9)],
)  # fmt: skip
def test_a_history_that_does_not_fit_together_is_refused(agencies, successions, words):
    """Unknown, twice, dangling, overlapping: all named at once."""
    with pytest.raises(BadHistory) as refusal:
        history(agencies, successions)

    assert all(word in str(refusal.value) for word in words)


def test_an_unknown_agency_is_refused_by_name():
    """The argument is named."""
    with pytest.raises(ValueError, match="agency"):
        HISTORY.answers_for("nobody", MERGED)


@given(st.integers(1, 60), st.integers(-100, 700))
def test_long_chains_of_renaming_end_with_the_agency_of_the_day(links, offset):
    """An agency renamed every ten days: whoever exists on the day answers for the first."""
    start = date(2020, 1, 1)
    agencies = [
        Agency(
            f"a{n}",
            f"A{n}",
            Span(start + timedelta(10 * n), start + timedelta(10 * n + 10) if n < links else None),
        )
        for n in range(links + 1)
    ]
    renamings = [
        Succession(f"a{n}", "rename", start + timedelta(10 * n + 10), (f"a{n + 1}",), "x")
        for n in range(links)
    ]
    day = start + timedelta(offset)

    found = history(agencies, renamings).answers_for("a0", day)

    assert found.agency == (None if offset < 0 else f"a{min(offset // 10, links)}")
