"""What every use case works with: the log, the authority, the files, the calendar, who acts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from common.errors import PreconditionFailed
from common.filekinds import Recognised
from common.identity import Principal
from common.log.log import CommitLog
from common.log.streams import Loaded, Standing
from editorial.domain.article import ARTICLES, Article
from editorial.domain.asking import Question, Questions
from editorial.domain.by import By
from editorial.domain.course import Course
from editorial.domain.stepping import course_of
from editorial.domain.words import say
from rulebook.calendar import Calendar
from rulebook.calendar_files import load_calendar
from rulebook.profiles.loader import Library, load_profiles
from rulebook.profiles.model import Profile


class Authority(Protocol):
    """May this person do this here now? Answered from what this service has heard of the directory."""

    def person_of(self, who: Principal, site: str, at: datetime) -> str:
        """The person who signed in; raises Forbidden for nobody, Unavailable when it may be news."""
        ...

    def answer(self, person: str, question: Question, at: datetime) -> By:
        """Yes with its proof, or no with the nearest way; raises Unavailable."""
        ...

    def kind_of(self, site: str) -> str:
        """What a site is, such as `province`; "" for one that is not known."""
        ...

    def sites_of(self, person: str, at: datetime) -> tuple[str, ...]:
        """The sites at which a person holds a position or may act by delegation."""
        ...


class Files(Protocol):
    """The blobs, as this service uses them."""

    async def missing(self, digests: Sequence[str]) -> tuple[str, ...]:
        """Those that the blobs do not have."""
        ...

    def stream(self, digest: str) -> AsyncIterator[bytes]:
        """The bytes of one; raises NotFound."""
        ...

    async def recognised(self, digest: str, at: str) -> tuple[Recognised, int]:
        """What one is by its content, and its bytes; raises NotFound, Unprocessable or TooLarge at `at`."""
        ...

    async def put(self, content: bytes) -> None:
        """Keep a body that is too long for a fact."""
        ...

    async def keep(self, digests: Sequence[str], by: str) -> None:
        """Kept as long as `by` names them; readable by our services only.

        Raises NotFound when one is not there; the others are kept all the same.
        """
        ...

    async def expect(self, digests: Sequence[str], by: str) -> None:
        """The same for a fact that stands: what is missing is kept when it comes after all."""
        ...

    async def show(self, digests: Sequence[str], by: str) -> None:
        """Everybody may read these because of `by`."""
        ...

    async def hide(self, digests: Sequence[str], by: str) -> None:
        """Nobody reads these because of `by` any more."""
        ...


@dataclass(frozen=True, slots=True)
class Deps:
    """What use cases work with."""

    log: CommitLog
    authority: Authority
    files: Files
    profiles: Library = field(default_factory=load_profiles)
    calendar: Calendar = field(default_factory=load_calendar)


@dataclass(frozen=True, slots=True)
class Sent:
    """Who sent a command, about which article, and the version they saw."""

    article: str
    who: Principal
    expected: int | None = None


async def article_of(deps: Deps, sent: Sent, at: datetime) -> tuple[Loaded[Article], Course]:
    """The article beside its process, in the version the caller saw. Raises NotFound, PreconditionFailed."""
    loaded = await deps.log.load(ARTICLES, sent.article)
    course = the_course(deps, loaded.state, at)
    if sent.expected is not None and sent.expected != loaded.version:
        raise PreconditionFailed(
            "version-changed",
            say("version-changed"),
            extra={"expected": sent.expected, "present": loaded.version},
        )
    return loaded, course


def the_course(deps: Deps, article: Article, at: datetime) -> Course:
    """The article beside its process, at its site. Raises NotFound."""
    kind = deps.authority.kind_of(article.said.site) if article.known else ""
    return course_of(article, profile_of(deps, article), at, kind)


def profile_of(deps: Deps, article: Article) -> Profile:
    """The profile that the case keeps; any for an article that is not there."""
    key = article.opened.profile if article.opened else next(iter(deps.profiles))
    return deps.profiles[key]


def allowed(deps: Deps, sent: Sent, article: Article, asked: Questions, at: datetime) -> By:
    """The first yes of several questions, else the first no, which the decision then refuses with."""
    person = deps.authority.person_of(sent.who, article.said.site, at)
    return first_yes(deps, person, asked, at)


def first_yes(deps: Deps, person: str, asked: Questions, at: datetime) -> By:
    answers: list[By] = []
    for each in asked:
        answers.append(deps.authority.answer(person, each, at))
        if answers[-1].authority.allowed:
            return answers[-1]
    return answers[0]


def standing(article: Article, by: By) -> Standing:
    """The commit's scope and proof."""
    return Standing(site=article.said.site, proof=by.document)
