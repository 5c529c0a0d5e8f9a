"""HTTP: send a file, and get it back as a download: never shown as a page."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Path, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from common.errors import NotFound
from common.filekinds import TAKEN
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.signed_in import FromToken
from intake.domain.words import say
from intake.routes.acting import FromApp, now_of
from intake.routes.shapes import Digest
from intake.routes.submissions import Id, check_reader
from intake.usecases import uploads

router = APIRouter(tags=["files"])


class UploadView(BaseModel):
    """A stored file; name its digest in a submission within thirty days."""

    digest: str = Field(description="Hex SHA-256 of its bytes")
    name: str
    size: int
    media_type: str = Field(description="By its content, not by its name")
    kind: str
    needs_alternative_text: bool


@router.post("/files", status_code=201)
async def send(
    file: Annotated[UploadFile, File(description=f"One of: {', '.join(TAKEN)}")],
    app: FromApp,
    who: FromToken,
    request: Request,
    _: AfterPosition,
) -> UploadView:
    """Send a file to be attached later; the same bytes are stored once (gửi tệp đính kèm)."""
    now = now_of(request)
    app.senders.person(who, now)
    stores = app.deps.stores
    made = await uploads.upload(stores.blobs, stores.uploads, file, now)
    return UploadView(
        digest=made.digest,
        name=made.name,
        size=made.size,
        media_type=made.media_type,
        kind=made.kind,
        needs_alternative_text=made.kind == "image",
    )


@router.get(
    "/submissions/{submission_id}/files/{digest}",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}},
)
async def download(
    submission_id: Id,
    digest: Annotated[Digest, Path()],
    app: FromApp,
    who: FromToken,
    request: Request,
    _: AfterPositionOrStale,
) -> StreamingResponse:
    """A file of a submission, or its long body, as a download; for its sender and the site's staff."""
    whole = await app.submissions.whole(submission_id)
    check_reader(app, who, whole.row.document, now_of(request))
    for revision in reversed(whole.revisions):
        content = revision["content"]
        names = {each["digest"]: each["name"] for each in content.get("attachments", ())}
        names.setdefault(content["body"]["digest"], "noi-dung.html.txt")
        if digest in names:
            return _attachment(app.deps.stores.blobs.stream(digest), names[digest])
    raise NotFound("file-unknown", say("file-not-there"))


def _attachment(stream: object, name: str) -> StreamingResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(stream, media_type="application/octet-stream", headers=headers)  # pyright: ignore[reportArgumentType] - an async iterator of bytes
