"""What the commands share: options, printing, and arguments refused by name."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Literal, cast

import typer
from pydantic import ValidationError
from rich.console import Console

from rulebook.explanation import LOCAL, Explanation
from rulebook.profiles.faults import BadProfile
from rulebook.profiles.loader import Library, load_profiles
from rulebook.sentences import Language, sentences

Lang = Annotated[Literal["vi", "en"], typer.Option(help="Language of the sentences.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print explanation.v1 as canonical JSON.")]
OUT = Console(soft_wrap=True, highlight=False)
ERR = Console(stderr=True, soft_wrap=True, highlight=False)


class BadArgument(typer.BadParameter):
    """A refused argument, named."""


def library() -> Library:
    try:
        return load_profiles()
    except BadProfile as refused:
        raise BadArgument(f"profiles: {refused}") from refused


def show(explanation: Explanation, lang: str, *, as_json: bool) -> None:
    if as_json:
        write(explanation.to_json().decode())
        return
    first, *rest = sentences(explanation, cast("Language", lang))
    OUT.print(first, style="bold", markup=False)
    for line in rest:
        write(f"  {line}")


def write(line: str) -> None:
    OUT.print(line, markup=False)


def moment(text: str, argument: str) -> datetime:
    """ISO time; without a zone it is Vietnamese local time. Refuses what does not exist, by the argument's name."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadArgument(f"{argument}: {text!r}: {error}", param_hint=argument) from error
    return at if at.tzinfo else at.replace(tzinfo=LOCAL)


def day(text: str, argument: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadArgument(f"{argument}: {text!r}: {error}", param_hint=argument) from error


@contextmanager
def refusing(argument: str) -> Generator[None]:
    """What the rulebook refuses inside is told as a bad argument; its message names the one it is about."""
    try:
        yield
    except ValueError as error:
        named = str(error).partition(":")[0]
        hint = named if named.isidentifier() else argument
        raise BadArgument(str(error), param_hint=hint) from error


def faults_in(error: ValidationError, argument: str) -> str:
    """Every fault of what was given, one a line: the field, what is asked, what was given."""
    return "\n".join(
        f"{argument}: {'.'.join(map(str, each['loc'])) or 'whole'}: {each['msg']} (given {each['input']!r:.80})"
        for each in error.errors(include_url=False)
    )


def today() -> date:
    """The only clock of the rulebook: at the shell, where a person asks now."""
    return datetime.now(LOCAL).date()
