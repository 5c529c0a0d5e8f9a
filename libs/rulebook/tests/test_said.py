"""Regulations and rules in the words of people."""

from rulebook.profiles.said import place_text, regulation_text, rule_text


def test_a_regulation_is_told_by_its_document_in_both_languages():
    assert regulation_text("binhduong@1", "vi") == "Quy chế (Quyết định 04/2013/QĐ-UBND)"
    assert regulation_text("binhduong@1", "en").startswith("Regulation (")
    assert regulation_text("house@1", "vi") == "house@1"


def test_a_rule_is_told_in_english_where_it_is_known_and_as_recorded_elsewhere():
    recorded = "Điều 22 Quy chế"

    assert rule_text("binhduong@1", "binhduong.d22.b2.edit", recorded, "vi") == recorded
    assert (
        "22"
        in rule_text("binhduong@1", "binhduong.d22.b2.edit", recorded, "en").partition("Article")[2]
    )
    assert rule_text("gone@1", "binhduong.d22.b2.edit", recorded, "en") == recorded


def test_a_recorded_place_of_law_is_told_in_the_readers_language():
    recorded = "điểm a khoản 1 Điều 11 Quy chế (Quyết định 19/2019/QĐ-UBND)"
    house = "Quy tắc vận hành Nhịp Cầu (quy tắc nội bộ, không phải văn bản pháp luật)"

    assert place_text(recorded, "vi") == recorded
    assert place_text(recorded, "en").startswith("point a, clause 1, Article 11, Regulation (")
    assert place_text(house, "en").startswith("Operating rules")
    assert place_text("Điều 99 Quy chế khác", "en") == "Điều 99 Quy chế khác"
