"""HTTP: open, change and close sites; see one as of a day, its history, its hierarchy, a list."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import NotFound, Said
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion, etag, unchanged
from common.http.wiring import around_of, deps_of
from common.log.streams import Loaded
from contracts.events.directory import SiteChangedV1, SiteClosedV1, SiteOpenedV1
from directory.domain.sites import Host, proposal
from directory.domain.words import SITE_KINDS, coded, say
from directory.queries.reading import Reading
from directory.routes.acting import Asked, FromActor, FromApp, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Line, Shape, Site, fact_of
from directory.routes.written import Written
from directory.usecases import sites as usecases
from directory.usecases.doing import law_day
from rulebook.dated import Attributes
from rulebook.explanation import plain
from rulebook.site import LEVELS
from rulebook.site import Site as SiteState
from rulebook.text import query_keys

router = APIRouter(tags=["sites"])
SiteId = Annotated[Site, Path(examples=["hanam"])]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Reason = Annotated[str, Field(max_length=1000)]
Languages = Annotated[tuple[str, ...], Field(min_length=1, max_length=10)]


class SiteBody(Shape):
    """A new site (cổng / trang thông tin điện tử); validity is half-open [valid_from, valid_to)."""

    site: Site
    agency: Id
    kind: Word
    profile: Annotated[str, Field(max_length=40, examples=["hanam@1"])]
    name_vi: Line
    name_en: Line | None = None
    domain: Annotated[str, Field(max_length=253)] | None = None
    parent: Site | None = None
    languages: Languages = ("vi",)
    valid_from: date
    valid_to: date | None = None
    document: DocumentBody


class SiteChangesBody(Shape):
    """Attributes with a new value."""

    agency: Id | None = None
    profile: Annotated[str, Field(max_length=40)] | None = None
    name_vi: Line | None = None
    name_en: Line | None = None
    domain: Annotated[str, Field(max_length=253)] | None = None
    parent: Site | None = None
    languages: Languages | None = None


class SiteChangeBody(Shape):
    """New values from a day on; `decided_by` names whose decision is entered, if not one's own."""

    valid_from: date
    valid_to: date | None = None
    changes: SiteChangesBody = SiteChangesBody()
    cleared: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    document: DocumentBody
    reason: Reason | None = None
    decided_by: Id | None = None


class ClosingBody(Shape):
    """The first day on which it no longer exists, who takes over, and which roles do not follow."""

    closes_on: date
    successor: Site | None = None
    ending_roles: Annotated[tuple[Word, ...], Field(max_length=60)] = ()
    document: DocumentBody
    reason: Reason | None = None


class ClosingView(BaseModel):
    on: date
    successor: str | None
    ending_roles: tuple[str, ...]
    document: str


class SiteView(BaseModel):
    """A site as of a day, or as last known."""

    site: str
    kind: str
    valid_from: date
    valid_to: date | None
    as_of: date | None = Field(description="The day asked for; null: as last known")
    attributes: dict[str, Any]
    closing: ClosingView | None
    inherits: dict[str, date] = Field(description="Sites it stands for, with their days")

    @classmethod
    def of(cls, site: SiteState, attributes: Attributes, day: date | None) -> "SiteView":
        closing = site.closing
        return cls(
            site=site.id,
            kind=site.kind,
            valid_from=site.days.valid_from,
            valid_to=site.days.valid_to,
            as_of=day,
            attributes=attributes,
            closing=closing
            and ClosingView(
                on=closing.on,
                successor=closing.successor,
                ending_roles=closing.ending_roles,
                document=closing.document,
            ),
            inherits=dict(site.inherits),
        )


class DomainView(BaseModel):
    """What the regulation says of a domain name (tên miền) before it is taken."""

    allowed: bool
    proposed: str | None
    explanation: dict[str, Any] | None = Field(description="null: no rule for this kind of site")


async def _sites(request: Request) -> Reading[SiteState]:
    return deps_of(request).sites


FromSites = Annotated[Reading[SiteState], Depends(_sites)]
Day = Annotated[date | None, Query(description="As of this day")]


@router.post("/sites", status_code=201)
async def open_site(
    body: SiteBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> SiteView:
    """Open a site (mở cổng / trang)."""
    by = await actor.may("open_site", site=body.site)
    fact = fact_of(SiteOpenedV1, body)
    site = await usecases.open_site(deps, usecases.Open(fact, by), cause)
    response.headers["Location"] = f"sites/{site.id}"
    return _answer(site, response)


@router.post("/sites/{site}/changes")
async def change(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    site: SiteId,
    body: SiteChangeBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> SiteView:
    """Give attributes of a site new values from a day on; a new domain name asks for its own right."""
    named = body.changes.model_dump(exclude_none=True)
    special = [f"change_{name}" for name in ("domain", "profile") if name in named]
    acts = special if special and len(special) == len(named) else ["change_site", *special]
    by = await actor.may(*acts, site=site, asked=Asked(decided_by=body.decided_by))
    fact = fact_of(SiteChangedV1, body, {"decided_by"}, site=site)
    return _answer(
        await usecases.change(deps, usecases.ChangeSite(fact, by, expected), cause), response
    )


@router.post("/sites/{site}/closing")
async def close(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    site: SiteId,
    body: ClosingBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> SiteView:
    """Close a site (đóng cổng / trang); its positions and delegations follow to the successor."""
    by = await actor.may("close_site", site=site)
    fact = fact_of(SiteClosedV1, body, site=site)
    return _answer(await usecases.close(deps, usecases.Close(fact, by, expected), cause), response)


@router.get("/sites")
async def list_sites(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    sites: FromSites,
    asked: FromPage,
    _: AfterPositionOrStale,
    on: Annotated[date | None, Query(description="Only sites that exist on this day")] = None,
    parent: Annotated[Site | None, Query(description="Sites that belong to this one")] = None,
    agency: Annotated[Id | None, Query(description="Sites that this agency owns")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of a name")] = None,
) -> Page[SiteView]:
    """Sites in the order of their ids (public facts: no token asked)."""
    where: dict[str, Any] = {}
    if parent is not None:
        where["parents"] = parent
    if agency is not None:
        where["agencies"] = agency
    if q and (words := query_keys(q)):
        where["keys"] = {"$all": list(words)}
    wanted = {k: v for k, v in (("parent", parent), ("agency", agency)) if v is not None}

    def fits(site: SiteState) -> bool:
        attributes = site.as_of(on) if on else site.days.latest
        return attributes is not None and wanted.items() <= attributes.items()

    after = str(asked.after[0]) if asked.after else None
    found = await sites.listed(where, fits, after, asked.fetch)
    return asked.written(  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
        found, lambda site: _LISTED.of(site.id, site, on), lambda site: (site.id,)
    )


@router.get("/sites/{site}", responses={304: {"description": "Not modified"}})
async def see(
    site: SiteId, sites: FromSites, request: Request, response: Response, on: Day = None
) -> SiteView:
    """One site as of a day, or as last known (public facts: no token asked)."""
    loaded = await sites.get(site)
    if (same := unchanged(request, loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(loaded.version)
    return _view(loaded.state, on)


@router.get("/sites/{site}/history")
async def history(site: SiteId, sites: FromSites) -> list[HistoryEntry]:
    """Every decision about a site: who, when, by what right, what changed."""
    return [HistoryEntry.model_validate(entry) for entry in await sites.history(site)]


@router.get("/domain-names/{host}")
async def domain_name(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    host: Annotated[str, Path(pattern=r"^[a-z0-9.-]+$", max_length=253)],
    deps: FromApp,
    request: Request,
    profile: Annotated[str, Query(max_length=40, examples=["hanam@1"])],
    kind: Annotated[Word, Query(examples=["department"])],
    name: Annotated[str, Query(max_length=200, description="Name of the agency")] = "",
    on: Day = None,
) -> DomainView:
    """Whether the regulation allows a domain name, and the one it would give (HN Đ4, BD Đ4)."""
    if profile not in set(deps.profiles) or kind not in LEVELS:
        raise NotFound("rule-unknown", _known_rules(deps.profiles))
    day = on or law_day(around_of(request).world.now())
    named = proposal(deps.profiles[profile], Host(host, kind, name, day))
    if named is None:
        return DomainView(allowed=True, proposed=None, explanation=None)
    allowed = not any(finding.severity == "error" for finding in named.findings)
    explanation: Any = plain(named.explanation)
    return DomainView(allowed=allowed, proposed=named.proposed, explanation=explanation)


def _known_rules(profiles: Iterable[str]) -> Said:
    known, kinds = ", ".join(sorted(profiles)), sorted(LEVELS)
    return say("rule-unknown", profiles=known, kinds=coded(SITE_KINDS, kinds))


def _answer(site: Loaded[SiteState], response: Response) -> SiteView:
    say_where(site, response)
    return _view(site.state, None)


def _view(site: SiteState, day: date | None) -> SiteView:
    attributes = site.days.latest if day is None else site.as_of(day)
    if attributes is None:
        raise NotFound("site-not-then", say("not-then", day=day))
    return SiteView.of(site, attributes, day)


_LISTED = Written(_view)
