"""What of the demo a start still has to load: people before the house is ready, articles while it is used."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import httpx

from common.http.positions import Position
from embedded.demo import demo
from embedded.demo_articles import articles, digest
from embedded.demo_loading import Loading
from embedded.trouble import Trouble
from rulebook.explanation import LOCAL

TIMEOUT = 60
Wanted = Literal["on", "people", "off"]


def wanted() -> Wanted:
    """NHIPCAU_DEMO: `people` is without articles, `off` with nothing. Raises Trouble."""
    said = os.environ.get("NHIPCAU_DEMO", "on")
    if said == "on" or said == "people" or said == "off":  # noqa: PLR1714 - narrows the type
        return said
    raise Trouble(f"NHIPCAU_DEMO={said} is not known", "use on, people or off")


@dataclass
class DemoStart:
    """The demo of one data folder; a load that was cut off is simply repeated."""

    url: str
    data: Path
    now: Callable[[], datetime]
    say: Callable[[str], None]
    loading: Loading | None = None
    _reached: list[Position] = field(default_factory=list[Position])

    async def people(self) -> None:
        """Agencies, sites, people, boards, delegations: once per data folder and address.

        Raises Trouble. A house that knows the demo of an earlier version goes on with that, and says so.
        """
        ours, mark = demo(), self.data / "demo-loaded"
        if ours.is_loaded(mark, self.url):
            return
        self.say(f"loading {len(ours.agencies)} demo agencies, four sites and their people …")
        try:
            self._reached = await ours.load(self.url)
        except Trouble as trouble:
            if not mark.exists():
                raise
            self.say(
                f"the demo loaded here before stays as it is; make reset begins anew ({trouble})"
            )
        else:
            ours.remember(mark, self.url)

    async def articles(self) -> None:
        """Articles in every state of their life: once per data folder. Raises Trouble."""
        mark = self.data / "demo-articles"
        if mark.exists() and mark.read_text("utf-8") == digest():
            return
        async with httpx.AsyncClient(base_url=self.url, timeout=TIMEOUT) as http:
            self.loading = Loading(http, articles(self._day()), self.now)
            self.say(f"loading {len(self.loading.articles)} demo articles …")
            await self.loading.heard(self._reached)
            await self.loading.run(self.say)
        mark.write_text(digest(), "utf-8")

    def _day(self) -> date:
        """The day that they are told from: the first on which they were loaded here."""
        kept = self.data / "demo-day"
        if not kept.exists():
            kept.write_text(self.now().astimezone(LOCAL).date().isoformat(), "ascii")
        return date.fromisoformat(kept.read_text("ascii"))
