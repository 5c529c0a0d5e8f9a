"""HTTP for everybody: lists of articles, one article, its files."""

from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from common.http.pages import Asked, FromPage, Page
from common.http.positions import AfterPositionOrStale
from common.http.preconditions import etag, unchanged
from portal.domain.article import File
from portal.queries.articles import Listed
from portal.routes.reading import (
    FRESH,
    ArticleId,
    Digest,
    FromApp,
    FromFilters,
    FromPlaces,
    Reading,
    Site,
    SiteId,
    today,
)
from portal.routes.views import ArticleView, SummaryView

router = APIRouter(tags=["articles"])
JSON = "application/json"
SHUT = "default-src 'none'; sandbox"
_GONE = {410: {"description": "Withdrawn; the problem carries the public explanation"}}
_SAME = {304: {"description": "Not modified"}}


@router.get("/articles")
async def list_articles(
    reading: FromApp,
    asked: FromPage,
    wanted: FromFilters,
    _: AfterPositionOrStale,
    site: Site = None,
) -> Page[SummaryView]:
    """Articles of all sites or of one, newest first."""
    return await _page(reading, asked, replace(wanted, site=site))


async def _page(reading: Reading, asked: Asked, wanted: Listed) -> Page[SummaryView]:
    after = str(asked.after[0]) if asked.after else None
    found = await reading.articles.listed(wanted, after, asked.fetch)
    return asked.page(found, lambda each: SummaryView.of(each[0]), lambda each: (each[1],))


@router.get("/sites/{site}/articles")
async def list_articles_of_a_site(  # noqa: PLR0913, PLR0917 - FastAPI injects them
    site: SiteId,
    reading: FromApp,
    places: FromPlaces,
    asked: FromPage,
    wanted: FromFilters,
    request: Request,
    _: AfterPositionOrStale,
) -> Page[SummaryView]:
    """Articles of one site, newest first."""
    places.site(site, today(request))
    return await _page(reading, asked, replace(wanted, site=site))


@router.get("/articles/{article_id}", response_model=ArticleView, responses={**_GONE, **_SAME})
async def see_article(
    article_id: ArticleId,
    reading: FromApp,
    places: FromPlaces,
    request: Request,
    _: AfterPositionOrStale,
) -> Response:
    """One article with everything that was published of it."""
    article = await reading.articles.published(article_id)
    version = f"{article.version}-{places.version:x}"
    if (same := unchanged(request, version)) is not None:
        return same
    content = reading.answers.get(article_id, version)
    if content is None:
        html = await reading.articles.body(article)
        view = ArticleView.whole(article, html, places, reading.home)
        content = reading.answers.keep(article_id, version, view.model_dump_json().encode())
    return Response(
        content, media_type=JSON, headers={"ETag": etag(version), "Cache-Control": FRESH}
    )


@router.get(
    "/articles/{article_id}/files/{digest}",
    response_class=StreamingResponse,
    responses={**_GONE, **_SAME, 200: {"content": {"application/octet-stream": {}}}},
)
async def see_file(
    article_id: ArticleId,
    digest: Digest,
    reading: FromApp,
    request: Request,
    _: AfterPositionOrStale,
) -> Response:
    """A file that the article names; saved, never shown, unless it is a raster picture."""
    return await file_of(reading, article_id, digest, request)


async def file_of(reading: Reading, id: str, digest: str, request: Request) -> Response:
    """The file as an answer: its address names its bytes, what may change is whether it is there."""
    file = await reading.articles.file(id, digest)
    if (same := unchanged(request, digest)) is not None:
        return same
    blob = await reading.blobs.get(digest)
    kind = file.media_type if file.picture else "application/octet-stream"
    headers = {
        "Content-Disposition": disposition(file),
        "Content-Length": str(blob.size),
        "Content-Security-Policy": SHUT,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": etag(digest),
        "Cache-Control": FRESH,
    }
    return StreamingResponse(reading.blobs.stream(digest), media_type=kind, headers=headers)


def disposition(file: File) -> str:
    """Under its own name; a name with other letters travels as RFC 8187 says."""
    how = "inline" if file.picture else "attachment"
    return f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
