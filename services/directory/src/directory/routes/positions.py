"""HTTP: give, change and end positions; who holds what at a site on a day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import ExpectedVersion
from common.http.signed_in import FromToken
from common.http.wiring import around_of, deps_of
from contracts.events.directory import PositionChangedV1, PositionEndedV1, PositionGivenV1
from directory.domain.people import position_of
from directory.domain.rights import MEMBERS, law_of
from directory.routes.acting import Asked, FromActor, FromApp, check_reader
from directory.routes.people import FromPeople, PersonId, PersonView, PositionView, answer
from directory.routes.shapes import DocumentBody, Id, Shape, Site, fact_of
from directory.usecases import people as usecases

router = APIRouter(tags=["positions"])
PositionName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*([.][a-z0-9-]+)*$", max_length=80)]
PositionId = Annotated[PositionName, Path(examples=["hanam.truong-ban"])]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Sections = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=80)], ...], Field(max_length=100)
]
Reason = Annotated[str, Field(max_length=1000)]


class PositionBody(Shape):
    """A role at a site; `decided_by` names whose decision is entered, if not one's own."""

    position_id: PositionName | None = None
    site: Site
    role: Word
    board: Id | None = None
    agency: Id | None = None
    sections: Sections = ()
    valid_from: date
    valid_to: date | None = None
    document: DocumentBody
    reason: Reason | None = None
    decided_by: Id | None = None


class PositionChangesBody(Shape):
    """Attributes with a new value."""

    sections: Sections | None = None
    board: Id | None = None
    agency: Id | None = None


class PositionChangeBody(Shape):
    """Other sections, board or agency from a day on."""

    valid_from: date
    changes: PositionChangesBody
    document: DocumentBody
    reason: Reason | None = None
    decided_by: Id | None = None


class PositionEndBody(Shape):
    """The first day on which it is no longer held."""

    ends_on: date
    document: DocumentBody
    reason: Reason | None = None
    decided_by: Id | None = None


@router.post("/people/{person_id}/positions", status_code=201)
async def give(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    body: PositionBody,
    deps: FromApp,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """Give a position (bổ nhiệm, phân công); without an id it gets one."""
    asked = Asked(body.decided_by, law_of("give_position", body.role), about=person_id)
    by = await actor.may("give_position", site=body.site, asked=asked)
    named = body.position_id or around_of(request).world.new_id()
    without = {"decided_by", "position_id"}
    fact = fact_of(PositionGivenV1, body, without, person_id=person_id, position_id=named)
    command = usecases.GivePosition(fact, by, expected)
    return answer(await usecases.give_position(deps, command, cause), response)


@router.post("/people/{person_id}/positions/{position_id}/changes")
async def change(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    position_id: PositionId,
    body: PositionChangeBody,
    deps: FromApp,
    people: FromPeople,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """Assign other sections (phân công lại), where the regulation lets the head of the board do it."""
    post = position_of((await people.get(person_id)).state, position_id)
    sections = body.changes.sections is not None and post.role in MEMBERS
    law = {"change_position": "assign_members"} if sections else {}
    asked = Asked(body.decided_by, law, about=person_id)
    by = await actor.may("change_position", site=post.site, asked=asked)
    named = {"person_id": person_id, "position_id": position_id, "site": post.site}
    fact = fact_of(PositionChangedV1, body, {"decided_by"}, **named)
    command = usecases.ChangePosition(fact, by, expected)
    return answer(await usecases.change_position(deps, command, cause), response)


@router.post("/people/{person_id}/positions/{position_id}/end")
async def end(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    person_id: PersonId,
    position_id: PositionId,
    body: PositionEndBody,
    deps: FromApp,
    people: FromPeople,
    actor: FromActor,
    cause: FromRequest,
    expected: ExpectedVersion,
    response: Response,
    _: AfterPosition,
) -> PersonView:
    """End a position (miễn nhiệm, thôi giữ chức)."""
    post = position_of((await people.get(person_id)).state, position_id)
    asked = Asked(body.decided_by, law_of("end_position", post.role))
    by = await actor.may("end_position", site=post.site, asked=asked)
    named = {"person_id": person_id, "position_id": position_id, "site": post.site}
    fact = fact_of(PositionEndedV1, body, {"decided_by"}, **named)
    command = usecases.EndPosition(fact, by, expected)
    return answer(await usecases.end_position(deps, command, cause), response)


@router.get("/positions")
async def list_positions(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    request: Request,
    who: FromToken,
    asked: FromPage,
    _: AfterPositionOrStale,
    site: Annotated[Site, Query(description="Where the positions give power")],
    on: Annotated[date | None, Query(description="Only those held on this day")] = None,
    role: Annotated[Word | None, Query()] = None,
    board: Annotated[Id | None, Query()] = None,
) -> Page[PositionView]:
    """Who holds what at a site, in the order of the positions' ids."""
    check_reader(who, site)
    after = str(asked.after[0]) if asked.after else None
    wanted = {"site": site, "role": role, "boards": board}
    where = {name: value for name, value in wanted.items() if value is not None}
    found = await deps_of(request).posts.listed(where, on, after, asked.fetch)
    return asked.page(found, lambda post: PositionView.of(post, on), lambda post: (post.id,))
