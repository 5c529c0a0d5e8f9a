"""The files that a new text names: by their content what the text says they are, as when somebody hands one in."""

from collections.abc import Iterable, Mapping
from typing import Any

from common.errors import NotFound
from common.filekinds import check_name
from editorial.domain.cleaning import at_field
from editorial.domain.content import Content
from editorial.domain.words import say
from editorial.usecases.doing import Files

Named = Mapping[str, Any]
SAID = ("digest", "name", "size", "media_type", "kind")
"""What an attachment says of its file; its caption and its words for those who do not see are the editor's."""


async def check_files(files: Files, content: Content, earlier: Iterable[Content]) -> None:
    """Looks at each that no earlier text names so.

    Raises Unprocessable for one that is not there, that is not taken, or that is something else than is said.
    """
    known = {_said(each) for text in earlier for each in text.get("attachments", ())}
    for place, each in enumerate(content.get("attachments", ())):
        if _said(each) not in known:
            await _check(files, each, f"/attachments/{place}")


def _said(named: Named) -> tuple[Any, ...]:
    return tuple(named[each] for each in SAID)


async def _check(files: Files, named: Named, at: str) -> None:
    digest = named["digest"]
    try:
        found, size = await files.recognised(digest, f"{at}/digest")
    except NotFound as error:
        raise at_field(f"{at}/digest", "file-gone", say("file-gone", files=digest)) from error
    if check_name(named["name"], found, f"{at}/name") != named["name"]:
        raise at_field(f"{at}/name", "file-name-not-plain", say("file-name-not-plain"))
    is_so = {"media_type": found.media_type, "kind": found.kind, "size": size}
    for part, value in is_so.items():
        if named[part] != value:
            said = say("file-not-its-kind", value=value)
            raise at_field(f"{at}/{part}", "file-not-its-kind", said)
