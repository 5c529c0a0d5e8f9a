"""Whether a service is alive and ready: named checks, each with what it found and since when.

Alive: restarting would not help. Ready: send requests here. A stopping service stays alive and
turns unready first, so that whoever balances the load looks elsewhere before it closes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from common.errors import DomainError, spoken
from common.moments import Clock, to_wire, utc_now
from common.words import say

Check = Callable[[], Awaitable[str]]
"""Returns a sentence when all is well; raises when not. Details never hold addresses."""

Kind = Literal["ready", "live", "watch"]
"""ready: failing makes the service unready; live: failing asks for a restart; watch: shown only."""

Status = Literal["ok", "degraded", "draining", "failing"]


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found; `since` is when it last changed between well and not."""

    name: str
    kind: Kind
    ok: bool
    detail: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """All checks at one moment: `ready` and `alive` are the two answers to probes."""

    service: str
    status: Status
    checks: tuple[Result, ...]

    @property
    def ready(self) -> bool:
        return self.status in ("ok", "degraded")

    @property
    def alive(self) -> bool:
        return all(check.ok for check in self.checks if check.kind == "live")

    def as_json(self, language: Literal["vi", "en"]) -> dict[str, Any]:
        """`{service, status, checks: [{name, ok, detail, since}]}`."""
        checks = [
            {
                "name": c.name,
                "ok": c.ok,
                "detail": spoken(c.detail, language),
                "since": to_wire(c.since),
            }
            for c in self.checks
        ]
        return {"service": self.service, "status": self.status, "checks": checks}


class Health:
    """The checks of one service, run together, at most once in `fresh_for` seconds."""

    def __init__(
        self,
        service: str,
        *,
        clock: Clock = utc_now,
        timeout: float = 2.0,
        fresh_for: float = 1.0,
    ) -> None:
        self.service = service
        self.draining = False
        self.given_up = asyncio.Event()
        self._clock = clock
        self._timeout = timeout
        self._fresh_for = fresh_for
        self._checks: dict[str, tuple[Kind, Check]] = {}
        self._results: dict[str, Result] = {}
        self._checked_at = float("-inf")
        self._running = asyncio.Lock()

    def add(self, name: str, check: Check, *, kind: Kind = "ready") -> None:
        """Name a check; raises ValueError when the name is taken."""
        if name in self._checks:
            raise ValueError(f"two health checks named {name}")
        self._checks[name] = (kind, check)
        self._checked_at = float("-inf")

    def drain(self) -> None:
        """Turn unready for good: the service is about to stop."""
        self.draining = True

    def give_up(self) -> None:
        """This process cannot go on: it turns unready, ends, and somebody starts it anew."""
        self.drain()
        self.given_up.set()

    async def report(self) -> Report:
        """The state of every check, from the last second."""
        async with self._running:
            if time.monotonic() - self._checked_at >= self._fresh_for:
                await self._run_all()
        checks = tuple(self._results[name] for name in self._checks if name in self._results)
        return Report(self.service, self._status(checks), checks)

    def _status(self, checks: tuple[Result, ...]) -> Status:
        if self.draining:
            return "draining"
        if any(not check.ok and check.kind != "watch" for check in checks):
            return "failing"
        return "ok" if all(check.ok for check in checks) else "degraded"

    async def _run_all(self) -> None:
        names = list(self._checks)
        results = await asyncio.gather(*(self._run(name) for name in names))
        self._results.update(zip(names, results, strict=True))
        self._checked_at = time.monotonic()

    async def _run(self, name: str) -> Result:
        kind, check = self._checks[name]
        ok, detail = await self._outcome(check)
        before = self._results.get(name)
        since = before.since if before is not None and before.ok == ok else self._clock()
        return Result(name, kind, ok, detail, since)

    async def _outcome(self, check: Check) -> tuple[bool, str]:
        try:
            async with asyncio.timeout(self._timeout):
                return True, await check()
        except TimeoutError:
            return False, say("no-answer", seconds=f"{self._timeout:g}")
        except DomainError as error:
            return False, error.detail
        except Exception as error:  # noqa: BLE001 - whatever a check raises is its finding; its text may hold addresses
            return False, type(error).__name__
