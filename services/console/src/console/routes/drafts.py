"""What an officer typed into the form of a category: read, shown again, and put as intake wants it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from starlette.datastructures import FormData, UploadFile

from console.routes import bodies, fields, listing, shapes
from console.routes.fields import Faults, Form, Typed, text_of
from rulebook.text import inspect_text

OWN = ("title", "summary", "body", "author")
"""Fields that stand in a submission itself; `source` is an object, the others go into `fields`."""
FACTS = ("language", "event_type", "event_date", "agency_role", "source_type", "source_url", "note")
MOST_FILES = 50
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 5_000


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that lies at intake already; `field` is the field it was given for, "" for none."""

    digest: str
    name: str
    size: str = ""
    kind: str = "document"
    field: str = ""
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Draft(Typed):
    """Everything typed: the fields of the category, and what goes with every submission."""

    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    contact: Mapping[str, str] = field(default_factory=dict[str, str])
    flags: tuple[str, ...] = ()
    files: tuple[Attached, ...] = ()
    key: str = ""

    def fact(self, name: str) -> str:
        return self.facts.get(name, "")

    def files_of(self, name: str) -> list[tuple[int, Attached]]:
        """Those given for a field, with their places."""
        return [(place, each) for place, each in enumerate(self.files) if each.field == name]


def read(form: FormData, asked: Form) -> Draft:
    """The form that was sent; what the category does not ask for is not looked at."""
    typed = fields.read(form, asked["fields"])
    return Draft(
        values=typed.values,
        rows=typed.rows,
        facts={name: text_of(form, name) for name in FACTS},
        contact={each["name"]: text_of(form, f"c.{each['name']}") for each in asked["contact"]},
        flags=tuple(str(each) for each in form.getlist("flag")),
        files=tuple(_files(form)),
        key=text_of(form, "key")[:128],
    )


def uploads(form: FormData, asked: Form) -> Iterable[tuple[str, UploadFile]]:
    """The files chosen in this form, each with the field it is for."""
    names = ["", *(each["name"] for each in asked["fields"] if each["widget"] == "file")]
    for name in names:
        for each in form.getlist(f"u.{name}"):
            if isinstance(each, UploadFile) and each.filename:
                yield name, each


def given_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The category's fields of a submission's content, as values."""
    return {each["name"]: orjson.loads(each["value"]) for each in content.get("fields", ())}


def prefilled(content: Mapping[str, Any], asked: Form, key: str) -> Draft:
    """A submission's content as the form shows it again."""
    given = given_of(content)
    source, event = content.get("source") or {}, content.get("event") or {}
    own = {name: content.get(name) or "" for name in OWN if name != "body"}
    own |= {
        "source": source.get("name", ""),
        "body": bodies.laid_out(content["body"].get("html", "")),
    }
    by_name = {str(value): name for name, value in given.items() if isinstance(value, str)}
    is_file = {each["name"] for each in asked["fields"] if each["widget"] == "file"}
    typed = fields.shown(given | own, asked["fields"])
    return Draft(
        values=typed.values,
        rows=typed.rows,
        facts={
            "language": content["language"],
            "event_type": event.get("type", ""),
            "event_date": str(event.get("date", "")),
            "agency_role": content.get("agency_role", "issuer"),
            "source_type": source.get("type") or "",
            "source_url": source.get("url") or "",
        },
        flags=tuple(content.get("flags", ())),
        files=tuple(
            Attached(
                digest=each["digest"],
                name=each["name"],
                size=str(each.get("size", "")),
                kind=each.get("kind", "document"),
                field=by_name.get(each["name"], "") if by_name.get(each["name"]) in is_file else "",
                alt=each.get("alternative_text") or "",
                caption=each.get("caption") or "",
            )
            for each in content.get("attachments", ())
        ),
        key=key,
    )


def body_of(draft: Draft, asked: Form, *, with_contact: bool, before: str = "") -> dict[str, Any]:
    """As intake takes it; what is empty is left out. `before`: the body that is corrected, if one is."""
    values = draft.values
    own = {name: values[name] for name in OWN if values.get(name, "").strip()}
    beside = [each for each in asked["fields"] if each["name"] not in {*OWN, "source"}]
    named = {each.field: each.name for each in draft.files if each.field}
    body: dict[str, Any] = {"category": asked["id"], "language": draft.fact("language") or "vi"}
    body |= own | {"title": own.get("title", ""), "body": bodies.kept(own.get("body", ""), before)}
    body["fields"] = fields.given(draft, beside) | named
    body["attachments"] = [_attachment(each) for each in draft.files]
    body["flags"] = list(draft.flags)
    if values.get("source", "").strip():
        parts = {"type": draft.fact("source_type"), "url": draft.fact("source_url").strip()}
        body["source"] = {"name": values["source"], **{k: v for k, v in parts.items() if v}}
    if draft.fact("event_type") and draft.fact("event_date"):
        body["event"] = {"type": draft.fact("event_type"), "date": draft.fact("event_date")}
        body["issuer_role"] = draft.fact("agency_role") or "issuer"
    contact = {name: value for name, value in draft.contact.items() if value.strip()}
    return body | ({"contact": contact} if with_contact and contact else {})


def faults_of(draft: Draft, asked: Form) -> Faults:
    """What can be seen to be wrong before anything is asked."""
    found = shapes.faults(draft, asked["fields"])
    contact = shapes.faults(Typed(draft.contact), asked["contact"])
    found |= {f"c{id.removeprefix('f')}": fault for id, fault in contact.items()}
    if not draft.values.get("title", "").strip():
        found["f.title"] = ("empty", "")
    day = draft.fact("event_date")
    if day and listing.day(day).fault:
        found["event_date"] = ("date", "")
    for place, each in enumerate(draft.files):
        if each.kind == "image" and not each.alt.strip():
            found[f"a.{place}.alt"] = ("alternative-text-missing", "")
    return found


def repaired(draft: Draft) -> Draft:
    """Every text in Unicode: the proposal for one in TCVN3, VNI or encoded twice."""
    values = {name: inspect_text(value).repaired for name, value in draft.values.items()}
    return replace(draft, values=values)


def wrongly_encoded(draft: Draft) -> bool:
    return any(not inspect_text(value).sound for value in draft.values.values())


def changes(before: Draft, after: Draft) -> list[tuple[str, list[tuple[str, str]]]]:
    """Fields that differ, each as stretches (same, removed, added) in reading order."""
    one, two = _readable(before), _readable(after)
    names = dict.fromkeys([*one, *two])
    return [
        (name, _compared(one.get(name, ""), two.get(name, "")))
        for name in names
        if one.get(name, "").strip() != two.get(name, "").strip()
    ]


def _readable(draft: Draft) -> dict[str, str]:
    rows = {
        name: "\n".join(" · ".join(row.values()) for row in fields.filled(rows))
        for name, rows in draft.rows.items()
    }
    files = "\n".join(f"{each.name} {each.alt}".strip() for each in draft.files)
    facts = {name: draft.fact(name) for name in ("language", "event_type", "event_date")}
    return {**draft.values, **rows, **facts, "attachments": files}


def _compared(before: str, after: str) -> list[tuple[str, str]]:
    one, two = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(one), len(two)) > MOST_WORDS:
        one, two = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(one[a:b])))
            continue
        pieces += [
            (kind, text)
            for kind, text in (("removed", "".join(one[a:b])), ("added", "".join(two[c:d])))
            if text
        ]
    return pieces


def _files(form: FormData) -> Iterable[Attached]:
    for place in range(MOST_FILES):
        digest = text_of(form, f"a.{place}.digest")
        if not digest or text_of(form, f"a.{place}.drop"):
            continue
        rest = {
            name: text_of(form, f"a.{place}.{name}")
            for name in ("name", "size", "kind", "field", "alt", "caption")
        }
        yield Attached(digest, **rest)


def _attachment(each: Attached) -> dict[str, str]:
    given = {
        "digest": each.digest,
        "name": each.name,
        "alternative_text": each.alt.strip(),
        "caption": each.caption.strip(),
    }
    return {name: value for name, value in given.items() if value}
