"""HTTP: what agencies owe a site without being asked, and whether it was handed in."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from common.http.positions import AfterPositionOrStale
from common.http.signed_in import FromToken
from intake.queries.answering import Answering
from intake.queries.duties import MOST, Standing, points_of
from intake.routes.acting import FromApp, now_of
from intake.routes.shapes import SiteId
from rulebook.explanation import LOCAL
from rulebook.owed import owed
from rulebook.profiles.model import Rule
from rulebook.telling import law_told, lines_told

router = APIRouter(tags=["duties"])


class LawView(BaseModel):
    """A rule with its place and its words."""

    rule: str
    article: str
    article_en: str
    quotation: str


class LimitView(LawView):
    """How soon an item of a section must be public; `n` None: the text gives a word and no number."""

    trigger: str
    n: int | None = None
    unit: str | None = None
    word: str | None = None


class ItemView(BaseModel):
    """The newest item handed in for a duty."""

    submission_id: str
    receipt: str
    title: str
    received_at: datetime
    agency: str | None = None


class NamedView(BaseModel):
    """An agency under the names it had last."""

    agency: str
    name_vi: str
    name_en: str | None = None


class AnsweringView(BaseModel):
    """Who answers today for what the regulation laid on an agency that is no more."""

    agency: str | None = Field(
        description="Null: no successor is recorded, or several might answer"
    )
    path: tuple[NamedView, ...] = Field(
        description="From the agency that the regulation names to the one that answers"
    )
    sentence: str
    sentence_en: str


class DutyView(LawView):
    """One standing duty and how far it is met."""

    kind: Literal["section", "periodic", "count"]
    what: str = Field(description="Category, kind of report, or figure")
    state: Literal["late", "never", "open", "handed_in", "counted", "elsewhere"] = Field(
        description="late: an item is past its day, or the period before went by without one; never: nothing "
        "was ever handed in; open: nothing yet in this period; elsewhere: not met by handing in items"
    )
    mine: bool = Field(
        description="Whether the asker acts for the agency, or holds the role, that owes it"
    )
    agency: str | None = Field(default=None, description="As the regulation names it")
    answering: AnsweringView | None = Field(
        default=None, description="Where that agency is no more: who answers for it today"
    )
    role: str | None = None
    to: tuple[str, ...]
    category: str | None = None
    point: str | None = None
    due: date | None = Field(default=None, description="Last day on time; null: the text sets none")
    begins: date | None = None
    ends: date | None = None
    missed: date | None = Field(default=None, description="Last day of a period without anything")
    count: int = Field(description=f"Items handed in or published; {MOST} means so many or more")
    late: int = Field(description="Open items whose day of publication has passed")
    last: ItemView | None = None
    limits: tuple[LimitView, ...]
    sentence: str
    sentence_en: str

    @classmethod
    def of(cls, standing: Standing, answering: Answering | None, *, mine: bool) -> "DutyView":
        owed = standing.owed
        said = {
            "sentence": lines_told(owed.explanation, "vi"),
            "sentence_en": lines_told(owed.explanation, "en"),
        }
        values = {
            name: getattr(owed, name)
            for name in (
                "kind",
                "what",
                "agency",
                "role",
                "to",
                "category",
                "point",
                "due",
                "begins",
                "ends",
            )
        }
        return cls.model_validate(
            law_told(owed.rule.basis)
            | values
            | said
            | {
                "mine": mine,
                "answering": _answering(answering) if answering else None,
                "state": standing.state,
                "count": standing.count,
                "late": standing.late,
                "missed": standing.missed,
                "last": _item(standing),
                "limits": [_limit(rule) for rule in owed.clocks],
            }
        )


def _answering(found: Answering) -> AnsweringView:
    path = [
        NamedView(agency=each.id, name_vi=each.name_vi, name_en=each.name_en) for each in found.path
    ]
    return AnsweringView(
        agency=found.agency,
        path=tuple(path),
        sentence=lines_told(found.explanation, "vi"),
        sentence_en=lines_told(found.explanation, "en"),
    )


def _item(standing: Standing) -> ItemView | None:
    row = standing.last
    return ItemView.model_validate({**row.document, "submission_id": row.id}) if row else None


def _limit(rule: Rule[Any]) -> LimitView:
    params = rule.params
    limit = getattr(params, "limit", None)
    counted = {"n": limit.n, "unit": limit.unit} if limit else {"word": params.word}
    return LimitView.model_validate(law_told(rule.basis) | counted | {"trigger": params.trigger})


@router.get("/duties")
async def listed(
    app: FromApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
    site: Annotated[SiteId, Query(description="The site to which it is owed")],
) -> list[DutyView]:
    """Standing duties under the site's regulation, the most pressing first (trách nhiệm cung cấp thông tin)."""
    now = now_of(request)
    person = app.senders.staff(who, site, now)
    today = now.astimezone(LOCAL).date()
    place = app.senders.site(site, today)
    law = app.deps.law_of(place.profile)
    duties = owed(law.profile, points_of(app.deps.categories), place.kind, today, law.calendar)
    holders = app.senders.holders(site, now)
    found = await app.duties.standing(site, duties, holders, law.calendar, now)
    agencies, roles = app.senders.standing_of(person, site, now)
    answering = await app.successors.of({each.agency for each in duties if each.agency}, today)
    return [
        DutyView.of(
            each, heir, mine=_responsible(each, heir) in agencies or each.owed.role in roles
        )
        for each in found
        for heir in (answering.get(each.owed.agency or ""),)
    ]


def _responsible(standing: Standing, heir: Answering | None) -> str | None:
    """Who answers today: the agency that the regulation names, or what became of it (kế thừa)."""
    return heir.agency if heir else standing.owed.agency
