"""`nhipcau proofs`: walk all commits of every service's log and prove each act again."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from authority.checking import Entry, Verdict, check
from common.log.committer import COLLECTION
from common.log.model import Commit, of_document
from common.mongo import Database
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.settings import ServiceSettings, load
from contracts import topics

DIRECTORY = "directory"
PAGE = 1000
app = typer.Typer(help="Authority: prove every act again.")
console = Console()


@app.command()
def proofs(
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help="Only these logs; all by default")
    ] = None,
) -> None:
    """Prove every act of every log again from the directory's facts. Exit 1 when one does not hold."""
    wanted = service or sorted({topic.owner for topic in topics.load().all})
    verdict = asyncio.run(_verdict(wanted))
    for finding in verdict.findings:
        console.print(str(finding), soft_wrap=True, markup=False)
    outcome = "all hold" if verdict.holds else f"{len(verdict.findings)} findings"
    console.print(
        f"{', '.join(wanted)}: {verdict.proved} acts proved, {verdict.own} of people for themselves, "
        f"{verdict.beginnings} of a beginning, {verdict.by_the_system} of the system: {outcome}",
        soft_wrap=True,
    )
    if not verdict.holds:
        raise typer.Exit(1)


async def _verdict(services: Sequence[str]) -> Verdict:
    directory = await commits_of(DIRECTORY)
    logs = [Entry(name, each) for name in services for each in await commits_of(name)]
    return check(directory, logs)


async def commits_of(service: str) -> list[Commit]:
    """The whole log of a service, oldest first."""
    settings = load(ServiceSettings, service=service)
    client = connect(settings.mongo_url, settings.mongo_driver)
    try:
        return await all_commits(MongoDatabase(client, settings.database))
    finally:
        await disconnect(client)


async def all_commits(database: Database) -> list[Commit]:
    """Page by page, so that no single answer grows with the log."""
    found: list[Commit] = []
    after = ""
    while True:
        page = await database.find(
            COLLECTION, {"_id": {"$gt": after}}, sort=(("_id", 1),), limit=PAGE
        )
        if not page:
            return found
        found += [of_document(document) for document in page]
        after = page[-1]["_id"]
