"""A browser without scripts: keeps cookies, follows links, sends back every field of the form it was shown."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx


@dataclass
class Form:
    """One form of a page: where it goes and what it carries."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict[str, str])
    files: list[str] = field(default_factory=list[str])


@dataclass
class Page:
    """What was answered, with its forms read."""

    answer: httpx.Response

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def url(self) -> str:
        return str(self.answer.url)

    @property
    def status(self) -> int:
        return self.answer.status_code

    def form(self, action: str = "") -> Form:
        """The last form whose address ends so and which changes something."""
        reader = _Forms()
        reader.feed(self.text)
        fitting = [f for f in reader.forms if f.method == "post" and f.action.endswith(action)]
        assert fitting, f"no form for {action!r} on {self.url} ({self.status}): {self.text[-3000:]}"
        return fitting[-1]


@dataclass
class Surfer:
    """A person at a browser; `home` is where the console stands."""

    http: httpx.AsyncClient
    home: str

    async def get(self, path: str, **asked: str) -> Page:
        address = urljoin(f"{self.home}/", path.removeprefix("/"))
        return Page(await self.http.get(address, params=asked or None))

    async def send(
        self, page: Page, form: Form, files: dict[str, Any] | None = None, **typed: str
    ) -> Page:
        """The form with what was typed; names with dots are written with __ for them."""
        data = form.values | {name.replace("__", "."): value for name, value in typed.items()}
        sent = files or {"nothing": ("", b"")}
        action = urljoin(page.url, form.action or page.url)
        return Page(await self.http.post(action, data=data, files=sent))

    async def sign_in(self, person: str) -> None:
        """As this person, whoever was signed in before."""
        self.http.cookies.clear()
        chosen = await self.get("/sign-in")
        form = chosen.form()
        action = urljoin(chosen.url, form.action)
        done = await self.http.post(action, data=form.values | {"person": person})
        assert done.status_code == 200, done.text
        assert str(done.url).rstrip("/") == self.home, done.url


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(a.get("action", ""), a.get("method", "get"))
            self.forms.append(self._inside)
        form = self._inside
        if form is None:
            return
        name = a.get("name", "")
        match tag:
            case "input" if name:
                self._input(form, name, a)
            case "textarea":
                self._area, self._said = name, ""
            case "select":
                self._select = name
            case "option" if self._select:
                self._option(form, self._select, a)
            case _:
                pass

    def _option(self, form: Form, name: str, a: dict[str, str]) -> None:
        if "selected" in a or name not in form.values:
            form.values[name] = a.get("value", "")

    def _input(self, form: Form, name: str, a: dict[str, str]) -> None:
        kind = a.get("type", "text")
        if kind == "file":
            form.files.append(name)
        elif kind not in {"checkbox", "radio"} or "checked" in a:
            form.values[name] = a.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        self._said += data

    def handle_endtag(self, tag: str) -> None:
        form = self._inside
        if form is None:
            return
        if tag == "textarea" and self._area is not None:
            form.values[self._area], self._area = self._said.removeprefix("\n"), None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._inside = None
