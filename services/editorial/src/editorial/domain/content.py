"""The content of a revision, and the digests by which two revisions are compared (★ approved = published)."""

from collections.abc import Iterable, Mapping
from typing import Any

from common.canonical import canonical, digest

Content = Mapping[str, Any]
"""The JSON values of a fact's `content`: category, language, title, body … as the contract names them."""

PARTS = ("title", "body", "attachments", "metadata")
_METADATA = ("language", "category", "summary", "author", "source", "fields", "section")
_SHOWN = ("category", "language", "title", "summary", "body", "author", "source", "fields")


def digests_of(content: Content) -> dict[str, str]:
    """Hex SHA-256 of each part; the language and the category's fields are metadata."""
    metadata = {key: content[key] for key in _METADATA if content.get(key) not in (None, [], {})}
    return {
        "title": _sha256(content["title"]),
        "body": content["body"]["digest"],
        "attachments": _sha256(content.get("attachments", [])),
        "metadata": _sha256(metadata),
    }


def language_digest(content: Content) -> str:
    """Hex SHA-256 of the language, which the digest of the metadata covers too."""
    return _sha256(content["language"])


def whole_digest(parts: Mapping[str, str]) -> str:
    """Hex SHA-256 over all parts: equal only for revisions that are equal in every one."""
    return _sha256({part: parts[part] for part in PARTS})


def blobs_of(content: Content) -> tuple[str, ...]:
    """The digests under which something of this content lies among the blobs."""
    body = content["body"]
    files = [each["digest"] for each in content.get("attachments", [])]
    return tuple(dict.fromkeys([*([] if "html" in body else [body["digest"]]), *files]))


def newly_named(content: Content, earlier: Iterable[Content]) -> tuple[str, ...]:
    """Its blobs that no earlier content of the article names."""
    known = {digest for each in earlier for digest in blobs_of(each)}
    return tuple(digest for digest in blobs_of(content) if digest not in known)


def shown_of(content: Content) -> dict[str, Any]:
    """What the public reads of it, as the members of the public facts."""
    kept = (*_SHOWN, "attachments", "section")
    return {key: content[key] for key in kept if key in content}


def _sha256(value: Any) -> str:
    return digest(canonical(value))
