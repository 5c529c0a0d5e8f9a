"""Intake as the console meets it: its own forms, its own check, its own answers, without its stores."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import httpx
from pydantic import ValidationError

from common.errors import DomainError
from common.markup import check_at_rest
from contracts.categories import load_categories
from intake.domain.checking import Law, check
from intake.domain.fields import problems as faults_of
from intake.queries.answering import Answering, Named
from intake.queries.duties import Standing, points_of
from intake.queries.forms import Place, form, forms
from intake.queries.submissions import Row
from intake.routes.duties import DutyView
from intake.routes.shapes import CheckBody, ResubmissionBody, SubmissionBody
from intake.routes.views import CheckView
from rulebook import organisation
from rulebook.calendar_files import load_calendar
from rulebook.owed import owed
from rulebook.profiles.loader import load_profiles
from rulebook.profiles.model import Span

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CATEGORIES, PROFILES, CALENDAR = load_categories(), load_profiles(), load_calendar()
SITES = {
    "hanam": ("hanam@1", "province", ["vi", "en"]),
    "binhduong": ("binhduong@1", "province", ["vi", "en"]),
    "khanhhoa": ("khanhhoa@1", "public_service_portal", ["vi"]),
    "langson": ("langson@1", "department", ["vi", "en", "zh"]),
    "nd42": ("nd42@1", "province", ["vi"]),
}
WHY = {
    "rule": "r",
    "article": {"vi": "Điều 8", "en": "Article 8"},
    "quote": "Trưởng Ban Biên tập",
    "sentences": {
        "vi": ["Bạn không có chức vụ ở trang này."],
        "en": ["You hold no position here."],
    },
    "nearest": [],
}


@dataclass
class Intake:
    """What it was sent, by path; what it keeps is in `submissions`."""

    sent: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    submissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    deadlines: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/intake")
        if path in self.refused:
            status, problem = self.refused[path]
            return httpx.Response(status, json=problem)
        if request.method == "POST":
            return self._act(path, request)
        if "/files/" in path:
            return httpx.Response(200, content=self.files[path.rpartition("/")[2]])
        return httpx.Response(200, json=self._read(path, dict(request.url.params)))

    def _read(self, path: str, asked: dict[str, str]) -> Any:
        if path == "/places":
            return [_place(site) for site in SITES] + [_place("xa", refused=WHY)]
        if path == "/categories":
            return list(forms(CATEGORIES, _law(asked["site"])))
        if path.startswith("/categories/"):
            return form(CATEGORIES, path.rpartition("/")[2], _law(asked["site"]))
        if path in {"/deadlines", "/duties"}:
            return (
                _duties(asked["site"])
                if path == "/duties"
                else {"items": self.deadlines, "next": None}
            )
        if path == "/submissions":
            items = [
                s for s in self.submissions.values() if asked.get("state") in {None, s["state"]}
            ]
            return {"items": items, "next": "abc" if asked.get("state") is None else None}
        id = path.split("/")[2]
        seen = self.submissions[id]
        return _receipt(seen) if path.endswith("/receipt") else seen

    def _act(self, path: str, request: httpx.Request) -> httpx.Response:
        if path == "/files":
            return self._file(request)
        body = json.loads(request.content)
        self.sent.append((path, body, request.headers.get("idempotency-key", "")))
        try:
            if path == "/checks":
                return httpx.Response(200, json=_checked(body))
            if path.endswith("/looks"):
                return httpx.Response(200, json={"contact": {"phone": "0912 345 678"}})
            shape = SubmissionBody if path == "/submissions" else ResubmissionBody
            if not path.endswith("/withdrawal"):
                shape.model_validate(body)
        except (ValidationError, DomainError) as error:
            return _problem(error)
        return httpx.Response(201, json={"submission_id": ID}, headers={"Position": "W10"})

    def _file(self, request: httpx.Request) -> httpx.Response:
        request.read()
        head, _, rest = request.content.partition(b"\r\n\r\n")
        content = rest.rpartition(b"\r\n--")[0]
        name = head.partition(b'filename="')[2].partition(b'"')[0].decode()
        if content.startswith(b"MZ"):
            detail = "This kind of file is not taken."
            error = {"pointer": "/file", "rule": "file-type-not-taken", "detail": detail}
            return httpx.Response(
                422, json={"code": "file-type-not-taken", "detail": detail, "errors": [error]}
            )
        digest = sha256(content).hexdigest()
        self.files[digest] = content
        kind = "image" if name.endswith(".png") else "document"
        made = {"digest": digest, "name": name, "size": len(content), "kind": kind}
        return httpx.Response(201, json=made)


ID = "019aaf3e-8c11-7a53-9d0b-3f8f5a1c2b7e"


def a_submission(**changes: Any) -> dict[str, Any]:
    """One as intake shows it."""
    content = {
        "language": "vi",
        "title": "Hội nghị chuyển đổi số",
        "author": "Ban Biên tập",
        "source": {"type": "own", "name": "Văn phòng UBND tỉnh"},
        "body": {"digest": "a" * 64, "size": 20, "html": "<p>Hội nghị triển khai.</p>"},
        "fields": [],
        "attachments": [{"digest": "b" * 64, "name": "ảnh.png", "size": 2048, "kind": "image", "alternative_text": "Hội trường"}],
        "findings": [], "links": ["https://hanam.gov.vn"],
        "due": {"last_day": "2026-11-26", "at": "2026-11-26T17:00:00Z", "rule": "hanam.d7", "article": "khoản 1 Điều 7 Quy chế",
                "quotation": "chậm nhất 03 ngày làm việc", "sentence": "Đăng trong ba ngày làm việc.", "sentence_en": "Within three working days."},
        "contact": "sender:1",
    }  # fmt: skip
    usual = {
        "submission_id": ID, "site": "hanam", "category": "news", "language": "vi", "title": content["title"], "state": "received",
        "receipt": "hanam-2026-000007", "revision": 1, "received_at": "2026-11-23T02:00:00Z", "person": "an", "agency": "hanam.vpubnd",
        "errors": [], "warnings": [], "last_day": "2026-11-26", "due_at": "2026-11-26T17:00:00Z", "outcome": None,
        "content": content, "revisions": [{"revision": 1, "at": "2026-11-23T02:00:00Z"}],
        "acts": [{"kind": "opened", "at": "2026-11-23T02:05:00Z", "step": None, "for_at": None, "said": []}],
        "withdrawn_at": None, "withdrawn_why": None,
    }  # fmt: skip
    return usual | changes


def returned() -> dict[str, Any]:
    law = {
        "rule": "langson.d7.k4",
        "article": "khoản 4 Điều 7 Quy chế",
        "quotation": "trả lại để bổ sung",
    }
    return a_submission(
        state="returned",
        outcome={"state": "returned", "at": "2026-11-23T03:00:00Z", "reasons": ["Thiếu nguồn ảnh."], "ground": None, "law": law, "explanation": None},
        acts=[{"kind": "returned", "at": "2026-11-23T03:00:00Z", "step": "receive", "for_at": None, "said": ["Thiếu nguồn ảnh."]}],
    )  # fmt: skip


def _place(site: str, refused: dict[str, Any] | None = None) -> dict[str, Any]:
    profile, kind, languages = SITES.get(site, ("hanam@1", "commune", ["vi"]))
    agency = None if refused else f"{site}.vpubnd"
    return {
        "site": site, "name_vi": f"Trang {site}", "name_en": None, "kind": kind, "profile": profile,
        "languages": languages, "may": refused is None, "agency": agency, "refused": refused,
    }  # fmt: skip


def _law(site: str) -> Place:
    profile, kind, _ = SITES[site]
    return Place(PROFILES[profile], kind, TODAY)


def _duties(site: str) -> list[dict[str, Any]]:
    """What the regulation says is owed; the first of each kind is late, the second handed in."""
    place = _law(site)
    found = owed(place.profile, points_of(CATEGORIES), place.kind_of_site, TODAY, CALENDAR)
    row = Row(ID, a_submission())
    shown: list[dict[str, Any]] = []
    for number, each in enumerate(found):
        standing = Standing(each, "elsewhere")
        if each.content:
            states = (
                Standing(each, "late", 2, row, 1),
                Standing(each, "handed_in", 1, row),
                Standing(each, "never"),
            )
            standing = states[min(number, 2)]
        view = DutyView.of(standing, _heir(number), mine=number < 2)
        shown.append(view.model_dump(mode="json"))
    return shown


def _heir(number: int) -> Answering | None:
    """The first duty went on to another agency, of the second nobody recorded to whom."""
    old, new = Named("x.cu", "Văn phòng cũ", None), Named("x.moi", "Văn phòng mới", "New office")
    agencies = (
        organisation.Agency(old.id, old.name_vi, Span(None, TODAY)),
        organisation.Agency(new.id, new.name_vi, Span(TODAY, None)),
    )
    passed = organisation.Succession(old.id, "merge", TODAY, (new.id,), "Danh bạ cơ quan")
    said = organisation.history(agencies, [passed] if number == 0 else []).answers_for(
        old.id, TODAY
    )
    found = Answering(said.agency, (old, new) if said.agency else (old,), said.explanation)
    return found if number < 2 else None


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    read = CheckBody.model_validate(body)
    draft, place = read.draft(read.site), _law(read.site)
    category = CATEGORIES.get(draft.category)
    assert category
    assert list(faults_of(category, draft.fields, CATEGORIES.every.fields)) == []
    check_at_rest(draft.body, "/body")
    found = check(draft, Law(place.profile, CALENDAR), NOON, place.kind_of_site)
    return CheckView.of(found).model_dump(mode="json")


def _problem(error: ValidationError | DomainError) -> httpx.Response:
    if isinstance(error, DomainError):
        found = [{"pointer": e.pointer, "rule": e.rule, "detail": e.detail} for e in error.errors]
        return httpx.Response(422, json={"detail": error.detail, "errors": found})
    found = [
        {"pointer": "/" + "/".join(map(str, e["loc"])), "rule": e["type"], "detail": e["msg"]}
        for e in error.errors()
    ]
    return httpx.Response(422, json={"detail": "Không hợp lệ.", "errors": found})


def _receipt(seen: dict[str, Any]) -> dict[str, Any]:
    return {
        "receipt": seen["receipt"], "submission_id": seen["submission_id"], "site": "hanam", "site_name_vi": "Trang Hà Nam",
        "site_name_en": None, "category": "news", "category_vi": "Tin bài", "category_en": "News", "title": seen["title"],
        "revision": 1, "received_at": seen["received_at"], "state": seen["state"], "last_day": seen["last_day"],
        "due_at": seen["due_at"], "due_sentence": "Đăng trong ba ngày.\nĐếm 3 ngày.", "due_sentence_en": "Within three days.\nCounted.",
        "errors": 0, "warnings": 0, "outcome": None,
    }  # fmt: skip
