"""The parser finds every article, clause, point and dash of a regulation, and only those."""

from itertools import pairwise

import pytest

from rulebook.files import CONTRACTS
from rulebook.profiles.clauses import Clause, Place, clause_at, clauses_of

TEXTS = CONTRACTS / "regulations" / "texts"
ARTICLES = {"hanam": (3, 22), "binhduong": (3, 29), "langson": (3, 17), "khanhhoa": (2, 12)}


def text_of(key: str) -> str:
    return (TEXTS / f"{key}.txt").read_text(encoding="utf-8")


def words(text: str, clause: Clause | None) -> str:
    assert clause is not None
    return " ".join(text[clause.start : clause.end].split())


@pytest.mark.parametrize("key", ARTICLES)
def test_every_article_is_found_lost_headings_too(key: str) -> None:
    places = [clause.place for clause in clauses_of(text_of(key))]
    decision, regulation = ARTICLES[key]

    found = [place for place in places if place.clause is None and place.item is None]

    expected = [Place("decision", str(n)) for n in range(1, decision + 1)]
    expected += [Place("regulation", str(n)) for n in range(1, regulation + 1)]
    assert [place for place in found if place.part != "appendix"] == expected


@pytest.mark.parametrize("key", ARTICLES)
def test_places_are_unique_and_lie_inside_their_container(key: str) -> None:
    clauses = clauses_of(text_of(key))

    assert len({clause.place for clause in clauses}) == len(clauses)
    for clause in clauses:
        assert clause.start < clause.lead_end <= clause.end
        for other in clauses:
            if other.place.within(clause.place):
                assert clause.start <= other.start
                assert other.end <= clause.end


@pytest.mark.parametrize("key", ARTICLES)
def test_neighbours_share_no_word(key: str) -> None:
    clauses = clauses_of(text_of(key))

    leads = [(clause.start, clause.lead_end) for clause in clauses]

    assert all(end <= start for (_, end), (start, _) in pairwise(leads))


@pytest.mark.parametrize(
    ("key", "place", "begins", "ends"),
    [
        ("hanam", Place(article="2", clause="4"), "4. Cơ quan chủ quản", "gọi tắt là cơ quan chủ quản)."),
        ("hanam", Place(article="10", clause="5", point="c"), "c) Trường hợp", "của cơ quan nhà nước."),
        ("hanam", Place(article="18", clause="3", point="đ"), "đ) Các cơ quan", "của Quy chế này."),
        ("hanam", Place(article="21"), "Điều 21. Xử lý vi phạm", "theo quy định của pháp luật"),
        ("binhduong", Place(article="11", clause="5", point="e"), "e) Quy hoạch thu gom", "tại địa phương."),
        ("binhduong", Place(article="11", clause="8", item="2"), "- Mỗi dự án", "tình trạng dự án."),
        ("binhduong", Place("appendix", "III", "1", "a"), "a. Số lượng", "mức độ: 1,2,3,4:"),
        ("langson", Place(article="10", clause="2", item="2"), "- Phó Trưởng ban", "đảm nhiệm."),
        ("langson", Place(article="12", clause="3"), "3. Các thành viên", "của Trưởng ban biên tập."),
        ("langson", Place(article="17", clause="2"), "2. Trong quá trình", "theo quy định./."),
        ("langson", Place("decision", "3"), "Điều 3. Trưởng các phòng", "thi hành Quyết định này./."),
        ("khanhhoa", Place(article="8", item="4"), "- Bước 4:", "Trưởng ban qua E-Office."),
        ("khanhhoa", Place(article="11"), "Điều 11. Kinh phí", "phê duyệt."),
    ],
    ids=lambda value: str(value) if isinstance(value, Place) else None,
)  # fmt: skip
def test_a_place_has_its_own_words(key: str, place: Place, begins: str, ends: str) -> None:
    text = text_of(key)

    found = words(text, clause_at(clauses_of(text), place))

    assert found.startswith(begins)
    assert found.endswith(ends)


def test_chapter_headings_and_signatures_belong_to_no_article() -> None:
    text = "Điều 1. Một\n1. A\n\nChương II\n\nQUẢN LÝ CHUNG\n\nĐiều 2. Hai\n\nTM. ỦY BAN NHÂN DÂN\n\nTên\n"

    found = [words(text, clause) for clause in clauses_of(text)]

    assert found == ["Điều 1. Một 1. A", "1. A", "Điều 2. Hai"]


def test_a_number_out_of_order_opens_no_clause() -> None:
    text = (
        "Điều 1. Một\n1. theo Quyết định\n05. không phải khoản\n2. Hai\nĐiều 9. không phải điều\n"
    )

    places = [str(clause.place) for clause in clauses_of(text)]

    assert places == ["QĐ Đ1", "QĐ Đ1 k1", "QĐ Đ1 k2"]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(article="10", clause="5", point="a"), "Đ10 k5a"),
        (Place("decision", "2"), "QĐ Đ2"),
        (Place(article="8", item="4"), "Đ8 gạch 4"),
        (Place("appendix", "II", "1"), "PL II k1"),
    ],
)
def test_a_place_is_cited_in_short(place: Place, shown: str) -> None:
    assert str(place) == shown
