"""The authorization endpoint and the pages of the development issuer (RFC 6749 §4.1, RFC 7636, RFC 9207)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from common.http.words import Language, wanted
from embedded.issuer_clients import CLIENTS
from embedded.issuer_grants import Asked, Grants, is_challenge
from embedded.issuer_page import (
    STYLE,
    KnownPowers,
    broken_page,
    choose_page,
    people_page,
    token_page,
)
from embedded.people import Person

LONGEST = 2000
LANGUAGES: tuple[Language, ...] = ("vi", "en")
FreshToken = Callable[[Person], str]


class AuthorizationRequest(BaseModel):
    """As it came, in the query or back from the page: nothing in it is believed."""

    response_type: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    scope: str = ""
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    ui_locales: str = ""

    def fault(self) -> tuple[str, str] | None:
        """(error, description) for a program that may be told; None when all is right."""
        if any(len(value) > LONGEST for value in self.model_dump().values()):
            return "invalid_request", "a parameter is too long"
        if self.response_type != "code":
            return "unsupported_response_type", "response_type must be code"
        if self.code_challenge_method != "S256" or not is_challenge(self.code_challenge):
            return "invalid_request", "PKCE is required: code_challenge with S256"
        return None

    def known_redirect(self) -> bool:
        """Whether the program is known and may be sent back there: else nobody is redirected."""
        client = CLIENTS.get(self.client_id)
        return client is not None and client.may_end_at(self.redirect_uri)

    def asked(self) -> Asked:
        return Asked(
            self.client_id,
            self.redirect_uri,
            self.code_challenge,
            self.scope,
            self.state,
            self.nonce,
        )


class Choice(AuthorizationRequest):
    person: str = ""


@dataclass(frozen=True)
class SignIn:
    """Choosing a person, the page of all people, and a token to copy; `url` is the issuer's."""

    url: str
    people: Mapping[str, Person]
    grants: Grants
    fresh_token: FreshToken
    powers: KnownPowers

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/authorize", self.authorize, methods=["GET"])
        router.add_api_route("/authorize", self.choose, methods=["POST"])
        router.add_api_route("/people", self.known, methods=["GET"])
        router.add_api_route("/people/{person_id}/token", self.token, methods=["POST"])
        router.add_api_route("/sign-in.css", _style, methods=["GET"])
        return router

    async def authorize(
        self, request: Request, asked: Annotated[AuthorizationRequest, Query()]
    ) -> Response:
        """The page to choose on, unless the request is at fault."""
        language = _language(request, asked.ui_locales)
        if (refused := self._refused(asked, language)) is not None:
            return refused
        values = {name: value for name, value in asked.model_dump().items() if value}
        listed = [person for person in self.people.values() if not person.is_system]
        page = choose_page(listed, values, language, _here("authorize", values))
        return _html(page, ends_at=asked.redirect_uri)

    async def choose(self, request: Request, choice: Annotated[Choice, Form()]) -> Response:
        """Back to the program with a code; what the page brought is checked as if it were new."""
        language = _language(request, choice.ui_locales)
        if (refused := self._refused(choice, language)) is not None:
            return refused
        person = self.people.get(choice.person)
        if person is None or person.is_system:
            return self._back(choice, error="access_denied", error_description="nobody was chosen")
        return self._back(choice, code=self.grants.code(person.id, choice.asked()))

    async def known(self, request: Request, ui_locales: str = "") -> Response:
        """Everybody of the demo data: as JSON, or as a page for browsers."""
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse(self._entries())
        language = _language(request, ui_locales)
        people = list(self.people.values())
        return _html(people_page(people, self.powers(language), language, _here("people", {})))

    def _entries(self) -> list[dict[str, object]]:
        """`may` is null while the house does not know."""
        powers = {language: self.powers(language) for language in LANGUAGES}
        return [
            _entry(person)
            | {
                "may": {
                    language: found and [asdict(power) for power in found.get(person.id, ())]
                    for language, found in powers.items()
                }
            }
            for person in self.people.values()
        ]

    async def token(self, request: Request, person_id: str) -> Response:
        language = _language(request, "")
        person = self.people.get(person_id)
        if person is None:
            return _html(broken_page("unknown-person", language, "../../", id=person_id), 404)
        house = self.url.removesuffix("/dev-issuer")
        return _html(token_page(person, self.fresh_token(person), house, language))

    def _refused(self, asked: AuthorizationRequest, language: Language) -> Response | None:
        if not asked.known_redirect():
            return _html(broken_page("unknown-client", language), 400)
        if (fault := asked.fault()) is not None:
            return self._back(asked, error=fault[0], error_description=fault[1])
        return None

    def _back(self, asked: AuthorizationRequest, **values: str) -> Response:
        known = {**values, "iss": self.url} | ({"state": asked.state} if asked.state else {})
        joint = "&" if urlsplit(asked.redirect_uri).query else "?"
        address = asked.redirect_uri + joint + urlencode(known)
        return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})


async def _style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=300"})


def _entry(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "scopes": list(person.scopes),
        "person_id": person.person_id,
        "site": person.site,
        "duty": {"vi": person.duty("vi"), "en": person.duty("en")},
        "try": {"vi": person.to_try("vi"), "en": person.to_try("en")},
    }


def _language(request: Request, ui_locales: str) -> Language:
    """What the link asks for, else what the browser prefers."""
    for locale in ui_locales.split():
        if locale.lower()[:2] in {"vi", "en"}:
            return "vi" if locale.lower()[:2] == "vi" else "en"
    return wanted(request.headers.get("accept-language", ""))


def _here(path: str, values: Mapping[str, str]) -> dict[Language, str]:
    return {each: f"{path}?{urlencode({**values, 'ui_locales': each})}" for each in LANGUAGES}


def _html(page: str, status: int = 200, *, ends_at: str = "") -> Response:
    """Browsers hold `form-action` against the redirect after a form too: so its end is named."""
    parts = urlsplit(ends_at)
    end = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{end}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept, Accept-Language",
    }
    return HTMLResponse(page, status, headers)
