"""Brings the demo articles to life through the public HTTP: handed in, moderated, published by those who may."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from common.http.idempotency import HEADER as KEY
from common.http.positions import AFTER, HEADER, Position, encode
from embedded.demo_articles import E_OFFICE, DemoArticle
from embedded.demo_files import DemoFile
from embedded.demo_journeys import Deed
from embedded.issuer import DEMO_GRANT
from embedded.issuer_clients import CLIENTS
from embedded.trouble import Trouble

AT_ONCE = 12
MOST = 25
"""Positions in one question."""
READER = "hanam.bien-tap"
PATIENCE = timedelta(seconds=120)
PAUSE = 0.05
WAITING = frozenset({httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS})
DONE_BEFORE = frozenset({"idempotency-key-reused", "submitted-already"})
"""What an act answers that was done before, by an earlier load with other words or by somebody else."""


@dataclass
class Loading:
    """One load through a client that reaches the house; `done` and `stopped` tell how far it is."""

    http: httpx.AsyncClient
    articles: list[DemoArticle]
    now: Callable[[], datetime]
    done: int = 0
    stopped: list[str] = field(default_factory=list[str])
    _tokens: dict[str, asyncio.Task[str]] = field(default_factory=dict[str, "asyncio.Task[str]"])

    async def run(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Returns when every article is where its file wants it. Raises Trouble for those that are not."""
        free = asyncio.Semaphore(AT_ONCE)
        step = len(self.articles) // 4 + 1

        async def live(article: DemoArticle) -> None:
            async with free:
                await self._live(article)
            self.done += 1
            if self.done % step == 0:
                say(f"{self.done} of {len(self.articles)} demo articles …")

        async with asyncio.TaskGroup() as group:
            for article in self.articles:
                group.create_task(live(article))
        if self.stopped:
            raise Trouble(
                f"{len(self.stopped)} demo articles stopped on their way: {self.stopped[0]}",
                "make run again goes on where they stopped",
            )

    async def heard(self, reached: list[Position]) -> None:
        """Until the services know the people whom the directory named last."""
        for begin in range(0, len(reached), MOST):
            after = {AFTER: encode(reached[begin : begin + MOST])}
            for path in ("intake/submissions?mine=true&limit=1", "editorial/articles?limit=1"):
                answer = await self.sent(READER, "GET", path, headers=after)
                answer.raise_for_status()

    async def _live(self, article: DemoArticle) -> None:
        try:
            await Life(self, article).run()
        except (Stopped, TimeoutError) as stopped:
            self.stopped.append(f"{article.id}: {stopped}")

    async def token(self, person: str) -> str:
        if person not in self._tokens:
            self._tokens[person] = asyncio.create_task(self._sign_in(person))
        return await self._tokens[person]

    async def _sign_in(self, person: str) -> str:
        form = {"grant_type": DEMO_GRANT, "person": person}
        if person == E_OFFICE:
            form = {
                "grant_type": "client_credentials",
                "client_id": E_OFFICE,
                "client_secret": CLIENTS[E_OFFICE].secret or "",
            }
        answer = await self.http.post("/dev-issuer/token", data=form)
        return answer.raise_for_status().json()["access_token"]

    async def sent(self, person: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Again until the house is ready for it."""
        bearer = {"Authorization": f"Bearer {await self.token(person)}"}
        headers = {**more.pop("headers", {}), **bearer}
        async with asyncio.timeout(PATIENCE.total_seconds()):
            while True:
                answer = await self.http.request(method, f"/api/{path}", headers=headers, **more)
                if answer.status_code not in WAITING:
                    return answer
                await asyncio.sleep(PAUSE)


class Stopped(Exception):
    """An act was refused; its article stays where it is."""


class Life:
    """One article: handed in, then one deed after another, each on what it has become by then."""

    def __init__(self, loading: Loading, article: DemoArticle) -> None:
        self._loading = loading
        self._article = article
        self._acts = 0
        self._after: dict[str, str] = {}
        self._seen: Mapping[str, Any] = {}

    async def run(self) -> None:
        article = self._article
        files = [await self._uploaded(file) for file in article.files]
        content = {**article.content, **({"attachments": files} if files else {})}
        registered = await self._post(article.sender, "intake/submissions", content)
        if registered is None:
            return
        id = registered["submission_id"]
        for place, deed in enumerate(article.deeds):
            if place == 0 and deed.path.startswith("editorial"):
                await self._look(deed.person, id)
            await self._do(deed, id, files)

    async def _do(self, deed: Deed, id: str, files: list[dict[str, Any]]) -> None:
        body = dict(deed.body)
        if deed.soon is not None:
            body["at"] = (self._loading.now() + deed.soon).isoformat()
        if deed.sees == "digest":
            body["digest"] = self._seen["digest"]
        if "resubmissions" in deed.path and files:
            body["attachments"] = files
        headers = {"If-Match": f'"{self._seen["version"]}"'} if deed.sees == "version" else {}
        answer = await self._post(deed.person, deed.path.format(id=id), body, headers)
        if deed.ends:
            await self._look(self._reader, id, deed.ends)
        elif answer is None and deed.sees:
            await self._look(deed.person, id)
        elif answer is not None and "digest" in answer:
            self._seen = answer

    @property
    def _reader(self) -> str:
        return next(d.person for d in self._article.deeds if d.path.startswith("editorial"))

    async def _uploaded(self, file: DemoFile) -> dict[str, Any]:
        made = await asyncio.to_thread(file.made)
        answer = await self._loading.sent(
            self._article.sender, "POST", "intake/files", files={"file": (file.name, made)}
        )
        named = {
            "digest": answer.raise_for_status().json()["digest"],
            "name": file.name,
            "alternative_text": file.shows,
            "caption": file.caption,
            "font": file.font,
            "size": file.size,
        }
        return {name: value for name, value in named.items() if value is not None}

    async def _post(
        self, person: str, path: str, body: Mapping[str, Any], more: Mapping[str, str] | None = None
    ) -> dict[str, Any] | None:
        """The answer; None for what was done before: it stands as it is."""
        self._acts += 1
        headers = {KEY: f"{self._article.key}-{self._acts}", **self._after, **(more or {})}
        answer = await self._loading.sent(person, "POST", path, json=body, headers=headers)
        if answer.is_success:
            if HEADER in answer.headers:
                self._after = {AFTER: answer.headers[HEADER]}
            return answer.json()
        if _code(answer) in DONE_BEFORE:
            return None
        raise Stopped(f"{path} answered {answer.status_code}: {answer.text[:300]}")

    async def _look(self, person: str, id: str, before: str = "") -> None:
        """Until the board has the article, and has it no longer in the phase before."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            while True:
                answer = await self._loading.sent(
                    person, "GET", f"editorial/articles/{id}", headers=self._after
                )
                if answer.is_success and answer.json()["phase"] != before:
                    self._seen = answer.json()
                    return
                if answer.is_error and answer.status_code != int(httpx.codes.NOT_FOUND):
                    raise Stopped(f"{id} is shown to {person} as {answer.status_code}")
                await asyncio.sleep(PAUSE)


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
