"""Calendars and official notices as files: read, refused with all faults at once, merged with a shown difference."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from rulebook.calendar import (
    Calendar,
    Certainty,
    Closure,
    Day,
    Kind,
    OfficeHours,
    calendar_of,
    new_calendar,
)
from rulebook.files import CONTRACTS
from rulebook.profiles.params import Clock

_STATUTORY = 11
"""Days a year under Bộ luật Lao động 2019 Đ112: 1 + 5 + 1 + 1 + 2 + 1."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a calendar or notice: the argument, and what to mend, in both languages."""

    where: str
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.where}: {self.en}"


class BadCalendar(ValueError):
    """All faults of a calendar or notice, each naming the day or argument."""

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{name}: " + "; ".join(map(str, self.faults)))


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DayEntry(_Strict):
    date: date
    kind: Kind
    name_vi: Text
    status: Certainty
    source: Text
    weekday: Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] | None = None

    def day(self) -> Day:
        return Day(self.date, self.kind, self.name_vi, self.status, self.source)


class ClosureEntry(_Strict):
    """Local days off [start, end) of a province, by its number in the calendar's own list of provinces or its key."""

    province: Text
    start: date
    end: date
    reason: Text
    source: Text

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"end: {self.end} is not after {self.start}")
        return self

    def closure(self) -> Closure:
        return Closure(self.province, self.start, self.end, self.reason, self.source)


class CalendarFile(_Strict):
    description: str = ""
    timezone: Literal["Asia/Ho_Chi_Minh"]
    years: tuple[int, ...]
    days: tuple[DayEntry, ...]
    closures: tuple[ClosureEntry, ...] = ()
    office_hours: tuple[tuple[Clock, Clock], ...] | None = None


class NoticeDay(_Strict):
    date: date
    kind: Kind
    name_vi: Text


class Span(_Strict):
    start: date
    end: date


class NoticeFile(_Strict):
    """An announcement: it settles every day of `settles`; predictions there that it doesn't repeat are dropped."""

    notice: Text
    issued: date
    source: Text
    status: Literal["confirmed", "derived"] = "confirmed"
    years: tuple[int, ...] = ()
    settles: tuple[Span, ...]
    days: tuple[NoticeDay, ...]
    closures: tuple[ClosureEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference between two calendars; None = no entry."""

    date: date
    before: Day | None
    after: Day | None


@dataclass(frozen=True, slots=True)
class Merged:
    calendar: Calendar
    changes: tuple[Change, ...]
    notice: str


def load_calendar(path: Path = CONTRACTS / "calendars" / "vn.json") -> Calendar:
    """The calendar in that file, read again when it changes. Raises BadCalendar with all its faults."""
    state = path.stat()
    return _loaded(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _loaded(path: Path, _changed: int, _size: int) -> Calendar:
    return parse_calendar(path.stem, _read(path))


def parse_calendar(name: str, data: object) -> Calendar:
    """Raises BadCalendar with all faults at once."""
    read = _validated(CalendarFile, name, data)
    faults = [
        *_year_faults(read.years, read.days),
        *_day_faults(read.days),
        *_weekday_faults(read.days),
    ]
    if faults:
        raise BadCalendar(name, faults)
    hours = _hours(read.office_hours)
    closures = [entry.closure() for entry in read.closures]
    return new_calendar(name, read.years, (entry.day() for entry in read.days), closures, hours)


def load_notice(path: Path, calendar: Calendar) -> Merged:
    """The calendar with that notice merged in, and what changed. Raises BadCalendar."""
    return merge_notice(path.name, _read(path), calendar)


def merge_notice(name: str, data: object, calendar: Calendar) -> Merged:
    """Pure: the old calendar stays as it is."""
    notice = _validated(NoticeFile, name, data)
    years = tuple(sorted({*calendar.years, *notice.years}))
    entries = tuple(
        DayEntry(
            date=day.date,
            kind=day.kind,
            name_vi=day.name_vi,
            status=notice.status,
            source=f"{notice.notice} ({notice.issued:%d/%m/%Y}); {notice.source}"[:500],
        )
        for day in notice.days
    )
    kept = {o: day for o, day in calendar.days.items() if not _settled(day, notice)}
    days = {**kept, **{entry.date.toordinal(): entry.day() for entry in entries}}
    faults = [
        *_outside(notice),
        *_day_faults(entries),
        *_swap_faults(entries),
        *_year_faults(years, _entries(days)),
    ]
    if faults:
        raise BadCalendar(name, faults)
    closures = (*calendar.closures, *(entry.closure() for entry in notice.closures))
    merged = calendar_of(replace(calendar, years=years, days=days, closures=closures))
    return Merged(merged, difference(calendar, merged), notice.notice)


def difference(before: Calendar, after: Calendar) -> tuple[Change, ...]:
    """Every day whose entry differs, in order."""
    return tuple(
        Change(date.fromordinal(o), before.days.get(o), after.days.get(o))
        for o in sorted(before.days.keys() | after.days.keys())
        if before.days.get(o) != after.days.get(o)
    )


def as_file(calendar: Calendar) -> dict[str, object]:
    """The calendar in the shape of its file, to be written back after a merge."""
    return {
        "timezone": "Asia/Ho_Chi_Minh",
        "years": list(calendar.years),
        "days": [
            {
                "date": day.date.isoformat(),
                "kind": day.kind,
                "name_vi": day.name,
                "status": day.status,
                "source": day.source,
            }
            for day in calendar.days.values()
            if day.kind != "local_closure"
        ],
        "closures": [
            {
                "province": closure.province,
                "start": closure.start.isoformat(),
                "end": closure.end.isoformat(),
                "reason": closure.reason,
                "source": closure.source,
            }
            for closure in calendar.closures
        ],
        "office_hours": [
            [f"{minute // 60:02}:{minute % 60:02}" for minute in span]
            for span in calendar.office_hours.spans
        ],
    }


def _read(path: Path) -> object:
    text = path.read_text(encoding="utf-8")
    try:
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise BadCalendar(
            path.name, [Fault("file", "Không đọc được tệp.", f"not readable: {error}")]
        ) from error


M = TypeVar("M", bound=BaseModel)


def _validated(model: type[M], name: str, data: object) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = (
            Fault(".".join(map(str, f["loc"])), "Giá trị chưa đúng dạng. Nhập lại.", f["msg"])
            for f in error.errors()
        )
        raise BadCalendar(name, faults) from error


def _year_faults(years: tuple[int, ...], days: Iterable[DayEntry]) -> Iterable[Fault]:
    if not years:
        yield Fault("years", "Chưa có năm nào. Nêu các năm của lịch.", "empty: name the years")
        return
    for year in range(min(years), max(years) + 1):
        if year not in years:
            yield Fault("years", f"Thiếu năm {year}.", f"a hole, {year} is missing")
    holidays = Counter(day.date.year for day in days if day.kind == "holiday" and day.status != "unconfirmed")  # fmt: skip
    for year in sorted(years):
        if holidays[year] < _STATUTORY:
            yield Fault(
                "days",
                f"Năm {year} mới có {holidays[year]} ngày lễ, phải có ít nhất {_STATUTORY} "
                "(Điều 112 Bộ luật Lao động).",
                f"a hole, {year} has {holidays[year]} holidays of at least {_STATUTORY}",
            )
    for year in sorted(holidays.keys() - set(years)):
        yield Fault(
            "days", f"Lịch không gồm năm {year}.", f"{year} is not one of the calendar's years"
        )


def _day_faults(days: Iterable[DayEntry]) -> Iterable[Fault]:
    seen: set[date] = set()
    for entry in days:
        day, told = entry.date, f"{entry.date:%d/%m/%Y}"
        if entry.date in seen:
            yield Fault("days", f"Ngày {told} xuất hiện hai lần.", f"{day} stands twice")
        seen.add(entry.date)
        weekend = entry.date.weekday() >= 5  # noqa: PLR2004 - Saturday
        if entry.kind == "working_saturday" and entry.date.weekday() != 5:  # noqa: PLR2004
            yield Fault(
                "days",
                f"Ngày {told} ghi là thứ Bảy làm bù nhưng không phải thứ Bảy.",
                f"{day} is a working_saturday but no Saturday",
            )
        if entry.kind in {"swapped_off", "compensatory_off"} and weekend:
            yield Fault(
                "days",
                f"Ngày {told} là cuối tuần nên không cần ghi là ngày nghỉ hoán đổi hoặc nghỉ bù.",
                f"{day} is {entry.kind} but off anyway",
            )
        if entry.kind == "local_closure":
            yield Fault(
                "days",
                f"Ngày {told} là ngày nghỉ địa phương; ghi ở phần nghỉ địa phương.",
                f"{day} is a local_closure, which belongs under closures",
            )


def _weekday_faults(days: Iterable[DayEntry]) -> Iterable[Fault]:
    for entry in days:
        if entry.weekday not in {None, _WEEKDAYS[entry.date.weekday()]}:
            yield Fault(
                "days",
                f"Ngày {entry.date:%d/%m/%Y} không đúng thứ đã ghi ({entry.weekday}).",
                f"{entry.date} is no {entry.weekday}",
            )


def _swap_faults(days: Iterable[DayEntry]) -> Iterable[Fault]:
    kinds = Counter(entry.kind for entry in days)
    if kinds["swapped_off"] != kinds["working_saturday"]:
        off, worked = kinds["swapped_off"], kinds["working_saturday"]
        yield Fault(
            "days",
            f"Có {off} ngày nghỉ hoán đổi nhưng {worked} thứ Bảy làm bù; hai số này phải bằng nhau.",
            f"{off} swapped_off day(s) but {worked} working_saturday(s)",
        )


def _outside(notice: NoticeFile) -> Iterable[Fault]:
    for span in notice.settles:
        if span.end <= span.start:
            yield Fault(
                "settles",
                f"Ngày {span.end:%d/%m/%Y} phải sau ngày {span.start:%d/%m/%Y}.",
                f"{span.end} is not after {span.start}",
            )
    for day in notice.days:
        if not any(span.start <= day.date < span.end for span in notice.settles):
            yield Fault(
                "days",
                f"Ngày {day.date:%d/%m/%Y} nằm ngoài các khoảng thời gian mà thông báo quy định.",
                f"{day.date} lies in no span of settles",
            )


def _settled(day: Day, notice: NoticeFile) -> bool:
    return any(span.start <= day.date < span.end for span in notice.settles)


def _entries(days: Mapping[int, Day]) -> Iterable[DayEntry]:
    for day in days.values():
        if day.kind != "local_closure":
            yield DayEntry(date=day.date, kind=day.kind, name_vi=day.name, status=day.status, source=day.source)  # fmt: skip


def _hours(spans: tuple[tuple[str, str], ...] | None) -> OfficeHours:
    """The usual hours where the file has none of its own. Raises BadCalendar for spans that do not rise."""
    if spans is None:
        return OfficeHours()
    given = tuple((_minutes(start), _minutes(end)) for start, end in spans)
    marks = [mark for span in given for mark in span]
    if not marks or marks != sorted(set(marks)):
        fault = Fault(
            "office_hours", "Các giờ làm việc chưa theo thứ tự tăng dần.", f"{spans} do not rise"
        )
        raise BadCalendar("office_hours", [fault])
    return OfficeHours(given)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
