"""HTTP: imports of tables and maps, with progress and a result per row."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, File, Form, Path, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field

from common.errors import TooLarge, Unprocessable
from common.http.asgi import language
from common.http.depth import nests_deeper
from common.http.pages import FromPage, Page
from common.http.signed_in import FromToken
from common.http.wiring import around_of, deps_of
from common.http.words import Language
from common.mongo import Document
from directory.domain.checks import bad_field
from directory.domain.maps import read_maps
from directory.domain.uploads import MOST_BYTES, decoded, read_table
from directory.domain.words import say
from directory.routes.acting import FromActor, FromApp
from directory.usecases.doing import Deps
from directory.usecases.import_jobs import ImportJobs, Order
from directory.usecases.importing import Plan, Rights
from directory.usecases.recipes import RECIPES, digest_of, plan_of, plan_of_maps

router = APIRouter(prefix="/imports", tags=["imports"])

MAPS = "administrative-maps"
KINDS = (*RECIPES, MAPS)
DEEPEST = 20
Outcome = Literal["created", "unchanged", "refused"]
JobId = Annotated[str, Path(max_length=64)]


class FieldProblemView(BaseModel):
    pointer: str
    rule: str
    detail: str


class ProblemView(BaseModel):
    """Why a row was refused, and what to do."""

    code: str
    detail: str
    errors: tuple[FieldProblemView, ...] = ()


class RowView(BaseModel):
    """What became of a row (numbered as in the file, the header is 1) or of a step of a map."""

    number: int
    key: str
    outcome: Outcome
    problem: ProblemView | None

    @classmethod
    def of(cls, row: Document, language: Language) -> "RowView":
        """Told in a language: a row is kept in both."""
        problem = row["problem"] and {
            **_spoken(row["problem"], language),
            "errors": [_spoken(each, language) for each in row["problem"]["errors"]],
        }
        return cls.model_validate({**row, "problem": problem})


class ImportView(BaseModel):
    """An import: how far it is, and what came of it."""

    import_id: str
    kind: str
    file: str
    dry_run: bool = Field(description="Nothing was kept")
    state: Literal["running", "done", "stopped"]
    stopped_by: str | None = Field(description="Why it stopped; send the same file to go on")
    total: int
    done: int
    created: int
    unchanged: int
    refused: int
    at: datetime

    @classmethod
    def of(cls, job: Document) -> "ImportView":
        counts = {name: job[name] for name in ("created", "unchanged", "refused")}
        return cls(
            import_id=job["_id"],
            kind=job["kind"],
            file=job["file"],
            dry_run=job["rehearsal"],
            state=job["state"],
            stopped_by=job.get("stopped_by"),
            total=job["total"],
            done=sum(counts.values()),
            at=job["at"],
            **counts,
        )


class ColumnView(BaseModel):
    name: str
    also: tuple[str, ...]
    form: str
    required: bool


async def _jobs(request: Request) -> ImportJobs:
    return deps_of(request).imports


async def _rehearsal(request: Request) -> Deps:
    return deps_of(request).rehearsal()


FromJobs = Annotated[ImportJobs, Depends(_jobs)]
FromRehearsal = Annotated[Deps, Depends(_rehearsal)]


@router.get("/kinds")
async def kinds() -> Mapping[str, tuple[ColumnView, ...]]:
    """What can be imported, and the columns of each kind: the header of its table."""
    return {
        name: tuple(
            ColumnView(name=c.into, also=c.also, form=c.form, required=c.required)
            for c in recipe.layout.columns
        )
        for name, recipe in RECIPES.items()
    }


@router.post("", status_code=202)
async def start(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    kind: Annotated[str, Form(max_length=40, description=f"One of {', '.join(KINDS)}")],
    file: Annotated[UploadFile, File(description="CSV or XLSX; JSON for maps")],
    deps: FromApp,
    rehearsal: FromRehearsal,
    jobs: FromJobs,
    actor: FromActor,
    response: Response,
    *,
    dry_run: Annotated[bool, Form(description="Show what would come of it, keep nothing")] = False,
) -> ImportView:
    """Import a table (nhập danh sách): each row is a decision of its own.

    It needs no Idempotency-Key: the file itself is the key. What a file has decided is not decided
    again, and a row that was refused is tried again when the file is sent once more. Each row takes
    the right to do by hand what it does, at the site it names.
    """
    if kind not in KINDS:
        raise bad_field("/kind", "known", say("import-kind", kinds=", ".join(KINDS)))
    content = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge("file-too-large", say("file-too-large", most=MOST_BYTES))
    plan = await asyncio.to_thread(_plan, kind, content)
    rights = Rights(actor.authority, actor.who, around_of(actor.request).world.now)
    order = Order(kind, (file.filename or "")[:200], actor.who.subject, dry_run)
    job = await jobs.start(rehearsal if dry_run else deps, plan, order, rights)
    response.headers["Location"] = f"imports/{job}"
    return ImportView.of(await jobs.get(job, actor.who.subject))


def _plan(kind: str, content: bytes) -> Plan:
    digest = digest_of(kind, content)
    if kind == MAPS:
        return plan_of_maps(read_maps(_json(content)), digest)
    return plan_of(read_table(content), RECIPES[kind], digest)


def _json(content: bytes) -> Any:
    """Raises Unprocessable for what is no JSON, or nested deeper than any map."""
    text = decoded(content)
    if nests_deeper(text, DEEPEST):
        raise Unprocessable("file-too-deep", say("json-too-deep", most=DEEPEST))
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise Unprocessable("file-broken", say("json-broken")) from error


@router.get("")
async def list_imports(jobs: FromJobs, who: FromToken, asked: FromPage) -> Page[ImportView]:
    """Your imports, the newest first."""
    after = str(asked.after[0]) if asked.after else None
    found = await jobs.of(who.subject, asked.fetch, after)
    return asked.page(found, ImportView.of, lambda job: (job["_id"],))


@router.get("/{import_id}")
async def see(import_id: JobId, jobs: FromJobs, who: FromToken) -> ImportView:
    """How far one of your imports is."""
    return ImportView.of(await jobs.get(import_id, who.subject))


@router.get("/{import_id}/rows")
async def rows(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    import_id: JobId,
    jobs: FromJobs,
    who: FromToken,
    asked: FromPage,
    request: Request,
    response: Response,
    outcome: Annotated[Outcome | None, Query()] = None,
) -> Page[RowView]:
    """What became of each row, by number, in the language asked for."""
    wanted = language(request.scope)
    response.headers.update({"Content-Language": wanted, "Vary": "Accept-Language"})
    await jobs.get(import_id, who.subject)
    after = int(asked.after[0]) if asked.after else 0
    found = await jobs.rows(import_id, outcome, after, asked.fetch)
    return asked.page(
        list(found), lambda row: RowView.of(row, wanted), lambda row: (row["number"],)
    )


def _spoken(told: Document, language: Language) -> Document:
    """One that was kept before there were two languages stands in one only."""
    return told | {"detail": told.get("detail_vi", told["detail"])} if language == "vi" else told
