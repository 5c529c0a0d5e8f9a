"""The profile of Hà Nam says what decision 19/2019/QĐ-UBND says, where it says it, and gives its worked examples."""

from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.calendar import Calendar
from rulebook.calendar_files import load_calendar
from rulebook.deadlines import deadline
from rulebook.files import CONTRACTS
from rulebook.intake import reception
from rulebook.periodic import next_due
from rulebook.profiles.clauses import Clause, Place, clauses_of, collapsed
from rulebook.profiles.loader import read_profile
from rulebook.profiles.model import Profile, Span
from rulebook.profiles.yaml12 import read_yaml
from rulebook.rules.domains import domain
from rulebook.rules.required import required_fields

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
FOLDER = CONTRACTS / "regulations"
TEXT = (FOLDER / "texts" / "hanam.txt").read_text(encoding="utf-8")
CLAUSES = {clause.place: clause for clause in clauses_of(TEXT)}
DATA = cast("dict[str, Any]", read_yaml(FOLDER / "hanam@1.yaml"))
RULES: list[dict[str, Any]] = DATA["rules"]
LIMITS = {
    "d9.k1b.law-guidance": 15,
    "d9.k1c.issuer": 2,
    "d9.k1c.in-scope": 10,
    "d9.k1d.strategy-and-project": 10,
    "d9.k1e.science-approved": 20,
    "d9.k1e.science-accepted": 20,
    "d9.k1g.statistics": 10,
    "d10.k1.close-incomplete": 10,
    "d10.k5a.own-competence": 5,
    "d10.k5b.inter-sector": 10,
    "d10.k5c.special": 15,
    "d18.k3dd.tell-asker": 1,
    "d18.k3dd.transfer": 1,
    "d18.k3dd.unclear-tell-asker": 1,
    "d18.k3dd.unclear-forward-in-time": 1,
    "d18.k3dd.standing-agency-settles": 1,
    "d18.k3dd.transferred-own": 5,
    "d18.k3dd.transferred-inter": 10,
    "d18.k3dd.transferred-special": 15,
}
"""Working days."""
DEFAULTS = {
    "d10.k1.close-incomplete",
    "d18.k3dd.unclear-tell-asker",
    "d18.k3dd.unclear-forward-in-time",
    "d18.k3dd.standing-agency-settles",
}
FIELDS = {
    "d6.k2.metadata-tt24": "title creator date description publisher identifier",
    "d8.k1.responsible-head-named": "responsible_agency responsible_head",
    "d8.k4.author-and-source": "author source",
    "d8.k4.quotation-agreement": "agreement_ref",
    "d10.k1a.organisation-fields": "representative_name representative_title"
    " head_office_address(house_number street commune province)",
    "d10.k1a.organisation-name": "org_name",
    "d10.k1b.individual-fields": "full_name id_number address(house_number street commune province)",
    "d11.k3.board-composition": "board_head deputy_board_head board_member",
}
ROUTES = {
    "d18.k3dd.not-competent": ("not_competent", "competent_agency", True),
    "d18.k3dd.unclear-to-standing-agency": ("competence_unclear", "standing_agency", True),
    "d18.k3dd.second-transfer": ("second_transfer", "standing_agency", True),
}
READINGS = {f"AMB-{n:02}" for n in (*range(1, 12), 13, 15, 25, 26, 27, 30, *range(32, 37), 40, 41)}


@pytest.fixture(scope="module")
def profile() -> Profile:
    found, faults = read_profile(FOLDER / "hanam@1.yaml")
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


def test_every_limit_is_the_one_of_the_text_and_a_default_says_so() -> None:
    limited = {rule["id"]: rule["params"] for rule in RULES if "limit" in rule["params"]}

    assert {each: params["limit"] for each, params in limited.items()} == {
        f"hanam.{each}": {"n": n, "unit": "working_day"} for each, n in LIMITS.items()
    }
    assert {each for each, params in limited.items() if not params.get("legal", True)} == {
        f"hanam.{each}" for each in DEFAULTS
    }


@pytest.mark.parametrize(
    ("received", "starts", "dues"),
    [
        ("2024-04-26T16:00", "2024-05-02", "2024-05-02 2024-05-07 2024-05-14 2024-05-21"),
        ("2024-05-03T09:00", "2024-05-04", "2024-05-04 2024-05-09 2024-05-16 2024-05-23"),
        ("2025-04-25T08:00", "2025-04-25", "2025-04-25 2025-05-05 2025-05-12 2025-05-19"),
        ("2025-04-25T08:01", "2025-04-26", "2025-04-26 2025-05-06 2025-05-13 2025-05-20"),
        ("2026-02-13T10:00", "2026-02-23", "2026-02-23 2026-02-27 2026-03-06 2026-03-13"),
        ("2026-08-21T15:00", "2026-08-22", "2026-08-22 2026-08-27 2026-09-08 2026-09-15"),
        ("2023-04-28T07:59", "2023-04-28", "2023-04-28 2023-05-09 2023-05-16 2023-05-23"),
    ],
)
def test_questions_are_answered_by_the_days_of_the_worked_examples(
    profile: Profile, calendar: Calendar, received: str, starts: str, dues: str
) -> None:
    named = (
        "d18.k3dd.tell-asker",
        "d10.k5a.own-competence",
        "d10.k5b.inter-sector",
        "d10.k5c.special",
    )
    at = datetime.fromisoformat(received).replace(tzinfo=LOCAL)

    found = [deadline(_rule(profile, each), at, calendar) for each in named]

    assert " ".join(str(each.due) for each in found) == dues
    assert {each.starts for each in found} == {
        datetime.fromisoformat(f"{starts}T08:00").replace(tzinfo=LOCAL)
    }


@pytest.mark.parametrize(
    ("rule", "event", "due"),
    [
        ("d9.k1c.issuer", "2024-04-26", "2024-05-03"),
        ("d9.k1c.issuer", "2026-01-08", "2026-01-10"),
        ("d9.k1c.in-scope", "2024-04-26", "2024-05-14"),
        ("d9.k1b.law-guidance", "2024-04-22", "2024-05-15"),
        ("d9.k1d.strategy-and-project", "2024-02-05", "2024-02-26"),
        ("d9.k1e.science-approved", "2024-06-03", "2024-07-01"),
        ("d9.k1e.science-accepted", "2024-06-03", "2024-07-01"),
        ("d9.k1g.statistics", "2024-04-03", "2024-04-17"),
    ],
)
def test_publication_is_due_counting_from_the_day_after_the_event(
    profile: Profile, calendar: Calendar, rule: str, event: str, due: str
) -> None:
    at = datetime.fromisoformat(event).replace(tzinfo=LOCAL)

    assert str(deadline(_rule(profile, rule), at, calendar).due) == due


def test_another_reading_of_one_day_is_computed_beside_the_one_taken(
    profile: Profile, calendar: Calendar
) -> None:
    friday = datetime(2024, 6, 7, 15, tzinfo=LOCAL)

    reading = deadline(_rule(profile, "d18.k3dd.tell-asker"), friday, calendar).explanation.readings

    assert [(each.id, [other.gives for other in each.others]) for each in reading] == [
        ("AMB-05", ["2024-06-08T15:00:00+07:00", "2024-06-08"])
    ]


@pytest.mark.parametrize("name", FIELDS)
def test_what_must_be_given_is_what_the_text_lists(name: str) -> None:
    params = next(rule["params"] for rule in RULES if rule["id"] == f"hanam.{name}")

    assert _shown(params) == FIELDS[name]


def test_a_question_without_a_home_goes_where_the_text_sends_it() -> None:
    routes = {
        rule["id"]: tuple(rule["params"][key] for key in ("situation", "to", "notify_asker"))
        for rule in RULES
        if rule["function"] == "routing.fallback"
    }
    hops = [rule["params"] for rule in RULES if rule["function"] == "deadline.hop"]

    assert routes == {f"hanam.{name}": route for name, route in ROUTES.items()}
    assert {(hop["max_transfers"], hop["then_to"]) for hop in hops} == {(1, "standing_agency")}


def test_an_answer_names_five_things_of_each_document_it_rests_on() -> None:
    named = ("hanam.d10.k4.cite-documents", "hanam.d10.k4.document-parts")

    parts = [rule["params"]["parts"] for rule in RULES if rule["id"] in named]

    assert parts == [["number", "symbol", "abstract", "date", "issuer"]] * 2


def test_the_issuers_shorter_limit_goes_before_that_of_agencies_in_scope(profile: Profile) -> None:
    assert _rule(profile, "d9.k1c.issuer").exception_to == ("hanam.d9.k1c.in-scope",)


def test_a_working_saturday_is_open_for_questions(profile: Profile, calendar: Calendar) -> None:
    saturday = datetime(2024, 5, 4, 10, tzinfo=LOCAL)

    assert reception(_rule(profile, "d10.k2.intake-week"), saturday, calendar).received == saturday


def test_a_question_of_saturday_is_received_on_monday(profile: Profile, calendar: Calendar) -> None:
    saturday = datetime(2024, 6, 8, 10, tzinfo=LOCAL)

    found = reception(_rule(profile, "d10.k2.intake-week"), saturday, calendar)

    assert found.received == datetime(2024, 6, 10, tzinfo=LOCAL)
    assert found.submitted == saturday


def test_before_a_date_means_by_the_day_before_it(profile: Profile, calendar: Calendar) -> None:
    on = date(2024, 6, 1)

    agencies = next_due(_rule(profile, "d17.k5.agency-report"), on, calendar)
    whole = next_due(_rule(profile, "d17.k5.consolidated-report"), on, calendar)

    assert (agencies.due, whole.due) == (date(2024, 11, 14), date(2024, 11, 30))
    assert (agencies.begins, agencies.ends) == (date(2023, 11, 1), date(2024, 10, 31))


def test_an_answer_is_released_by_the_head_or_on_the_heads_authority(profile: Profile) -> None:
    at = datetime(2024, 6, 10, 9, tzinfo=LOCAL)
    year = Span(date(2024, 1, 1), date(2025, 1, 1))
    head = Position("p1", "an", "agency_head", "hanam.snv", year)
    member = Position("p2", "binh", "board_member", "hanam.snv", year)
    given = Delegation("u1", "an", "binh", year, "12/GUQ-SNV", frozenset({"approve_answer"}))
    release = Act("binh", "approve_answer", "hanam.snv", at)

    assert not prove(profile, release, Powers((head, member))).allowed
    assert prove(profile, release, Powers((head, member), (given,))).allowed


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2025, 6, 30), ["missing_field:head_office_address.district"]),
        (date(2025, 7, 1), []),
    ],
)
def test_the_askers_district_is_asked_for_while_there_are_districts(
    profile: Profile, on: date, codes: list[str]
) -> None:
    address = {"house_number": "1", "street": "Lê Lợi", "commune": "Phủ Lý", "province": "Hà Nam"}
    asker = {
        "representative_name": "Trần Thị Lan",
        "representative_title": "Giám đốc",
        "head_office_address": address,
    }

    found = required_fields(_rule(profile, "d10.k1a.organisation-fields"), asker, on)

    assert [each.code for each in found.findings] == codes


@pytest.mark.parametrize(
    ("rule", "host", "name", "allowed"),
    [
        ("d4.k1a.province-domain", "hanam.gov.vn", "Tỉnh Hà Nam", True),
        ("d4.k1a.province-domain", "www.hanam.vn", "Tỉnh Hà Nam", False),
        ("d4.k1a.province-domain", "hanamxgov.vn", "Tỉnh Hà Nam", False),
        ("d4.k1b.department-domain", "stttt.hanam.gov.vn", "Sở Thông tin và Truyền thông", True),
        ("d4.k1b.department-domain", "a.b.hanam.gov.vn", "Sở Thông tin và Truyền thông", False),
        ("d4.k1b.department-domain", "hanam.gov.vn", "Sở Thông tin và Truyền thông", False),
        ("d4.k1c.district-domain", "kimbang.hanam.gov.vn", "Huyện Kim Bảng", True),
        ("d4.k1c.district-domain", "kb.hanam.gov.vn", "Huyện Kim Bảng", False),
    ],
)
def test_a_site_is_named_as_its_kind_asks(
    profile: Profile, rule: str, host: str, name: str, *, allowed: bool
) -> None:
    found = domain(_rule(profile, rule), host, name, date(2024, 6, 3))

    assert (found.findings == ()) is allowed


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        ("d11.k1c.establish-district-board", "2019-08-15", "2025-07-01"),
        ("d11.k1c.district-board-tasks", "2019-08-15", "2025-07-01"),
    ],
)
def test_rules_of_the_district_level_end_with_it(
    profile: Profile, rule: str, start: str, end: str
) -> None:
    assert _rule(profile, rule).span == Span(date.fromisoformat(start), date.fromisoformat(end))


def test_what_rested_on_a_replaced_decree_is_succeeded_on_the_same_day() -> None:
    by_id = {rule["id"]: rule for rule in RULES}
    pairs = [
        ("d6.k2.operation-nd43", "d6.k2.operation-nd42", date(2022, 8, 15)),
        ("d6.k2.metadata-tt24", "d6.k2.metadata-default", date(2024, 4, 5)),
        ("d7.k1.mandatory-categories", "d7.k1.mandatory-categories-default", date(2022, 8, 15)),
    ]

    for ended, begun, day in pairs:
        assert (by_id[f"hanam.{ended}"]["to"], by_id[f"hanam.{begun}"]["from"]) == (day, day)


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
    return profile.rule(f"hanam.{name}")
