"""Handing in: the site, the category, the form of its regulation, what the rules find, and the act."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from console.queries import Refusal, part
from console.routes import drafts, fields, shapes
from console.routes.drafts import Draft
from console.routes.fields import LONGEST_FIELD, MOST_FIELDS, Faults
from console.routes.listing import Words, name_in
from console.routes.naming import Spoken, names_of
from console.routes.visiting import AVisitor, Visitor
from rulebook.text import fold_plain

router = APIRouter(prefix="/submit", include_in_schema=False)
GROUPS = ("news", "documents", "notices", "about")
UNPROCESSABLE = 422
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Desk:
    """A form on the table: where it goes, what it asks, and what it answers again (`again`: its id)."""

    place: Mapping[str, Any]
    asked: fields.Form
    action: str
    again: Mapping[str, Any] | None = None

    @property
    def before(self) -> Draft | None:
        return drafts.prefilled(self.again["content"], self.asked, "") if self.again else None


@dataclass(slots=True)
class Looked:
    """What was found in a draft: by us, by intake, by the rulebook.

    doubts  what the sender may look at once more, and send all the same
    """

    faults: Faults = field(default_factory=dict[str, tuple[str, str]])
    doubts: Faults = field(default_factory=dict[str, tuple[str, str]])
    check: Mapping[str, Any] | None = None
    problem: Mapping[str, Any] | None = None

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        """Findings for which a board would have to return it."""
        found = self.check["findings"] if self.check else []
        return [each for each in found if each["severity"] == "error"]


@router.get("")
async def sites(visitor: AVisitor) -> Response:
    """Where the signed-in person may hand in; the other sites say why not."""
    places = await visitor.desk.api.get(visitor.asker, "intake/places")
    mine = await visitor.desk.api.get(visitor.asker, "portal/authority/mine")
    spoken = Spoken(
        people=[mine["person"]], agencies=[each["agency"] for each in places], sites=False
    )
    called = await names_of(visitor, spoken)
    sites = {str(each["site"]): name_in(each, visitor.language) for each in places}
    return visitor.show(
        "submit.html",
        agencies=called.agencies,
        names={**sites, **called.people},
        open=[each for each in places if each["may"]],
        closed=[each for each in places if not each["may"]],
    )


@router.get("/{site}")
async def categories(visitor: AVisitor, site: str, q: Words = "") -> Response:
    """What the site takes: first what its regulation speaks of, each group by itself."""
    place = await place_of(visitor, site)
    found = await visitor.desk.api.get(visitor.asker, "intake/categories", {"site": site})
    fitting = [each for each in found if _fits(each, q)]
    known = [each for each in fitting if each["known"] or each["id"] in {"news", "notice"}]
    groups = [(name, [each for each in known if each["group"] == name]) for name in GROUPS]
    others = [each for each in fitting if each not in known]
    return visitor.show(
        "submit_category.html",
        place=place,
        q=q,
        groups=[(name, each) for name, each in groups if each],
        others=others,
    )


@router.get("/{site}/{category}")
async def opened(visitor: AVisitor, site: str, category: str) -> Response:
    """An empty form, with the one key under which it is handed in."""
    desk = await _desk(visitor, site, category)
    sender = desk.asked
    usual = (sender.get("events") or [""])[0]
    facts = {"language": desk.place["languages"][0], "event_type": usual, "agency_role": "issuer"}
    return show(visitor, desk, Draft(facts=facts, key=visitor.new_key()), Looked())


@router.post("/{site}/{category}")
async def sent(visitor: AVisitor, site: str, category: str) -> Response:
    """Whatever button was pressed: nothing typed is lost, and only `send` hands in."""
    return await answered(visitor, await _desk(visitor, site, category))


# -- shared with handing in again -----------------------------------------------------------------


async def answered(visitor: Visitor, desk: Desk) -> Response:
    """The form was sent by a person who is signed in: of nobody else are megabytes read."""
    form = await visitor.form(MOST_FIELDS, LONGEST_FIELD)
    try:
        return await _answered(visitor, desk, form)
    finally:
        await form.close()


async def _answered(visitor: Visitor, desk: Desk, form: FormData) -> Response:
    draft, looked = drafts.read(form, desk.asked), Looked()
    draft = await _uploaded(visitor, desk, form, draft, looked)
    act = str(form.get("act", "check"))
    if act == "take":
        draft = drafts.repaired(draft)
    if act in {"upload", "rows", "edit", "take"}:
        return show(visitor, desk, draft, looked, status=UNPROCESSABLE if looked.faults else 200)
    await _look(visitor, desk, draft, looked)
    looked.doubts = shapes.doubts(draft, desk.asked["fields"]) if act == "check" else {}
    if looked.faults or looked.problem or ((looked.errors or looked.doubts) and act == "check"):
        return show(visitor, desk, draft, looked, status=UNPROCESSABLE)
    if act != "send":
        return _review(visitor, desk, draft, looked)
    return await _hand_in(visitor, desk, draft, looked)


def show(visitor: Visitor, desk: Desk, draft: Draft, looked: Looked, status: int = 200) -> Response:
    """The form with what was typed and what is wrong."""
    wrong = drafts.wrongly_encoded(draft)
    return visitor.show(
        "submission_form.html",
        status,
        desk=desk,
        draft=draft,
        looked=looked,
        proposal=drafts.repaired(draft).values if wrong else None,
        taken=TAKEN,
    )


async def place_of(visitor: Visitor, site: str) -> Mapping[str, Any]:
    """The site as the person stands before it; raises Refusal where they may not hand in."""
    places = await visitor.desk.api.get(visitor.asker, "intake/places")
    place = next((each for each in places if each["site"] == site), None)
    if place is None:
        raise Refusal(404, {"title": "", "detail": ""})
    if not place["may"]:
        raise Refusal(403, place["refused"])
    return place


async def _desk(visitor: Visitor, site: str, category: str) -> Desk:
    place = await place_of(visitor, site)
    asked = await fields.form_of(visitor, site, category)
    return Desk(place, asked, f"/submit/{part(site)}/{part(category)}")


async def _uploaded(
    visitor: Visitor, desk: Desk, form: FormData, draft: Draft, looked: Looked
) -> Draft:
    """The chosen files sent on; from now on the page carries their digests."""
    files = list(draft.files)
    for name, each in drafts.uploads(form, desk.asked):
        try:
            file = (each.filename or "", each.file, each.content_type or OCTETS)
            kept = await visitor.desk.api.send(visitor.asker, "intake/files", file)
        except Refusal as refusal:
            said = str(refusal.problem.get("detail", ""))
            looked.faults[f"u.{name}"] = (str(refusal.problem.get("code", "")), said)
            continue
        if name:
            files = [old for old in files if old.field != name]
        files.append(
            drafts.Attached(kept["digest"], kept["name"], str(kept["size"]), kept["kind"], name)
        )
    return replace(draft, files=tuple(files))


async def _look(visitor: Visitor, desk: Desk, draft: Draft, looked: Looked) -> None:
    """What is wrong, the cheapest first; nothing of it is kept by anybody."""
    looked.faults |= drafts.faults_of(draft, desk.asked)
    if looked.faults:
        return
    body = _body(desk, draft, with_contact=False)
    body["site"] = desk.place["site"]
    try:
        looked.check = await visitor.desk.api.post(visitor.asker, "intake/checks", body, "")
    except Refusal as refusal:
        looked.faults |= fields.told(refusal.problem)
        looked.problem = refusal.problem


def _review(visitor: Visitor, desk: Desk, draft: Draft, looked: Looked) -> Response:
    before = desk.before
    return visitor.show(
        "submission_check.html",
        desk=desk,
        draft=draft,
        looked=looked,
        changes=drafts.changes(before, draft) if before else [],
    )


async def _hand_in(visitor: Visitor, desk: Desk, draft: Draft, looked: Looked) -> Response:
    body = _body(desk, draft, with_contact=True)
    if desk.again is None:
        path, body = "intake/submissions", body | {"site": desk.place["site"]}
    else:
        path = f"intake/submissions/{part(desk.again['submission_id'])}/resubmissions"
        body |= {"note": draft.fact("note")} if draft.fact("note").strip() else {}
    try:
        done = await visitor.desk.api.act(visitor.asker, path, body, draft.key)
    except Refusal as refusal:
        looked.faults, looked.problem = fields.told(refusal.problem), refusal.problem
        return show(visitor, desk, draft, looked, refusal.status)
    query = urlencode({"done": "again" if desk.again else "received", "after": done.position})
    return visitor.go(f"/submissions/{part(done.body['submission_id'])}?{query}")


def _kept(desk: Desk) -> dict[str, Any]:
    """What the form does not show stays as it was handed in before."""
    content = desk.again["content"] if desk.again else {}
    return {name: content[name] for name in ("section", "links", "channel") if content.get(name)}


def _body(desk: Desk, draft: Draft, *, with_contact: bool) -> dict[str, Any]:
    before = desk.again["content"]["body"].get("html", "") if desk.again else ""
    body = drafts.body_of(draft, desk.asked, with_contact=with_contact, before=before) | _kept(desk)
    before = drafts.given_of(desk.again["content"]) if desk.again else {}
    shown = {each["name"] for each in desk.asked["fields"]}
    body["fields"] |= {name: value for name, value in before.items() if name not in shown}
    return body


def _fits(category: Mapping[str, Any], wanted: str) -> bool:
    said = " ".join([*category["label"].values(), *category["hint"].values()])
    return all(word in fold_plain(said) for word in fold_plain(wanted).split())


TAKEN = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.ppt,.txt,.csv,.jpg,.jpeg,.png,.gif,.webp,.mp3,.m4a,.mp4,.webm"
"""Endings that a browser offers first; intake decides by the content."""
