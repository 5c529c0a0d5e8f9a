"""Four sites with their boards: as values for decisions, and as a whole service on the working fakes."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from authority.testing import Told
from common.cause import Cause
from common.clocks import Ticker
from common.http.positions import Position as At
from common.http.positions import decode, encode
from common.log.streams import Standing, StreamKind
from common.moments import to_wire
from common.relay.pulse import Pulse
from common.relay.relay import incarnation
from common.service import Parts, Service
from common.settings import ServiceSettings
from common.testing.closable import unclosable
from common.testing.issuer import URL, MemoryIssuer
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import World, real_world
from contracts.events.intake import SubmissionReceivedV1, SubmissionWithdrawnV1
from editorial.domain import asking, publishing, stepping
from editorial.domain.article import NO_ARTICLE, Article, evolve
from editorial.domain.asking import Question, Questions
from editorial.domain.by import By
from editorial.domain.course import Course
from editorial.domain.publishing import Publish
from editorial.domain.stepping import Handed, Revise, Take
from editorial.main import PARTS, create_app
from rulebook import delegated
from rulebook import person as rulebook_person
from rulebook import site as rulebook_site
from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.delegated import NOTHING_GIVEN
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
    library: Library = field(default_factory=library)

    def profile(self, site: str) -> Profile:
        return self.library.of(site, self.now.date())

    def course(self, article: Article) -> Course:
        return stepping.course_of(article, self.library[article.said.profile], self.now)

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
        authority = prove(self.library[asked.profile], act, powers)
        return By(who, authority, {"by": "test", "person": who})

    def opened(self, site: str, **changes: Any) -> Article:
        values: dict[str, Any] = {
            "article": "0198c0de-0000-7000-8000-000000000001",
            "site": site,
            "profile": self.profile(site).key,
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
        return replace(
            self, powers=Powers(self.powers.positions, (*self.powers.delegations, given))
        )


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def town_maker() -> Callable[..., Town]:
    return Town


@pytest.fixture
def content_maker() -> Callable[..., dict[str, Any]]:
    return a_content


@pytest.fixture
def everybody() -> tuple[str, ...]:
    return tuple(each.person for each in powers_of_all().positions)


# -- the whole service on the working fakes ---------------------------------------------------------

KINDS = {
    "person": StreamKind("directory/person", rulebook_person.NOBODY, rulebook_person.evolve),
    "delegation": StreamKind("directory/delegation", NOTHING_GIVEN, delegated.evolve),
    "site": StreamKind("directory/site", rulebook_site.NO_SITE, rulebook_site.evolve),
}
SUBMISSIONS = StreamKind("intake/submission", None, lambda state, _: state)


class Clock:
    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at


@dataclass
class House:
    """Editorial at work, the directory and intake as publishers of facts, and people who sign in."""

    directory: Service
    intake: Service
    app: FastAPI
    http: httpx.AsyncClient
    issuer: MemoryIssuer
    clock: Clock
    seen: list[At] = field(default_factory=list[At])
    versions: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def service(self) -> Service:
        return self.app.state.service

    async def told(self, told: Told) -> None:
        """What the directory says; everything asked afterwards waits until it is heard here."""
        last: dict[str, At] = {}
        for fact in told.facts:
            _, _, kind, id = fact.stream.split("/")
            loaded = await self.directory.log.load(KINDS[kind], id)
            done = await self.directory.log.append(
                loaded, (fact.said,), self._cause(), Standing("hanam")
            )
            last |= {p.stream: At(p.topic, p.stream, p.sequence) for p in done.positions}
        told.facts.clear()
        self.seen += last.values()

    async def submitted(self, site: str, **changes: Any) -> str:
        """What intake says when something was handed in; answers the article's id."""
        id = changes.pop("id", None) or str(uuid4())
        await self.intake_says(SubmissionReceivedV1, id, site, **changes)
        return id

    async def intake_says(self, kind: Any, id: str, site: str, **changes: Any) -> None:
        said = a_submission(id, site) | changes
        fact = kind.of({name: value for name, value in said.items() if value is not None})
        await self._append(id, fact)

    async def withdrawn(self, id: str, site: str) -> None:
        values = {"submission_id": id, "site": site, "withdrawn_by": f"{site}.can-bo"}
        await self._append(id, SubmissionWithdrawnV1.of(values))

    async def _append(self, id: str, fact: Any) -> None:
        loaded = await self.intake.log.load(SUBMISSIONS, id)
        done = await self.intake.log.append(loaded, (fact,), self._cause(), Standing(fact.site))
        self.seen += [At(p.topic, p.stream, p.sequence) for p in done.positions]

    def _cause(self) -> Cause:
        return Cause(f"test:{uuid4()}", self.clock.at, "test")

    def headers(self, who: str, **more: str) -> dict[str, str]:
        signed_in = self.issuer.bearer(f"id-of-{who}", lasts=1_000_000)
        return signed_in | {"After-Position": encode(self.seen[-30:])} | more

    async def post(self, path: str, body: Any, who: str, **more: Any) -> httpx.Response:
        key = more.pop("key", None) or str(uuid4())
        headers = self.headers(who, **{"Idempotency-Key": key, **more})
        answer = await self.http.post(path, json=body, headers=headers)
        if "Position" in answer.headers:
            self.seen += decode(answer.headers["Position"])
        return answer

    async def get(self, path: str, who: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params, headers=self.headers(who))

    async def article(self, id: str, who: str) -> dict[str, Any]:
        answer = await self.get(f"/articles/{id}", who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def take(self, id: str, step: str, who: str, **more: Any) -> httpx.Response:
        digest = more.pop("digest", None) or (await self.article(id, who))["digest"]
        return await self.post(
            f"/articles/{id}/steps", {"step": step, "digest": digest, **more}, who
        )

    async def through(self, id: str, site: str, until: str | None = None) -> dict[str, Any]:
        """All steps of the site's path, or those before `until`."""
        for step, role in PATHS[site]:
            if step == until:
                break
            answer = await self.take(id, step, person(site, role))
            assert answer.status_code == 200, answer.text
        return await self.article(id, person(site, PATHS[site][0][1]))

    async def through_rest(self, id: str, site: str) -> dict[str, Any]:
        """The steps of the site's path that are not done yet."""
        first = person(site, PATHS[site][0][1])
        done = {s["step"] for s in (await self.article(id, first))["steps"] if s["state"] == "done"}
        for step, role in PATHS[site]:
            if step not in done:
                answer = await self.take(id, step, person(site, role))
                assert answer.status_code == 200, answer.text
        return await self.article(id, first)

    async def revise(self, id: str, who: str, **changes: Any) -> httpx.Response:
        version = (await self.article(id, who))["version"]
        body = {"reason": "Sửa.", **changes}
        return await self.post(
            f"/articles/{id}/revisions", body, who, **{"If-Match": f'"{version}"'}
        )

    async def later(self, at: datetime) -> None:
        """Time passes, and the directory says that it lives."""
        self.clock.at = at
        world, log = self.service.world, self.directory.log
        await Pulse("directory", log, world, await incarnation(self.directory.database)).beat()
        await until(lambda: self.app.state.authority.followed.heard == at)

    async def tick(self) -> int:
        """Let the clocks look once, now."""
        return await Ticker("editorial", self.service.clocks, self.service.world).tick()


def a_submission(id: str, site: str, **changes: Any) -> dict[str, Any]:
    body = a_body("Nội dung")
    return {
        "submission_id": id,
        "site": site,
        "revision": 1,
        "receipt": {"number": 1, "year": 2026, "text": f"{site}-2026-000001"},
        "category": "news",
        "language": "vi",
        "title": "Hội nghị tổng kết",
        "body": body,
        "author": "Phòng Tổng hợp",
        "source": {"type": "own", "name": "Cơ quan"},
        "submitted_by": {"person": f"{site}.can-bo", "role": "staff"},
        "channel": "portal",
        "received_at": to_wire(NOON),
        "profile": f"{site}@1",
        "content_digest": body["digest"],
    } | changes


def the_four_boards() -> Told:
    """Every role of every site held by one person, who signs in as `id-of-<person>`."""
    told = Told()
    kinds = {"khanhhoa": "public_service_portal", "langson": "department"}
    for site, roles in BOARDS.items():
        kind = kinds.get(site, "province")
        told.site(site, kind=kind, profile=f"{site}@1", languages=["vi", "en", "zh"])
        for role in (*roles, "staff"):
            name = person(site, role) if role != "staff" else f"{site}.can-bo"
            told.person(name, site=site)
            told.link(name, f"id-of-{name}", issuer=URL)
            told.position(name, role, site=site, sections=["news"])
    return told


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - background work sets no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def a_house() -> AsyncGenerator[House]:
    cluster, clock = MemoryCluster(), Clock()
    issuer, real = MemoryIssuer(clock=clock.now), real_world()
    world = World(clock.now, real.new_id, real.random)
    directory = memory_service(ServiceSettings(service="directory"), Parts(), cluster, world)
    intake = memory_service(ServiceSettings(service="intake"), Parts(), cluster, world)
    service = memory_service(ServiceSettings(service="editorial"), PARTS, cluster, world)
    app = create_app(ServiceSettings(service="editorial"), service, issuer.verifier())
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(directory.running())
        await stack.enter_async_context(intake.running())
        await stack.enter_async_context(app.router.lifespan_context(app))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://editorial")
        await stack.enter_async_context(http)
        await until(lambda: app.state.authority.followed.heard is not None)
        house = House(directory, intake, app, http, issuer, clock)
        await house.told(the_four_boards())
        yield house
        assert await unclosable(service.log, service.database, PARTS.kinds) == []


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with a_house() as house:
        yield house
