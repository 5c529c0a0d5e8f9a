"""Articles: the board's overview, one article on the desk, its history, what changed, its files."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Path, Query
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from console.queries import part
from console.routes.desk import Seen, acts_of, seen
from console.routes.fields import cleaned, date_or_text
from console.routes.listing import (
    Cursor,
    Words,
    day,
    listed,
    people_of,
    sites_of,
)
from console.routes.naming import offices_of
from console.routes.visiting import AVisitor, Visitor
from contracts.categories import CategoryField, load_categories
from pages.language import Language
from pages.words import moment
from rulebook.explanation import Explanation, Step
from rulebook.sentences import citation_text, sentences

router = APIRouter(prefix="/articles", include_in_schema=False)
FILTERS = ("site", "phase", "step", "category", "language", "assigned_to", "from", "to", "sort")
MOST_ROWS = 2000
SHOWN_AS_PICTURE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
COLUMNS = (
    ("Bài", "title"),
    ("Số tiếp nhận", "receipt"),
    ("Trang", "site"),
    ("Thể loại", "category"),
    ("Ngôn ngữ", "language"),
    ("Trạng thái", "phase"),
    ("Bước đang mở", "steps"),
    ("Người được giao", "assigned_to"),
    ("Hạn đăng", "due_at"),
    ("Hạn của bước", "step_due_at"),
    ("Đến lúc", "opened_at"),
)
Number = Annotated[int, Path(ge=1, le=1000)]
Since = Annotated[int | None, Query(ge=1, le=1000)]


@router.get("")
async def overview(visitor: AVisitor, cursor: Cursor = "") -> Response:
    """Every article of my boards, filtered and sorted by the address."""
    asked, faults = _asked(visitor)
    rows, following = [], None
    if not faults:
        path = "editorial/articles"
        rows, following = await listed(visitor, path, "/articles", asked, cursor)
    site = asked.get("site", "")
    return visitor.show(
        "articles.html",
        asked={name: visitor.request.query_params.get(name, "") for name in FILTERS},
        faults=faults,
        names=await sites_of(visitor),
        people=await people_of(visitor, site) if site else {},
        categories=await _categories(visitor, site) if site else [],
        open_steps=_open_steps(visitor, rows, asked.get("step", "")),
        rows=rows,
        following=following,
        table=f"{visitor.desk.base}/articles.csv?{urlencode(asked)}",
        now=visitor.now,
    )


@router.get(".csv")
async def table(visitor: AVisitor) -> Response:
    """The whole list that the same address shows in pages, for a spreadsheet."""
    asked, _ = _asked(visitor)
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow([label for label, _ in COLUMNS])
    async for row in _all(visitor, asked):
        rows.writerow([_cell(row, name) for _, name in COLUMNS])
    return Response(
        "\ufeff" + written.getvalue(),
        media_type="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="tin-bai.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/{article_id}")
async def one(visitor: AVisitor, article_id: str, done: Words = "") -> Response:
    """The article as it will look, where it stands, what I may do and why not the rest."""
    shown = await seen(visitor, article_id)
    return visitor.show(
        "article.html",
        **shown.values,
        acts=await acts_of(visitor, shown),
        body=await _body(visitor, shown),
        fields=_fields(shown.article, visitor.language),
        done=done,
        now=visitor.now,
    )


@router.get("/{article_id}/history")
async def history(visitor: AVisitor, article_id: str) -> Response:
    """Every decision about it: who, by what right, by which rule, with its explanation."""
    shown = await seen(visitor, article_id)
    path = f"editorial/articles/{part(article_id)}/history"
    entries = await visitor.desk.api.get(visitor.asker, path)
    held = [each["proof"]["position"] for each in entries if each["proof"].get("position")]
    offices = await offices_of(visitor, shown.article["site"], held)
    told = [{**each, "why": _why(each["proof"], offices, visitor.language)} for each in entries]
    return visitor.show("article_history.html", **shown.values, entries=told, offices=offices)


@router.get("/{article_id}/revisions/{number}")
async def revision(
    visitor: AVisitor, article_id: str, number: Number, since: Since = None
) -> Response:
    """What changed up to a revision, word by word; side by side where there is room."""
    shown = await seen(visitor, article_id)
    path = f"editorial/articles/{part(article_id)}/revisions/{number}/difference"
    asked = {"since": str(since)} if since else {}
    difference = await visitor.desk.api.get(visitor.asker, path, asked)
    return visitor.show("article_difference.html", **shown.values, difference=difference)


@router.get("/{article_id}/files/{digest}")
async def file(visitor: AVisitor, article_id: str, digest: str) -> Response:
    """A picture in its place; anything else as a download: never shown as a page."""
    path = f"editorial/articles/{part(article_id)}/files/{part(digest)}"
    answer = await visitor.desk.api.fetch(visitor.asker, path)
    kind = answer.headers.get("X-Media-Type", "")
    picture = kind in SHOWN_AS_PICTURE
    disposition = answer.headers.get("Content-Disposition", "attachment")
    headers = {
        "Content-Disposition": disposition.replace("attachment", "inline", 1)
        if picture
        else disposition,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(
        answer.aiter_bytes(),
        media_type=kind if picture else "application/octet-stream",
        headers=headers,
        background=BackgroundTask(answer.aclose),
    )


def _asked(visitor: Visitor) -> tuple[dict[str, str], list[str]]:
    """The filters of the address, and those that name a day which does not exist."""
    given = visitor.request.query_params
    asked = {name: given[name].strip()[:200] for name in FILTERS if given.get(name, "").strip()}
    return asked, [name for name in ("from", "to") if day(asked.get(name, "")).fault]


async def _categories(visitor: Visitor, site: str) -> list[tuple[str, str]]:
    """The categories of a site by their names."""
    found = await visitor.desk.api.get(visitor.asker, "intake/categories", {"site": site})
    return [(each["id"], each["label"][visitor.language]) for each in found]


def _open_steps(
    visitor: Visitor, rows: Sequence[Mapping[str, Any]], asked: str
) -> list[tuple[str, str]]:
    """The steps that are open in what is shown, and the one asked for."""
    steps = {each["step"]: each["name"] for row in rows for each in row["open_steps"]}
    named = {step: name[visitor.language] for step, name in steps.items()}
    kept = {asked: asked} if asked else {}
    return list((kept | named).items())


async def _all(visitor: Visitor, asked: Mapping[str, str]) -> AsyncIterator[Mapping[str, Any]]:
    cursor, count = "", 0
    while count < MOST_ROWS:
        more = {"cursor": cursor} if cursor else {}
        params = {**asked, **more, "limit": "100"}
        found = await visitor.desk.api.get(visitor.asker, "editorial/articles", params)
        for row in found["items"]:
            yield row
        count += len(found["items"])
        cursor = found.get("next") or ""
        if not cursor:
            return


def _cell(row: Mapping[str, Any], name: str) -> str:
    if name == "steps":
        return "; ".join(each["name"]["vi"] for each in row["open_steps"])
    value = str(row.get(name) or "")
    if name.endswith("_at") and value:
        return moment(value, "vi")
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


async def _body(visitor: Visitor, shown: Seen) -> Markup:
    """The text as readers will see it: cleaned once more here, whatever was stored."""
    return cleaned(await html_of(visitor, shown.article), visitor.language)


async def html_of(visitor: Visitor, article: Mapping[str, Any]) -> str:
    """The HTML of its body."""
    owner = f"editorial/articles/{part(article['article_id'])}"
    return await visitor.desk.api.html(visitor.asker, owner, article["content"]["body"])


def _fields(article: Mapping[str, Any], language: Language) -> list[Mapping[str, Any]]:
    """The fields of the category under their labels."""
    categories = load_categories()
    category = categories.get(article["category"])
    own = category.fields if category else ()
    asked = {each.name: each for each in (*categories.every.fields, *own)}
    given = article["content"].get("fields", ())
    return [_field(each, asked.get(each["name"]), language) for each in given]


def _field(
    stored: Mapping[str, str], asked: CategoryField | None, language: Language
) -> Mapping[str, Any]:
    """A field as it is read: a text, or rows of texts."""
    value = orjson.loads(stored["value"])
    rows = value if isinstance(value, list) else []
    told = [_row(each, language) for each in rows]
    label = getattr(asked.label, language) if asked else stored["name"]
    widget = asked.widget if asked else ""
    return {"label": label, "widget": widget, "text": "" if rows else str(value), "rows": told}


def _row(row: Any, language: Language) -> str:
    cells: list[Any] = list(row.values()) if isinstance(row, dict) else [row]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - JSON
    return " · ".join(date_or_text(str(each), language) for each in cells)


def _why(
    proof: Mapping[str, Any], offices: Mapping[str, str], language: Language
) -> Mapping[str, Any] | None:
    """The explanation that was kept with the act, in words; positions under their names."""
    kept = proof.get("explanation")
    if not kept:
        return None
    explanation = Explanation.from_json(orjson.dumps(kept))
    steps = tuple(_with_office(each, offices) for each in explanation.steps)
    said: Sequence[str] = sentences(replace(explanation, steps=steps), language)
    basis = explanation.basis
    return {
        "article": citation_text(basis.citation, language),
        "words": basis.reads or basis.quote,
        "sentences": said,
    }


def _with_office(step: Step, offices: Mapping[str, str]) -> Step:
    id = step.values.get("position")
    if not isinstance(id, str):
        return step
    return replace(step, values={**step.values, "position": offices.get(id, id)})
