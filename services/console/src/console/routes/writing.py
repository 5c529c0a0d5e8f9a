"""The text of an article: written anew as a revision, or corrected after it was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from common.errors import NotFound
from console.queries import Refusal, part
from console.routes.acting import Answered, refused
from console.routes.articles import long_body
from console.routes.category import Field, faults_by_field, form_of, own_fields, typed
from console.routes.desk import Seen, chances_of, seen
from console.routes.visiting import AVisitor, Visitor

router = APIRouter(prefix="/articles/{article_id}", include_in_schema=False)
Purpose = Literal["revise", "correct"]
TEXTS = ("title", "summary", "html", "author", "source")
POINTERS = {"/title": "title", "/summary": "summary", "/html": "html", "/body": "html",
            "/author": "author", "/source": "source", "/reason": "reason", "/note": "reason"}  # fmt: skip
OPTIONAL = ("summary", "author", "source")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a form holds it.

    files  those it has, with their alternative texts and captions; `kept` False: to be taken out
    """

    plain: Mapping[str, str]
    fields: Mapping[str, Any]
    files: tuple[Mapping[str, Any], ...]
    reason: str = ""
    level: str = "minor"


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
    text = await _present(visitor, asked.shown.article)
    return await _show(visitor, asked, purpose, text, Answered())


async def _write(visitor: Visitor, article_id: str, purpose: Purpose) -> Response:
    form = await visitor.form()
    asked = await _form(visitor, article_id)
    text = _text(form, asked)
    faults = _faults(form, text)
    if faults:
        return await _show(visitor, asked, purpose, text, Answered(faults, status=422))
    place = "revisions" if purpose == "revise" else "corrections"
    path, version = f"editorial/articles/{part(article_id)}/{place}", _plain(form, "version")
    try:
        added = await _sent(visitor, form)
        body = _body(asked, text, purpose, added)
        await visitor.desk.api.post(visitor.asker, path, body, _plain(form, "key"), version)
    except Refusal as refusal:
        answered = await refused(visitor, article_id, refusal, version)
        told = _told(refusal.problem, asked.fields)
        again = Answered(told, answered.problem, answered.status, answered.meanwhile)
        return await _show(visitor, asked, purpose, text, again)
    return visitor.go(f"/articles/{part(article_id)}?done={purpose}")


async def _form(visitor: Visitor, article_id: str) -> Form:
    shown = await seen(visitor, article_id)
    form = await form_of(visitor, shown.article["category"], shown.article["site"])
    return Form(shown, own_fields(form))


async def _show(
    visitor: Visitor, asked: Form, purpose: Purpose, text: Text, answered: Answered
) -> Response:
    chances = await chances_of(visitor, asked.shown.article["article_id"])
    chance = next((each for each in chances if each["act"] == purpose), None)
    if chance is None:
        raise NotFound("act-unknown", "There is no such act.")
    return visitor.show(
        "article_write.html",
        answered.status,
        **asked.shown.values,
        purpose=purpose,
        chance=chance,
        fields=asked.fields,
        text=text,
        faults=answered.faults,
        problem=answered.problem,
        meanwhile=answered.meanwhile,
        key=visitor.new_key(),
        now=visitor.now,
    )


async def _present(visitor: Visitor, article: Mapping[str, Any]) -> Text:
    content = article["content"]
    body = content["body"]
    html = body["html"] if "html" in body else await long_body(visitor, article)
    plain = {
        "title": content["title"],
        "summary": content.get("summary", ""),
        "html": html,
        "author": content.get("author", ""),
        "source": content.get("source", {}).get("name", ""),
    }
    fields = {each["name"]: orjson.loads(each["value"]) for each in content.get("fields", ())}
    files = tuple({**each, "kept": True} for each in content.get("attachments", ()))
    return Text(plain, fields, files)


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
        {name: _plain(form, name) for name in TEXTS},
        typed(form, asked.fields),
        files,
        _plain(form, "reason"),
        _plain(form, "level") or "minor",
    )


def _faults(form: FormData, text: Text) -> dict[str, str]:
    """What a person can see to be wrong before anything is asked; codes of texts."""
    found = {name: "empty" for name in ("title", "html") if not text.plain[name]}
    if not text.reason:
        found["reason"] = "empty"
    for each in text.files:
        if each["kept"] and each["kind"] == "image" and not each["alternative_text"]:
            found[f"alt-{each['digest']}"] = "alt"
    added = _added(form)
    if added and (added.content_type or "").startswith("image/") and not _plain(form, "alt-new"):
        found["alt-new"] = "alt"
    return found


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
    """In their present order, new ones behind; those that the form does not show stay."""
    shown = {each["name"] for each in asked.fields if each["widget"] != "file"}
    present = asked.shown.article["content"].get("fields", ())
    hidden = {each["name"]: each["value"] for each in present if each["name"] not in shown}
    given = {name: orjson.dumps(value).decode() for name, value in text.fields.items()}
    order = dict.fromkeys([each["name"] for each in present] + list(given))
    values = hidden | given
    return [{"name": name, "value": values[name]} for name in order if name in values]


def _attachment(file: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in file.items() if name != "kept" and value}


def _told(problem: Mapping[str, Any], fields: list[Field]) -> dict[str, str]:
    """What the service said, at the field it said it of."""
    errors: list[Mapping[str, Any]] = list(problem.get("errors") or ())
    known = {
        name: str(error.get("detail", ""))
        for error in errors
        for pointer, name in POINTERS.items()
        if str(error.get("pointer", "")).startswith(pointer)
    }
    return {**faults_by_field(errors, fields), **known}


def _plain(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
