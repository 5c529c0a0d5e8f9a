"""What an editor wrote, as it is kept: letters composed, a body cleaned, each picture with its words."""

from collections.abc import Mapping
from typing import Any, cast

from common import finite
from common.canonical import digest
from common.errors import FieldProblem, Said, Unprocessable
from common.http.depth import DEEPEST, nests_deeper
from common.markup import INLINE_BYTES, check_at_rest, clean, is_html, paragraphs
from editorial.domain.words import say
from rulebook.text import inspect_text


def composed(value: Any) -> Any:
    """Every text in it with composed letters and no invisible ones (AMB-27); one in another character set as it is."""
    if isinstance(value, str):
        report = inspect_text(value)
        foreign = any(found.is_encoding for found in report.findings)
        return value if foreign else report.repaired
    if isinstance(value, list):
        return [composed(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: composed(each) for name, each in cast("dict[str, Any]", value).items()}
    return value


def check_pictures(content: Mapping[str, Any]) -> None:
    """Raises Unprocessable for a picture that says nothing to those who do not see it, or that calls itself no picture."""
    for place, each in enumerate(content.get("attachments", ())):
        picture = each["media_type"].startswith("image/")
        at = f"/attachments/{place}"
        if picture != (each["kind"] == "image"):
            raise at_field(f"{at}/kind", "file-not-its-kind", say("picture-not-its-kind"))
        if picture and not (each.get("alternative_text") or "").strip():
            wordless = say("alternative-text-missing")
            raise at_field(f"{at}/alternative_text", "alternative-text-missing", wordless)


def check_fields(content: Mapping[str, Any]) -> None:
    """Raises Unprocessable for a field of the category whose value is no JSON text."""
    for place, each in enumerate(content.get("fields", ())):
        if not _is_json(each["value"]):
            raise at_field(f"/fields/{place}/value", "field-not-json", say("field-not-json"))


def _is_json(text: str) -> bool:
    if nests_deeper(text, DEEPEST):
        return False
    try:
        finite.loads(text)
    except ValueError:
        return False
    return True


def at_field(pointer: str, code: str, said: Said) -> Unprocessable:
    """Something wrong at one place of a body."""
    return Unprocessable(code, said, errors=[FieldProblem(pointer, code, said)])


def cleaned(text: str) -> bytes:
    """The body in UTF-8 with a fixed list of elements. Raises Unprocessable for what would run."""
    text = composed(text)
    check_at_rest(text, "/html")
    return clean(text if is_html(text) else paragraphs(text)).encode()


def body_of(raw: bytes) -> dict[str, Any]:
    """As the contract's `body`."""
    values: dict[str, Any] = {"digest": digest(raw), "size": len(raw), "media_type": "text/html"}
    return values | ({"html": raw.decode()} if len(raw) <= INLINE_BYTES else {})
