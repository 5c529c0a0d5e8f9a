"""Cases for every rule of every profile, met and not met: what tests of words and readings look at."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rulebook.explanation import Explanation
from rulebook.profiles.model import Profile, Rule
from rulebook.registry import rules
from rulebook.world import World

Inputs = Mapping[str, Any]
ON = "2026-10-05"
DAMAGED = (
    "Céng hoµ x· héi chñ nghÜa ViÖt Nam",
    "Ðề nghị\u200b trả lời\u00a0về thủ tục",
    "Hа Nam",
    "Đường",
)


def explained(profile: Profile, world: World) -> Iterator[tuple[str, Explanation]]:
    """Every rule of the profile, applied to its sample cases. Raises KeyError for a function without any."""
    for rule in profile.rules.values():
        function = rules()[rule.function]
        for case in SAMPLES[rule.function](rule):
            inputs = function.inputs.model_validate(case)
            yield rule.id, function.apply(rule, inputs, world).explanation


def _fields(rule: Rule[Any]) -> Iterator[Inputs]:
    params = rule.params
    full = {
        field: dict.fromkeys(params.parts.get(field, ()), "có") or "có" for field in params.fields
    }
    rows = {field: [dict.fromkeys(params.parts.get(field, ()), "")] for field in params.fields}
    for on in (ON, "2024-06-03"):
        for fields in ({}, full, rows):
            yield {"fields": fields, "on": on}


def _flags(rule: Rule[Any]) -> Iterator[Inputs]:
    flagged = frozenset({rule.params.flag})
    yield {"fields": {}, "flags": flagged, "on": ON}
    yield {"fields": {}, "on": ON}
    yield {"fields": dict.fromkeys(rule.params.fields, "có"), "flags": flagged, "on": ON}


def _citations(_rule: Rule[Any]) -> Iterator[Inputs]:
    for text in (
        "",
        "Theo Nghị định số 43/2011/NĐ-CP ngày 13/06/2012 của Bộ Tài chính và Thông tư số 5/TT-BTC.",
        "Luật Đất đai năm 2024; Quyết định số 19/2019/NĐ-CP ngày 31/07/2019 của Chính phủ quy định về đất",
    ):
        yield {"text": text, "on": ON}


def _levels(_rule: Rule[Any]) -> Iterator[Inputs]:
    whole = {
        "submit_online": True, "processing_online": True, "pay_online": True, "result_remote": True,
        "parts": {"sequence": "có"}, "below": 3, "on": ON,
    }  # fmt: skip
    yield whole
    yield {"on": ON, "missing_parts": ("sequence", "dossier"), "presence_required": True}
    yield {**whole, "forms": {"Đơn": False}, "fee": 5000, "pay_online": False, "declared": 4}
    yield {**whole, "forms": {"Đơn": True}, "below": 1, "declared": 1, "result_remote": False}
    yield {**whole, "submit_online": False, "on_site_check_required": True}


def _deadlines(_rule: Rule[Any]) -> Iterator[Inputs]:
    event = "2026-08-28T08:00:00+07:00"
    pause = {"start": "2026-08-31T09:00:00+07:00", "end": "2026-09-03T10:30:00+07:00"}
    yield {"event": event}
    yield {"event": event, "first_event": "2026-08-25T15:00:00+07:00"}
    yield {"event": event, "pauses": [{**pause, "reason": "chờ bổ sung"}]}
    yield {"event": "2035-01-31T17:00:00+07:00"}
    yield {"event": "2012-01-31T17:00:00+07:00"}


def _formats(_rule: Rule[Any]) -> Iterator[Inputs]:
    yield {"text": "Đường sá", "on": ON}
    for text in DAMAGED:
        yield {"text": text, "on": ON}
        yield {"data": text.encode("latin-1", errors="ignore") + b"\xff", "on": ON}


def _grounds(rule: Rule[Any]) -> Iterator[Inputs]:
    words = ". ".join(rule.params.hints)
    link = "https://xau.example.net/a"
    for kind in ("article", "question", "answer"):
        yield {"kind": kind, "text": words, "on": ON, "similar_percent": 95}
        yield {
            "kind": kind,
            "text": words,
            "on": ON,
            "links": (link,),
            "reported_hosts": frozenset({"xau.example.net"}),
        }
        yield {"kind": kind, "text": "", "on": ON}


def _suppliers(rule: Rule[Any]) -> Iterator[Inputs]:
    points = (
        None,
        *rule.params.points,
        *(f"k5{letter}" for letter in ("a", "b", "c", "d", "dd", "e")),
    )
    for category in (*rule.params.categories, "news"):
        for point in points:
            yield {
                "category": category,
                "point": point,
                "text": " ".join(rule.params.topics),
                "on": ON,
            }


def _periods(rule: Rule[Any]) -> Iterator[Inputs]:
    for on in (ON, "2035-03-01", "2024-01-31"):
        if getattr(rule.params, "counted_from", "") != "previous":
            yield {"on": on}
        yield {"on": on, "previous": "2023-08-31"}


def _orders(rule: Rule[Any]) -> Iterator[Inputs]:
    order = rule.params.steps
    yield {"done": (), "step": order[-1], "on": ON}
    yield {"done": tuple(order[:-1]), "step": order[-1], "on": ON}


def _equals(rule: Rule[Any]) -> Iterator[Inputs]:
    approved = dict.fromkeys(rule.params.over, "a1")
    yield {"approved": approved, "compared": approved, "on": ON}
    yield {"approved": approved, "compared": dict.fromkeys(rule.params.over, "b2"), "on": ON}


def _acts(rule: Rule[Any]) -> Iterator[Inputs]:
    for role in (*rule.params.roles, "author"):
        for act in (*rule.params.acts, "print"):
            category = next(iter(rule.params.categories), None)
            yield {"role": role, "act": act, "category": category, "on": ON}


def _royalties(rule: Rule[Any]) -> Iterator[Inputs]:
    payees = [
        {"person": f"Người {n}", "role": role, "parts": 1}
        for n, role in enumerate(rule.params.payees)
    ]
    for coefficient in ("1", "999"):
        yield {"genre": "news", "coefficient": coefficient, "shares": payees, "on": ON}
    yield {
        "genre": "news",
        "coefficient": "1",
        "shares": [{"person": "Lan", "role": "asker", "parts": 1}],
        "on": ON,
    }


def _numbers(_rule: Rule[Any]) -> Iterator[Inputs]:
    for kind in ("cmnd", "cccd", "passport", None):
        for number in ("165232574", "035173902681", "C2185462", "abc", None):
            yield {"kind": kind, "number": number, "on": ON}


def _recipients(rule: Rule[Any]) -> Iterator[Inputs]:
    for recipients in (None, (), (rule.params.text,), ("Sở Tư pháp",)):
        for category in ("legal_document", "direction", "news"):
            yield {"category": category, "recipients": recipients, "on": ON}
    text = f"Điều 3.\nNơi nhận:\n- Như Điều 3;\n- {rule.params.text}."
    yield {"category": "direction", "recipients": None, "on": ON, "text": text}


def _each(name: str, *values: Any) -> Callable[[Rule[Any]], Iterator[Inputs]]:
    return lambda _rule: ({name: value, "on": ON} for value in values)


def _days(_rule: Rule[Any]) -> Iterator[Inputs]:
    yield {"on": ON}


def _figures(rule: Rule[Any]) -> Iterator[Inputs]:
    for level in (None, 1, 4):
        yield {"figures": {}, "level": level, "on": ON}
        yield {"figures": dict.fromkeys(rule.params.metrics, 1), "level": level, "on": ON}


def _domains(_rule: Rule[Any]) -> Iterator[Inputs]:
    for host in ("x.example.org", "www.binhduong.gov.vn", "hanam.gov.vn", "stp.hanam.gov.vn"):
        yield {"host": host, "name": "Sở Tư pháp", "on": ON}


def _submitted(_rule: Rule[Any]) -> Iterator[Inputs]:
    for day in ("2026-08-22", "2026-08-23", "2026-08-29", "2026-09-02", "2026-09-04"):
        yield {"submitted": f"{day}T21:00:00+07:00"}


def _distinct(_rule: Rule[Any]) -> Iterator[Inputs]:
    yield {"taken": {"edit": "an"}, "step": "approve", "person": "an", "on": ON}
    yield {"taken": {"edit": "an"}, "step": "approve", "person": "bình", "on": ON}


SAMPLES: Mapping[str, Callable[[Rule[Any]], Iterator[Inputs]]] = {
    **dict.fromkeys(
        (
            "deadline.count",
            "deadline.appointment",
            "deadline.answer_or_notice",
            "deadline.hop",
            "deadline.prompt",
        ),
        _deadlines,
    ),
    **dict.fromkeys(("level.derive", "level.minimum", "level.mode_2022"), _levels),
    "required.fields": _fields,
    "required.if_flag": _flags,
    "required.document_parts": _citations,
    "format.citation": _citations,
    "prohibition.ground": _grounds,
    "routing.supplier": _suppliers,
    "routing.fallback": _each(
        "situation", "competence_unclear", "not_competent", "out_of_scope", "second_transfer"
    ),
    "routing.field_member": _each("sender", "member", "outside", "department"),
    "intake.week": _submitted,
    **dict.fromkeys(("periodic.yearly_before", "periodic.every", "periodic.undated"), _periods),
    "counter.metric": _figures,
    "format.domain": _domains,
    **dict.fromkeys(("duty.stated", "duty.responsible", "duty.sanction", "definition"), _days),
    "format.encoding": _formats,
    "format.recipient_named": _recipients,
    "format.language": _each("language", "vi", "en", "zh", "fr"),
    "format.media": _each("kind", "text", "image", "video", "audio"),
    "format.identity_number": _numbers,
    "royalty.rates": _royalties,
    "separation.order": _orders,
    "separation.equal": _equals,
    "separation.distinct": _distinct,
    "permission.act": _acts,
}
