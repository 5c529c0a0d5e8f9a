"""The way in to the API: every operation of every service on one page that needs nothing from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from common.http.words import Language
from embedded.issuer_page import STYLE
from embedded.rooms import Room

METHODS = ("get", "post", "put", "patch", "delete")
WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("API của Nhịp Cầu", "The API of Nhịp Cầu"),
    "state": ("Tình trạng hệ thống", "State of the house"),
    "people": ("Người của dữ liệu mẫu, mã truy cập", "Demo people and tokens"),
    "services": ("Các dịch vụ", "Services"),
    "document": ("Tài liệu OpenAPI", "OpenAPI document"),
    "count": ("{count} thao tác", "{count} operations"),
    "english": ("Tên thao tác ghi bằng tiếng Anh, như trong tài liệu OpenAPI.", "Operations are named as in the OpenAPI documents."),
    "method": ("Phương thức", "Method"),
    "path": ("Địa chỉ", "Address"),
    "what": ("Để làm gì", "What it does"),
}  # fmt: skip
NAMES: Mapping[str, tuple[str, str]] = {
    "directory": ("Danh bạ cơ quan, trang, cán bộ", "Directory of agencies, sites and people"),
    "intake": ("Tiếp nhận tin, bài", "Receiving articles"),
    "editorial": ("Biên tập, kiểm duyệt, đăng", "Editing, moderating, publishing"),
    "portal": ("Cổng cho bạn đọc", "The portal for readers"),
}
OWN = """
thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden }
code { overflow-wrap: anywhere }
td:first-child { inline-size: 5rem; font-weight: 600 }
td:nth-child(2) { inline-size: 58% }
section { margin-block-start: 2.5rem }
@media (max-width: 40rem) {
  table, tbody, tr, td { display: block }
  tr { border-top: 1px solid var(--line); padding-block: .5rem }
  td, td:first-child, td:nth-child(2) { inline-size: auto; border: 0; padding-block: 0 }
}
"""


def docs_page(rooms: Sequence[Room], language: Language) -> str:
    """In the language asked for; what the OpenAPI documents say stays English and says so."""
    ways = "".join(
        f'<li><a href="#{escape(room.name)}">{_name(room, language)}</a></li>' for room in rooms
    )
    sections = "".join(_section(room, language) for room in rooms)
    other, tongue = ("en", "English") if language == "vi" else ("vi", "Tiếng Việt")
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_word("title", language)}</title><style>{STYLE}{OWN}</style></head>
<body><main><nav><a href="?lang={other}" hreflang="{other}" lang="{other}">{tongue}</a></nav>
<header><h1>{_word("title", language)}</h1>
<p><a href="/health/ready">{_word("state", language)}</a> · <a href="/dev-issuer/people">{_word("people", language)}</a></p>
<p class="soft">{_word("english", language)}</p></header>
<h2>{_word("services", language)}</h2><ul>{ways}</ul>{sections}</main></body></html>"""


def _section(room: Room, language: Language) -> str:
    document, base, name = room.app.openapi(), f"/api/{room.name}", escape(room.name)
    rows = list(_rows(document, base))
    heads = "".join(
        f'<th scope="col">{_word(each, language)}</th>' for each in ("method", "path", "what")
    )
    count = _word("count", language).format(count=len(rows))
    said = escape(document["info"].get("description", ""))
    return (
        f'<section aria-labelledby="{name}"><h2 id="{name}">{_name(room, language)}</h2>'
        f'<p><code>{base}</code> · {count} · <a href="{base}/openapi.json">{_word("document", language)}</a></p>'
        f'<p class="soft" lang="en">{said}</p>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )


def _rows(document: Mapping[str, Any], base: str) -> Iterator[str]:
    for path, operations in sorted(document.get("paths", {}).items()):
        for method, operation in operations.items():
            if method in METHODS:
                yield (
                    f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(base + path)}</code></td>"
                    f'<td lang="en">{escape(operation.get("summary", ""))}</td></tr>'
                )


def _name(room: Room, language: Language) -> str:
    pair = NAMES.get(room.name, (room.name, room.name))
    return escape(pair[0 if language == "vi" else 1])


def _word(name: str, language: Language) -> str:
    return WORDS[name][0 if language == "vi" else 1]
