"""The profile of Bình Dương says what decision 04/2013/QĐ-UBND says, where it says it, and where its scan is wrong."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.calendar import Calendar
from rulebook.calendar_files import load_calendar
from rulebook.deadlines import deadline
from rulebook.files import CONTRACTS
from rulebook.periodic import next_due
from rulebook.profiles.clauses import Clause, Place, clauses_of, collapsed
from rulebook.profiles.loader import read_profile
from rulebook.profiles.model import Profile, Span
from rulebook.profiles.yaml12 import read_yaml
from rulebook.rules.counters import counters
from rulebook.rules.levels import Service, derive_level
from rulebook.rules.required import required_fields
from rulebook.rules.routes import supplier
from rulebook.separation import in_order

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
FOLDER = CONTRACTS / "regulations"
TEXT = (FOLDER / "texts" / "binhduong.txt").read_text(encoding="utf-8")
CLAUSES = {clause.place: clause for clause in clauses_of(TEXT)}
DATA = cast("dict[str, Any]", read_yaml(FOLDER / "binhduong@1.yaml"))
RULES: list[dict[str, Any]] = DATA["rules"]
LIMITS = {
    "d13.k2.law-guidance": 15,
    "d13.k3a.issuer": 2,
    "d13.k3b.in-scope": 10,
    "d13.k4.strategy-and-project": 10,
    "d13.k5.science-approved": 20,
    "d13.k5.science-accepted": 20,
    "d13.k6.statistics": 10,
    "pl.ii-1-8.fallback-until-2022": 15,
    "pl.ii-1-8.fallback-default": 15,
}
"""Working days."""
FIELDS = {
    "d9.k3.author-and-source": "author source",
    "d11.k1a.introduction-province": "chart structure functions history leaders(name biography duties)",
    "d11.k1b.introduction-department": "chart structure functions history leaders(name biography duties)",
    "d11.k1c.introduction-district": "apparatus boundary_map natural_conditions history culture heritage"
    " leaders(name biography duties)",
    "d11.k3.direction": "doc_number issue_date",
    "d11.k4.law-guidance": "title body legal_basis",
    "d11.k6.legal-document": "doc_type issuing_authority number issue_date effective_date abstract file",
    "d11.k7.gazette": "gazette_number issue_date documents(number abstract)",
    "d11.k8.project": "name investor place objective field project_type period budget_vnd"
    " compensation_plan funding_type funder status",
    "d11.k9c.consultation": "full_text deadline receiver_address receiver_email",
    "d11.k10.officials-contact": "entries(name position unit phone email)",
    "d11.k11.site-contact": "address phone fax email",
    "d11.k12a.science-list": "code name management_level field host_unit period",
    "d11.k12b.science-result": "general_report application_report",
    "d16.procedure-parts": "sequence methods dossier number_of_sets time_limit applicants authority result",
    "d22.b1.source": "source",
}
READINGS = {f"AMB-{n}" for n in (12, 13, 14, 15, 16, 27, 28, 31, 36, 37, 39)}
STEPS = ("enter", "edit", "approve")


@pytest.fixture(scope="module")
def profile() -> Profile:
    found, faults = read_profile(FOLDER / "binhduong@1.yaml")
    assert found is not None, faults
    assert faults == ()
    return found


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_every_quotation_stands_inside_the_place_its_rule_names(rule: dict[str, Any]) -> None:
    clause = CLAUSES[Place(**rule["at"])]

    assert collapsed(rule["quote"]) in collapsed(TEXT[clause.start : clause.end])


def test_every_clause_carries_a_rule_or_says_why_it_carries_none() -> None:
    settled = {Place(**each["at"]) for each in (*RULES, *DATA["no_rule"])}

    assert [str(place) for place, clause in CLAUSES.items() if not _settled(clause, settled)] == []


def test_a_clause_without_a_rule_carries_none() -> None:
    carried = {Place(**rule["at"]) for rule in RULES}

    assert [each for each in DATA["no_rule"] if Place(**each["at"]) in carried] == []


def test_every_ambiguity_of_the_text_is_named_by_a_rule() -> None:
    assert {each["id"] for rule in RULES for each in rule.get("ambiguity", ())} == READINGS


def test_no_rule_claims_a_jurist_who_has_not_looked() -> None:
    assert {tuple(rule["verified"].values()) for rule in RULES} == {(None, None)}


def test_an_evident_reading_differs_from_the_print_and_is_given_only_where_it_does() -> None:
    assert [rule["id"] for rule in RULES if rule.get("reads") == rule["quote"]] == []


@pytest.mark.parametrize(
    "stray",
    ["tuyển", "Websie", "Websic", "websit ", "không đấu", "để tài", "lện ", "hiến thị", ". của"],
)
def test_no_evident_reading_keeps_an_error_of_the_scan(stray: str) -> None:
    told = [rule.get("reads") or rule["quote"] for rule in RULES]

    assert [each for each in told if stray in each] == []


def test_every_limit_is_the_one_of_the_text() -> None:
    limited = {rule["id"]: rule["params"]["limit"] for rule in RULES if "limit" in rule["params"]}

    assert limited == {
        f"binhduong.{each}": {"n": n, "unit": "working_day"} for each, n in LIMITS.items()
    }


@pytest.mark.parametrize(
    ("rule", "event", "due"),
    [
        ("d13.k2.law-guidance", "2024-04-22", "2024-05-15"),
        ("d13.k3a.issuer", "2024-06-03", "2024-06-05"),
        ("d13.k3b.in-scope", "2024-04-24", "2024-05-10"),
        ("d13.k4.strategy-and-project", "2024-02-01", "2024-02-22"),
        ("d13.k4.strategy-and-project", "2024-08-26", "2024-09-11"),
        ("d13.k5.science-accepted", "2024-06-03", "2024-07-01"),
        ("d13.k6.statistics", "2024-04-03", "2024-04-17"),
    ],
)
def test_publication_is_due_counting_from_the_day_after_the_event(
    profile: Profile, calendar: Calendar, rule: str, event: str, due: str
) -> None:
    at = datetime.fromisoformat(event).replace(tzinfo=LOCAL)

    assert str(deadline(_rule(profile, rule), at, calendar).due) == due


def test_the_answering_time_of_the_replaced_decree_is_a_default_and_no_limit_since_it_ended(
    profile: Profile, calendar: Calendar
) -> None:
    received = datetime(2024, 11, 6, 8, tzinfo=LOCAL)
    once, now = (
        _rule(profile, f"pl.ii-1-8.{each}") for each in ("fallback-until-2022", "fallback-default")
    )

    found = deadline(now, received, calendar)

    assert (found.due, found.legal) == (date(2024, 11, 27), False)
    assert "not-a-legal-limit" in {each.code for each in found.explanation.warnings}
    assert (once.params.legal, once.span.end, now.span.start) == (
        True,
        date(2022, 8, 15),
        date(2022, 8, 15),
    )


def test_the_hanam_way_of_counting_is_told_as_the_other_reading(
    profile: Profile, calendar: Calendar
) -> None:
    received = datetime(2024, 11, 6, 8, tzinfo=LOCAL)

    found = deadline(_rule(profile, "pl.ii-1-8.fallback-default"), received, calendar)

    given = {each.id: [other.gives for other in each.others] for each in found.explanation.readings}
    assert given["AMB-37"] == ["2024-11-26"]


def test_the_date_of_the_consolidated_report_binds_and_that_of_the_agencies_is_a_default(
    profile: Profile, calendar: Calendar
) -> None:
    on = date(2024, 6, 1)
    whole, agencies = (
        next_due(_rule(profile, f"d27.{each}"), on, calendar)
        for each in ("consolidated-report", "agency-report")
    )

    assert (whole.due, agencies.due) == (date(2024, 11, 30), date(2024, 11, 14))
    assert "not-a-legal-limit" in {each.code for each in agencies.explanation.warnings}
    assert "not-a-legal-limit" not in {each.code for each in whole.explanation.warnings}


def test_approval_is_the_third_of_three_steps_and_displays_the_item(profile: Profile) -> None:
    process = profile.processes["binhduong.publishing"]

    assert (tuple(process.steps), process.required, process.published) == (STEPS, STEPS, "approve")


def test_a_draft_that_was_not_edited_cannot_be_approved(profile: Profile) -> None:
    order = _rule(profile, "d22.three-steps")

    assert not in_order(order, ["enter"], "approve", date(2024, 6, 3)).kept
    assert in_order(order, ["enter", "edit"], "approve", date(2024, 6, 3)).kept


@pytest.mark.parametrize(
    ("act", "takers"),
    [("enter", {"p0", "p1", "p2"}), ("edit", {"p1"}), ("approve", {"p2"})],
)
def test_each_step_is_taken_by_whom_the_text_names(
    profile: Profile, act: str, takers: set[str]
) -> None:
    board = _board("board_member", "deputy_board_head", "board_head")

    allowed = {
        each for each in ("p0", "p1", "p2") if prove(profile, _act(each, act), board).allowed
    }

    assert allowed == takers


def test_an_officer_with_the_heads_authority_approves(profile: Profile) -> None:
    board = _board("board_member", "deputy_board_head", "board_head")
    given = Delegation("u1", "p2", "p0", Span(), "04/GUQ", frozenset({"approve"}))

    assert prove(profile, _act("p0", "approve"), Powers(board.positions, (given,))).allowed


def test_every_point_of_the_strategy_clause_has_one_supplier() -> None:
    suppliers = {
        point: rule["params"]["agency"]
        for rule in RULES
        if rule["function"] == "routing.supplier"
        for point in rule["params"]["points"]
        if point.startswith("k5")
    }

    assert suppliers == {
        "k5a": "binhduong.skhdt",
        "k5b": "binhduong.skhdt",
        "k5c": "binhduong.sxd",
        "k5d": "binhduong.stnmt",
        "k5đ": "binhduong.stnmt",
        "k5e": "binhduong.stnmt",
    }


@pytest.mark.parametrize(
    ("category", "point", "text", "agency"),
    [
        ("law_guidance", None, "huong dan che do tai nan lao dong", "binhduong.sldtbxh"),
        ("law_guidance", None, "hoi dap phap luat ve can cuoc", None),
        ("strategy_plan", "k5d", "ke hoach su dung dat", "binhduong.stnmt"),
        ("gazette", "k7", "cong bao so 5", "binhduong.vpubnd"),
        ("news", None, "hoi nghi tong ket", None),
    ],
)
def test_content_is_owed_by_the_agency_the_text_names(
    profile: Profile, category: str, point: str | None, text: str, agency: str | None
) -> None:
    rules: list[Any] = [
        each for each in profile.rules.values() if each.function == "routing.supplier"
    ]

    found = {supplier(each, category, point, text, date(2024, 6, 3)).to for each in rules}

    assert found - {None} == ({agency} if agency else set())


@pytest.mark.parametrize(
    ("service", "level"),
    [
        (Service(fee=0), 1),
        (Service(forms={"tờ khai": True}), 2),
        (Service(forms={"tờ khai": True}, submit_online=True), 2),
        (Service(forms={"tờ khai": True}, submit_online=True, processing_online=True), 3),
        (Service(submit_online=True, processing_online=True, fee=10_000, pay_online=True), 4),
        (Service(submit_online=True, processing_online=True, result_remote=True), 4),
        (Service(submit_online=True, processing_online=True, fee=10_000, result_remote=True), 3),
    ],
)
def test_a_services_level_climbs_only_as_far_as_every_condition_holds(
    profile: Profile, service: Service, level: int
) -> None:
    parts = _rule(profile, "d16.procedure-parts").params.fields
    complete = replace(service, parts=dict.fromkeys(parts, "có"))

    assert derive_level(profile, complete, date(2024, 6, 3)).level == level


@pytest.mark.parametrize(
    ("functions", "codes"),
    [
        (("question_form", "question_tracking"), []),
        (("question_form", "reception_email"), []),
        (("question_form",), ["missing_field:question_tracking_or_reception_email"]),
    ],
)
def test_an_asker_can_follow_a_question_or_write_to_an_address(
    profile: Profile, functions: tuple[str, ...], codes: list[str]
) -> None:
    rule = _rule(profile, "d14.k2.questions-with-tracking")

    found = required_fields(rule, dict.fromkeys(functions, "có"), date(2024, 6, 3))

    assert [each.code for each in found.findings] == codes


def test_a_service_with_forms_declared_at_level_1_is_below_the_least_level(
    profile: Profile,
) -> None:
    parts = _rule(profile, "d16.procedure-parts").params.fields
    service = Service(parts=dict.fromkeys(parts, "có"), forms={"tờ khai": True})

    found = derive_level(profile, service, date(2024, 6, 3), declared=1)

    assert [each.code for each in found.findings] == ["forms_but_level_below_2"]


@pytest.mark.parametrize(("level", "missing"), [(2, 0), (3, 3)])
def test_figures_are_kept_of_services_from_level_3(
    profile: Profile, level: int, missing: int
) -> None:
    found = counters(_rule(profile, "d15.k3.usage-counters"), {}, level, date(2024, 6, 3))

    assert len(found.findings) == missing


@pytest.mark.parametrize("name", FIELDS)
def test_what_must_be_given_is_what_the_text_lists(name: str) -> None:
    params = next(rule["params"] for rule in RULES if rule["id"] == f"binhduong.{name}")

    assert _shown(params) == FIELDS[name]


def test_one_official_without_a_telephone_is_named_by_the_part_that_is_missing(
    profile: Profile,
) -> None:
    entry = {
        "name": "Lý Thị Hạnh",
        "position": "Trưởng phòng",
        "unit": "Sở Y tế",
        "email": "a@b.vn",
    }

    found = required_fields(
        _rule(profile, "d11.k10.officials-contact"), {"entries": [entry]}, date(2024, 6, 3)
    )

    assert [each.code for each in found.findings] == ["missing_field:phone"]


def _board(*roles: str) -> Powers:
    """p0, p1 … hold these roles at the provincial website."""
    return Powers(
        tuple(Position(f"c{n}", f"p{n}", role, "binhduong", Span()) for n, role in enumerate(roles))
    )


def _act(person: str, act: str) -> Act:
    return Act(person, act, "binhduong", datetime(2024, 6, 3, 9, tzinfo=LOCAL))


def _settled(clause: Clause, settled: set[Place]) -> bool:
    """By itself, or (a heading or opening words) by what it contains."""
    return clause.place in settled or (
        clause.lead_end < clause.end and any(each.within(clause.place) for each in settled)
    )


def _shown(params: dict[str, Any]) -> str:
    """The fields with their parts in brackets."""
    parts = {field: f"({' '.join(each)})" for field, each in params.get("parts", {}).items()}
    return " ".join(field + parts.get(field, "") for field in params["fields"])


def _rule(profile: Profile, name: str) -> Any:
    return profile.rule(f"binhduong.{name}")
