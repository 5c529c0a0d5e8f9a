"""Four sites with their boards, articles to send through them, and the authority over both."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from editorial.domain import asking, publishing, stepping
from editorial.domain.article import NO_ARTICLE, Article, evolve
from editorial.domain.asking import Question, Questions
from editorial.domain.by import By
from editorial.domain.course import Course
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Handed, Revise, Take
from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.profiles.loader import Library, load_profiles
from rulebook.profiles.model import Profile, Span

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
BOARDS = {
    "hanam": ("board_member", "deputy_board_head", "board_head", "agency"),
    "binhduong": ("board_member", "deputy_board_head", "board_head"),
    "langson": (
        "centre",
        "board_member",
        "deputy_board_head",
        "board_head",
        "board_secretary",
        "office_head",
        "editorial_board",
    ),
    "khanhhoa": (
        "member_centre",
        "member_science",
        "deputy_board_head",
        "board_head",
        "board_secretary",
    ),
}
PATHS = {
    "hanam": (
        ("receive", "board_member"),
        ("edit", "board_member"),
        ("moderate", "deputy_board_head"),
        ("publish", "board_head"),
    ),
    "binhduong": (
        ("enter", "board_member"),
        ("edit", "deputy_board_head"),
        ("approve", "board_head"),
    ),
    "langson": (
        ("receive", "centre"),
        ("moderate", "board_member"),
        ("edit", "deputy_board_head"),
        ("approve", "board_head"),
        ("publish", "board_secretary"),
    ),
    "khanhhoa": (
        ("receive", "member_centre"),
        ("moderate", "member_centre"),
        ("approve", "board_head"),
        ("upload", "member_centre"),
        ("compare", "board_secretary"),
        ("publish", "board_secretary"),
    ),
}
"""The steps of each site's ordinary process after what the sender did, and who takes them."""


@cache
def library() -> Library:
    return load_profiles()


def a_body(words: str) -> dict[str, Any]:
    text = f"<p>{words}</p>"
    data = text.encode()
    return {
        "digest": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "media_type": "text/html",
        "html": text,
    }


def a_content(words: str = "Nội dung", **changes: Any) -> dict[str, Any]:
    content = {
        "category": "news",
        "language": "vi",
        "title": "Hội nghị tổng kết",
        "body": a_body(words),
        "author": "Phòng Tổng hợp",
        "source": {"type": "own", "name": "Cơ quan"},
    }
    return content | changes


def powers_of_all() -> Powers:
    """Every role of every site held by one person, named after both; sections are the categories."""
    positions = [
        Position(
            f"{site}.{role.replace('_', '-')}",
            f"{site}.{role.replace('_', '-')}",
            role,
            site,
            Span(date(2020, 1, 1)),
            frozenset({"news"}),
        )
        for site, roles in BOARDS.items()
        for role in roles
    ]
    return Powers(tuple(positions))


def person(site: str, role: str) -> str:
    return f"{site}.{role.replace('_', '-')}"


@dataclass
class Town:
    """The four sites; `say` applies what a decision says."""

    powers: Powers = field(default_factory=powers_of_all)
    now: datetime = NOON

    def profile(self, site: str) -> Profile:
        return library()[f"{site}@1"]

    def course(self, article: Article) -> Course:
        return stepping.course_of(article, library()[article.said.profile])

    def by(self, who: str, asked: Questions, at: datetime | None = None) -> By:
        """The first yes, else the first no."""
        answers = [self.answer(who, each, at or self.now) for each in asked]
        return next((each for each in answers if each.authority.allowed), answers[0])

    def answer(self, who: str, asked: Question, at: datetime) -> By:
        held = tuple(p for p in self.powers.positions if not asked.roles or p.role in asked.roles)
        powers = Powers(held, self.powers.delegations)
        act = Act(
            who,
            asked.act,
            asked.site,
            at,
            asked.category,
            asked.section,
            facts=dict(asked.facts),
        )
        authority = prove(library()[asked.profile], act, powers)
        return By(who, authority, {"by": "test", "person": who})

    def opened(self, site: str, **changes: Any) -> Article:
        values: dict[str, Any] = {
            "article": "0198c0de-0000-7000-8000-000000000001",
            "site": site,
            "profile": f"{site}@1",
            "content": a_content(),
            "sender": {"person": f"{site}.can-bo", "role": "staff"},
            "revision": 1,
            "at": self.now,
        }
        handed = Handed(**values | changes)
        return self.say(NO_ARTICLE, stepping.open_article(NO_ARTICLE, handed, self.profile(site)))

    def say(self, article: Article, facts: Sequence[Any]) -> Article:
        for fact in facts:
            article = evolve(article, fact)
        return article

    def take(self, article: Article, step: str, who: str, **changes: Any) -> Article:
        """Take a step, the last one too."""
        course = self.course(article)
        if step == course.process.published:
            return self.say(article, self.published(article, who))
        command = Take(step, changes.pop("digest", article.current.digest), **changes)
        by = self.by(who, asking.to_take(course, course.step(step)))
        return self.say(article, stepping.take(course, command, by, self.now))

    def published(self, article: Article, who: str, missing: Sequence[str] = ()) -> Sequence[Any]:
        course = self.course(article)
        by = self.by(who, asking.to_publish(course))
        return publishing.publish(course, Publish(article.current.digest), by, missing, self.now)

    def through(self, article: Article, until: str | None = None) -> Article:
        """All steps of the site's path, or those before `until`."""
        site = article.said.site
        for step, role in PATHS[site]:
            if step == until:
                break
            if step in article.steps_done:
                continue
            article = self.take(article, step, person(site, role))
        return article

    def revised(self, article: Article, who: str, words: str, **changes: Any) -> Article:
        course = self.course(article)
        asked = asking.to_correct(course) if "purpose" in changes else asking.to_revise(course)
        command = Revise(a_content(words), changes.pop("reason", "Sửa."), **changes)
        return self.say(article, stepping.revise(course, command, self.by(who, asked), self.now))

    def delegated(self, **changes: Any) -> "Town":
        """The same with one more delegation."""
        values: dict[str, Any] = {
            "id": "uq-1",
            "giver": "",
            "receiver": "",
            "span": Span(date(2026, 1, 1), date(2027, 1, 1)),
            "document": "12/UQ",
            "acts": frozenset({"approve"}),
            "sites": None,
        }
        given = Delegation(**values | changes)
        return Town(Powers(self.powers.positions, (*self.powers.delegations, given)), self.now)


@pytest.fixture
def town() -> Town:
    return Town()
