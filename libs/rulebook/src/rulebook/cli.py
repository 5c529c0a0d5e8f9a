"""`nhipcau rules`: compute and explain from the shell, check profiles, replay cases, load calendar notices."""

import json
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError
from rich.table import Table

from rulebook.calendar import Calendar, Day
from rulebook.calendar_files import BadCalendar, as_file, load_calendar, load_notice
from rulebook.cli_content import explain_citation, explain_level, explain_reference, explain_text
from rulebook.cli_shared import (
    ERR,
    OUT,
    AsJson,
    BadArgument,
    Lang,
    day,
    library,
    moment,
    refusing,
    show,
)
from rulebook.deadlines import deadline
from rulebook.files import CONTRACTS
from rulebook.pauses import Pause
from rulebook.periodic import next_due
from rulebook.profiles.faults import BadProfile
from rulebook.profiles.loader import (
    FOLDER,
    UnknownProfile,
    load_profiles,
    read_draft,
)
from rulebook.profiles.model import Profile, Rule, UnknownRule
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt, Duration
from rulebook.replay import BadCases, Ran, asked_in_vain, changed_outcomes, read_cases
from rulebook.sentences import Language, citation_text, sentences
from rulebook.world import World

app = typer.Typer(name="rules", help="The law as data: explain, check, compare.", no_args_is_help=True)  # fmt: skip
explain = typer.Typer(help="Compute something and say why.", no_args_is_help=True)
calendar_app = typer.Typer(help="The working calendar.", no_args_is_help=True)
app.add_typer(explain, name="explain")
app.add_typer(calendar_app, name="calendar")
explain.command("citation")(explain_citation)
explain.command("reference")(explain_reference)
explain.command("text")(explain_text)
explain.command("level")(explain_level)

Province = Annotated[str | None, typer.Option(help="Local closures of this province count too.")]


@explain.command("deadline")
def explain_deadline(  # noqa: PLR0913, PLR0917 - the options of a command
    rule: Annotated[str, typer.Argument(help="Rule id, e.g. hanam.d10.k5a.own-competence")],
    event: Annotated[
        str, typer.Argument(help="When it began, e.g. 2024-04-26T16:00 (Vietnam time)")
    ],
    pause: Annotated[
        list[str] | None, typer.Option(help="START/END of a pause; may be repeated.")
    ] = None,
    first_event: Annotated[
        str | None,
        typer.Option(help="When it first began elsewhere, for readings that count from there."),
    ] = None,
    committed: Annotated[
        str | None,
        typer.Option(
            help="The agency's own time to answer, e.g. 7:working_day, where the regulation sets none."
        ),
    ] = None,
    province: Province = None,
    version: Annotated[str | None, typer.Option(help="Version of the profile.")] = None,
    observe_unconfirmed: Annotated[  # noqa: FBT002 - a flag
        bool, typer.Option(help="Count 24 November as a day off.")
    ] = False,
    lang: Lang = "vi",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """When a duty is due, which days count, which are skipped and why."""
    found = _rule(rule, version)
    if not isinstance(found.params, DeadlineCount | DeadlinePrompt):
        raise BadArgument(f"rule: {rule} is no deadline", param_hint="rule")
    stops = [_pause(each) for each in pause or ()]
    began, calendar = moment(event, "event"), _calendar(province, observe=observe_unconfirmed)
    first = moment(first_event, "first_event") if first_event else None
    own = _duration(committed) if committed else None
    with refusing("event"):
        limit = deadline(found, began, calendar, stops, first, committed=own)
    show(limit.explanation, lang, as_json=as_json)


@explain.command("report")
def explain_report(
    rule: Annotated[str, typer.Argument(help="Rule id of a periodic duty")],
    on: Annotated[str, typer.Argument(help="The day asked about, e.g. 2026-11-01")],
    previous: Annotated[str | None, typer.Option(help="When it was last done.")] = None,
    lang: Lang = "vi",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """When a report, meeting or other periodic duty is next due."""
    last = day(previous, "previous") if previous else None
    asked, found = day(on, "on"), _rule(rule, None)
    with refusing("on"):
        due = next_due(found, asked, _calendar(None), last)
    show(due.explanation, lang, as_json=as_json)


@explain.command("rule")
def explain_rule(
    rule: Annotated[str, typer.Argument(help="Rule id")],
    version: Annotated[str | None, typer.Option(help="Version of the profile.")] = None,
    lang: Lang = "vi",
) -> None:
    """A rule as it stands: place, words, parameters, validity, readings."""
    found = _rule(rule, version)
    basis = found.basis
    OUT.print(f"[bold]{found.id}[/bold]  {basis.profile}@{basis.version}  {found.type}  {found.function}")  # fmt: skip
    OUT.print(basis.statement, markup=False)
    OUT.print(f"{citation_text(basis.citation, lang)}: “{basis.quote}”", markup=False)
    OUT.print(json.dumps(found.params.model_dump(mode="json"), ensure_ascii=False), markup=False)
    for ambiguity in found.ambiguities:
        others = " | ".join(other.reading for other in ambiguity.others)
        OUT.print(f"{ambiguity.id}: {ambiguity.reading}  ({others})", markup=False)


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(help="Folder with *@*.yaml profiles.")] = FOLDER,
) -> None:
    """Read every profile; print all faults with their counter-examples and fail if there are any."""
    try:
        library = load_profiles(folder.resolve())
    except BadProfile as refused:
        for fault in refused.faults:
            ERR.print(str(fault), markup=False)
        ERR.print(f"{len(refused.faults)} faults", style="red")
        raise typer.Exit(1) from refused
    if not library:
        raise BadArgument(f"folder: {folder} holds no profile (*@*.yaml)", param_hint="folder")
    table = Table("profile", "rules", "processes", "in force", "status")
    for profile in library.values():
        span = f"[{profile.span.start}, {profile.span.end or '…'})".replace("[", "\\[")
        table.add_row(profile.key, str(len(profile.rules)), str(len(profile.processes)), span, profile.status)  # fmt: skip
    OUT.print(table)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="Profile key or file, e.g. hanam@1")],
    new: Annotated[str, typer.Argument(help="Profile key or file, e.g. hanam@2 or draft.yaml")],
    cases: Annotated[Path, typer.Option(help="JSON lines: {id, rule, inputs} or {id, trigger, duty, facts, on, inputs}.")],
    lang: Lang = "vi",
) -> None:  # fmt: skip
    """List the cases whose outcome changes between two versions of a profile.

    Each version is a key of a profile that stands, or any file. A file's regulation text is looked for in texts/ beside
    it, then where the profile it is compared with has its own.
    """
    before = _profile(old, FOLDER)
    after = _profile(new, Path(old).parent if Path(old).is_file() else FOLDER)
    try:
        asked = read_cases(cases.read_text(encoding="utf-8").splitlines())
        changed = changed_outcomes(before, after, asked, World(_calendar(None)))
    except (BadCases, OSError, UnicodeDecodeError) as refused:
        raise BadArgument(str(refused), param_hint="--cases") from refused
    table = Table("case", old, new)
    for each in changed:
        table.add_row(each.case, _told(each.old, lang), _told(each.new, lang))
    if changed:
        OUT.print(table)
    for case in asked_in_vain(before, after, asked):
        ERR.print(f"{case.id}: neither version has the rule {case.rule!r}", markup=False)
    OUT.print(f"{len(changed)} of {len(asked)} cases change")


@calendar_app.command("load-notice")
def load_notice_command(
    notice: Annotated[Path, typer.Argument(help="YAML or JSON, see contracts/calendars/README.md")],
    calendar: Annotated[Path, typer.Option(help="Calendar to merge into.")] = CONTRACTS / "calendars" / "vn.json",
    write: Annotated[bool, typer.Option("--write", help="Save the merged calendar.")] = False,  # noqa: FBT002 - a flag
) -> None:  # fmt: skip
    """Validate the next official notice, show every day it changes, and save it with --write."""
    try:
        merged = load_notice(notice, load_calendar(calendar))
    except (BadCalendar, FileNotFoundError) as refused:
        raise BadArgument(str(refused), param_hint="notice") from refused
    table = Table("day", "before", "after")
    for change in merged.changes:
        table.add_row(f"{change.date:%d/%m/%Y}", *(_entry(day) for day in (change.before, change.after)))  # fmt: skip
    OUT.print(table)
    if write:
        text = json.dumps(as_file(merged.calendar), ensure_ascii=False, indent=1) + "\n"
        calendar.write_text(text, encoding="utf-8")
        OUT.print(f"{calendar} written: {merged.calendar.label}")


@calendar_app.command("show")
def show_calendar(
    year: Annotated[int, typer.Argument(help="A year of the calendar.")],
    province: Province = None,
) -> None:
    """The days of a year that differ from the ordinary week."""
    found = _calendar(province)
    if year not in found.years:
        raise BadArgument(f"year: {year} is not one of {found.years}", param_hint="year")
    table = Table("day", "kind", "name", "status", "source")
    first, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    for each in found.special_days(first, end):
        table.add_row(f"{each.date:%d/%m/%Y}", each.kind, each.name, each.status, each.source)
    OUT.print(table)


def _rule(rule_id: str, version: str | None) -> Rule[Any]:
    try:
        return library().rule(rule_id, version)
    except (UnknownProfile, UnknownRule) as refused:
        known = [each for profile in library().values() for each in profile.rules]
        near = get_close_matches(rule_id, known, n=3, cutoff=0.5)
        nearest = f"; nearest: {', '.join(near)}" if near else ""
        raise BadArgument(f"{refused}{nearest}", param_hint="rule") from refused


def _profile(name: str, beside: Path) -> Profile:
    """A profile by its key, or a draft in any file; `beside` is the folder whose texts/ serve a draft without its own."""
    path = Path(name)
    if path.is_file():
        profile, faults = read_draft(path, beside, FOLDER)
        if profile is None or faults:
            raise BadArgument("\n".join(map(str, faults)), param_hint=name)
        return profile
    try:
        return library()[name]
    except UnknownProfile as refused:
        raise BadArgument(f"{refused}, nor a file", param_hint=name) from refused


def _calendar(province: str | None, *, observe: bool = False) -> Calendar:
    found = load_calendar().for_province(province)
    if province and all(closure.province != province for closure in found.closures):
        ERR.print(f"province: the calendar has no local closures of {province!r}")
    return found.observing_unconfirmed() if observe else found


def _pause(text: str) -> Pause:
    start, slash, end = text.partition("/")
    if not slash:
        raise BadArgument("pause: write START/END", param_hint="--pause")
    try:
        return Pause(moment(start, "pause"), moment(end, "pause"))
    except ValueError as error:
        raise BadArgument(str(error), param_hint="--pause") from error


def _duration(text: str) -> Duration:
    n, _, unit = text.partition(":")
    try:
        return Duration.model_validate({"n": n, "unit": unit})
    except ValidationError as error:
        raise BadArgument(
            "committed: write NUMBER:UNIT, e.g. 7:working_day", param_hint="--committed"
        ) from error


def _entry(day: Day | None) -> str:
    return f"{day.kind} {day.status}: {day.name}" if day else "–"


def _told(ran: Ran, lang: str) -> str:
    if ran.explanation is None:
        return "–"
    return sentences(ran.explanation, cast("Language", lang))[0]
