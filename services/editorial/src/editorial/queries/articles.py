"""One article whole: its steps with their articles of law, its proofs, what I may do and why not the rest."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.errors import Forbidden, NotFound
from common.log.log import part_of
from common.log.model import Commit
from common.log.streams import Loaded
from contracts.events import model_of
from editorial.domain import differing, rules
from editorial.domain.acts import Chance, chances
from editorial.domain.article import ARTICLES, Article, Done, Revision
from editorial.domain.asking import Questions
from editorial.domain.by import By
from editorial.domain.content import PARTS, blobs_of, language_digest
from editorial.domain.course import Course
from editorial.domain.faults import Found
from editorial.domain.words import say
from editorial.usecases.doing import Deps, first_yes, the_course
from rulebook.explanation import Explanation
from rulebook.profiles.model import StepOf
from rulebook.sentences import citation_text

_LONG_BODY = {"name": "noi-dung.html", "media_type": "text/html"}
"""A body that is too long for a fact lies among the files."""


@dataclass(frozen=True, slots=True)
class StepSeen:
    """A step of the process as it stands for an article."""

    step: StepOf
    required: bool
    state: str
    result: Done | None
    rule: str
    article: Mapping[str, str]
    quotation: str


@dataclass(frozen=True, slots=True)
class PartSeen:
    """The digest of one part of the text: as it stands, as approved, as the public reads it."""

    part: str
    current: str
    approved: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """An article beside its process at a moment; `same` explains whether the text equals the approved one."""

    loaded: Loaded[Article]
    course: Course
    steps: tuple[StepSeen, ...]
    parts: tuple[PartSeen, ...]
    same: Explanation | None
    at: datetime

    @property
    def late(self) -> bool:
        """Whether a clock ran out: then what is said of it changed without an act."""
        return self.course.lateness(self.at) is not None

    def findings(self) -> tuple[Found, ...]:
        """What the regulation finds in the present text: a look at all of it, so only for who is told."""
        return self.course.findings(self.at)


@dataclass(frozen=True, slots=True)
class Articles:
    """Reads streams of the log, so that what is shown is what holds."""

    deps: Deps

    async def get(self, id: str, at: datetime) -> Seen:
        """Raises NotFound."""
        loaded = await self.deps.log.load(ARTICLES, id)
        course = the_course(self.deps, loaded.state, at)
        compared = course.compared(loaded.state.current)
        same = compared and compared.explanation
        return Seen(loaded, course, steps_of(course), parts_of(course), same, at)

    def check_reader(self, article: Article, person: str | None, at: datetime) -> None:
        """The board's people and the sender read what is not public. Raises Forbidden."""
        said = article.said
        if person is not None and said.site in self.deps.authority.sites_of(person, at):
            return
        if person is None or said.sender.person != person:
            raise Forbidden(
                "not-your-site",
                say("not-your-site"),
            )

    def acts(self, course: Course, person: str, at: datetime) -> tuple[Chance, ...]:
        """What this person may do now, and why not the rest."""

        def answer(asked: Questions) -> By:
            return first_yes(self.deps, person, asked, at)

        return chances(course, answer, at)

    def revision(self, article: Article, number: int) -> Revision:
        """Raises NotFound."""
        found = article.revision(number)
        if found is None:
            last = article.current.number
            raise NotFound("revision-unknown", say("revision-unknown", last=last))
        return found

    def difference(
        self, article: Article, one: int, two: int
    ) -> tuple[tuple[Revision, Revision], tuple[differing.Compared, ...]]:
        """What changed from one revision to another, part by part and word by word."""
        before, after = self.revision(article, one), self.revision(article, two)
        return (before, after), differing.compare(before.content, after.content)

    def file(self, article: Article, digest: str) -> tuple[str, str, AsyncIterator[bytes]]:
        """The name, the type and the bytes of a file that a revision names. Raises NotFound."""
        for revision in reversed(article.revisions):
            if digest in blobs_of(revision.content):
                named = {each["digest"]: each for each in revision.content.get("attachments", [])}
                found = named.get(digest, _LONG_BODY)
                return found["name"], found["media_type"], self.deps.files.stream(digest)
        raise NotFound("file-unknown", say("file-unknown"))

    async def history(self, id: str) -> list[dict[str, Any]]:
        """Every decision with its facts and proof, oldest first."""
        stream = ARTICLES.stream(id)
        return [_entry(commit, stream) for commit in await self.deps.log.commits(stream)]


def parts_of(course: Course) -> tuple[PartSeen, ...]:
    """Part by part what is compared before the public reads it (★ approved = published)."""
    article, approval, public = course.article, course.approval, course.article.published
    now = _digests(article.current)
    approved = _digests(article.revisions[approval.revision - 1]) if approval else {}
    published = _digests(article.revisions[public.revision - 1]) if public else {}
    return tuple(
        PartSeen(part, digest, approved.get(part), published.get(part))
        for part, digest in now.items()
    )


def _digests(revision: Revision) -> Mapping[str, str]:
    parts = {part: revision.parts[part] for part in PARTS}
    return {**parts, "language": language_digest(revision.content)}


def steps_of(course: Course) -> tuple[StepSeen, ...]:
    """The required steps in their order, then the others, each with its article of law."""
    process = course.process
    others = [name for name in process.steps if name not in process.required]
    before = [name for name in others if name == process.start]
    after = [name for name in others if name != process.start]
    names = (*before, *process.required, *after)
    return tuple(_seen(course, process.steps[name]) for name in names)


def _seen(course: Course, step: StepOf) -> StepSeen:
    law = rules.law_of(course.profile, course.process, step, course.on)
    return StepSeen(
        step,
        step.id in course.process.required,
        _state(course, step.id),
        course.article.result_of(step.id),
        law.id,
        {
            "vi": citation_text(law.basis.citation),
            "en": citation_text(law.basis.citation, "en"),
        },
        law.basis.quote,
    )


def _state(course: Course, step: str) -> str:
    """done, open, waiting; again: its result is for another text than the present one."""
    result = course.article.result_of(step)
    if result is not None and course.stale == step and step in course.open:
        return "again"
    if step in course.open:
        return "open"
    return "done" if result is not None else "waiting"


def _entry(commit: Commit, stream: str) -> dict[str, Any]:
    part = part_of(commit, stream)
    return {
        "version": part.version,
        "at": commit.at,
        "actor": commit.actor,
        "proof": commit.proof,
        "hash": part.hash,
        "facts": [
            {"type": fact.type, "data": model_of(fact.type).model_validate_json(fact.data).data()}
            for fact in part.decided
        ],
    }
