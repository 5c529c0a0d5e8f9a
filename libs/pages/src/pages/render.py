"""Turns a template and its values into an answer: language, scheme, assets and policy in one place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pages import words
from pages.assets import Assets
from pages.language import (
    LANGUAGE_COOKIE,
    LANGUAGES,
    SCHEME_COOKIE,
    SIZE_COOKIE,
    Language,
    Scheme,
    Size,
    language_asked,
    scheme_of,
    size_of,
)

HERE = Path(__file__).parent
YEAR = 31_536_000
Filter = Callable[[Any, Language], str]
POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation; `current` marks where the reader is."""

    url: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """How a reader wants to see pages."""

    language: Language
    scheme: Scheme
    size: Size

    @classmethod
    def of(cls, request: Request) -> "Wish":
        chosen, cookies = request.query_params, request.cookies
        return cls(language_asked(request), scheme_of(chosen, cookies), size_of(chosen, cookies))


class Pages:
    """The pages of one package: its `templates/` and `locale/` beside the shared ones.

    name     of the part of the house, shown in the frame; Vietnamese, translated by the catalogue
    package  its folder; None has only the shared templates
    filters  of its own, each told the language: `{{ code|term }}`
    """

    def __init__(
        self,
        name: str,
        assets: Assets,
        package: Path | None = None,
        filters: Mapping[str, Filter] | None = None,
    ) -> None:
        self._name = name
        self._assets = assets
        folders = [each for each in (package, HERE) if each is not None]
        self._environments = {
            each: _environment(each, folders, assets, filters or {}) for each in LANGUAGES
        }

    def html(self, language: Language, template: str, values: Mapping[str, Any]) -> str:
        """The text of a page; raises UndefinedError for a value the template lacks."""
        return self._environments[language].get_template(template).render(values)

    def answer(
        self, request: Request, template: str, values: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        """The page as its reader wants it, with the policy that lets nothing foreign in."""
        wish = Wish.of(request)
        return dressed(request, wish, self.text(request, wish, template, values), status)

    def text(self, request: Request, wish: Wish, template: str, values: Mapping[str, Any]) -> str:
        """The text of a page that is at the request's address."""
        frame = {
            "language": wish.language,
            "scheme": wish.scheme,
            "size": wish.size,
            "product": self._name,
            "here": partial(_here, request),
        }
        return self.html(wish.language, template, {**frame, **values})


def dressed(request: Request, wish: Wish, html: str | bytes, status: int = 200) -> HTMLResponse:
    """The text of a page as an answer: policy, language, and cookies for what was chosen just now."""
    answer = HTMLResponse(html, status)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Referrer-Policy"] = "same-origin"  # else forms come with Origin: null
    answer.headers["Content-Language"] = wish.language
    answer.headers["Vary"] = "Accept-Language, Cookie"
    wishes = (
        (LANGUAGE_COOKIE, wish.language),
        (SCHEME_COOKIE, wish.scheme),
        (SIZE_COOKIE, wish.size),
    )
    for name, said in wishes:
        if name in request.query_params:
            secure = request.url.scheme == "https"
            answer.set_cookie(
                name, said, max_age=YEAR, secure=secure, httponly=True, samesite="lax"
            )
    return answer


def _here(request: Request, **changed: str) -> str:
    """This page's address with other query values: for the switches of language and scheme."""
    kept = {key: value for key, value in request.query_params.items() if key not in changed}
    return f"{request.url.path}?{urlencode({**kept, **changed})}"


def _environment(
    language: Language, folders: Sequence[Path], assets: Assets, filters: Mapping[str, Filter]
) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder / "templates") for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    spoken = words.translations(language, folders)
    environment.install_gettext_translations(spoken, newstyle=True)  # pyright: ignore[reportAttributeAccessIssue] - the extension adds it
    environment.globals["asset"] = assets.url  # pyright: ignore[reportArgumentType] - any function may be a global
    told: dict[str, Any] = {
        "day": partial(words.day, language=language),
        "moment": partial(words.moment, language=language),
        "left": partial(words.left, language=language),
        "sentence": words.sentence,
        "unbroken": words.unbroken,
        "number": partial(words.number, language=language),
        **{name: _knowing(language, filter_) for name, filter_ in filters.items()},
    }
    environment.filters.update(told)
    return environment


def _knowing(language: Language, filter_: Filter) -> Callable[[Any], str]:
    return lambda value: filter_(value, language)
