"""`nhipcau rules explain citation | reference | text | level`: checks of content from the shell."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError

from rulebook.cli_shared import (
    AsJson,
    BadArgument,
    Lang,
    day,
    faults_in,
    library,
    show,
    today,
    write,
)
from rulebook.profiles.loader import UnknownProfile
from rulebook.profiles.model import Profile, Rule, UnknownRule
from rulebook.profiles.params import Params
from rulebook.references import find_citations
from rulebook.references.explained import read_number, read_references
from rulebook.rules.formats import encoding
from rulebook.rules.levels import NoLevelRules, Service, ServiceInputs, derive_level, derive_mode
from rulebook.rules.params import DocumentParts, Encoding
from rulebook.rules.required import cited_documents
from rulebook.sentences import word_for
from rulebook.text import inspect_bytes

On = Annotated[str | None, typer.Option(help="The day of the law, default today.")]


def explain_citation(
    text: Annotated[str, typer.Argument(help="A text that cites documents.")],
    rule: Annotated[str, typer.Option(help="The rule that says which parts are asked.")] = "hanam.d10.k4.document-parts",
    on: On = None,
    lang: Lang = "vi",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:  # fmt: skip
    """Every document a text cites, the parts that are missing and those that disagree."""
    found = _rule_of(rule, DocumentParts, "asks for no citation")
    checked = cited_documents(found, text, _day_of(on))
    show(checked.explanation, lang, as_json=as_json)
    if not as_json:
        for citation in find_citations(text):
            missing = ", ".join(word_for(part, lang) for part in citation.missing) or "–"
            write(f"  {citation.render()}  [{'thiếu' if lang == 'vi' else 'missing'}: {missing}]")


def explain_text(  # noqa: PLR0913, PLR0917 - the options of a command
    path: Annotated[Path, typer.Argument(help="A file, or - for standard input.")],
    repaired: Annotated[Path | None, typer.Option(help="Write the proposed repair here.")] = None,
    rule: Annotated[str, typer.Option(help="The rule on character sets.")] = "hanam.d6.k1.character-set",
    on: On = None,
    lang: Lang = "vi",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:  # fmt: skip
    """What is wrong with a text's encoding and letters, where, by which rule, and the repair as a proposal."""
    asked = _rule_of(rule, Encoding, "is not about character sets")
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise BadArgument(str(error), param_hint="path") from error
    report = inspect_bytes(data)
    show(encoding(asked, report, _day_of(on)).explanation, lang, as_json=as_json)
    if repaired is not None:
        repaired.write_text(report.repaired, encoding="utf-8")


def explain_reference(
    text: Annotated[str, typer.Argument(help="A document number, or a text that refers to some.")],
    on: On = None,
    lang: Lang = "vi",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """How a document number is read, or every number and article reference of a text."""
    moment = _day_of(on)
    number = read_number(text, moment)
    found = read_references(text, moment)
    one = number.number is not None or not (found.numbers or found.places)
    show((number if one else found).explanation, lang, as_json=as_json)


def explain_level(  # noqa: PLR0913, PLR0917 - the options of a command
    facts: Annotated[Path, typer.Argument(help="JSON: parts, forms, fee, submit_online, …")],
    profile: Annotated[str, typer.Option(help="Profile that derives levels.")] = "binhduong",
    declared: Annotated[int | None, typer.Option(help="The level the agency declares.")] = None,
    on: On = None,
    lang: Lang = "vi",
    as_json: AsJson = False,  # noqa: FBT002 - a flag
) -> None:
    """The level of a public service that its facts prove, on both scales, and what contradicts the declared one."""
    moment = _day_of(on)
    service = _service(facts, moment)
    try:
        found = derive_level(_in_force(profile, moment), service, moment, declared)
    except (NoLevelRules, ValueError) as refused:
        raise BadArgument(str(refused), param_hint="--profile") from refused
    show(found.explanation, lang, as_json=as_json)
    if not as_json:
        nd42 = _in_force("nd42", moment)
        show(
            derive_mode(nd42, service, moment, found.missing_parts).explanation, lang, as_json=False
        )


def _rule_of(rule_id: str, kind: type[Params], otherwise: str) -> Rule[Any]:
    try:
        found = library().rule(rule_id)
    except (UnknownProfile, UnknownRule) as refused:
        raise BadArgument(str(refused), param_hint="--rule") from refused
    if not isinstance(found.params, kind):
        raise BadArgument(f"rule: {rule_id} {otherwise}", param_hint="--rule")
    return found


def _day_of(on: str | None) -> date:
    return day(on, "on") if on else today()


def _service(path: Path, on: date) -> Service:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(given, dict):
            raise BadArgument("facts: a JSON object is needed", param_hint="facts")
        known = cast("dict[str, object]", given)
        return ServiceInputs.model_validate({**known, "on": on}).service()
    except ValidationError as error:
        raise BadArgument(faults_in(error, "facts"), param_hint="facts") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadArgument(f"facts: {error}", param_hint="facts") from error


def _in_force(profile: str, on: date) -> Profile:
    try:
        return library().of(profile, on)
    except UnknownProfile as refused:
        raise BadArgument(str(refused), param_hint="--profile") from refused
