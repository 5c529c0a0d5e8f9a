"""Delegations (uỷ quyền): those of a site, one with its history; give one, take one back."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from console.queries import Refusal, part
from console.routes.listing import Cursor, Words, day, history_of, listed, scope_of
from console.routes.naming import Spoken, deciders, names_of, parties
from console.routes.visiting import AVisitor, Visitor

router = APIRouter(prefix="/delegations", include_in_schema=False)
FIELDS = ("receiver", "site", "valid_from", "valid_to", "number", "reason")
POINTERS = {
    "/receiver": "receiver",
    "/acts": "acts",
    "/sites": "site",
    "/valid_from": "valid_from",
    "/valid_to": "valid_to",
    "/document": "number",
}


@router.get("")
async def all_delegations(visitor: AVisitor, site: Words = "", cursor: Cursor = "") -> Response:
    scope = await scope_of(visitor, site)
    delegations, following = [], None
    if scope.site:
        path, query = "directory/delegations", {"site": scope.site}
        delegations, following = await listed(visitor, path, "/delegations", query, cursor)
    called = await names_of(visitor, Spoken(scope.site, parties(delegations)))
    return visitor.show(
        "delegations.html",
        delegations=delegations,
        called=called,
        scope=scope,
        following=following,
    )


@router.get("/new")
async def form(visitor: AVisitor) -> Response:
    """What the signed-in person may give: only what their own positions allow."""
    return await _form(visitor, dict.fromkeys(FIELDS, ""), [], {})


@router.post("")
async def give(visitor: AVisitor) -> Response:
    """Given in the signed-in person's own name; a refusal keeps what was typed."""
    form = await visitor.form()
    typed = {name: str(form.get(name, "")).strip() for name in FIELDS}
    acts = [str(each) for each in form.getlist("acts")]
    faults = _faults(typed, acts)
    if faults:
        return await _form(visitor, typed, acts, faults, 422)
    mine = await _mine(visitor)
    body = {
        "giver": mine["person"] or "",
        "receiver": typed["receiver"],
        "acts": acts,
        "sites": [typed["site"]],
        "valid_from": typed["valid_from"],
        "valid_to": typed["valid_to"],
        "document": {"number": typed["number"]},
    } | ({"reason": typed["reason"]} if typed["reason"] else {})
    try:
        given = await visitor.desk.api.post(
            visitor.asker, "directory/delegations", body, _key(form)
        )
    except Refusal as refusal:
        faults = _told(refusal.problem)
        return await _form(visitor, typed, acts, faults, refusal.status, refusal.problem)
    return visitor.go(f"/delegations/{part(given['delegation_id'])}?done=given")


@router.get("/{delegation_id}")
async def one_delegation(visitor: AVisitor, delegation_id: str, done: Words = "") -> Response:
    return await _one(visitor, delegation_id, done)


@router.post("/{delegation_id}/revocation")
async def revoke(visitor: AVisitor, delegation_id: str) -> Response:
    """Taken back at once; it counts nowhere any more."""
    form = await visitor.form()
    number, reason = (str(form.get(name, "")).strip() for name in ("number", "reason"))
    body = {"document": {"number": number}} if number else {}
    body |= {"reason": reason} if reason else {}
    path = f"directory/delegations/{part(delegation_id)}/revocation"
    await visitor.desk.api.post(visitor.asker, path, body, _key(form))
    return visitor.go(f"/delegations/{part(delegation_id)}?done=revoked")


async def _one(visitor: Visitor, delegation_id: str, done: str) -> Response:
    path = f"directory/delegations/{part(delegation_id)}"
    api, asker = visitor.desk.api, visitor.asker
    delegation, history = await api.get(asker, path), await history_of(visitor, path)
    people = [*parties([delegation]), *deciders(history)]
    return visitor.show(
        "delegation.html",
        delegation=delegation,
        history=history,
        called=await names_of(visitor, Spoken(people=people)),
        done=done,
        key=visitor.new_key(),
    )


async def _form(  # noqa: PLR0913, PLR0917 - what was typed, what is wrong with it, what a service said
    visitor: Visitor,
    typed: Mapping[str, str],
    acts: list[str],
    faults: Mapping[str, str],
    status: int = 200,
    problem: Mapping[str, Any] | None = None,
) -> Response:
    mine = await _mine(visitor)
    people: list[Any] = []
    for site in dict.fromkeys(each["site"] for each in mine["may"]):
        there = {"site": site, "limit": "100"}
        people += (await visitor.desk.api.get(visitor.asker, "directory/people", there))["items"]
    return visitor.show(
        "delegation_new.html",
        status,
        typed=typed,
        acts=acts,
        faults=faults,
        mine=mine,
        people=[each for each in people if each["person_id"] != mine["person"]],
        called=await names_of(visitor, Spoken()),
        problem=problem,
        key=visitor.new_key(),
    )


async def _mine(visitor: Visitor) -> Mapping[str, Any]:
    """Who the signed-in person is in the directory, and what they may do now."""
    return await visitor.desk.api.get(visitor.asker, "portal/authority/mine")


def _faults(typed: Mapping[str, str], acts: list[str]) -> dict[str, str]:
    """What a person can see to be wrong before anything is asked; codes of texts."""
    found = {name: "empty" for name in FIELDS if name != "reason" and not typed[name]}
    if not acts:
        found["acts"] = "empty"
    for name in ("valid_from", "valid_to"):
        if typed[name] and day(typed[name]).fault:
            found[name] = "no-day"
    return found


def _told(problem: Mapping[str, Any]) -> dict[str, str]:
    """What the directory said, at the field it said it of."""
    errors: list[Mapping[str, Any]] = list(problem.get("errors") or ())
    return {
        field: str(error.get("detail", ""))
        for error in errors
        for pointer, field in POINTERS.items()
        if str(error.get("pointer", "")).startswith(pointer)
    }


def _key(form: FormData) -> str:
    """One key for one opened form: sending it twice does it once."""
    return str(form.get("key", ""))[:128]
