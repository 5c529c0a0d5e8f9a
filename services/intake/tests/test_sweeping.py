"""Files that nobody names go after thirty days; what a fact names stays, whatever the references say."""

import asyncio

import pytest

from common.beside import BLOBS
from common.blobs import FILES, KEPT_FOR, REFERENCES
from common.errors import NotFound, Unavailable
from common.mongo import ANY, Patch
from contracts.events.editorial import RevisionAddedV1
from intake.main import sweeper_of
from intake.projections import NAMED, NAMES_FILES
from intake.queries.files import NamedFiles

ARTICLE = "018f2b6e-7c1a-7000-8000-000000000001"
SOURCE = {"category": "news", "language": "vi", "title": "Tên"}


async def until_noted(town, digest):
    """Until the fact that names it has been heard, and every other."""
    views = town.service.views(NAMES_FILES.name)
    async with asyncio.timeout(10):
        while not await _noted(town, views, digest):  # noqa: ASYNC110 - background work sets no event
            await asyncio.sleep(0.01)


async def _noted(town, views, digest):
    found = await views.find(NAMED, {"_id": digest})
    return found and not await town.service.operating.behind(NAMES_FILES.name)


async def test_what_an_article_names_stays_though_its_reference_is_missing(town, a_pdf, a_picture):
    named = (await town.upload("a.pdf", a_pdf)).json()["digest"]
    nobodys = (await town.upload("b.png", a_picture)).json()["digest"]
    body = {"digest": named, "size": len(a_pdf), "media_type": "text/html"}
    await town.board_says(RevisionAddedV1, ARTICLE, content={**SOURCE, "body": body})
    await until_noted(town, named)
    town.clock.at += KEPT_FOR

    swept = await sweeper_of(town.service).sweep()

    blobs = town.service.blobs
    assert swept == 1
    assert (await blobs.get(named)).size == len(a_pdf)
    with pytest.raises(NotFound):
        await blobs.get(nobodys)


async def test_a_submission_names_its_files_itself(town, a_news_item, a_pdf):
    digest = (await town.upload("a.pdf", a_pdf)).json()["digest"]
    item = a_news_item(attachments=[{"digest": digest, "name": "a.pdf"}])
    sent = await town.post("/submissions", item)
    assert sent.status_code == 201, sent.text
    await until_noted(town, digest)
    blobs = town.service.stores[BLOBS]
    await blobs.delete(REFERENCES, ANY)
    for file in await blobs.find(FILES, ANY):
        await blobs.write([Patch(FILES, file["_id"], values={"unreferenced": town.clock.at})])
    town.clock.at += KEPT_FOR

    assert await sweeper_of(town.service).sweep() == 0
    assert (await town.service.blobs.get(digest)).digest == digest


async def test_a_sweep_waits_until_every_fact_about_files_is_heard(town):
    async def three():
        return 3

    named = NamedFiles(town.service.views(NAMES_FILES.name), three)

    with pytest.raises(Unavailable, match="files-not-known"):
        await named(["a" * 64])


async def test_two_processes_do_not_sweep_at_once(town):
    lease = await town.service.database.lease("sweep", "another", 60)
    assert lease is not None

    assert await sweeper_of(town.service).sweep() is None
