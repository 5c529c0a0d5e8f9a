"""HTTP: people on duty, their sign-ins and positions; as of a day, their history, lists by site."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from common.errors import NotFound
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion, etag, unchanged
from common.http.signed_in import FromToken
from common.http.wiring import deps_of
from common.log.streams import Loaded
from contracts.events.directory import (
    IdentityLinkedV1,
    IdentityUnlinkedV1,
    PersonChangedV1,
    PersonRegisteredV1,
)
from directory.domain.people import check_known
from directory.domain.words import say
from directory.queries.reading import Reading
from directory.routes.acting import Actor, FromActor, FromApp, check_reader, say_where
from directory.routes.shapes import DocumentBody, HistoryEntry, Id, Line, Shape, Site, fact_of
from directory.usecases import people as usecases
from directory.usecases.doing import By
from rulebook.dated import Attributes
from rulebook.person import Person, Post
from rulebook.text import query_keys

router = APIRouter(tags=["people"])
PersonId = Annotated[Id, Path(examples=["hanam.nguyen-thi-an"])]
Reason = Annotated[str, Field(max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class DutyBody(Shape):
    """Duty data only: no private contact ever stands here."""

    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Annotated[str, Field(max_length=30)] | None = None
    agency: Id | None = None
    unit: Line | None = None


class PersonBody(DutyBody):
    """A person on duty, or another system that acts like one."""

    person_id: Id
    site: Site
    kind: Literal["person", "system"] = "person"
    full_name: Name
    valid_from: date
    valid_to: date | None = None
    document: DocumentBody | None = None


class PersonChangesBody(DutyBody):
    """Duty data with a new value."""

    full_name: Name | None = None


class PersonChangeBody(Shape):
    """New duty data from a day on."""

    valid_from: date
    valid_to: date | None = None
    changes: PersonChangesBody = PersonChangesBody()
    cleared: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    document: DocumentBody | None = None
    reason: Reason | None = None


class IdentityBody(Shape):
    """A sign-in: what the issuer's tokens carry as `iss` and `sub`."""

    issuer: Annotated[str, Field(max_length=255)]
    subject: Annotated[str, Field(min_length=1, max_length=255)]
    reason: Reason | None = None


class PositionView(BaseModel):
    """A position as of a day, or as last known."""

    position_id: str
    person_id: str
    role: str
    site: str
    valid_from: date
    valid_to: date | None
    follows: str | None
    attributes: dict[str, Any] = Field(description="sections, board, agency, document")

    @classmethod
    def of(cls, post: Post, day: date | None) -> "PositionView":
        attributes = post.days.latest if day is None else post.days.as_of(day)
        return cls(
            position_id=post.id,
            person_id=post.person,
            role=post.role,
            site=post.site,
            valid_from=post.days.valid_from,
            valid_to=post.days.valid_to,
            follows=post.follows,
            attributes=attributes or {},
        )


class PersonView(BaseModel):
    """A person's entry as of a day, or as last known, with the positions held then."""

    person_id: str
    site: str
    kind: str
    valid_from: date
    valid_to: date | None
    as_of: date | None = Field(description="The day asked for; null: as last known")
    attributes: dict[str, Any]
    positions: tuple[PositionView, ...]

    @classmethod
    def of(cls, person: Person, attributes: Attributes, day: date | None) -> "PersonView":
        posts = person.posts.values() if day is None else person.posts_on(day)
        return cls(
            person_id=person.id,
            site=person.site,
            kind=person.kind,
            valid_from=person.days.valid_from,
            valid_to=person.days.valid_to,
            as_of=day,
            attributes=attributes,
            positions=tuple(PositionView.of(post, day) for post in posts),
        )


class IdentityView(BaseModel):
    issuer: str
    subject: str


async def _people(request: Request) -> Reading[Person]:
    return deps_of(request).people


FromPeople = Annotated[Reading[Person], Depends(_people)]
Day = Annotated[date | None, Query(description="As of this day")]


@router.post("/people", status_code=201)
async def register(
    body: PersonBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """Register a person on duty (đưa người vào danh bạ)."""
    by = await actor.may("register_person", site=body.site)
    fact = fact_of(PersonRegisteredV1, body)
    person = await usecases.register(deps, usecases.Register(fact, by), cause)
    response.headers["Location"] = f"people/{person.id}"
    return answer(person, response)


@router.post("/people/{person_id}/changes")
async def change(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    body: PersonChangeBody,
    deps: FromApp,
    people: FromPeople,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """Change duty data from a day on."""
    site = (await people.get(person_id)).state.site
    by = await actor.may("change_person", site=site)
    fact = fact_of(PersonChangedV1, body, person_id=person_id, site=site)
    command = usecases.ChangePerson(fact, by, expected)
    return answer(await usecases.change(deps, command, cause), response)


@router.post("/people/{person_id}/identities")
async def link(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    body: IdentityBody,
    deps: FromApp,
    people: FromPeople,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """Let a sign-in be this person's (gắn tài khoản)."""
    person = (await people.get(person_id)).state
    by = await _wherever_they_have_power(actor, person)
    fact = fact_of(IdentityLinkedV1, body, person_id=person_id, site=person.site)
    return answer(await usecases.link(deps, usecases.Link(fact, by), cause), response)


@router.post("/people/{person_id}/identities/unlinking")
async def unlink(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    body: IdentityBody,
    deps: FromApp,
    people: FromPeople,
    actor: FromActor,
    cause: FromRequest,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """Let a sign-in be this person's no longer (gỡ tài khoản)."""
    person = (await people.get(person_id)).state
    by = await actor.may("link_identity", site=person.site)
    fact = fact_of(IdentityUnlinkedV1, body, person_id=person_id, site=person.site)
    return answer(await usecases.unlink(deps, usecases.Unlink(fact, by), cause), response)


async def _wherever_they_have_power(actor: Actor, person: Person) -> By:
    """Whoever gives a sign-in gives all powers of its owner, so all their sites must allow it."""
    elsewhere = sorted({post.site for post in person.posts.values()} - {person.site})
    by = await actor.may("link_identity", site=person.site)
    others = [(await actor.may("link_identity", site=site)).proof for site in elsewhere]
    return By(by.subject, {**by.proof, "also": others} if others else by.proof)


@router.get("/people")
async def list_people(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    people: FromPeople,
    who: FromToken,
    asked: FromPage,
    _: AfterPositionOrStale,
    site: Annotated[Site, Query(description="Site that looks after the entries")],
    on: Annotated[date | None, Query(description="Only entries that hold on this day")] = None,
    agency: Annotated[Id | None, Query(description="People who serve at this agency")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of a name")] = None,
) -> Page[PersonView]:
    """People of a site in the order of their ids."""
    check_reader(who, site)
    where: dict[str, Any] = {"site": site}
    if agency is not None:
        where["agencies"] = agency
    if q and (words := query_keys(q)):
        where["keys"] = {"$all": list(words)}

    def fits(person: Person) -> bool:
        attributes = person.days.as_of(on) if on else person.days.latest
        return attributes is not None and agency in (None, attributes.get("agency"))

    after = str(asked.after[0]) if asked.after else None
    found = await people.listed(where, fits, after, asked.fetch)
    return asked.page(found, lambda person: view(person, on), lambda person: (person.id,))


@router.get("/people/{person_id}", responses={304: {"description": "Not modified"}})
async def see(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    people: FromPeople,
    who: FromToken,
    request: Request,
    response: Response,
    on: Day = None,
) -> PersonView:
    """One person as of a day, or as last known."""
    loaded = await people.get(person_id)
    check_reader(who, loaded.state.site)
    if (same := unchanged(request, loaded.version)) is not None:
        return same  # pyright: ignore[reportReturnType] - FastAPI sends a response as it is
    response.headers["ETag"] = etag(loaded.version)
    return view(loaded.state, on)


@router.get("/people/{person_id}/identities")
async def identities(
    person_id: PersonId, people: FromPeople, actor: FromActor
) -> list[IdentityView]:
    """The sign-ins of a person, for those who may link them."""
    person = (await people.get(person_id)).state
    await actor.may("link_identity", site=person.site)
    known = sorted(person.identities, key=lambda each: (each.issuer, each.subject))
    return [IdentityView(issuer=each.issuer, subject=each.subject) for each in known]


@router.get("/people/{person_id}/history")
async def history(person_id: PersonId, people: FromPeople, actor: FromActor) -> list[HistoryEntry]:
    """Every decision about a person, their sign-ins and positions, for those who keep the entry."""
    person = await people.get(person_id)
    await actor.may("change_person", site=person.state.site)
    return [HistoryEntry.model_validate(entry) for entry in await people.history(person_id)]


def answer(person: Loaded[Person], response: Response) -> PersonView:
    """The state after a command, with its version and place."""
    say_where(person, response)
    return view(person.state, None)


def view(person: Person, day: date | None) -> PersonView:
    """Raises NotFound for a day on which no entry holds."""
    check_known(person)
    attributes = person.days.latest if day is None else person.days.as_of(day)
    if attributes is None:
        raise NotFound("person-not-then", say("not-then", day=day))
    return PersonView.of(person, attributes, day)
