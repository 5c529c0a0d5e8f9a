"""What senders and boards do with each demo article, so that it comes to the state its file names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal

from embedded.trouble import Trouble
from rulebook.explanation import LOCAL

Path = Sequence[tuple[str, str]]
"""The steps of a site's process in their order, each with who takes it."""

PATHS: Mapping[str, Path] = MappingProxyType(
    {
        "hanam": (
            ("receive", "bien-tap"),
            ("edit", "bien-tap"),
            ("moderate", "pho-ban"),
            ("publish", "truong-ban"),
        ),
        "binhduong": (("enter", "pho-ban"), ("edit", "pho-ban"), ("approve", "truong-ban")),
        "langson": (
            ("receive", "trung-tam"),
            ("moderate", "pho-ban"),
            ("edit", "pho-ban"),
            ("approve", "truong-ban"),
            ("publish", "thu-ky"),
        ),
        "khanhhoa": (
            ("receive", "trung-tam"),
            ("moderate", "trung-tam"),
            ("approve", "truong-ban"),
            ("upload", "trung-tam"),
            ("compare", "thu-ky"),
            ("publish", "thu-ky"),
        ),
    }
)
WITHDRAWS = MappingProxyType(
    {
        "hanam": "thu-truong",
        "binhduong": "truong-ban",
        "langson": "truong-ban",
        "khanhhoa": "truong-ban",
    }
)
CORRECTS = MappingProxyType(
    {"hanam": "bien-tap", "binhduong": "pho-ban", "langson": "pho-ban", "khanhhoa": "truong-ban"}
)
RETURNS = MappingProxyType(
    {"hanam": "moderate", "binhduong": "edit", "langson": "moderate", "khanhhoa": "approve"}
)
REFUSES = MappingProxyType(
    {"hanam": "moderate", "binhduong": "approve", "langson": "receive", "khanhhoa": "moderate"}
)
APPROVES = MappingProxyType(
    {"hanam": "moderate", "binhduong": "approve", "langson": "approve", "khanhhoa": "approve"}
)
OPINION = ("agency_opinion", "giam-doc")
SOON = timedelta(seconds=2)
Sees = Literal["digest", "version", ""]


@dataclass(frozen=True)
class Deed:
    """One request in the life of an article; `{id}` in its path is the article's.

    sees  what of the article as it stands now goes with it
    soon  its `at` is that long from the moment it is sent
    ends  the phase that is over when the board has heard of it from another service
    """

    person: str
    path: str
    body: Mapping[str, Any]
    sees: Sees = ""
    soon: timedelta | None = None
    ends: str = ""


@dataclass(frozen=True)
class Case:
    """What a journey is made of: where, for what goal, with which words and which changed text."""

    id: str
    site: str
    goal: str
    day: date
    why: str = ""
    ground: str = ""
    change: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sender: str = ""
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def who(self, role: str) -> str:
        return f"{self.site}.{role}"

    @property
    def path(self) -> Path:
        return PATHS[self.site]


def deeds(case: Case) -> tuple[Deed, ...]:
    """Everything that happens after it was handed in. Raises Trouble for a goal that is none."""
    goal, _, detail = case.goal.partition(":")
    make = GOALS.get(goal)
    if make is None:
        raise Trouble(f"The demo article {case.id} has the goal {case.goal}", "mend its file")
    return tuple(make(case, detail))


def _received(_: Case, __: str) -> list[Deed]:
    return []


def _at(case: Case, step: str) -> list[Deed]:
    names = [name for name, _ in case.path]
    return _steps(case, case.path[: names.index(step)])


def _published(case: Case, _: str = "") -> list[Deed]:
    return _steps(case, case.path)


def _returned(case: Case, _: str = "") -> list[Deed]:
    step = RETURNS[case.site]
    person = case.who(dict(case.path)[step])
    return [*_at(case, step), _act(person, "returns", {"reasons": [case.why]})]


def _resubmitted(case: Case, then: str) -> list[Deed]:
    content = {name: value for name, value in case.content.items() if name != "site"}
    again = Deed(
        case.sender,
        "intake/submissions/{id}/resubmissions",
        {**content, **case.change, "note": "Đã sửa theo góp ý của Ban Biên tập."},
        ends="returned",
    )
    left = _published(case) if then == "published" else []
    return [*_returned(case), again, *left]


def _refused(case: Case, _: str) -> list[Deed]:
    step = REFUSES[case.site]
    person = case.who(dict(case.path)[step])
    body = {"ground": case.ground, "explanation": case.why}
    return [*_at(case, step), _act(person, "refusal", body)]


def _scheduled(case: Case, days: str) -> list[Deed]:
    at = datetime.combine(case.day + timedelta(days=int(days)), time(7, 30), LOCAL)
    person = case.who(case.path[-1][1])
    return [
        *_steps(case, case.path[:-1]),
        _act(person, "schedule", {"at": at.isoformat()}, sees="digest"),
    ]


def _failed(case: Case, _: str) -> list[Deed]:
    """Its publisher's delegation ends before the moment for which they set it."""
    deputy, id = case.who("thu-truong"), f"{case.site}.uq-{case.id}"
    document = {"issued_on": case.day.isoformat(), "issuer": "Ban Biên tập"}
    given = {
        "delegation_id": id,
        "giver": case.who("truong-ban"),
        "receiver": deputy,
        "acts": ["approve", "publish"],
        "sites": [case.site],
        "valid_from": case.day.isoformat(),
        "valid_to": (case.day + timedelta(days=30)).isoformat(),
        "document": {
            **document,
            "number": "12/GUQ-BBT",
            "title": "Uỷ quyền duyệt tin, bài trong thời gian Trưởng ban đi công tác",
        },
    }
    revoked = {
        "document": {
            **document,
            "number": "13/QĐ-BBT",
            "title": "Thu hồi giấy uỷ quyền 12/GUQ-BBT",
        },
        "reason": "Trưởng ban đã trở lại làm việc.",
    }
    return [
        *_steps(case, case.path[:-1]),
        Deed("quan-tri", "directory/delegations", given),
        Deed(deputy, f"{ARTICLE}/schedule", {}, sees="digest", soon=SOON),
        Deed("quan-tri", f"directory/delegations/{id}/revocation", revoked),
    ]


def _corrected(case: Case, level: str) -> list[Deed]:
    names = [name for name, _ in case.path]
    first = 1 if level == "major" else names.index(APPROVES[case.site])
    return [*_correcting(case, level), *_steps(case, case.path[first:])]


def _correcting(case: Case, level: str) -> list[Deed]:
    body = {**case.change, "level": level, "note": case.why}
    person = case.who(CORRECTS[case.site])
    return [*_published(case), _act(person, "corrections", body, sees="version")]


def _withdrawn(case: Case, _: str) -> list[Deed]:
    person = case.who(WITHDRAWS[case.site])
    return [*_published(case), _act(person, "withdrawal", {"explanation": case.why})]


def _supplementary(case: Case, then: str) -> list[Deed]:
    """The text changes after it was approved; it is approved again, or waits for that."""
    names = [name for name, _ in case.path]
    approval = names.index(APPROVES[case.site])
    body = {**case.change, "reason": case.why}
    person = case.who(case.path[approval + 1][1])
    changed = [
        *_steps(case, case.path[: approval + 1]),
        _act(person, "revisions", body, sees="version"),
    ]
    return [*changed, *(_steps(case, case.path[approval:]) if then == "published" else [])]


def _assigned(case: Case, step: str) -> list[Deed]:
    body = {"step": step, "to": case.who("thanh-vien"), "note": case.why}
    return [*_at(case, step), _act(case.who("truong-ban"), "assignments", body)]


def _sensitive(case: Case, then: str) -> list[Deed]:
    """Found sensitive while it is moderated: the head of the agency is heard before approval."""
    found = {"sensitivity": "sensitive", "reason": case.why}
    edited = [name for name, _ in case.path].index("edit") + 1
    begun = [
        *_at(case, "moderate"),
        _act(case.who("pho-ban"), "classifications", found),
        *_steps(case, case.path[1:edited]),
    ]
    if then != "published":
        return begun
    step, head = OPINION
    said = {"step": step, "remark": "Đồng ý cho đăng; giữ đúng cách gọi tên cơ quan phía bạn."}
    consent = _act(case.who(head), "steps", said, sees="digest")
    return [*begun, consent, *_steps(case, case.path[edited:])]


def _dropped(case: Case, _: str) -> list[Deed]:
    return [Deed(case.sender, "intake/submissions/{id}/withdrawal", {"reason": case.why})]


GOALS: Mapping[str, Callable[[Case, str], list[Deed]]] = MappingProxyType(
    {
        "received": _received,
        "at": _at,
        "published": _published,
        "returned": _returned,
        "resubmitted": _resubmitted,
        "refused": _refused,
        "scheduled": _scheduled,
        "failed": _failed,
        "corrected": _corrected,
        "correcting": _correcting,
        "withdrawn": _withdrawn,
        "supplementary": _supplementary,
        "assigned": _assigned,
        "sensitive": _sensitive,
        "dropped": _dropped,
    }
)
ARTICLE = "editorial/articles/{id}"


def _steps(case: Case, path: Path) -> list[Deed]:
    return [_act(case.who(role), "steps", {"step": step}, sees="digest") for step, role in path]


def _act(person: str, what: str, body: Mapping[str, Any], sees: Sees = "") -> Deed:
    return Deed(person, f"{ARTICLE}/{what}", body, sees)
