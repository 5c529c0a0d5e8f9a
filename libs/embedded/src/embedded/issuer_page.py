"""The pages of the development sign-in: choose a person; and whoever the house knows, with a token to copy.

Nothing from elsewhere, no script: every act is a button of a form, so the keyboard alone is enough.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Literal

from embedded.people import Person

Language = Literal["vi", "en"]
STYLE = """
:root { color-scheme: light dark; --ink: #17212b; --soft: #51606e; --line: #c9d3dc; --paper: #ffffff;
  --back: #f2f5f8; --main: #0b5cad; --on: #ffffff }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a9b6c2; --line: #3a4754;
  --paper: #18212a; --back: #10171e; --main: #7db8f5; --on: #0b1620 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.6 system-ui, "Segoe UI",
  Roboto, "Noto Sans", sans-serif }
main { max-width: 64rem; margin: 0 auto; padding: 2rem 1rem 4rem }
header p, .soft { color: var(--soft) }
h1 { font-size: 1.75rem; line-height: 1.3; margin: .5rem 0 }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
ul.people { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)) }
.person { display: block; width: 100%; min-height: 44px; padding: .75rem 1rem; text-align: start;
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: .5rem }
button.person { cursor: pointer }
button.person:hover { border-color: var(--main) }
.person > strong, .person > span { display: block; overflow-wrap: anywhere }
.person li { margin-block: .25rem }
summary { min-height: 44px; padding-block: .5rem; cursor: pointer }
.soft { color: var(--soft) }
.person > span { color: var(--soft); font-size: .925rem }
.person > .try { color: var(--ink); margin-top: .25rem }
.act { min-height: 44px; padding: .5rem 1rem; font: inherit; color: var(--on);
  background: var(--main); border: 0; border-radius: .5rem; cursor: pointer }
a { color: var(--main) }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
textarea, code, pre { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
textarea { width: 100%; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: .5rem; padding: .75rem }
pre { white-space: pre-wrap }
table { border-collapse: collapse; width: 100% }
td, th { text-align: start; vertical-align: top; padding: .4rem .75rem .4rem 0;
  border-top: 1px solid var(--line) }
nav a { margin-inline-end: 1rem; display: inline-block; min-height: 24px }
"""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Đăng nhập thử", "Demo sign-in"),
    "choose": ("Bạn muốn vào với tư cách ai?", "Who do you want to be?"),
    "notice": (
        "Máy phát triển: người và chức vụ đều hư cấu, không cần mật khẩu. Bản chính thức không chạy trang này.",
        "A development machine: people and positions are fictional, no password is asked. Production never runs this page.",
    ),
    "goes-on": ("Sau đó bạn trở lại {client}.", "After that you return to {client}."),
    "people": ("Người của dữ liệu mẫu", "People of the demo data"),
    "may": ("Được làm", "May"),
    "may-nothing": ("Không được giao việc nào theo quy chế.", "The regulation gives them no act."),
    "at": ("tại", "at"),
    "by": ("theo", "by"),
    "through": ("uỷ quyền số", "delegated by"),
    "token": ("Lấy mã truy cập", "Get a token"),
    "token-of": ("Mã truy cập của {name}", "Token of {name}"),
    "token-use": ("Có hiệu lực một giờ. Dùng thử:", "Good for one hour. Try it:"),
    "back": ("← Trở lại danh sách", "← Back to the list"),
    "broken": ("Không đăng nhập được", "This sign-in cannot go on"),
    "unknown-client": (
        "Ứng dụng gửi bạn đến đây không có trong danh sách, hoặc địa chỉ quay lại của nó sai (client_id, redirect_uri). Quay lại ứng dụng và đăng nhập lại từ đó.",
        "The application that sent you here is not known, or its return address is wrong (client_id, redirect_uri). Go back to it and sign in from there.",
    ),
    "unknown-person": (
        "Dữ liệu mẫu không có người nào mang mã {id}. Chọn một người trong danh sách.",
        "The demo data has nobody of the id {id}. Choose somebody from the list.",
    ),
    "to-people": ("Người của dữ liệu mẫu", "People of the demo data"),
    "nobody": ("Khác", "Others"),
    "not-loaded": ("Dữ liệu mẫu chưa được nạp.", "The demo data is not loaded yet."),
}


@dataclass(frozen=True)
class Power:
    """One act that a person may do: where, by which article, in which section, by which documents of delegation."""

    act: str
    site: str
    article: str
    through: str = ""
    section: str = ""


KnownPowers = Callable[[Language], Mapping[str, Sequence[Power]] | None]
"""What each demo person may do, by their id; None while the house does not know."""


def word(name: str, language: Language, /, **values: str) -> str:
    text = WORDS[name][0 if language == "vi" else 1]
    return text.format(**{key: escape(value) for key, value in values.items()})


def choose_page(
    people: Sequence[Person],
    asked: Mapping[str, str],
    language: Language,
    here: Mapping[Language, str],
) -> str:
    """The page of an authorization request; `asked` goes back with the choice, to be checked again."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    sections = "".join(
        f"<h2>{escape(title)}</h2><ul class=people>"
        + "".join(f"<li>{_choice(person, language)}</li>" for person in group)
        + "</ul>"
        for title, group in by_site(people, language)
    )
    client = word("goes-on", language, client=asked.get("client_id", ""))
    body = (
        f"<header><h1>{word('choose', language)}</h1><p>{word('notice', language)} {client}</p></header>"
        f'<form method="post" action="authorize">{hidden}{sections}</form>'
    )
    return page(word("title", language), body, language, here)


def people_page(
    people: Sequence[Person],
    powers: Mapping[str, Sequence[Power]] | None,
    language: Language,
    here: Mapping[Language, str],
) -> str:
    """Everybody of the demo data with what they may do today; None: the house does not know yet."""
    sections = "".join(
        f"<h2>{escape(title)}</h2><ul class=people>"
        + "".join(f"<li>{_known(person, powers, language)}</li>" for person in group)
        + "</ul>"
        for title, group in by_site(people, language)
    )
    waiting = (
        "" if powers is not None else f"<p><strong>{word('not-loaded', language)}</strong></p>"
    )
    body = (
        f"<header><h1>{word('people', language)}</h1><p>{word('notice', language)}</p></header>"
        f"{waiting}{sections}"
    )
    return page(word("people", language), body, language, here)


def token_page(person: Person, token: str, url: str, language: Language) -> str:
    """A fresh token, to be copied."""
    title = word("token-of", language, name=person.name)
    command = escape(f"curl -H 'Authorization: Bearer {token}' {url}/api/portal/agencies")
    body = (
        f"<h1>{title}</h1><p>{word('token-use', language)}</p>"
        f'<p><textarea rows="8" readonly aria-label="{title}">{escape(token)}</textarea></p>'
        f'<pre>{command}</pre><p><a href="../../people">{word("back", language)}</a></p>'
    )
    return page(title, body, language, {}, root="../../")


def broken_page(reason: str, language: Language, root: str = "", **values: str) -> str:
    """A request that may not go on, in words, with the way on; `root` leads to the pages of the sign-in."""
    title = word("broken", language)
    way = f'<p><a href="{root}people">{word("to-people", language)}</a></p>'
    body = f"<h1>{title}</h1><p>{word(reason, language, **values)}</p>{way}"
    return page(title, body, language, {}, root=root)


def page(
    title: str, body: str, language: Language, here: Mapping[Language, str], *, root: str = ""
) -> str:
    """`title` and `body` are HTML; `here` leads to the same page in each language."""
    names: dict[Language, str] = {"vi": "Tiếng Việt", "en": "English"}
    links = "".join(
        f'<a href="{escape(here[each])}" hreflang="{each}" lang="{each}">{name}</a>'
        for each, name in names.items()
        if each in here and each != language
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · Nhịp Cầu</title>"
        f'<link rel="stylesheet" href="{root}sign-in.css"></head>'
        f"<body><main><nav>{links}</nav>{body}</main></body></html>"
    )


def by_site(people: Sequence[Person], language: Language) -> list[tuple[str, list[Person]]]:
    """People under the title of their site, in the order of the data; those without one come last."""
    ordered = sorted(people, key=lambda person: (person.site == "", person.site))
    return [
        (site.title(language) if (site := group[0].home) else word("nobody", language), group)
        for group in (list(found) for _, found in groupby(ordered, key=lambda each: each.site))
    ]


def _choice(person: Person, language: Language) -> str:
    return (
        f'<button class="person" name="person" value="{escape(person.id)}">'
        f"{_described(person, language)}</button>"
    )


def _described(person: Person, language: Language) -> str:
    told = f"<strong>{escape(person.name)}</strong><span>{escape(person.duty(language))}</span>"
    hint = person.to_try(language)
    return f'{told}<span class="try">{escape(hint)}</span>' if hint else told


def _known(person: Person, powers: Mapping[str, Sequence[Power]] | None, language: Language) -> str:
    button = (
        f'<form method="post" action="people/{escape(person.id)}/token">'
        f'<button class="act" aria-label="{word("token", language)}: {escape(person.name)}">'
        f"{word('token', language)}</button></form>"
    )
    mine = _powers(powers.get(person.id, ()), language) if powers is not None else ""
    return f'<div class="person">{_described(person, language)}{mine}{button}</div>'


def _powers(powers: Sequence[Power], language: Language) -> str:
    if not powers:
        return f'<p class="soft">{word("may-nothing", language)}</p>'
    sites = sorted({each.site for each in powers})
    parts = "".join(_at_site(site, powers, language) for site in sites)
    summary = f"{word('may', language)} ({len(powers)})"
    return f"<details><summary>{summary}</summary>{parts}</details>"


def _at_site(site: str, powers: Sequence[Power], language: Language) -> str:
    rows = "".join(f"<li>{_told(each, language)}</li>" for each in powers if each.site == site)
    return (
        f"<p>{word('at', language)} <strong class=site>{escape(site)}</strong>:</p><ul>{rows}</ul>"
    )


def _told(power: Power, language: Language) -> str:
    section = f" “{escape(power.section)}”" if power.section else ""
    through = f"; {word('through', language)} {escape(power.through)}" if power.through else ""
    article = f"{word('by', language)} {escape(power.article)}{through}"
    return f'{escape(power.act)}{section} <span class="soft">{article}</span>'
