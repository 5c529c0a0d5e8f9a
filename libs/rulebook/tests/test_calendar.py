"""The calendar as data: refused with all faults, compared with the `holidays` package, merged with a notice."""

import copy
import json
from datetime import date, timedelta
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.calendar import Calendar, Closure, calendar_of, new_calendar
from rulebook.calendar_files import (
    BadCalendar,
    as_file,
    load_calendar,
    load_notice,
    merge_notice,
    parse_calendar,
)
from rulebook.files import CONTRACTS

CALENDAR = load_calendar()
FILE = json.loads((CONTRACTS / "calendars" / "vn.json").read_text(encoding="utf-8"))
KNOWN_DIFFERENCES = {
    date(
        2026, 1, 2
    ): "off by Công văn 12729/VPCP-KGVX of 25/12/2025, which the package does not know",
    date(2026, 1, 10): "a working Saturday by the same notice, which the package does not know",
    date(
        2026, 11, 24
    ): "the package has a holiday; only a policy so far, so we count it as working",
    date(
        2027, 11, 24
    ): "the package has a holiday; only a policy so far, so we count it as working",
}
"""Every difference to the `holidays` package for 2023-2027, with its reason (docs/quality/calendar.md)."""

NOTICE: dict[str, Any] = {
    "notice": "Công văn 1/VPCP-KGVX",
    "issued": "2026-12-01",
    "source": "baochinhphu.vn",
    "settles": [{"start": "2027-08-28", "end": "2027-09-12"}],
    "days": [
        {"date": "2027-09-01", "kind": "holiday", "name_vi": "Quốc khánh (ngày liền kề)"},
        {"date": "2027-09-02", "kind": "holiday", "name_vi": "Quốc khánh"},
        {"date": "2027-09-03", "kind": "swapped_off", "name_vi": "Nghỉ hoán đổi"},
        {"date": "2027-09-11", "kind": "working_saturday", "name_vi": "Làm bù"},
    ],
}


def off(calendar: Calendar, day: date) -> bool:
    return not calendar.is_working(day.toordinal())


def test_it_differs_from_the_holidays_package_only_where_we_say_why():
    """Day by day, 2023 to 2027."""
    package = holidays.country_holidays("VN", years=range(2023, 2028))
    days = (date(2023, 1, 1) + timedelta(n) for n in range(5 * 365 + 1))

    different = {day for day in days if package.is_working_day(day) == off(CALENDAR, day)}

    assert different == KNOWN_DIFFERENCES.keys()


def test_every_difference_is_listed_in_the_quality_notes():
    """The list of this test and the page for readers are the same."""
    page = (CONTRACTS.parent / "docs" / "quality" / "calendar.md").read_text(encoding="utf-8")

    assert all(f"{day:%d/%m/%Y}" in page for day in KNOWN_DIFFERENCES)


@pytest.mark.parametrize(
    ("year", "expected"), [(2023, 249), (2024, 251), (2025, 250), (2026, 250), (2027, 250)]
)
def test_working_days_of_a_year(year, expected):
    """The figures of law-and-calendar.md C.2, computed and not stored."""
    first, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()

    assert CALENDAR.rank(end) - CALENDAR.rank(first) == expected


def test_culture_day_counts_as_working_until_it_is_switched_on():
    """24 November 2026 is announced as policy only."""
    day = date(2026, 11, 24)

    assert not off(CALENDAR, day)
    assert off(CALENDAR.observing_unconfirmed(), day)
    assert CALENDAR.observing_unconfirmed().label != CALENDAR.label


def test_a_local_closure_binds_its_province_only():
    """A storm closes one province for two days."""
    closure = Closure(
        "binhduong", date(2024, 9, 9), date(2024, 9, 11), "bão số 3", "Công điện 5/CĐ"
    )
    calendar = new_calendar("vn", CALENDAR.years, CALENDAR.days.values(), [closure])

    assert not off(calendar, date(2024, 9, 9))
    assert off(calendar.for_province("binhduong"), date(2024, 9, 9))
    assert off(calendar.for_province("binhduong"), date(2024, 9, 10))
    assert not off(calendar.for_province("binhduong"), date(2024, 9, 11))
    assert not off(calendar.for_province("hanam"), date(2024, 9, 9))
    assert calendar.for_province("binhduong").for_province(None).label == calendar.label
    assert calendar.for_province("binhduong").days_off(
        date(2024, 9, 9).toordinal(), date(2024, 9, 10).toordinal()
    )[0]["name"] == "bão số 3"  # fmt: skip


def test_a_closure_on_a_working_saturday_closes_it():
    """04/05/2024 works, unless the province is closed."""
    closure = Closure("hanam", date(2024, 5, 4), date(2024, 5, 5), "bão", "Công điện")
    calendar = new_calendar("vn", CALENDAR.years, CALENDAR.days.values(), [closure])

    assert off(calendar.for_province("hanam"), date(2024, 5, 4))


@given(st.dates(date(2023, 1, 1), date(2027, 12, 31)))
def test_days_off_are_told_with_their_reason(day):
    """A day is listed exactly if it is off, as what the file says or as a weekend."""
    ordinal = day.toordinal()
    rows = CALENDAR.days_off(ordinal, ordinal + 1)
    entry = CALENDAR.days.get(ordinal)

    assert bool(rows) == off(CALENDAR, day)
    if rows:
        counted = entry is not None and entry.status != "unconfirmed"
        assert rows[0]["why"] == (entry.kind if entry and counted else "weekend")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: f["years"].remove(2025), ["a hole, 2025 is missing"]),
        (lambda f: f["days"].append(f["days"][0]), ["2023-01-01 stands twice"]),
        (lambda f: f["days"][0].update(weekday="Mon"), ["2023-01-01 is no Mon"]),
        (lambda f: f["days"][0].update(date="2023-02-30"), ["days.0.date"]),
        (lambda f: f["days"][0].update(kind="feast"), ["days.0.kind"]),
        (lambda f: f["days"][0].update(surprise=1), ["days.0.surprise"]),
        (lambda f: f["days"][1].update(date="2023-01-07", weekday="Sat"), ["off anyway"]),
        (
            lambda f: f["days"].append({**f["days"][0], "date": "2023-03-06", "kind": "working_saturday", "weekday": None}),
            ["no Saturday"],
        ),
        (lambda f: f.update(days=[d for d in f["days"] if not d["date"].startswith("2024-02")]), ["a hole, 2024 has"]),
        (lambda f: f["days"][0].update(date="2022-01-01", weekday="Sat"), ["2022 is not one of"]),
        (lambda f: f.update(years=[]), ["years: empty"]),
        (lambda f: f.update(office_hours=[["07:30", "12:00"], ["11:00", "17:00"]]), ["office_hours"]),
        (
            lambda f: (f["years"].remove(2026), f["days"].append(f["days"][5]), f["days"][7].update(weekday="Tue")),
            ["2026 is missing", "stands twice", "is no Tue"],
        ),
    ],
    ids=[f"damage-{n}" for n in range(13)],
)  # fmt: skip
def test_a_damaged_calendar_is_refused_with_all_its_faults(damage, words):
    """Holes, duplicates and nonsense, each named, all at once."""
    data = copy.deepcopy(FILE)
    damage(data)

    with pytest.raises(BadCalendar) as refusal:
        parse_calendar("vn", data)

    assert all(word in str(refusal.value) for word in words)
    assert not [
        fault for fault in refusal.value.faults if fault.vi.isascii() or fault.vi == fault.en
    ]


def test_a_notice_settles_its_span_and_shows_what_changed():
    """The prediction for National Day 2027 gives way to the announcement, line by line."""
    merged = merge_notice("notice.yaml", NOTICE, CALENDAR)

    changed = {change.date: (change.before and change.before.status, change.after and change.after.kind) for change in merged.changes}  # fmt: skip
    assert changed == {
        date(2027, 9, 1): (None, "holiday"),
        date(2027, 9, 2): ("predicted", "holiday"),
        date(2027, 9, 3): ("predicted", "swapped_off"),
        date(2027, 9, 11): (None, "working_saturday"),
    }
    assert off(merged.calendar, date(2027, 9, 1))
    assert not off(merged.calendar, date(2027, 9, 11))
    assert off(CALENDAR, date(2027, 9, 11))
    assert merged.calendar.label != CALENDAR.label


def test_a_merged_calendar_can_be_written_and_read_back():
    """What the command writes is a calendar file again."""
    merged = merge_notice("notice.yaml", NOTICE, CALENDAR).calendar

    again = parse_calendar("vn", json.loads(json.dumps(as_file(merged))))

    assert again == merged


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days": [{"date": "2027-05-05", "kind": "holiday", "name_vi": "x"}]}, "lies in no span"),
        ({"days": [NOTICE["days"][3]]}, "0 swapped_off day\\(s\\) but 1 working_saturday"),
        ({"years": [2029]}, "a hole, 2028 is missing"),
        ({"years": [2028]}, "a hole, 2028 has 0 holidays"),
        ({"settles": [{"start": "2027-09-12", "end": "2027-08-28"}]}, "is not after"),
        ({"settles": [{"start": "2027-01-01", "end": "2028-01-01"}]}, "a hole, 2027 has"),
        ({"issued": "2026-02-30"}, "issued"),
        ({"notice": ""}, "notice"),
    ],
    ids=[f"fault-{n}" for n in range(8)],
)
def test_a_bad_notice_is_refused(change, words):
    """A notice that leaves a hole, swaps unevenly or reaches outside what it settles changes nothing."""
    with pytest.raises(BadCalendar, match=words) as refusal:
        merge_notice("notice.yaml", {**NOTICE, **change}, CALENDAR)

    assert not [
        fault for fault in refusal.value.faults if fault.vi.isascii() or fault.vi == fault.en
    ]


def test_the_documented_notice_loads(tmp_path):
    """The example in contracts/calendars/README.md is a notice the command takes."""
    manual = (CONTRACTS / "calendars" / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "notice.yaml"
    path.write_text(manual.split("```yaml\n")[1].split("```")[0], encoding="utf-8")

    assert load_notice(path, CALENDAR).changes


@pytest.mark.parametrize("years", [(), (2023, 2025)], ids=["none", "hole"])
def test_a_calendar_needs_years_without_a_hole(years):
    """Also when it is made in code."""
    with pytest.raises(ValueError, match="years"):
        new_calendar("vn", years, ())


def test_a_calendar_refuses_a_day_twice():
    """Also when it is made in code."""
    day = next(iter(CALENDAR.days.values()))

    with pytest.raises(ValueError, match="twice"):
        new_calendar("vn", [2023], [day, day])


def test_a_calendar_is_made_the_same_again():
    """Laying closures over and numbering changes nothing the second time."""
    assert calendar_of(CALENDAR) == CALENDAR
