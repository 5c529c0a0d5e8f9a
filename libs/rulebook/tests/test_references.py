"""Document numbers, article references and citations are found, taken apart, rendered and checked."""

import json
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.references import (
    DocumentNumber,
    LegalCitation,
    NotADocumentNumber,
    NotAReference,
    Place,
    faults_of,
    find_citations,
    find_divisions,
    find_numbers,
    find_places,
    number_agrees,
    parse_citation,
    parse_number,
    parse_places,
)
from rulebook.references.codes import ISSUERS, KINDS, PARTY_KINDS

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[4] / "shared"
CODES = st.sampled_from(sorted(ISSUERS))
SERIALS = st.builds(
    lambda whole, part, suffix: f"{whole:02d}" + (f".{part}" if part else "") + suffix,
    st.integers(1, 99_999), st.one_of(st.just(0), st.integers(1, 999)), st.sampled_from(["", "a", "đ"]),
).filter(lambda serial: "." not in serial or (serial[-1].isdigit() and not re.match(r"(19|20)\d\d\.", serial)))  # fmt: skip
YEARS = st.integers(1945, 2099)
KINDS_IN_NUMBERS = st.sampled_from(sorted(set(KINDS) - {"L", "LĐ"}))
NUMBERS = st.one_of(
    st.builds(lambda s, k, y, i: DocumentNumber("normative", s, k, y, tuple(i)),
              SERIALS, KINDS_IN_NUMBERS, YEARS, st.lists(CODES, min_size=1, max_size=4)),
    st.builds(lambda s, k, y, t: DocumentNumber("assembly", s, k, y, (), str(t)),
              SERIALS, st.sampled_from(["QH", "UBTVQH"]), YEARS, st.integers(1, 19)),
    st.builds(lambda s, k, i: DocumentNumber("party", s, k, None, (i,)),
              st.integers(1, 9999).map(lambda n: f"{n:02d}"), st.sampled_from(sorted(PARTY_KINDS)), CODES),
    st.builds(lambda s, k, i: DocumentNumber("administrative", s, k, None, tuple(i)),
              st.integers(1, 9999).map(lambda n: f"{n:02d}"), KINDS_IN_NUMBERS, st.lists(CODES, min_size=1, max_size=3)),
)  # fmt: skip
PLACES = st.builds(
    Place,
    st.integers(1, 200).map(str),
    st.one_of(st.none(), st.integers(1, 30).map(str)),
    st.sampled_from([None, *"abcdđeghiklmnopq"]),
)


@settings(deadline=None)
@given(NUMBERS)
def test_parsing_a_rendered_number_gives_it_back(number):
    assert parse_number(number.render()) == number


@settings(deadline=None)
@given(PLACES)
def test_parsing_a_rendered_place_gives_it_back(place):
    assert parse_places(place.render()) == (place,)


@settings(deadline=None)
@given(
    NUMBERS,
    st.dates(date(1946, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["Chính phủ", "Bộ Tài chính"]),
)
def test_parsing_a_rendered_citation_gives_its_parts_back(number, issued, issuer):
    cited = LegalCitation(
        number, "Nghị định", issued, issuer, "quy định về việc cung cấp thông tin"
    )

    found = parse_citation(cited.render())

    assert (found.number, found.kind, found.issued, found.issuer, found.abstract) == (
        cited.number, cited.kind, cited.issued, cited.issuer, cited.abstract,
    )  # fmt: skip
    assert found.missing == ()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("19/2019/QĐ-UBND", "19/2019/QĐ-UBND"),
        ("4/2013/QĐ-UBND", "04/2013/QĐ-UBND"),
        ("04 /2013/QĐ-UBND", "04/2013/QĐ-UBND"),
        ("91/2025/QH15", "91/2025/QH15"),
        ("76/2025/UBTVQH15", "76/2025/UBTVQH15"),
        ("54/2019/QH-14", "54/2019/QH14"),
        ("49/2015/TTBGTVT", "49/2015/TT-BGTVT"),
        ("11/2021/NĐ/CP", "11/2021/NĐ-CP"),
        ("66.16/2026/NQ-CP", "66.16/2026/NQ-CP"),
        ("80-NQ/TW", "80-NQ/TW"),
        ("1060/QĐ-UBND", "1060/QĐ-UBND"),
        ("924/SNV-TCBC", "924/SNV-TCBC"),
        ("885/QĐ-BCA-C06", "885/QĐ-BCA-C06"),
        ("169/STTTT-TTCNTT&DVHCCTT", "169/STTTT-TTCNTT&DVHCCTT"),
        ("19/2012/TTLT-BTC-BKHĐT-BTTTT", "19/2012/TTLT-BTC-BKHĐT-BTTTT"),
        ("12/2018/QĐ-TTG", "12/2018/QĐ-TTg"),
        ("1170/QD-BTP", "1170/QĐ-BTP"),
        ("15/2018/ND-CP", "15/2018/NĐ-CP"),
        ("TCVN 6909:2001", "TCVN 6909:2001"),
    ],
)
def test_a_number_has_one_normal_form(text, normal):
    assert parse_number(text).render() == normal


@pytest.mark.parametrize(
    "text", ["", "24/10/2018", "3/4", "19/2019", "abc", "19/2019/QĐ-UBND.", "1" * 500]
)
def test_what_is_no_number_is_refused_by_name(text):
    with pytest.raises(NotADocumentNumber, match="number"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị định số 33/2026/NĐ-CPMẫu số 40.docx", ["33/2026/NĐ-CP"]),
        ("Luật 08/2017/QH1408/2017/QH14Nghị định", ["08/2017/QH14", "08/2017/QH14"]),
        ("nông nghiệp và môi trường146/2025/QH15", ["146/2025/QH15"]),
        ("Luật Công chứng năm 202446/2024/QH15", ["46/2024/QH15"]),
        ("ngày 29/6/202443/2024/QH15Luật Đất đai", ["43/2024/QH15"]),
        ("118/2025/NĐ-CQuy định về", ["118/2025/NĐ-CP"]),
        ("theo Mẫu số 01/TB-HT và Biểu 24/BC-TCT", []),
        ("từ ngày 24/10/2018 đến 3/4 số", []),
        ("55/2026/TT-BTC ngày 15/5/2026.56/2026/TT-BTC", ["55/2026/TT-BTC", "56/2026/TT-BTC"]),
    ],
)
def test_numbers_are_found_glued_to_words_dates_and_each_other(text, numbers):
    assert [found.number.render() for found in find_numbers(text)] == numbers


def test_a_found_number_says_how_it_departs_from_the_grammar():
    found = next(find_numbers("số 11/2021/NĐ/CP"))

    assert found.irregular == ("slash-for-dash",)
    assert found.text == "11/2021/NĐ/CP"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "điểm a,b khoản 5 và khoản 8 Điều 11",
            [("11", "5", "a"), ("11", "5", "b"), ("11", "8", None)],
        ),
        ("khoản 5, khoản 8 Điều 11", [("11", "5", None), ("11", "8", None)]),
        ("các Điều 5, 6 và 7", [("5", None, None), ("6", None, None), ("7", None, None)]),
        ("điểm đ khoản 3 Điều 18", [("18", "3", "đ")]),
        ("Khoản 1a điều 12", [("12", "1a", None)]),
        ("điểm a khoản 1", [(None, "1", "a")]),
    ],
)
def test_each_point_and_clause_goes_to_its_article(text, places):
    found = next(find_places(f"theo quy định tại {text} của Luật này"))

    assert [(place.article, place.clause, place.point) for place in found.places] == places


def test_two_references_apart_stay_two_and_divisions_are_named():
    text = "khoản 2 Điều 4 Chương II và Phụ lục III; điểm c khoản 1 Điều 9"

    assert [found.text for found in find_places(text)] == [
        "khoản 2 Điều 4",
        "điểm c khoản 1 Điều 9",
    ]
    assert [(found.unit, found.number) for found in find_divisions(text)] == [
        ("Chương", "II"),
        ("Phụ lục", "III"),
    ]
    with pytest.raises(NotAReference):
        parse_places("khoản 2 Điều 4 Chương II")


FULL = (
    "Nghị định số 43/2011/NĐ-CP ngày 13 tháng 6 năm 2011 của Chính phủ quy định về việc cung cấp thông tin "
    "và dịch vụ công trực tuyến."
)


def test_a_full_citation_has_its_six_parts():
    cited = parse_citation(FULL)

    assert cited.missing == ()
    assert faults_of(cited) == ()
    assert (cited.kind, cited.issued, cited.issuer) == ("Nghị định", date(2011, 6, 13), "Chính phủ")
    assert cited.number is not None
    assert cited.number.render() == "43/2011/NĐ-CP"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        pytest.param(("năm 2011", "năm 2012"), ["number-year-mismatch"], id="year"),
        pytest.param(("Nghị định", "Thông tư"), ["kind-mismatch"], id="kind"),
        pytest.param(("43/2011/NĐ-CP", "43/NĐ-CP"), ["number-without-year"], id="a decree without a year"),
        pytest.param(("của Chính phủ", "của Bộ Tài chính"), ["issuer-mismatch"], id="issuer"),
        pytest.param(("ngày 13 tháng 6 năm 2011 ", ""), ["missing-date"], id="no date"),
        pytest.param((" của Chính phủ", ""), ["missing-issuer"], id="no issuer"),
        pytest.param((" quy định về việc cung cấp thông tin và dịch vụ công trực tuyến", ""), ["missing-abstract"], id="no abstract"),
        pytest.param(("ngày 13 tháng 6", "ngày 31 tháng 2"), ["impossible-date"], id="a date that does not exist"),
    ],
)  # fmt: skip
def test_each_disagreement_of_a_citation_is_named(change, codes):
    cited = parse_citation(FULL.replace(*change))

    assert [fault.code for fault in faults_of(cited)] == codes


def test_a_law_by_name_alone_asks_for_its_number():
    cited = next(find_citations("theo Luật Đất đai năm 2024 thì được cấp"))

    assert (cited.kind, cited.name) == ("Luật", "Đất đai")
    assert "missing-number" in [fault.code for fault in faults_of(cited)]


def test_validity_is_checked_at_the_day_of_the_answer():
    def in_force(number):
        return {"43/2011/NĐ-CP": (date(2011, 8, 1), date(2022, 8, 15))}.get(number)

    cited = parse_citation(FULL)

    assert faults_of(cited, on=date(2022, 8, 14), in_force=in_force) == ()
    assert [f.code for f in faults_of(cited, on=date(2022, 8, 15), in_force=in_force)] == [
        "no-longer-in-force"
    ]
    assert [f.code for f in faults_of(cited, on=date(2011, 7, 31), in_force=in_force)] == [
        "not-yet-in-force"
    ]


def test_a_record_is_compared_with_its_number():
    number = parse_number("12/KH-SNgV")

    assert (
        number_agrees(number, kind="Kế hoạch", issued=date(2026, 1, 8), issuer="Sở Ngoại vụ") == ()
    )
    assert [f.code for f in number_agrees(number, kind="Quyết định", issued=None, issuer="Sở Nội vụ")] == [
        "kind-mismatch", "issuer-mismatch",
    ]  # fmt: skip
    assert (
        number_agrees(
            parse_number("33/2024/QĐ-UBND"), kind="Quyết định", issued=None, issuer="UBND tỉnh"
        )
        == ()
    )
    assert (
        number_agrees(parse_number("91/2025/QH15"), kind="Luật", issued=None, issuer="Quốc hội")
        == ()
    )


@settings(deadline=None)
@given(st.text(alphabet="0123456789/-QĐNTCPUBH. điểmkhoảnĐiều,và", max_size=400))
def test_any_text_is_read_without_a_crash(text):
    for found in find_numbers(text):
        assert text[found.start : found.end] == found.text
    assert all(found.places for found in find_places(text))
    list(find_citations(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1/2000/TTLT-" + "A-" * 125_000, id="endless issuers"),
        pytest.param("1" * 250_000, id="one number"),
        pytest.param("1/" * 125_000, id="slashes"),
        pytest.param("khoản 1, " * 25_000, id="endless clauses"),
        pytest.param("điểm a, a, a" + ", a" * 80_000, id="endless points"),
        pytest.param("Luật " * 50_000, id="laws without an end"),
        pytest.param("33/2026/NĐ-CP " * 18_000, id="many numbers"),
        pytest.param("Nghị định " + "a " * 125_000 + "12/2020/NĐ-CP", id="a kind far away"),
    ],
)
def test_a_quarter_of_a_megabyte_of_anything_is_read_in_linear_time(text):
    start = time.process_time()

    list(find_numbers(text))
    list(find_places(text))
    list(find_citations(text))

    assert time.process_time() - start < 20


needs_shared = pytest.mark.skipif(
    not (SHARED / "data/real").is_dir(), reason=f"no real data at {SHARED}"
)


@needs_shared
def test_every_number_seen_in_real_procedures_parses_to_itself():
    rows = (SHARED / "data/real/legal_numbers_seen.tsv").read_text("utf-8").splitlines()[1:]

    assert [
        row for row in rows if parse_number(row.split("\t")[0]).render() != row.split("\t")[0]
    ] == []


@needs_shared
def test_more_than_99_percent_of_the_candidates_in_real_procedures_are_found():
    candidate = re.compile(r"\d{1,5}(?:\.\d+)?\s?/\s?(?:19|20)\d\d\s?/\s?[A-ZĐ]")
    lines = (SHARED / "data/real/procedures_national.jsonl").read_text("utf-8").splitlines()
    texts = [str(json.loads(line)) for line in lines]

    candidates = sum(len(candidate.findall(text)) for text in texts)
    found = sum(number.number.year is not None for text in texts for number in find_numbers(text))

    assert candidates > 3000
    assert found >= 0.99 * candidates


@needs_shared
def test_the_numbers_of_the_four_regulations_are_all_found():
    candidate = re.compile(r"\d{1,5}\s?/\s?(?:19|20)\d\d\s?/\s?[A-ZĐ]")
    for path in (SHARED / "seeds").glob("*.txt"):
        text = path.read_text("utf-8")
        spans = [(found.start, found.end) for found in find_numbers(text)]

        assert [
            c[0] for c in candidate.finditer(text) if not any(a <= c.start() < b for a, b in spans)
        ] == []


NO_REFERENCES = (
    "ngày 13/06/2012", "từ 01/2024 đến 12/2024", "1/2 số thành viên", "tỷ lệ 30/70", "Mẫu số 01/TB-HT",
    "Mẫu 24/ĐK-TCT", "Biểu số 05/2025/LLTP", "Mẫu số: 02/2025/LLTP", "điện thoại 0900/123456", "24/24h",
    "số nhà 12/3B", "Tờ khai số 01/CCCD-K", "tọa độ 21-105", "20/10 - 22/10/2024", "khóa 2019/2023", "A4/A3",
    "5/10/15 ngày", "TCVN", "QH15", "số 12", "Phụ lục số 02/PL-A",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_REFERENCES)
def test_what_only_looks_like_a_number_is_not_found(text):
    """Dates, fractions, forms, addresses: precision on what is hard, in texts written for it."""
    assert [found.text for found in find_numbers(f"Theo {text}, cơ quan trả lời.")] == []


@needs_shared
def test_what_is_found_in_real_texts_is_a_reference_in_more_than_ninety_nine_and_a_half_percent():
    """Each distinct number has a label, got as docs/quality.md says; a find without one must be looked at first."""
    rows = (DATA / "numbers_labelled.tsv").read_text("utf-8").splitlines()[1:]
    labels = dict(row.split("\t") for row in rows)
    lines = (SHARED / "data/real/procedures_national.jsonl").read_text("utf-8").splitlines()
    texts = [text for line in lines for text in strings(json.loads(line))]
    texts += [path.read_text("utf-8") for path in (SHARED / "seeds").glob("*.txt")]

    found = [number.number.render() for text in texts for number in find_numbers(text)]

    assert sorted(set(found) - labels.keys()) == []
    right = sum(labels[number] in {"listed", "read"} for number in found)
    assert len(found) > 3500
    assert right >= 0.995 * len(found)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_a_date_that_does_not_exist_is_named_as_such():
    """Not as a missing one, and the text is told as it was written."""
    citation = parse_citation(
        "Nghị định số 43/2011/NĐ-CP ngày 30/02/2011 của Chính phủ quy định về cổng thông tin"
    )

    assert [(fault.code, fault.found) for fault in faults_of(citation)] == [
        ("impossible-date", "30/02/2011")
    ]
    assert "ngày 30/02/2011" in citation.render()
