"""Every clause of the four regulations is carried by a rule or excused, and the table says so."""

from typing import Any

import pytest

from rulebook.coverage import TABLE, Regulation, faults, regulation, rows, shipped, table

TEXT = """Điều 1. Trách nhiệm
1. Ban Biên tập duyệt tin trong 02 ngày làm việc.
2. Thư ký đăng tin đã duyệt.
Điều 2. Cấm
1. Cấm các hành vi:
a) tiết lộ bí mật;
b) vu khống.
"""
FIRST = "Ban Biên tập duyệt tin trong 02 ngày làm việc."


def a_rule(slug: str, quote: str, **at: str) -> dict[str, Any]:
    return {
        "id": f"mau.{slug}",
        "type": "duty",
        "at": {"part": "decision", **at},
        "quote": quote,
        "statement": "Một câu.",
        "function": "duty.stated",
    }


def a_reason(**at: str) -> dict[str, Any]:
    return {"at": {"part": "decision", **at}, "reason": "Không đặt nghĩa vụ."}


def a_regulation(rules: list[dict[str, Any]], reasons: list[dict[str, Any]]) -> Regulation:
    source = {"instrument": "QĐ 1", "issuer": "UBND", "issued": None, "text": "mau.txt"}
    head = {"id": "mau", "title": "Mẫu", "source": source, "version": "1", "from": None}
    return regulation({**head, "status": "in_force", "rules": rules, "no_rule": reasons}, TEXT)


WHOLE = [
    a_rule("duyet", FIRST, article="1", clause="1"),
    a_rule("dang", "Thư ký đăng tin đã duyệt.", article="1", clause="2"),
    a_rule("cam", "tiết lộ bí mật; b) vu khống.", article="2", clause="1"),
]


@pytest.fixture(scope="module")
def four() -> tuple[Regulation, ...]:
    return shipped()


@pytest.mark.parametrize("index", range(4), ids=["hanam", "binhduong", "langson", "khanhhoa"])
def test_no_clause_is_left_out_and_every_quotation_stands_in_its_clause(
    four: tuple[Regulation, ...], index: int
) -> None:
    assert faults(four[index]) == ()


def test_the_table_is_fresh(four: tuple[Regulation, ...]) -> None:
    assert TABLE.read_text(encoding="utf-8") == table(four), (
        "run: python -m rulebook.coverage --write"
    )


def test_every_clause_has_a_row_and_every_rule_a_place(four: tuple[Regulation, ...]) -> None:
    for each in four:
        found = rows(each)

        assert [row.clause for row in found] == list(each.clauses)
        assert {rule for row in found for rule in row.rules} == {c.rule for c in each.carriers}


def test_a_whole_regulation_has_no_fault_and_parts_are_carried_by_a_quotation_over_them() -> None:
    whole = a_regulation(WHOLE, [])

    assert faults(whole) == ()
    assert {str(row.clause.place): row.rules for row in rows(whole)}["QĐ Đ2 k1b"] == ("mau.cam",)


def test_a_clause_without_a_rule_is_red_until_a_reason_is_given() -> None:
    without = [rule for rule in WHOLE if rule["id"] != "mau.dang"]

    assert faults(a_regulation(without, [])) == ("mau@1: QĐ Đ1 k2 has neither a rule nor a reason",)
    assert faults(a_regulation(without, [a_reason(article="1", clause="2")])) == ()


def test_a_point_that_no_quotation_touches_is_red() -> None:
    short = [*WHOLE[:2], a_rule("cam", "tiết lộ bí mật", article="2", clause="1")]

    assert faults(a_regulation(short, [])) == ("mau@1: QĐ Đ2 k1b has neither a rule nor a reason",)


def test_a_quotation_that_stands_in_another_clause_is_red() -> None:
    moved = [*WHOLE, a_rule("lac", FIRST, article="1", clause="2")]

    assert faults(a_regulation(moved, [])) == ("mau.lac: its quotation does not stand in QĐ Đ1 k2",)


def test_a_quotation_whose_clause_was_reworded_is_red() -> None:
    reworded = [*WHOLE[1:], a_rule("duyet", FIRST.replace("02", "03"), article="1", clause="1")]

    assert faults(a_regulation(reworded, [])) == (
        "mau.duyet: its quotation does not stand in QĐ Đ1 k1",
    )


def test_a_place_that_the_text_has_not_is_red() -> None:
    lost = a_regulation([*WHOLE, a_rule("lac", FIRST, article="7")], [a_reason(article="8")])

    assert faults(lost) == (
        "mau.lac: the text has no QĐ Đ7",
        "mau@1: the text has no QĐ Đ8, for which a reason is given",
    )
