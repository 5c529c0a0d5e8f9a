"""The text of an article: written anew as a revision, or corrected after it was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson
from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from common.errors import NotFound, Said
from console.queries import Refusal, part
from console.routes import bodies, fields, shapes
from console.routes.acting import Answered, refused
from console.routes.articles import html_of
from console.routes.desk import Seen, chances_of, seen
from console.routes.drafts import given_of
from console.routes.fields import (
    LONGEST_FIELD,
    MOST_FIELDS,
    Faults,
    Field,
    Typed,
    form_of,
    own_fields,
)
from console.routes.visiting import AVisitor, Visitor

router = APIRouter(prefix="/articles/{article_id}", include_in_schema=False)
Purpose = Literal["revise", "correct"]
TEXTS = ("title", "summary", "html", "author", "source")
INPUTS = {"f.title": "title", "f.summary": "summary", "f.html": "html", "f.body": "html",
          "f.author": "author", "f.source": "source", "f.reason": "reason", "f.note": "reason"}  # fmt: skip
"""Inputs of this form that are named otherwise than where an item is handed in."""
PARTS = frozenset({"title", "summary", "body", "author", "source"})
"""Fields of every category that have their place in this form already."""
WORDLESS = ("alternative-text-missing", "")
OPTIONAL = ("summary", "author", "source")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a form holds it.

    files   those it has, with their alternative texts and captions; `kept` False: to be taken out
    faults  what is wrong with it, by input
    """

    plain: Mapping[str, str]
    fields: Typed
    files: tuple[Mapping[str, Any], ...]
    reason: str = ""
    level: str = "minor"
    faults: Faults = field(default_factory=dict[str, tuple[str, str]])


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked, and what there is already."""

    shown: Seen
    fields: list[Field] = field(default_factory=list[Field])


@router.get("/revise")
async def revise_form(visitor: AVisitor, article_id: str) -> Response:
    return await _begin(visitor, article_id, "revise")


@router.post("/revise")
async def revise(visitor: AVisitor, article_id: str) -> Response:
    """A new revision; the ones before it stay as they are."""
    return await _write(visitor, article_id, "revise")


@router.get("/correct")
async def correct_form(visitor: AVisitor, article_id: str) -> Response:
    return await _begin(visitor, article_id, "correct")


@router.post("/correct")
async def correct(visitor: AVisitor, article_id: str) -> Response:
    """A correction of what is published; the public reads it once it is approved and published."""
    return await _write(visitor, article_id, "correct")


async def _begin(visitor: Visitor, article_id: str, purpose: Purpose) -> Response:
    asked = await _form(visitor, article_id)
    text = await _present(visitor, asked)
    return await _show(visitor, asked, purpose, text, Answered())


async def _write(visitor: Visitor, article_id: str, purpose: Purpose) -> Response:
    form = await visitor.form(MOST_FIELDS, LONGEST_FIELD)
    try:
        return await _written(visitor, article_id, purpose, form)
    finally:
        await form.close()


async def _written(visitor: Visitor, article_id: str, purpose: Purpose, form: FormData) -> Response:
    asked = await _form(visitor, article_id)
    text = _text(form, asked)
    if _plain(form, "act") == "rows":
        return await _show(visitor, asked, purpose, text, Answered())
    text = replace(text, faults=_faults(form, text) | _misshapen(asked, text))
    if text.faults:
        return await _show(visitor, asked, purpose, text, Answered(status=422))
    place = "revisions" if purpose == "revise" else "corrections"
    path, version = f"editorial/articles/{part(article_id)}/{place}", _plain(form, "version")
    try:
        added = await _sent(visitor, form)
        body = _body(asked, await _kept(visitor, asked, text), purpose, added)
        await visitor.desk.api.post(visitor.asker, path, body, _plain(form, "key"), version)
    except Refusal as refusal:
        answered = await refused(visitor, article_id, refusal, version)
        text = replace(text, faults=_told(refusal.problem))
        return await _show(visitor, asked, purpose, text, answered)
    return visitor.go(f"/articles/{part(article_id)}?done={purpose}")


async def _form(visitor: Visitor, article_id: str) -> Form:
    shown = await seen(visitor, article_id)
    form = await form_of(visitor, shown.article["site"], shown.article["category"])
    return Form(shown, [*own_fields(form), *_asked_too(form, shown.article)])


def _asked_too(form: fields.Form, article: Mapping[str, Any]) -> list[Field]:
    """Fields that every category has, where this item was given them, or is asked for them."""
    there = {each["name"] for each in article["content"].get("fields", ())}
    wanted = there | {each["field"] for each in article["findings"]}
    flags = article["flags"]
    return [
        {**each, "required": each["required"] or each.get("asked_with") in flags}
        for each in form["fields"]
        if each.get("shared")
        and each["name"] not in PARTS
        and (each["name"] in wanted or each.get("asked_with") in flags)
    ]


async def _show(
    visitor: Visitor, asked: Form, purpose: Purpose, text: Text, answered: Answered
) -> Response:
    chances = await chances_of(visitor, asked.shown.article["article_id"])
    chance = next((each for each in chances if each["act"] == purpose), None)
    if chance is None:
        raise NotFound(
            "act-unknown",
            Said(
                "Không có thao tác này. Quay lại trang trước.",
                "There is no such act. Go back to the page before.",
            ),
        )
    return visitor.show(
        "article_write.html",
        answered.status,
        **asked.shown.values,
        purpose=purpose,
        chance=chance,
        fields=asked.fields,
        text=text,
        faults=text.faults,
        problem=answered.problem,
        meanwhile=answered.meanwhile,
        key=visitor.new_key(),
        now=visitor.now,
    )


async def _present(visitor: Visitor, asked: Form) -> Text:
    article = asked.shown.article
    content = article["content"]
    plain = {
        "title": content["title"],
        "summary": content.get("summary", ""),
        "html": bodies.laid_out(await html_of(visitor, asked.shown.article)),
        "author": content.get("author", ""),
        "source": content.get("source", {}).get("name", ""),
    }
    files = tuple({**each, "kept": True} for each in content.get("attachments", ()))
    return Text(plain, fields.shown(given_of(content), asked.fields), files)


async def _kept(visitor: Visitor, asked: Form, text: Text) -> Text:
    """The body as it is to be kept: what nobody touched to the letter, so that its digest stays."""
    html = bodies.kept(text.plain["html"], await html_of(visitor, asked.shown.article))
    return replace(text, plain={**text.plain, "html": html})


def _text(form: FormData, asked: Form) -> Text:
    files = tuple(
        {
            **each,
            "alternative_text": _plain(form, f"alt-{each['digest']}"),
            "caption": _plain(form, f"caption-{each['digest']}"),
            "kept": not _plain(form, f"drop-{each['digest']}"),
        }
        for each in asked.shown.article["content"].get("attachments", ())
    )
    return Text(
        {**{name: _plain(form, name) for name in TEXTS}, "title": _line(form, "title")},
        fields.read(form, asked.fields),
        files,
        _plain(form, "reason"),
        _plain(form, "level") or "minor",
    )


def _faults(form: FormData, text: Text) -> Faults:
    """What a person can see to be wrong before anything is asked."""
    missing = [name for name in ("title", "html") if not text.plain[name]]
    missing += [] if text.reason else ["reason"]
    found: Faults = dict.fromkeys(missing, ("empty", ""))
    for each in text.files:
        if each["kept"] and each["kind"] == "image" and not each["alternative_text"]:
            found[f"alt-{each['digest']}"] = WORDLESS
    added = _added(form)
    if added and (added.content_type or "").startswith("image/") and not _plain(form, "alt-new"):
        found["alt-new"] = WORDLESS
    return found


def _misshapen(asked: Form, text: Text) -> Faults:
    """Fields that were touched and have not their shape; what nobody touched stays as it is."""
    content = asked.shown.article["content"]
    before = fields.given(fields.shown(given_of(content), asked.fields), asked.fields)
    after = fields.given(text.fields, asked.fields)
    touched = [each for each in asked.fields if after.get(each["name"]) != before.get(each["name"])]
    return shapes.faults(text.fields, touched)


def _added(form: FormData) -> UploadFile | None:
    sent = form.get("file")
    return sent if isinstance(sent, UploadFile) and sent.filename else None


async def _sent(visitor: Visitor, form: FormData) -> dict[str, Any] | None:
    """A new file, taken in by intake, as an attachment."""
    file = _added(form)
    if file is None:
        return None
    name = file.filename or "tep"
    sent = (name, file.file, file.content_type or "application/octet-stream")
    made = await visitor.desk.api.send(visitor.asker, "intake/files", sent)
    kept = {key: made[key] for key in ("name", "digest", "size", "media_type", "kind")}
    words = {"alternative_text": _plain(form, "alt-new"), "caption": _plain(form, "caption-new")}
    return kept | {key: value for key, value in words.items() if value}


def _body(
    asked: Form, text: Text, purpose: Purpose, added: dict[str, Any] | None
) -> dict[str, Any]:
    """As the service takes it: what stands in no field of the form stays as it is."""
    content = asked.shown.article["content"]
    plain = {name: text.plain[name] for name in ("title", "summary", "html", "author")}
    source = {**content.get("source", {}), "name": text.plain["source"]}
    body: dict[str, Any] = {name: value for name, value in plain.items() if value}
    body |= {"source": source} if text.plain["source"] else {}
    gone = [name for name in OPTIONAL if name in content and not text.plain[name]]
    files = [_attachment(each) for each in text.files if each["kept"]] + ([added] if added else [])
    said = {"reason": text.reason} if purpose == "revise" else {"note": text.reason, "level": text.level}  # fmt: skip
    return body | said | {"without": gone, "fields": _fields(asked, text), "attachments": files}


def _fields(asked: Form, text: Text) -> list[dict[str, str]]:
    """In their present order, new ones behind; what the form does not show, and what nobody touched, stays."""
    content = asked.shown.article["content"]
    present = {each["name"]: each["value"] for each in content.get("fields", ())}
    shown = {each["name"] for each in asked.fields if each["widget"] != "file"}
    before = fields.given(fields.shown(given_of(content), asked.fields), asked.fields)
    after = fields.given(text.fields, asked.fields)
    values = {
        name: value
        for name, value in present.items()
        if name not in shown or after.get(name) == before.get(name)
    }
    values |= {
        name: orjson.dumps(value).decode()
        for name, value in after.items()
        if value != before.get(name)
    }
    order = dict.fromkeys([*present, *after])
    return [{"name": name, "value": values[name]} for name in order if name in values]


def _attachment(file: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in file.items() if name != "kept" and value}


def _told(problem: Mapping[str, Any]) -> Faults:
    """What the service said, at the input it said it of."""
    return {INPUTS.get(id, id): said for id, said in fields.told(problem).items()}


def _line(form: FormData, name: str) -> str:
    """A title is one line, however many it takes on the page."""
    return " ".join(_plain(form, name).split())


def _plain(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
