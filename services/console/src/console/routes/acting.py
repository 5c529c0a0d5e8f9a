"""Acts on an article: each has a page of its own with its form; after it the desk says what follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.datastructures import FormData
from starlette.responses import Response

from common.errors import NotFound, Said
from console.queries import Refusal, part
from console.routes.desk import Seen, chances_of, seen
from console.routes.listing import MOST
from console.routes.visiting import AVisitor, Visitor
from pages.words import SAIGON

router = APIRouter(prefix="/articles/{article_id}/acts", include_in_schema=False)
Name = Annotated[str, Path(pattern="^[a-z]+$", max_length=20)]
Word = Annotated[str, Query(pattern="^[a-z_]*$", max_length=80)]
STALE = 412
FIELDS = ("remark", "rating", "day", "hour", "reason", "reasons", "ground", "explanation",
          "sensitivity", "to", "note")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: what was typed, on which text, and which step or outcome it is about."""

    typed: Mapping[str, str]
    digest: str = ""
    step: str = ""
    outcome: str = ""

    def of(self, *names: str) -> dict[str, str]:
        """What was typed into these; what is empty is left out."""
        return {name: self.typed[name] for name in names if self.typed[name]}


Body = Callable[[Filled], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """path: behind the article's address; body: what the service is sent; needs: fields to fill in."""

    path: str
    body: Body
    needs: tuple[str, ...] = ()


def _step(filled: Filled) -> dict[str, Any]:
    rating = {"rating": int(filled.typed["rating"])} if filled.typed["rating"].isdigit() else {}
    return {"step": filled.step, "digest": filled.digest, **filled.of("remark"), **rating}


def _moment(filled: Filled) -> dict[str, Any]:
    text = f"{filled.typed['day']}T{filled.typed['hour']}"
    return {"at": datetime.fromisoformat(text).replace(tzinfo=SAIGON).isoformat(), "digest": filled.digest}  # fmt: skip


def _reasons(filled: Filled) -> list[str]:
    return [line.strip() for line in filled.typed["reasons"].splitlines() if line.strip()]


ACTS: Mapping[str, Act] = {
    "take": Act("steps", _step),
    "publish": Act("publication", lambda f: {"digest": f.digest, **f.of("remark")}),
    "schedule": Act("schedule", _moment, ("day", "hour")),
    "cancel": Act("schedule/cancellation", lambda f: f.of("reason"), ("reason",)),
    "return": Act("returns", lambda f: {"reasons": _reasons(f)}, ("reasons",)),
    "refuse": Act("refusal", lambda f: f.of("ground", "explanation"), ("ground", "explanation")),
    "withdraw": Act("withdrawal", lambda f: f.of("explanation", "ground"), ("explanation",)),
    "reopen": Act(
        "reopenings", lambda f: {"outcome": f.outcome, "reasons": _reasons(f)}, ("reasons",)
    ),
    "classify": Act(
        "classifications", lambda f: f.of("sensitivity", "reason"), ("sensitivity", "reason")
    ),
    "assign": Act("assignments", lambda f: {"step": f.step, **f.of("to", "note")}, ("to",)),
}
"""What is written to the text has pages of its own: `routes.writing`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a form: faults by field, what the service said, what another did meanwhile."""

    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    problem: Mapping[str, Any] | None = None
    status: int = 200
    meanwhile: Mapping[str, Any] | None = None


@router.get("/{name}")
async def form(
    visitor: AVisitor, article_id: str, name: Name, step: Word = "", outcome: Word = ""
) -> Response:
    """The form of an act, or why it may not be done now."""
    _known(name)
    filled = Filled(dict.fromkeys(FIELDS, ""), step=step, outcome=outcome)
    return await _form(visitor, article_id, name, filled, Answered())


@router.post("/{name}")
async def do(visitor: AVisitor, article_id: str, name: Name) -> Response:
    """Do it once; whatever is refused keeps what was typed."""
    act, form = _known(name), await visitor.form()
    filled = Filled(
        {each: _text(form, each) for each in FIELDS},
        _text(form, "digest"),
        _text(form, "step"),
        _text(form, "outcome"),
    )
    faults = _faults(act, filled)
    if faults:
        return await _form(visitor, article_id, name, filled, Answered(faults, status=422))
    path = f"editorial/articles/{part(article_id)}/{act.path}"
    version = _text(form, "version")
    try:
        await visitor.desk.api.post(
            visitor.asker, path, act.body(filled), _text(form, "key"), version
        )
    except Refusal as refusal:
        answered = await refused(visitor, article_id, refusal, version)
        return await _form(visitor, article_id, name, filled, answered)
    return visitor.go(f"/articles/{part(article_id)}?done={name}")


async def refused(visitor: Visitor, article_id: str, refusal: Refusal, version: str) -> Answered:
    """What a service's no means to the form; for a text that changed meanwhile, who changed what."""
    meanwhile = None
    if refusal.status == STALE and version.isdigit():
        path = f"editorial/articles/{part(article_id)}/history"
        entries = await visitor.desk.api.get(visitor.asker, path)
        since = [each for each in entries if each["version"] > int(version)]
        texts = [
            fact["data"]["revision"]
            for each in since
            for fact in each["facts"]
            if fact["type"].startswith("editorial.revision_added.")
        ]
        meanwhile = {"entries": since, "before": min(texts) - 1 if texts else None}
    return Answered({}, refusal.problem, refusal.status, meanwhile)


async def _form(
    visitor: Visitor, article_id: str, name: str, filled: Filled, answered: Answered
) -> Response:
    shown = await seen(visitor, article_id)
    chance = await _chance(visitor, article_id, name, filled)
    return visitor.show(
        "article_act.html",
        answered.status,
        **shown.values,
        chance=chance,
        filled=filled,
        faults=answered.faults,
        problem=answered.problem,
        meanwhile=answered.meanwhile,
        candidates=await _candidates(visitor, shown, filled.step) if name == "assign" else [],
        key=visitor.new_key(),
        now=visitor.now,
    )


async def _chance(
    visitor: Visitor, article_id: str, name: str, filled: Filled
) -> Mapping[str, Any]:
    for each in await chances_of(visitor, article_id):
        same_step = not filled.step or each["step"] == filled.step
        same_outcome = not filled.outcome or filled.outcome in each["choices"]
        if each["act"] == name and same_step and same_outcome:
            return each
    raise NotFound(
        "act-unknown",
        Said(
            "Tin, bài này hiện không có thao tác đó. Quay lại trang của tin, bài.",
            "This article has no such act now. Go back to its page.",
        ),
    )


async def _candidates(visitor: Visitor, shown: Seen, step: str) -> list[tuple[str, str]]:
    """Who holds a position that the step asks for, by name."""
    there = {"site": shown.article["site"], "limit": MOST}
    found = await visitor.desk.api.get(visitor.asker, "directory/positions", there)
    roles = shown.steps[step]["roles"] if step in shown.steps else ()
    people = dict.fromkeys(each["person_id"] for each in found["items"] if each["role"] in roles)
    return sorted(((id, shown.names.get(id, id)) for id in people), key=lambda each: each[1])


def _known(name: str) -> Act:
    act = ACTS.get(name)
    if act is None:
        raise NotFound(
            "act-unknown",
            Said(
                "Không có thao tác này. Quay lại trang trước.",
                "There is no such act. Go back to the page before.",
            ),
        )
    return act


def _faults(act: Act, filled: Filled) -> dict[str, str]:
    """What a person can see to be wrong before anything is asked; codes of texts."""
    found = {name: "empty" for name in act.needs if not filled.typed[name]}
    if not found and "hour" in act.needs:
        try:
            datetime.fromisoformat(f"{filled.typed['day']}T{filled.typed['hour']}")
        except ValueError:
            found["day"] = "no-moment"
    return found


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
