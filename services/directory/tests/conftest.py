"""The whole directory on the working fakes, and callers with tokens of several kinds."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from common.errors import Said, Unauthenticated
from common.identity import Principal
from common.settings import ServiceSettings
from common.testing.closable import unclosable
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.testing.wording import told_in_vietnamese
from common.world import World
from directory.main import PARTS, create_app

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SCOPES = {
    "writer": frozenset({"directory:write"}),
    "auditor": frozenset({"directory:audit"}),
    "reader": frozenset[str](),
    "root": frozenset({"directory:write"}),
    "binh": frozenset[str](),
    "quan": frozenset[str](),
}


class Tokens:
    """Knows three tokens: one may write, one may audit, one may do nothing."""

    def known(self, token: str) -> Principal | None:
        return Principal(token, token, "person", SCOPES[token]) if token in SCOPES else None

    async def verify(self, token: str) -> Principal:
        principal = self.known(token)
        if principal is None:
            raise Unauthenticated("token-invalid", Said("Đăng nhập lại.", "Sign in again."))
        return principal


@dataclass
class Caller:
    """Speaks HTTP to the directory as one of the tokens."""

    http: httpx.AsyncClient
    app: FastAPI

    def headers(self, token: str, key: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid4())}

    async def post(
        self, path: str, body: Any, *, key: str = "", by: str = "writer", **headers: str
    ) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers(by, key) | headers)

    async def get(self, path: str, *, by: str = "", **params: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {by}"} if by else {}
        return await self.http.get(path, params=params, headers=headers)


@pytest.fixture
async def directory() -> AsyncGenerator[FastAPI]:
    settings = ServiceSettings(service="directory")
    world = World(lambda: NOON, lambda: str(uuid4()), Random(1))
    service = memory_service(settings, PARTS, MemoryCluster(), world)
    app = create_app(settings, service)
    object.__setattr__(app.state.around, "verifier", Tokens())
    async with app.router.lifespan_context(app):
        yield app
        assert await unclosable(service.log, service.database, PARTS.kinds) == []


@pytest.fixture
async def call(directory: FastAPI) -> AsyncGenerator[Caller]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(directory),
        base_url="http://directory",
        event_hooks={"response": [told_in_vietnamese]},
    ) as http:
        yield Caller(http, directory)
