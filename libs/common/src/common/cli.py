"""Operators' commands: migrate, resend, rebuild, replay, export, verify."""

import asyncio
import base64
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from common.blobs.kept import Moved
from common.consumer.asking import (
    ask_rebuild,
    ask_replay,
    must_be_rebuildable,
    must_hear,
    named,
)
from common.consumer.hears import Hears
from common.consumer.lives import SETTLED
from common.consumer.positions import PARKED
from common.errors import DomainError, Refused, Unavailable
from common.kafka import PublishFailed
from common.log.committer import COLLECTION as COMMITS
from common.mongo import ANY, Database, Transient
from common.mongo.door import Sort
from common.mongo.engine import MongoDatabase, connect, disconnect
from common.relay.lives import newest_life
from common.relay.relay import ask_resend, raise_incarnation
from common.relay.restoring import NOTICED_SECONDS, must_be_at_rest
from common.relay.seals import SealKey
from common.requests import REFUSED
from common.service import Parts, all_hears, assemble, cluster_of, parts_of
from common.settings import ServiceSettings, load
from common.verify import verify
from common.verify.export import BadExport, export, read
from common.verify.seal_files import seals_in
from common.world import real_world
from contracts import topics
from contracts.place import BrokenContract

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, help="Operate the event plumbing of a service.")
relay = typer.Typer(no_args_is_help=True, help="The relay that publishes a service's log.")
files = typer.Typer(no_args_is_help=True, help="The files that services share.")
app.add_typer(relay, name="relay")
app.add_typer(files, name="files")
console = Console()
ServiceName = Annotated[str, typer.Option("--service", "-s", help="Whose database")]
KEY_BYTES = 32


@relay.command("resend")
def resend(
    service: ServiceName, stream: str, first: Annotated[int, typer.Option(min=1)] = 1
) -> None:
    """Publish STREAM again from version FIRST on; the relay that leads does it within seconds."""
    _must_decide(service)

    async def ask(database: Database) -> bool:
        known = await database.find(COMMITS, {"parts.stream": stream}, limit=1)
        if known:
            await ask_resend(database, _asking(), stream, first)
        return bool(known)

    if not _with_database(service, ask):
        raise typer.BadParameter(f"the log of {service} has no stream {stream}")
    console.print(f"asked: {stream} from version {first}")


@relay.command("restored")
def restored(service: ServiceName) -> None:
    """After restoring a service's database to an earlier point: raise its incarnation.

    Refused while a process of the service is running: it would decide from what it remembers.
    """
    _must_decide(service)
    settings = load(ServiceSettings, service=service)
    console.print(f"looking for {NOTICED_SECONDS:.0f} s whether {service} is still running …")
    _with_database(service, lambda database: must_be_at_rest(service, database))
    known = _run(
        newest_life(
            cluster_of(settings, "nhipcau-restored"),
            [settings.topic_prefix + topic for topic in _owned(service)],
            group=f"{settings.topic_prefix}restored-{service}",
        )
    )
    life = _with_database(service, lambda database: raise_incarnation(database, known))
    console.print(
        f"life {life} of {service} begins: everything is published again, projections rebuild"
    )


@files.command("move")
def move_files(service: ServiceName = "intake") -> None:
    """Bring files from MongoDB to the bucket that NHIPCAU_BLOBS_URL names; safe to break off and repeat."""
    settings = load(ServiceSettings, service=service)
    if not settings.blobs_url:
        raise typer.BadParameter("NHIPCAU_BLOBS_URL names no bucket: s3://bucket/folder")

    async def run() -> Moved:
        backbone = assemble(settings, _parts(service))
        try:
            return await backbone.blobs.move()
        finally:
            await backbone.close()

    moved = _run(run())
    console.print(f"{moved.files} files moved; their old bytes go with a sweep after a day")
    if moved.damaged:
        console.print(f"{moved.damaged} files are damaged and stay where they are: see the log")
        raise typer.Exit(1)


@app.command()
def migrate(service: ServiceName) -> None:
    """Make the indexes and topics that a service needs; run it before the service starts."""
    settings = load(ServiceSettings, service=service)

    async def run() -> None:
        backbone = assemble(settings, _parts(service))
        try:
            await backbone.migrate()
            await backbone.migrated()
        finally:
            await backbone.close()

    _run(run())
    console.print(f"{service}: indexes and topics are there")


@app.command()
def rebuild(service: ServiceName, consumer: str) -> None:
    """Make a projection anew under a new name while the old one serves."""
    _fits(service, consumer, must_be_rebuildable)
    _with_database(service, lambda database: ask_rebuild(database, _asking(), consumer))
    console.print(f"asked: {consumer} is made anew and takes over when it has caught up")


@app.command()
def replay(service: ServiceName, consumer: str, topic: str, stream: str) -> None:
    """Try a parked STREAM of a TOPIC again, in order, once its cause is mended."""
    _fits(service, consumer, lambda hears: must_hear(hears, topic))
    _with_database(
        service, lambda database: ask_replay(database, _asking(), consumer, topic, stream)
    )
    console.print(f"asked: {consumer} tries {stream} again")


@app.command()
def parked(service: ServiceName) -> None:
    """What is parked, oldest first, with the reason."""
    columns = {name: name for name in ("consumer", "stream", "sequence", "code", "detail")}
    _list(service, PARKED, (("at", 1),), {"since": "at", **columns}, nothing="nothing is parked")


@app.command()
def settled(service: ServiceName) -> None:
    """What former lives of restored logs left waiting and can never be done; latest first."""
    columns = {name: name for name in ("settled", "consumer", "stream", "sequence", "fact")}
    columns |= {"waited in": "queue", "life": "incarnation", "ended by": "life"}
    _list(service, SETTLED, (("settled", -1),), columns, nothing="nothing was settled")


@app.command("refused")
def refused_requests(service: ServiceName) -> None:
    """What was asked of a running service and could not be done, with the reason; latest first."""
    columns = {name: name for name in ("at", "request", "of", "code", "detail")}
    _list(service, REFUSED, (("at", -1),), columns, nothing="nothing was refused")


def _list(
    service: str, collection: str, sort: Sort, columns: Mapping[str, str], nothing: str
) -> None:
    """A table of documents; `columns`: what stands above → the field."""
    found = _with_database(
        service, lambda database: database.find(collection, ANY, sort=sort, limit=200)
    )
    table = Table(*columns)
    for record in found:
        table.add_row(*(str(record[field]) for field in columns.values()))
    console.print(table if found else nothing)


@app.command("export")
def export_command(service: ServiceName, out: Path) -> None:
    """Write every fact a service has published to OUT, one JSON line each."""
    settings = load(ServiceSettings, service=service)
    owned = _owned(service)
    broker = cluster_of(settings, "nhipcau-export")

    async def run() -> tuple[int, int]:
        with out.open("w", encoding="utf-8") as file:
            group = f"{settings.topic_prefix}export-{out.name}"
            return await export(broker, owned, file, group=group, prefix=settings.topic_prefix)

    written, unreadable = _run(run())
    console.print(
        f"{written} facts of {', '.join(owned)} in {out}; {unreadable} unreadable records"
    )


@app.command("seal")
def seal_command(service: ServiceName) -> None:
    """Attest now what Kafka has acknowledged, not at the next full hour: before a copy is handed over."""
    settings = load(ServiceSettings, service=service)

    async def run() -> int:
        backbone = assemble(settings, _parts(service))
        try:
            return len(await backbone.sealer().seal())
        finally:
            await backbone.close()

    console.print(f"{_run(run())} seals made")


@app.command("seal-key")
def seal_key(service: ServiceName) -> None:
    """The public key of a service's seals, for those who verify copies."""
    key = SealKey(load(ServiceSettings, service=service).key("seal_key"))
    console.print(base64.b64encode(key.public).decode())


@app.command("verify")
def verify_command(
    facts: Annotated[Path, typer.Argument(help="An export: one JSON line per fact")],
    key: Annotated[str, typer.Option(help="Public key of the seals, base64")],
    seals: Annotated[
        Path | None, typer.Option(help="Export that holds the seals, if another")
    ] = None,
) -> None:
    """Check a copy offline: every fact there, unchanged, in order. Exit 1 when it is not whole."""
    try:
        with (seals or facts).open(encoding="utf-8") as file:
            sealed = list(seals_in(read(file)[1]))
        with facts.open(encoding="utf-8") as file:
            held, told = read(file)
            verdict = verify(held, told, sealed, _public(key))
    except (OSError, UnicodeDecodeError, BadExport, BrokenContract) as error:
        console.print(f"cannot be read: {error}")
        raise typer.Exit(2) from error
    for finding in verdict.findings:
        console.print(str(finding), soft_wrap=True)
    console.print(
        f"{verdict.facts} facts in {verdict.streams} streams"
        + (f" and {verdict.lives} lives" if verdict.lives > 1 else "")
        + f", {verdict.seals} seals up to {verdict.sealed_to or 'never'}: "
        + ("whole" if verdict.whole else f"{len(verdict.findings)} faults"),
        soft_wrap=True,
    )
    if not verdict.whole:
        raise typer.Exit(1)


def _fits(service: str, consumer: str, must: Callable[[Hears], None]) -> None:
    """Refused here, in words, before anything stands that nobody can serve."""
    settings = load(ServiceSettings, service=service)
    try:
        must(named(all_hears(settings, _parts(service)), consumer))
    except DomainError as error:
        raise typer.BadParameter(error.detail) from error


def _parts(service: str) -> Parts:
    try:
        return parts_of(service)
    except LookupError as error:
        raise typer.BadParameter(str(error)) from error


def _must_decide(service: str) -> None:
    """Refused where there is no log."""
    if not _parts(service).decides:
        raise typer.BadParameter(f"{service} decides nothing: it has no log")


def _owned(service: str) -> list[str]:
    owned = [topic.name for topic in topics.load().all if topic.owner == service]
    if not owned:
        raise typer.BadParameter(f"{service} owns no topic")
    return owned


def _public(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise typer.BadParameter("the key is not base64") from error
    if len(key) != KEY_BYTES:
        raise typer.BadParameter(f"the key has {len(key)} bytes, not {KEY_BYTES}")
    return key


def _asking() -> str:
    """The id of one asking, by which its request is known again when it was served."""
    return real_world().new_id()


def _with_database(service: str, work: Callable[[Database], Awaitable[T]]) -> T:
    settings = load(ServiceSettings, service=service)

    async def run() -> T:
        client = connect(settings.mongo_url, settings.mongo_driver)
        try:
            return await work(MongoDatabase(client, settings.database))
        finally:
            await disconnect(client)

    return _run(run())


def _run(work: Coroutine[Any, Any, T]) -> T:
    """An engine that is away or refuses us is said in a line; exit 1."""
    try:
        return asyncio.run(work)
    except (Transient, PublishFailed, Unavailable) as error:
        sys.stderr.write(f"nhipcau: {error}\n")
        raise typer.Exit(1) from error
    except Refused as refusal:
        sys.stderr.write(f"nhipcau: {refusal.detail}\n")
        raise typer.Exit(1) from refusal
