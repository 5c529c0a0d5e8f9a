"""Content rules one by one: fields, grounds, routes, formats, domains, counters, royalties, duties."""

import json
import re
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.questions import check_answer
from rulebook.references import parse_citation
from rulebook.registry import rules
from rulebook.rules.counters import counters, quota
from rulebook.rules.domains import domain_name
from rulebook.rules.duties import definition, responsible, sanction, stated
from rulebook.rules.formats import Attached, encoding, font, language, media, recipient_named
from rulebook.rules.grounds import Judgement, Matter, ground
from rulebook.rules.params import RequiredFields
from rulebook.rules.required import cited_documents, missing_of, required_fields, required_if_flag
from rulebook.rules.routes import fallback, field_member, supplier
from rulebook.rules.royalties import NoTable, Share, Work, load_royalties, royalty, split
from rulebook.rules.words import says
from rulebook.sentences import sentences
from rulebook.sites import check_subject, who_answers_for
from rulebook.submissions import Event, Submission, check_submission, publication_due, supplier_of
from rulebook.text import fold, inspect_text

ON = date(2024, 6, 3)
AT = datetime.fromisoformat("2024-06-03T09:00:00+07:00")
ASKED_BY_NO_TEXT = {
    "separation.distinct"
}  # none of the five asks for two different persons; a new profile may
AGENCIES = json.loads((Path(__file__).parent / "data" / "agencies.json").read_text("utf-8"))[
    "agencies"
]


def codes(check):
    return codes_of(check.findings)


def codes_of(findings):
    return [finding.code for finding in findings]


# required fields


def test_missing_fields_are_named_in_the_order_of_the_rule(profiles):
    rule = profiles["binhduong"].rule("binhduong.d11.k6.legal-document")

    check = required_fields(rule, {"doc_type": "Quyết định", "number": " ", "file": []}, ON)

    assert codes(check) == [
        "missing_field:issuing_authority", "missing_field:number", "missing_field:issue_date",
        "missing_field:effective_date", "missing_field:abstract", "missing_field:file",
    ]  # fmt: skip
    assert check.explanation.outcome.nearest[0].values == {"field": "issuing_authority"}


def test_zero_and_false_are_values_and_white_space_is_none():
    params = RequiredFields(subject="project", fields=("budget", "open", "name"))

    assert list(missing_of(params, {"budget": 0, "open": False, "name": "\n"}, ON)) == ["name"]


def test_one_of_a_group_is_enough():
    params = RequiredFields(subject="site", one_of=(("tracking", "email"),))

    assert list(missing_of(params, {"email": "a@example.org"}, ON)) == []
    assert list(missing_of(params, {}, ON)) == ["tracking_or_email"]


def test_an_agreement_is_asked_for_only_where_the_source_requires_one(profiles):
    rule = profiles["hanam"].rule("hanam.d8.k4.quotation-agreement")
    flagged = frozenset({"source_requires_agreement"})

    assert codes(required_if_flag(rule, {}, frozenset(), ON)) == []
    assert codes(required_if_flag(rule, {}, flagged, ON)) == ["missing_field:agreement_ref"]
    assert codes(required_if_flag(rule, {"agreement_ref": "12/TT"}, flagged, ON)) == []


def test_cited_documents_need_their_parts_and_must_agree(profiles):
    rule = profiles["hanam"].rule("hanam.d10.k4.document-parts")
    good = "Nghị định số 43/2011/NĐ-CP ngày 13/6/2011 của Chính phủ quy định về việc cung cấp thông tin."

    assert parse_citation(good).missing == ()
    assert codes(cited_documents(rule, good, ON)) == []
    assert codes(cited_documents(rule, "theo Nghị định số 43/2011/NĐ-CP", ON)) == [
        "citation:missing-date", "citation:missing-issuer", "citation:missing-abstract",
    ]  # fmt: skip
    assert codes(cited_documents(rule, good.replace("6/2011", "6/2012"), ON)) == [
        "citation:number-year-mismatch"
    ]


def test_a_site_is_asked_for_its_sections_and_a_section_for_all_its_parts(profiles):
    langson, binhduong = profiles["langson"], profiles["binhduong"]
    whole = {"chart": 1, "structure": 1, "functions": 1, "history": 1,
             "leaders": [{"name": "A", "biography": "B", "duties": ""}]}  # fmt: skip

    assert "missing_field:propaganda" in codes(
        check_subject(langson, "site_categories", {"news": 1}, ON)
    )
    assert codes(check_subject(binhduong, "introduction", whole, ON, {"site_kind": "province", "category": "introduction"})) == [
        "missing_field:duties"
    ]  # fmt: skip
    with pytest.raises(LookupError, match="moon"):
        check_subject(langson, "moon", {}, ON)


def test_the_head_of_the_unit_answers_before_an_item_is_supplied(profiles):
    assert set(who_answers_for(profiles["langson"], "before_supply", ON)) == {"division_head"}


def test_an_answer_is_held_back_for_a_document_cited_badly_and_for_a_suspected_ground(profiles):
    good = "Căn cứ Nghị định số 43/2011/NĐ-CP ngày 13/6/2011 của Chính phủ quy định về việc cung cấp thông tin."

    assert check_answer(profiles["hanam"], good, ON) == ()
    assert (
        codes_of(check_answer(profiles["hanam"], "theo Thông tư 39/2017/TT-BTTTT", ON))[0]
        == "citation:missing-date"
    )
    assert codes_of(check_answer(profiles["hanam"], "Đồ vô học! " + good, ON)) == [
        "prohibited:hanam_p1b"
    ]


# grounds


def test_a_suspicion_waits_for_a_human_who_confirms_or_dismisses_it(profiles):
    rule = profiles["hanam"].rule("hanam.d5.k1c.unlawful-advertising")
    matter = Matter("article", fold("Chữa khỏi hoàn toàn, mua ngay hôm nay!"))

    suspected = ground(rule, matter, ON)
    confirmed = ground(
        rule,
        matter,
        ON,
        Judgement("hanam_p1c", confirmed=True, by="editor", reason="quảng cáo thuốc"),
    )
    dismissed = ground(
        rule,
        matter,
        ON,
        Judgement("hanam_p1c", confirmed=False, by="editor", reason="trích báo cáo"),
    )

    assert codes(suspected) == codes(confirmed) == ["prohibited:hanam_p1c"]
    assert suspected.findings[0].needs_human
    assert not confirmed.findings[0].needs_human
    assert codes(dismissed) == []
    with pytest.raises(ValueError, match="reason"):
        Judgement("hanam_p1c", confirmed=True, by="editor", reason=" ")


def test_a_human_may_name_a_ground_without_any_sign(profiles):
    rule = profiles["langson"].rule("langson.d8.k5.malware")

    check = ground(
        rule,
        Matter("article", ""),
        ON,
        Judgement("langson_5", confirmed=True, by="editor", reason="tệp đính kèm"),
    )

    assert codes(check) == ["prohibited:langson_5"]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("http://trang-vi-pham.example.net/bai", True), ("https://www.trang-vi-pham.example.net", True),
        ("http://example.net/trang-vi-pham.example.net", False), ("http://[broken", False),
    ],
)  # fmt: skip
def test_only_links_to_reported_hosts_are_suspected(link, found, profiles):
    rule = profiles["langson"].rule("langson.d8.k1e.violating-links")
    matter = Matter("article", "", (link,), frozenset({"trang-vi-pham.example.net"}))

    assert bool(codes(ground(rule, matter, ON))) is found


@pytest.mark.parametrize(
    ("text", "phrase", "said"),
    [
        ("hỏi đáp pháp luật", "đập phá", False), ("ĐẬP PHÁ trụ sở", "đập phá", True),
        ("dap pha tru so", "đập phá", True), ("nâng cao", "cao", True), ("caosu", "cao", False),
    ],
)  # fmt: skip
def test_a_phrase_is_said_in_whole_words(text, phrase, said):
    assert says(fold(text), phrase) is said


def test_a_judgement_travels_with_a_submission(profiles, calendar):
    text = "Sản phẩm chữa khỏi hoàn toàn"
    plain = Submission(category="news", title="Tin", body=text, author="A", source="B")
    judged = Submission(
        category="news", title="Tin", body=text, author="A", source="B",
        judgements=(Judgement("hanam_p1c", confirmed=False, by="editor", reason="lời người bệnh"),),
    )  # fmt: skip

    assert check_submission(profiles["hanam"], plain, AT, calendar).errors == (
        "prohibited:hanam_p1c",
    )
    assert check_submission(profiles["hanam"], judged, AT, calendar).valid


def test_each_regulation_threatens_what_its_text_says(profiles):
    """HN Đ21, BD Đ28, LS Đ16; the text of Khánh Hòa has no sanction."""
    found = {
        rule.id: rule.params.kinds
        for profile in profiles.values()
        for rule in profile.rules.values()
        if rule.function == "duty.sanction"
    }

    assert found == {
        "binhduong.d28.sanction": ("by_law",),
        "hanam.d21.sanctions": (
            "discipline",
            "administrative_fine",
            "criminal_liability",
            "compensation",
        ),
        "langson.d16.sanctions": ("law", "department_rules"),
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Nghị định số 43/2011/NĐ-CP của Chính phủ. " * 6_000, id="citations"),
        pytest.param("đập " * 60_000, id="half a hint"),
        pytest.param("\u00c3\u00a0" * 125_000, id="sequences"),
    ],
)
def test_a_quarter_of_a_megabyte_is_checked_in_linear_time(body, profiles, calendar):
    start = time.process_time()

    check_submission(
        profiles["hanam"], Submission(category="news", title="Tin", body=body), AT, calendar
    )
    check_answer(profiles["hanam"], body, ON)

    assert time.process_time() - start < 20


# routes


@pytest.mark.parametrize(
    "agency", [row for row in AGENCIES if row.get("supplies")], ids=lambda row: row["id"]
)
def test_every_supplier_of_the_matrix_is_found_by_its_points(agency, profiles):
    named = {point for point in agency["supplies"] if re.match(r"k\d", point)}
    suppliers = [
        rule for rule in profiles["binhduong"].rules.values()
        if rule.function == "routing.supplier" and rule.params.agency == agency["id"]
    ]  # fmt: skip

    assert suppliers
    points = {point for rule in suppliers for point in rule.params.points}
    assert {point.partition(":")[0] for point in named} <= points


def test_law_guidance_goes_to_labour_only_where_it_is_about_labour(profiles):
    labour = supplier_of(
        profiles["binhduong"], "law_guidance", None, "Chế độ cho người lao động", ON
    )
    other = supplier_of(profiles["binhduong"], "law_guidance", None, "Quy định về hộ tịch", ON)

    assert labour is not None
    assert labour.to == "binhduong.sldtbxh"
    assert other is None


def test_routes_of_questions_and_of_members(profiles):
    hanam, khanhhoa = profiles["hanam"], profiles["khanhhoa"]

    unclear = fallback(
        hanam.rule("hanam.d18.k3dd.unclear-to-standing-agency"), "competence_unclear", ON
    )
    other = fallback(hanam.rule("hanam.d18.k3dd.unclear-to-standing-agency"), "out_of_scope", ON)
    member = field_member(
        khanhhoa.rule("khanhhoa.d5.k7.g1.member-moderates"), "finance_department", ON
    )

    assert (unclear.to, unclear.notify_asker) == ("standing_agency", True)
    assert other.to is None
    assert member.to == "member_finance"
    assert (
        supplier(profiles["binhduong"].rule("binhduong.d12.k7.justice"), "news", None, "", ON).to
        is None
    )


# formats


@pytest.mark.parametrize("category", ["legal_document", "direction"])
def test_a_document_that_does_not_say_whom_it_was_sent_to_is_asked_for_it(
    profiles, calendar, category
):
    """Lạng Sơn Điều 6 khoản 9 (AMB-42): a warning with its other reading, never silence, never a return by itself."""
    langson = profiles["langson"]

    def found(text: str, **fields: object) -> list[tuple[str, str]]:
        given = Submission(category=category, title="Kế hoạch", body=text, fields=fields)
        checked = check_submission(langson, given, AT, calendar)
        return [(each.code, each.severity) for each in checked.findings if "recipient" in each.code]

    asked = [("recipients_not_stated", "warning")]
    tail = "Kế hoạch này có hiệu lực.\nNơi nhận:\n- Như Điều 3;\n- "

    assert found("Kế hoạch.") == asked
    assert found("Kế hoạch.", recipients=[" "]) == asked
    assert found("Các đơn vị ghi rõ nơi nhận là Trang TTĐT Sở Ngoại vụ.") == asked
    assert found(tail + "Trang TTĐT Sở Ngoại vụ tỉnh Lạng Sơn;\n- Lưu: VT.") == []
    assert found(tail + "Sở Tư pháp;") == [("recipient_not_named", "error")]
    assert found("Kế hoạch.", recipients=["Sở Tư pháp"]) == [("recipient_not_named", "error")]
    explanation = recipient_named(
        langson.rule("langson.d6.k9.recipient-named"), category, None, ON
    ).explanation
    assert [each.id for each in explanation.readings] == ["AMB-42"]
    assert explanation.outcome.nearest[0].code == "state-recipients"


def test_the_font_the_recipient_the_language_and_the_media(profiles):
    langson = profiles["langson"]
    fonts = langson.rule("langson.d7.k2.font-and-encoding")
    named = langson.rule("langson.d6.k9.recipient-named")
    site = ["UBND tỉnh", "TRANG TTĐT (website) Sở Ngoại vụ tỉnh Lạng Sơn;"]

    assert codes(font(fonts, [Attached("a.docx", "Times New Roman", 14)], ON)) == []
    assert codes(font(fonts, [Attached("a.docx", "Times New Roman", 13)], ON)) == [
        "format_not_times_new_roman_14"
    ]
    assert codes(font(fonts, [Attached("a.docx", "Times New Roman", 16)], ON)) == [
        "format_not_times_new_roman_14"
    ]
    assert codes(font(fonts, [Attached("a.pdf")], ON)) == []
    assert codes(recipient_named(named, "legal_document", site, ON)) == []
    assert codes(recipient_named(named, "legal_document", ["Lưu: VT"], ON)) == [
        "recipient_not_named"
    ]
    assert codes(recipient_named(named, "news", ["Lưu: VT"], ON)) == []
    assert codes(recipient_named(named, "direction", ["Website Sở Ngoại vụ tỉnh"], ON)) == []
    assert codes(language(langson.rule("langson.d2.k2.languages"), "zh", ON)) == []
    assert codes(language(langson.rule("langson.d2.k2.languages"), "fr", ON)) == [
        "language_not_served:fr"
    ]
    assert codes(media(langson.rule("langson.d2.k8.media-types"), "audio", ON)) == []


def test_a_wrong_character_set_is_refused_and_other_damage_is_recorded(profiles):
    rule = profiles["hanam"].rule("hanam.d6.k1.character-set")

    assert codes(encoding(rule, inspect_text("Héi nghÞ triÓn khai"), ON)) == ["encoding:TCVN3"]
    assert codes(encoding(rule, inspect_text("\u00d0iều\u200b 5"), ON)) == [
        "text_zero_width",
        "text_eth",
    ]
    assert codes(encoding(rule, inspect_text("Điều 5"), ON)) == []


@pytest.mark.parametrize(
    "agency", [row for row in AGENCIES if row.get("domain")], ids=lambda row: row["id"]
)
def test_every_written_agency_has_a_domain_that_its_regulation_allows(agency, profiles):
    if agency["jurisdiction"] not in {"hanam", "binhduong"}:
        return
    kind = "district" if agency["kind"] == "district" else "department"

    named = domain_name(
        profiles[agency["jurisdiction"]], kind, agency["domain"], agency["name_vi"], ON
    )

    assert codes(named) == []


@pytest.mark.parametrize(
    ("kind", "host", "name", "code"),
    [
        ("province", "hanam.gov.vn", "UBND tỉnh Hà Nam", None),
        ("province", "www2.hanam.gov.vn", "UBND tỉnh Hà Nam", "domain_form"),
        ("department", "sotuphap.hanam.gov.vn", "Sở Tư pháp", None),
        ("department", "stp.hanam.gov.vn.example.org", "Sở Tư pháp", "domain_form"),
        ("department", "stp.hanam.gov.vn\n", "Sở Tư pháp", "domain_form"),
        ("department", "Sở.hanam.gov.vn", "Sở Tư pháp", "domain_form"),
        ("department", "-stp.hanam.gov.vn", "Sở Tư pháp", "domain_form"),
        ("department", "a." * 200 + "hanam.gov.vn", "Sở Tư pháp", "domain_form"),
        ("district", "phuly.hanam.gov.vn", "UBND thành phố Phủ Lý", None),
        ("district", "pl.hanam.gov.vn", "UBND thành phố Phủ Lý", "domain_not_full_name"),
    ],
)
def test_domain_names(kind, host, name, code, profiles):
    named = domain_name(profiles["hanam"], kind, host, name, ON)

    assert codes(named) == ([code] if code else [])
    if kind == "district":
        assert named.proposed == "phuly.hanam.gov.vn"


def test_a_kind_of_site_without_a_rule_is_named(profiles):
    with pytest.raises(LookupError, match="commune"):
        domain_name(profiles["hanam"], "commune", "x.hanam.gov.vn", "X", ON)


# counters


def test_figures_are_asked_for_from_level_three_and_no_figure_is_invented(profiles):
    rule = profiles["binhduong"].rule("binhduong.d15.k3.usage-counters")
    kept = {"usage_frequency": 0, "processing_progress": 3, "dossiers_processed": None}

    assert codes(counters(rule, None, 2, ON)) == []
    assert codes(counters(rule, kept, 3, ON)) == ["missing_figure:dossiers_processed"]
    never = {key: value for key, value in kept.items() if value is not None}
    assert codes(counters(rule, never, 3, ON)) == ["missing_figure:dossiers_processed"]


def test_the_monthly_plan(profiles):
    rule = profiles["langson"].rule("langson.d7.k5.monthly-count")

    assert codes(quota(rule, 5, 5, ON)) == []
    assert codes(quota(rule, 4, 5, ON)) == ["below_plan"]
    assert codes(quota(rule, 4, None, ON)) == ["no_plan"]
    with pytest.raises(ValueError, match="published"):
        quota(rule, -1, 5, ON)


# publication clocks


@pytest.mark.parametrize(
    ("profile", "category", "event", "facts", "due"),
    [
        ("hanam", "legal_document", ("issued", "2024-04-26"), {}, "2024-05-03"),
        (
            "hanam",
            "legal_document",
            ("issued", "2024-04-26"),
            {"agency_role": "in_scope"},
            "2024-05-14",
        ),
        ("hanam", "law_guidance", ("law_issued", "2024-04-22"), {}, "2024-05-15"),
        ("langson", "legal_document", ("issued", "2026-01-08"), {}, "2026-01-10"),
        ("binhduong", "science_topic", ("approved", "2024-06-03"), {}, "2024-07-01"),
        ("binhduong", "science_topic", ("accepted", "2024-06-03"), {}, "2024-07-01"),
        ("binhduong", "statistics", ("decided_to_publish", "2024-04-03"), {}, "2024-04-17"),
        ("binhduong", "gazette", ("issued", "2024-04-03"), {}, None),
    ],
)
def test_publication_clocks(profile, category, event, facts, due, profiles, calendar):  # noqa: PLR0917 - a table row
    limit = publication_due(
        profiles[profile], category, Event(event[0], date.fromisoformat(event[1])), calendar, facts
    )

    assert (limit and limit.due) == (due and date.fromisoformat(due))


def test_an_exception_goes_before_the_rule_that_it_beats(profiles, calendar):
    """Were the ten days of agencies in scope for everybody, the issuer's two would still be the issuer's."""
    hanam = profiles["hanam"]
    wide = replace(hanam.rules["hanam.d9.k1c.in-scope"], when={"category": {"legal_document"}})
    profile = replace(
        hanam, rules={wide.id: wide, **{k: v for k, v in hanam.rules.items() if k != wide.id}}
    )

    limit = publication_due(profile, "legal_document", Event("issued", date(2024, 4, 26)), calendar)

    assert limit is not None
    assert limit.rule == "hanam.d9.k1c.issuer"


def test_an_item_is_overdue_from_the_end_of_its_last_day(profiles, calendar):
    submission = Submission(category="statistics", title="Báo cáo", body="Số liệu", author="A", source="B",
                            event=Event("decided_to_publish", date(2024, 4, 3)))  # fmt: skip
    last = datetime.fromisoformat("2024-04-17T23:59:59+07:00")

    assert check_submission(profiles["binhduong"], submission, last, calendar).valid
    assert check_submission(
        profiles["binhduong"], submission, last + timedelta(seconds=1), calendar
    ).errors == ("overdue",)


# royalties


def a_work(**changes):
    values = {
        "genre": "news", "coefficient": Decimal("1.5"), "frame": "portal", "on": date(2024, 8, 1),
        "shares": (Share("An", "author", 1),),
    }  # fmt: skip
    return Work(**{**values, **changes})


def test_a_royalty_is_coefficient_times_a_tenth_of_the_base_salary(profiles):
    rule = profiles["langson"].rule("langson.d4.k6.royalty-rates")

    before = royalty(rule, a_work(on=date(2024, 6, 30)), load_royalties())
    after = royalty(rule, a_work(on=date(2024, 7, 1)), load_royalties())

    assert (before.total, after.total) == (270_000, 351_000)
    assert after.amounts == {"An": 351_000}
    assert "table-unconfirmed" in [warned.code for warned in after.explanation.warnings]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"coefficient": Decimal("2.1")}, "coefficient-above-frame"),
        ({"coefficient": Decimal("0.4")}, "coefficient-below-frame"),
        ({"genre": "poem"}, "genre-not-in-frame:poem"),
        ({"shares": (Share("An", "driver", 1),)}, "payee-not-named:driver"),
    ],
)
def test_a_royalty_outside_its_frame_or_to_a_stranger_is_refused_with_a_way_out(
    change, code, profiles
):
    rule = profiles["langson"].rule("langson.d4.k6.royalty-rates")

    refused = royalty(rule, a_work(**change), load_royalties())

    assert refused.refused == (code,)
    assert (refused.total, dict(refused.amounts)) == (0, {})
    assert refused.explanation.outcome.nearest


def test_a_royalty_needs_a_table_for_its_day_and_positive_shares(profiles):
    rule = profiles["langson"].rule("langson.d4.k6.royalty-rates")

    with pytest.raises(NoTable, match="base_salary"):
        royalty(rule, a_work(on=date(2018, 1, 1)), load_royalties())
    with pytest.raises(ValueError, match="shares"):
        royalty(rule, a_work(shares=()), load_royalties())


@settings(deadline=None)
@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_shares_add_up_and_stay_within_one_dong_of_their_part(total, parts):
    shares = split(total, parts)

    assert sum(shares) == total
    assert all(
        abs(share * sum(parts) - total * part) < sum(parts)
        for share, part in zip(shares, parts, strict=True)
    )


def test_odd_dong_go_to_the_largest_remainder_then_to_the_first():
    assert split(100, [1, 1, 1]) == (34, 33, 33)
    assert split(10, [1, 2]) == (3, 7)


# duties, and every rule of every profile


def test_duties_say_who_must_do_what(profiles):
    hanam = profiles["hanam"]
    of = {rule.function: rule for rule in hanam.rules.values()}

    told = [
        stated(of["duty.stated"], ON), responsible(of["duty.responsible"], ON),
        sanction(of["duty.sanction"], ON), definition(of["definition"], ON),
    ]  # fmt: skip

    for statement in told:
        for lang in ("vi", "en"):
            assert "{" not in " ".join(sentences(statement.explanation, lang))


def test_every_function_is_named_by_a_profile_and_every_name_has_a_function(profiles):
    named = {rule.function for profile in profiles.values() for rule in profile.rules.values()}

    assert named - set(rules()) == set()
    assert set(rules()) - named <= ASKED_BY_NO_TEXT


def test_equal_inputs_give_equal_bytes(profiles, calendar):
    submission = Submission(
        category="legal_document",
        title="Quyết định",
        fields={"number": "22/2023/QĐ-UBND", "issue_date": "2024-06-03"},
    )

    first, second = (
        check_submission(profiles["binhduong"], submission, AT, calendar).explanation.to_json()
        for _ in range(2)
    )

    assert first == second


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_finding_reads_as_sentences(lang, profiles, calendar):
    submission = Submission(
        category="legal_document", title="Quy\u1ebf\u0301t", body="H\u00e9i ngh\u00de tri\u00d3n khai",
        fields={"number": "22/2023/TT-BTC", "doc_type": "Quyết định", "issuing_authority": "UBND tỉnh",
                "issue_date": "2024-06-03", "effective_date": "2024-06-01", "recipients": ["VT"]},
        flags=frozenset({"source_requires_agreement"}), event=Event("issued", date(2024, 1, 3)),
    )  # fmt: skip
    for profile in profiles.values():
        lines = sentences(check_submission(profile, submission, AT, calendar).explanation, lang)

        assert lines
        assert all(line.strip() for line in lines)
        assert "{" not in "".join(lines)
