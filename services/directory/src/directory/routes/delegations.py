"""HTTP: give and revoke delegations; see one and its history, lists by site, giver and receiver."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import etag, unchanged
from common.http.signed_in import FromToken
from common.http.wiring import around_of, deps_of
from common.log.streams import Loaded
from contracts.events.directory import DelegationGivenV1, DelegationRevokedV1
from directory.domain.delegations import check_known
from directory.queries.reading import Reading
from directory.routes.acting import FromActor, FromApp, check_reader, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Shape, Site, fact_of
from directory.usecases import delegations as usecases
from directory.usecases.doing import law_day
from rulebook.delegated import Entrusted

router = APIRouter(tags=["delegations"])
DelegationName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9-]*([.][a-z0-9-]+)*$", max_length=80)
]
DelegationId = Annotated[DelegationName, Path(examples=["hanam.uq-2026-01"])]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Reason = Annotated[str, Field(max_length=1000)]


class DelegationBody(Shape):
    """A delegation in writing (giấy uỷ quyền): who, what, where, how long, under which number."""

    delegation_id: DelegationName | None = None
    giver: Id
    receiver: Id
    acts: Annotated[tuple[Word, ...], Field(min_length=1, max_length=60)]
    sites: Annotated[tuple[Site, ...], Field(min_length=1, max_length=100)]
    categories: Annotated[tuple[Word, ...], Field(min_length=1, max_length=100)] | None = None
    valid_from: date
    valid_to: date
    document: DocumentBody
    reason: Reason | None = None


class RevocationBody(Shape):
    """From which moment on it counts no more; now when none is named."""

    revoked_at: AwareDatetime | None = None
    document: DocumentBody | None = None
    reason: Reason | None = None


class DelegationView(BaseModel):
    """A delegation and whether it is in force now."""

    delegation_id: str
    giver: str
    receiver: str
    acts: tuple[str, ...]
    sites: tuple[str, ...]
    categories: tuple[str, ...] | None
    follows: str | None
    valid_from: date
    valid_to: date
    document: dict[str, Any]
    revoked_at: datetime | None
    in_force: bool

    @classmethod
    def of(cls, entrusted: Entrusted, now: datetime) -> "DelegationView":
        given = check_known(entrusted)
        return cls(
            delegation_id=given.delegation_id,
            giver=given.giver,
            receiver=given.receiver,
            acts=given.acts,
            sites=given.sites,
            categories=given.categories,
            follows=given.follows,
            valid_from=given.valid_from,
            valid_to=given.valid_to,
            document=given.document.model_dump(mode="json", exclude_none=True),
            revoked_at=entrusted.revoked,
            in_force=entrusted.counts_at(now, law_day(now)),
        )


async def _delegations(request: Request) -> Reading[Entrusted]:
    return deps_of(request).delegations


async def _now(request: Request) -> datetime:
    return around_of(request).world.now()


FromDelegations = Annotated[Reading[Entrusted], Depends(_delegations)]
Now = Annotated[datetime, Depends(_now)]


@router.post("/delegations", status_code=201)
async def give(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    body: DelegationBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    now: Now,
    request: Request,
    response: Response,
    _: AfterPosition,
) -> DelegationView:
    """Delegate (uỷ quyền): by the giver, or entered for them; never more than the giver may."""
    by = await actor.speaks_for(body.giver, "record_decision", site=body.sites[0])
    named = body.delegation_id or around_of(request).world.new_id()
    more = {"delegation_id": named, "site": body.sites[0]}
    fact = fact_of(DelegationGivenV1, body, {"delegation_id"}, **more)
    delegation = await usecases.give(deps, usecases.Give(fact, by), cause)
    response.headers["Location"] = f"delegations/{delegation.id}"
    return _answer(delegation, now, response)


@router.post("/delegations/{delegation_id}/revocation")
async def revoke(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    delegation_id: DelegationId,
    body: RevocationBody,
    deps: FromApp,
    delegations: FromDelegations,
    actor: FromActor,
    cause: FromRequest,
    now: Now,
    response: Response,
    _: AfterPosition,
) -> DelegationView:
    """Revoke (thu hồi uỷ quyền): by the giver, or by who keeps the site's directory."""
    given = check_known((await delegations.get(delegation_id)).state)
    by = await actor.speaks_for(given.giver, "revoke_delegation", site=given.site)
    at = body.revoked_at or cause.at
    named = {"delegation_id": delegation_id, "site": given.site, "revoked_at": at.isoformat()}
    fact = fact_of(DelegationRevokedV1, body, {"revoked_at"}, **named)
    return _answer(await usecases.revoke(deps, usecases.Revoke(fact, by), cause), now, response)


@router.get("/delegations")
async def list_delegations(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    delegations: FromDelegations,
    who: FromToken,
    asked: FromPage,
    now: Now,
    _: AfterPositionOrStale,
    site: Annotated[Site, Query(description="Site the delegations are for")],
    on: Annotated[date | None, Query(description="Only those in force on this day")] = None,
    giver: Annotated[Id | None, Query()] = None,
    receiver: Annotated[Id | None, Query()] = None,
) -> Page[DelegationView]:
    """Delegations for a site in the order of their ids."""
    check_reader(who, site)
    wanted = {"sites": site, "giver": giver, "receiver": receiver}
    where = {name: value for name, value in wanted.items() if value is not None}

    def fits(entrusted: Entrusted) -> bool:
        given = check_known(entrusted)
        ended = entrusted.revoked is not None and on is not None and law_day(entrusted.revoked) < on
        return on is None or (given.valid_from <= on < given.valid_to and not ended)

    after = str(asked.after[0]) if asked.after else None
    found = await delegations.listed(where, fits, after, asked.fetch)
    return asked.page(
        found,
        lambda each: DelegationView.of(each, now),
        lambda each: (check_known(each).delegation_id,),
    )


@router.get("/delegations/{delegation_id}", responses={304: {"description": "Not modified"}})
async def see(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    delegation_id: DelegationId,
    delegations: FromDelegations,
    who: FromToken,
    now: Now,
    request: Request,
    response: Response,
) -> DelegationView:
    """One delegation and whether it is in force now."""
    loaded = await delegations.get(delegation_id)
    check_reader(who, check_known(loaded.state).site)
    if (same := unchanged(request, loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(loaded.version)
    return DelegationView.of(loaded.state, now)


@router.get("/delegations/{delegation_id}/history")
async def history(
    delegation_id: DelegationId, delegations: FromDelegations, who: FromToken
) -> list[HistoryEntry]:
    """Both decisions about a delegation: who, when, by what right."""
    loaded = await delegations.get(delegation_id)
    check_reader(who, check_known(loaded.state).site)
    return [
        HistoryEntry.model_validate(entry) for entry in await delegations.history(delegation_id)
    ]


def _answer(delegation: Loaded[Entrusted], now: datetime, response: Response) -> DelegationView:
    say_where(delegation, response)
    return DelegationView.of(delegation.state, now)
