"""Measures a full check of a submission, a text check and the search for references; prints one JSON object."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from rulebook.calendar_files import load_calendar
from rulebook.profiles.loader import load_profiles
from rulebook.references import find_numbers
from rulebook.rules.levels import Service, derive_level
from rulebook.submissions import Event, Submission, check_submission
from rulebook.text import fold, inspect_text

DATA = Path(__file__).parents[1] / "libs/rulebook/tests/data/articles.json"
AT = datetime.fromisoformat("2024-06-04T11:00:00+07:00")
ROUNDS = 9


def microseconds(work: Callable[[], object], times: int) -> float:
    """The best of nine rounds, in µs for one call: other programs on the machine only ever add."""
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - start) / times * 1e6)
    return round(min(rounds), 1)


def a_document() -> Submission:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["articles"]
    row = next(row for row in rows if row["id"] == "LS-A012")
    return Submission(
        category=row["category"], title=row["title"], body=row["body"] + " Toàn văn kế hoạch đối ngoại. " * 20,
        author=row["author"], source="cơ quan", fields=row["fields"],
        event=Event("issued", date(2026, 1, 8)),
    )  # fmt: skip


def main() -> None:
    profiles, calendar, document = load_profiles(), load_calendar(), a_document()
    text = (document.body or "") * 200
    service = Service(fee=10_000, submit_online=True, processing_online=True, pay_online=True)
    checks = {
        key: microseconds(lambda p=profiles[key]: check_submission(p, document, AT, calendar), 300)
        for key in profiles
    }
    print(
        json.dumps(
            {
                "submission_check_us": checks,
                "submission_check_worst_us": max(checks.values()),
                "submission_check_median_us": statistics.median(checks.values()),
                "level_us": microseconds(
                    lambda: derive_level(profiles["binhduong@1"], service, AT.date(), 4), 300
                ),
                "text_inspect_us_per_kb": round(
                    microseconds(lambda: inspect_text(text), 3) / len(text) * 1000, 1
                ),
                "fold_us_per_kb": round(microseconds(lambda: fold(text), 3) / len(text) * 1000, 1),
                "numbers_us_per_kb": round(
                    microseconds(lambda: list(find_numbers(text)), 3) / len(text) * 1000, 1
                ),
            },
            ensure_ascii=False,
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
