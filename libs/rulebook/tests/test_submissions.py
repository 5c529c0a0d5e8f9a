"""A submission is checked against everything its regulation asks, and every written example comes out as expected."""

import base64
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from rulebook.rules.formats import Attached
from rulebook.sentences import sentences
from rulebook.submissions import Event, Submission, check_submission, content_faults

ROWS = json.loads((Path(__file__).parent / "data" / "articles.json").read_text("utf-8"))["articles"]
REPORTED = frozenset({"trang-vi-pham.example.net"})


def submission_of(row):
    source = row["source"] or {}
    event = row["event"]
    raw = row.get("body_base64")
    return Submission(
        category=row["category"],
        title=row["title"],
        body=row["body"],
        raw=base64.b64decode(raw) if raw else None,
        author=row["author"],
        source=source.get("name"),
        language=row["language"],
        fields=row["fields"],
        files=tuple(Attached(f["name"], f.get("font"), f.get("size")) for f in row["attachments"]),
        links=tuple(row.get("links", ())),
        event=Event(event["type"], date.fromisoformat(event["date"])) if event else None,
        agency_role=row.get("issuer_role", "issuer"),
        facts={"channel": row["channel"].replace("-", "_")},
        similar_percent=round(row.get("similarity_to_source", 0) * 100),
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_written_submission_comes_out_as_expected(row, profiles, calendar):
    expected = row["expected"]
    profile = profiles[row["jurisdiction"]]
    at = datetime.fromisoformat(row["submitted_at"])

    check = check_submission(profile, submission_of(row), at, calendar, REPORTED)

    assert sorted(check.errors) == sorted(expected["errors"])
    assert sorted(check.warnings) == sorted(expected["warnings"])
    assert check.valid is expected["valid"]
    if "due_date" in expected:
        assert check.due is not None
        assert check.due.due == date.fromisoformat(expected["due_date"])
        assert profile.rule(check.due.rule).params.limit.n == expected["deadline_wd"]
    assert all(
        finding.explanation.outcome.nearest or finding.code == "overdue"
        for finding in check.findings
    )
    assert check.explanation.steps[0].values["rules"]
    if "route_to" in expected:
        assert check.route is not None
        assert check.route.to == expected["route_to"]


def test_what_is_only_late_is_published_at_once(profiles, calendar):
    """It is not told that it cannot be published: the duty does not end with its time."""
    news = Submission(
        category="law_guidance", title="Hướng dẫn", body="Luật mới.", author="Nguyễn A",
        source="Sở Tư pháp", fields={"legal_basis": "Luật số 31/2024/QH15"},
        event=Event("law_issued", date(2026, 8, 3)),
    )  # fmt: skip
    at = datetime.fromisoformat("2026-08-31T09:00:00+07:00")

    check = check_submission(profiles["hanam"], news, at, calendar)

    assert check.errors == ("overdue",)
    assert sentences(check.explanation, "vi")[:2] == (
        "Bài gửi đạt các yêu cầu đã kiểm tra nhưng đã quá hạn đăng.",
        "Cách gần nhất: đăng ngay và ghi lý do trễ hạn.",
    )


@pytest.mark.parametrize("name", ["issue_date", "effective_date"])
def test_a_record_with_a_day_that_does_not_exist_is_found(profiles, calendar, name):
    """Otherwise it would count as given, and never be compared."""
    submission = Submission(
        category="legal_document", title="x", body="x", fields={name: "2024-02-30"}
    )

    checked = check_submission(
        profiles["hanam"], submission, datetime.fromisoformat("2026-10-05T09:00:00+07:00"), calendar
    )

    found = [each for each in checked.findings if each.code == f"malformed_field:{name}"]
    assert [each.severity for each in found] == ["error"]
    assert found[0].explanation.outcome.nearest[0].code == "write-real-date"


@pytest.mark.parametrize(
    ("category", "fields", "agency"),
    [
        ("strategy_plan", {}, None),
        ("strategy_plan", {"point": "k5c"}, "binhduong.sxd"),
        ("introduction", {}, "binhduong.snv"),
    ],
)
def test_nobody_owes_a_plan_whose_point_is_not_named(profiles, calendar, category, fields, agency):
    """Three agencies share the points of khoản 5 (BD Đ12 k3, k5, k6); one alone owes the introduction (Đ12 k2)."""
    plan = Submission(category=category, title="Kế hoạch", body="Toàn văn.", fields=fields)
    at = datetime.fromisoformat("2024-07-02T09:00:00+07:00")

    route = check_submission(profiles["binhduong"], plan, at, calendar).route

    assert (route.to if route else None) == agency


def test_recipients_that_leave_the_site_out_keep_no_document_from_its_readers(profiles, calendar):
    """No board can change whom a document was sent to, and its duty to publish within days stands (AMB-42)."""
    langson, at = profiles["langson"], datetime.fromisoformat("2026-11-24T09:00:00+07:00")
    text = "Kế hoạch này có hiệu lực.\nNơi nhận:\n- Như Điều 3;\n- Sở Tư pháp;"
    document = Submission(
        category="direction",
        title="Kế hoạch",
        body=text,
        fields={"number": "15/2023/QĐ-UBND", "issue_date": "2026-11-20"},
    )

    wrong = set(check_submission(langson, document, at, calendar).errors)
    faults = {each.code for each in content_faults(langson, document, at.date())}

    assert "recipient_not_named" in wrong
    assert faults
    assert faults == wrong - {"recipient_not_named"}
