"""What the rulebook's tests share: the national calendar, the profiles, one rule to bend."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from rulebook.calendar import Calendar
from rulebook.calendar_files import load_calendar
from rulebook.explanation import Basis, Citation
from rulebook.profiles.loader import FOLDER, read_profile
from rulebook.profiles.model import Profile, Rule, Span
from rulebook.profiles.params import DeadlineCount, Duration

DATA = Path(__file__).parent / "data"
settings.register_profile("broken", phases=[Phase.explicit, Phase.generate], deadline=None)
"""For break_rules.py: a failure is enough, its smallest example is not needed."""


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return load_calendar()


@pytest.fixture(scope="session")
def profiles() -> dict[str, Profile]:
    read = (read_profile(path)[0] for path in sorted(FOLDER.glob("*@*.yaml")))
    return {profile.id: profile for profile in read if profile is not None}


@pytest.fixture(scope="session")
def a_rule() -> Callable[..., Rule[Any]]:
    """A deadline rule; keywords change its parameters (n and unit give the limit)."""

    def made(
        n: int = 5, unit: str = "working_day", span: Span | None = None, **changes: Any
    ) -> Rule[Any]:
        start = {"hour": "instant", "working_hour": "instant"}.get(unit, "next_day")
        values = {
            "trigger": "question_received",
            "duty": "answer",
            "who": "agency_head",
            "start": start,
        }
        params = DeadlineCount(limit=Duration(n=n, unit=unit), **{**values, **changes})  # pyright: ignore[reportArgumentType]
        place = Citation("Quyết định 19/2019/QĐ-UBND", article="10", clause="5", point="a")
        basis = Basis(
            "hanam",
            "1",
            "in_force",
            "hanam.d10.k5a",
            place,
            "05 (năm) ngày",
            "Trả lời trong 5 ngày.",
        )
        return Rule(
            "hanam.d10.k5a",
            "deadline",
            "deadline.count",
            params,
            basis,
            span or Span(date(2019, 8, 15)),
        )

    return made


@pytest.fixture(scope="session")
def read_data() -> Callable[[str], Any]:
    return lambda name: json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def local() -> Callable[[str], datetime]:
    """`2024-04-26 16:00` as a moment in Vietnam."""
    return lambda text: datetime.fromisoformat(f"{text}+07:00")
