"""Who visits: the session of a sealed cookie, renewed in time; pages and redirects that keep it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from common.errors import Forbidden, Said, Unauthenticated
from common.http.wiring import deps_of
from console import domain, usecases
from console.domain import Session
from console.queries import Api, Asker
from pages.language import Language, language_asked
from pages.render import Pages, Place

COOKIE, ATTEMPT = "session", "signing-in"
SEE_OTHER = 303
DAY = 86_400
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with; `base` is the console's path behind its host ("" at the root).

    services  those whose state operators see
    """

    pages: Pages
    api: Api
    sign_in: usecases.Deps
    key: bytes
    base: str
    origin: str
    services: tuple[str, ...]

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https:")


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, of each kind; who is not in here is shown by the id (`routes.naming` asks for them)."""

    people: Mapping[str, str] = field(default_factory=dict[str, str])
    sites: Mapping[str, str] = field(default_factory=dict[str, str])
    agencies: Mapping[str, str] = field(default_factory=dict[str, str])
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    boards: Mapping[str, str] = field(default_factory=dict[str, str])


NOBODY = Names()


class MustSignIn(Exception):
    """Nobody is signed in; afterwards the person goes on to `then`."""

    def __init__(self, then: str) -> None:
        super().__init__(then)
        self.then = then


@dataclass(slots=True)
class Visitor:
    """One request of a person, or of a stranger (`session` None).

    sites  the names of all sites, once a page has asked for them (`routes.listing.sites_of`)
    """

    request: Request
    desk: Desk
    session: Session | None
    renewed: bool = False
    sites: dict[str, str] | None = None

    @property
    def language(self) -> Language:
        return language_asked(self.request)

    @property
    def asker(self) -> Asker:
        """For calls to the services; raises MustSignIn for a stranger."""
        if self.session is None:
            raise MustSignIn(here(self.request, self.desk.base))
        return Asker(self.session.access, self.language)

    @property
    def now(self) -> datetime:
        return self.desk.sign_in.clock()

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, with the frame's values beside its own."""
        frame: dict[str, Any] = {
            "base": self.desk.base,
            "session": self.session,
            "form_token": self._form_token(),
            "places": self._places(),
            "called": NOBODY,
        }
        answer = self.desk.pages.answer(self.request, template, {**frame, **values}, status)
        answer.headers["Cache-Control"] = "no-store"
        return self._kept(answer)

    def go(self, path: str) -> Response:
        """To another page of ours, after an act."""
        return self._kept(RedirectResponse(self.desk.base + path, SEE_OTHER))

    async def form(self, fields: int = 1000, longest: int = 1024 * 1024) -> FormData:
        """The form sent, if it comes from a page of this session; raises Forbidden.

        fields, longest  how many fields are read, and how many bytes one may have that is no file
        """
        form = await self.request.form(
            max_files=MOST_FILES, max_fields=fields, max_part_size=longest
        )
        sent = self.request.headers.get("origin")
        foreign = sent is not None and sent != self.desk.origin
        if foreign or not domain.same(str(form.get("form_token", "")), self._form_token() or "-"):
            raise Forbidden(
                "form-foreign",
                Said(
                    "Biểu mẫu này không được mở trong lần đăng nhập này. Mở lại trang.",
                    "This form was not opened in this sign-in. Open the page again.",
                ),
            )
        return form

    def new_key(self) -> str:
        """For one form: however often it is sent, it does what it says once."""
        return self.desk.sign_in.entropy(18).hex()

    def keep(self, session: Session | None) -> None:
        """From this answer on, this person is signed in (None: nobody)."""
        self.session, self.renewed = session, True

    def _form_token(self) -> str:
        return domain.form_token(self.desk.key, self.session.id) if self.session else ""

    def _places(self) -> list[Place]:
        if self.session is None:
            return []
        path = self.request.url.path.removeprefix(self.desk.base) or "/"
        entries = [
            ("/", "Việc của tôi"),
            ("/submit", "Gửi bài"),
            ("/submissions", "Bài đã gửi"),
            ("/articles", "Tin, bài"),
            ("/deadlines", "Hạn"),
            ("/sites", "Các trang"),
            ("/agencies", "Cơ quan"),
            ("/people", "Cán bộ"),
            ("/delegations", "Uỷ quyền"),
        ]
        if "operations" in self.session.scopes:
            entries.append(("/operations", "Vận hành"))
        return [
            Place(self.desk.base + to, label, current=_is_at(path, to)) for to, label in entries
        ]

    def _kept(self, answer: Response) -> Response:
        if self.renewed:
            set_cookie(answer, self.desk, COOKIE, self.session, DAY)
        return answer


def _is_at(path: str, place: str) -> bool:
    return path.partition("?")[0] == place or (place != "/" and path.startswith(place))


def here(request: Request, base: str) -> str:
    """The page asked for, inside the console, with its query; for GET only, else the start."""
    if request.method != "GET":
        return "/"
    path = request.url.path.removeprefix(base) or "/"
    return f"{path}?{request.url.query}" if request.url.query else path


def set_cookie(
    answer: Response, desk: Desk, name: str, value: Session | domain.Attempt | None, seconds: int
) -> None:
    """Sealed, out of the reach of scripts, sent to the console alone; None takes it away."""
    path = desk.base or "/"
    if value is None:
        answer.delete_cookie(name, path=path, secure=desk.secure, httponly=True, samesite="lax")
        return
    text = domain.closed(value, desk.key, desk.sign_in.entropy)
    answer.set_cookie(
        name, text, max_age=seconds, path=path, secure=desk.secure, httponly=True, samesite="lax"
    )


def visitor_of(request: Request) -> Visitor:
    """Who the cookie says it is; a session that does not open is nobody's."""
    desk: Desk = deps_of(request)
    session = domain.opened(Session, request.cookies.get(COOKIE, ""), desk.key)
    return Visitor(request, desk, session)


async def _visitor(request: Request) -> Visitor:
    visitor = visitor_of(request)
    desk, session = visitor.desk, visitor.session
    if session is not None and session.stale(desk.sign_in.now):
        try:
            visitor.keep(await usecases.renew(desk.sign_in, session))
        except Unauthenticated:
            visitor.keep(None)
    return visitor


AVisitor = Annotated[Visitor, Depends(_visitor)]
"""The page's visitor: perhaps a stranger."""


def answer_values(problem: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A problem document as the page of a refusal shows it: what, why, by which rule, what to do."""
    return {
        "title": problem.get("title") or "",
        "detail": problem.get("detail") or "",
        "sentences": _spoken(problem.get("sentences"), language) or (),
        "article": _spoken(problem.get("article"), language) or "",
        "words": problem.get("quote") or "",
        "errors": problem.get("errors") or (),
        "trace": problem.get("trace") or "",
    }


def _spoken(said: Any, language: Language) -> Any:
    return said.get(language) if isinstance(said, Mapping) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - JSON
