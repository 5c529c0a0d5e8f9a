"""Deadlines with their reasons: when the clock starts, which days count, which are skipped and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from rulebook.because import because
from rulebook.calendar import CERTAIN, Calendar, Day
from rulebook.explanation import (
    Explanation,
    OtherReading,
    Outcome,
    Reading,
    Row,
    Step,
    Value,
    Values,
    Warned,
    moment,
)
from rulebook.office_time import aware, within_years
from rulebook.pauses import Pause, duration
from rulebook.profiles.model import Other, Rule
from rulebook.profiles.params import (
    DeadlineAnswerOrNotice,
    DeadlineAppointment,
    DeadlineCount,
    DeadlineHop,
    DeadlinePrompt,
    Duration,
    Params,
)
from rulebook.registry import Inputs, RuleFunction
from rulebook.working_time import Counted, count, last_day, last_in_whole_days, warns_at
from rulebook.world import World

_HOURS = frozenset({"hour", "working_hour"})
_MIDNIGHT = time()
_NOT_LEGAL = Warned("not-a-legal-limit", {})
_OWN_WORD = Warned("agency-commitment", {})


@dataclass(frozen=True, slots=True)
class Deadline:
    """On time = done before `ends` (for days: by the end of `due`). `warns` are the reminders, at most two.

    `due` and `ends` are None where the text gives no number and the profile assumes none.
    """

    rule: str
    profile: str
    event: datetime
    starts: datetime
    due: date | None
    ends: datetime | None
    warns: tuple[datetime, ...]
    legal: bool
    explanation: Explanation


@within_years("event")
def deadline(  # noqa: PLR0913 - what a count is made of
    rule: Rule[DeadlineCount] | Rule[DeadlinePrompt],
    event: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    first_event: datetime | None = None,
    *,
    committed: Duration | None = None,
) -> Deadline:
    """When the duty of `rule` that began with `event` is due.

    `first_event` is when the matter first began, where it came from elsewhere: readings that count from there need it.
    `committed` is the time that the agency has published for itself, where the regulation sets none (AMB-12).
    Raises ValueError naming the argument for a naive time, a pause without an end or a commitment where the regulation
    sets the time, OutOfRange past the year 9999.
    """
    if committed is not None:
        return _committed(rule, committed, event, calendar, pauses)
    params = rule.params
    if isinstance(params, DeadlinePrompt):
        assumed = params.counting()
        if assumed is None:
            return _without_number(rule, params, aware(event, "event"))
        return _counted(rule, assumed, event, calendar, pauses, first_event)
    return _counted(rule, params, event, calendar, pauses, first_event)


def _numbered(params: Params) -> DeadlineCount | None:
    """What can be counted: a limit with a number, or the one assumed where the text has none."""
    counted = params.counting() if isinstance(params, DeadlinePrompt) else params
    return counted if isinstance(counted, DeadlineCount) else None


def _counted(  # noqa: PLR0913, PLR0917 - what a count is made of
    rule: Rule[Any],
    params: DeadlineCount,
    event: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause],
    first_event: datetime | None,
) -> Deadline:
    local = aware(event, "event")
    first = aware(first_event, "first_event") if first_event else None
    began = first if params.counted_from == "first_event" and first else local
    counted = count(params, began, calendar, pauses)
    warns = reminders(params, local, counted, calendar)

    def gives(params_of_other: Params) -> Value:
        other = _numbered(params_of_other)
        if other is None:
            return None
        if other.counted_from == "first_event":
            return (
                shown(count(other, first, calendar, pauses).ends) if first else "needs-first-event"
            )
        if other.limit.unit in _HOURS or pauses:
            return shown(count(other, local, calendar, pauses).ends)
        return date.fromordinal(last_day(other, local, calendar)).isoformat()

    inputs = inputs_of(local, calendar, pauses)
    if first is not None:
        inputs = {**inputs, "first_event": moment(first)}
    explanation = because(
        rule,
        local.date(),
        inputs,
        _steps(params, local, counted, calendar, pauses, warns),
        _outcome(params, counted),
        warnings=(*calendar_warnings(local, counted, calendar), *(() if params.legal else (_NOT_LEGAL,))),
        gives=gives,
        readings=_pauses_read(params, local, calendar, pauses),
    )  # fmt: skip
    basis = rule.basis
    return Deadline(
        rule.id,
        f"{basis.profile}@{basis.version}",
        local,
        counted.starts,
        counted.due,
        counted.ends,
        warns,
        params.legal,
        explanation,
    )


def _committed(
    rule: Rule[Any],
    committed: Duration,
    event: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause],
) -> Deadline:
    """By the agency's own word; the limit that would hold without it is told as the other reading."""
    fallback = next((each for each in rule.ambiguities if each.id == NO_TIME_SET), None)
    if fallback is None or not isinstance(rule.params, DeadlineCount):
        raise ValueError(f"committed: {rule.id} sets the time itself, so no agency sets its own")
    if committed.unit in _HOURS or not committed.n:
        raise ValueError(f"committed: {committed.n} {committed.unit} are no days to answer in")
    own = {
        "limit": committed.model_dump(),
        "legal": False,
        "rounding": "last_day" if committed.unit == "month" else None,
    }
    params = type(rule.params).model_validate(rule.params.model_dump() | own)
    without = Other(WITHOUT_COMMITMENT, rule.params)
    taken = replace(fallback, reading=COMMITTED, others=(without, *fallback.others))
    others = (each for each in rule.ambiguities if each.id != NO_TIME_SET)
    found = deadline(
        replace(rule, params=params, ambiguities=(taken, *others)), event, calendar, pauses
    )
    told = found.explanation
    return replace(
        found,
        explanation=replace(
            told,
            inputs={**told.inputs, "committed": {"n": committed.n, "unit": committed.unit}},
            outcome=replace(told.outcome, name="due-committed"),
            warnings=tuple(_OWN_WORD if each is _NOT_LEGAL else each for each in told.warnings),
        ),
    )


NO_TIME_SET = "AMB-12"
"""The regulation sets no time to answer: the agency's own commitment, else the fallback."""
COMMITTED = "dùng thời gian cơ quan đã cam kết"
WITHOUT_COMMITMENT = "không tính đến cam kết của cơ quan"


def _without_number(rule: Rule[Any], params: DeadlinePrompt, event: datetime) -> Deadline:
    step = Step("event", {"trigger": params.trigger, "at": moment(event)})
    outcome = Outcome("undetermined", "no-number", {"word": params.word, "duty": params.duty})
    explanation = because(rule, event.date(), {"event": moment(event)}, (step,), outcome)
    key = f"{rule.basis.profile}@{rule.basis.version}"
    return Deadline(rule.id, key, event, event, None, None, (), True, explanation)  # noqa: FBT003


def inputs_of(event: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()) -> Values:
    """What went in, in the same words for equal inputs."""
    stood: tuple[Row, ...] = tuple(
        {
            "start": moment(pause.start),
            "end": moment(pause.end) if pause.end else None,
            "reason": pause.reason,
        }
        for pause in pauses
    )
    return {"event": moment(event), "calendar": calendar.label, "pauses": stood}


def reminders(params: DeadlineCount, event: datetime, counted: Counted, calendar: Calendar) -> tuple[datetime, ...]:  # fmt: skip
    """Two at most: the rule's own, else two and one working days before the end where the limit is longer than that."""
    if not params.warn and not params.warn_after:
        return _usual_reminders(params, counted, calendar)
    moments = {warns_at(each.n, each.unit, counted, calendar) for each in params.warn}
    moments |= {_after(each, event, calendar) for each in params.warn_after}
    return tuple(sorted(moments)[-2:])


def _usual_reminders(params: DeadlineCount, counted: Counted, calendar: Calendar) -> tuple[datetime, ...]:  # fmt: skip
    if params.limit.unit in _HOURS:
        return ()
    longer_than = params.limit.n if params.limit.unit == "working_day" else 3
    usual = (2, 1) if longer_than > 2 else (1,) if longer_than > 1 else ()  # noqa: PLR2004 - two and one days before
    return tuple(warns_at(n, "working_day", counted, calendar) for n in usual)


def _after(each: Any, event: datetime, calendar: Calendar) -> datetime:
    start = "instant" if each.unit == "hour" else "next_day"
    limit = Duration(n=each.n, unit=each.unit)
    moment = DeadlineCount(limit=limit, start=start, trigger="event", duty="warn", who="anyone")
    return count(moment, event, calendar).ends


def shown(ends: datetime) -> str:
    """An end as a reader takes it: the last day where it is a midnight, the moment where it is not."""
    if ends.time() == _MIDNIGHT:
        return date.fromordinal(ends.toordinal() - 1).isoformat()
    return moment(ends)


def _outcome(params: DeadlineCount, counted: Counted) -> Outcome:
    in_days = "due" if params.legal else "due-default"
    name = "due-moment" if params.limit.unit in _HOURS else in_days
    values = {"due": counted.due.isoformat(), "ends": moment(counted.ends)}
    return Outcome("value", name, values)


PAUSES_EXACT = "lúc tạm dừng được tính đúng: thời hạn theo ngày làm việc giữ nguyên số giờ hành chính còn lại, thời hạn khác giữ nguyên thời gian còn lại"
PAUSES_IN_DAYS = "lúc tạm dừng chỉ tính theo ngày trọn: thời hạn lùi đúng số ngày có thời điểm 24 giờ nằm trong lúc tạm dừng"
PAUSES = "PAUSE-01"
"""Whether a pause counts to the minute or in days: none of the texts says so."""


def _pauses_read(params: DeadlineCount, event: datetime, calendar: Calendar, pauses: Sequence[Pause]) -> tuple[Reading, ...]:  # fmt: skip
    if not pauses or params.limit.unit in _HOURS:
        return ()
    last = date.fromordinal(last_in_whole_days(params, event, calendar, pauses))
    return (Reading(PAUSES, PAUSES_EXACT, (OtherReading(PAUSES_IN_DAYS, last.isoformat()),)),)


def _steps(  # noqa: PLR0913, PLR0917 - what a count is made of
    params: DeadlineCount,
    event: datetime,
    counted: Counted,
    calendar: Calendar,
    pauses: Sequence[Pause],
    warns: tuple[datetime, ...],
) -> tuple[Step, ...]:
    steps = [
        Step("event", {"trigger": params.trigger, "at": moment(event)}),
        _start_step(params, event, counted),
    ]
    if params.limit.unit == "working_day":
        steps += _skipped(event, counted, calendar)
    if params.limit.unit not in _HOURS:
        steps.append(_counted_step(params, counted))
    steps += _shifts(params, event, counted, pauses, calendar)
    if warns:
        steps.append(Step("warning-times", {"at": tuple(moment(at) for at in warns)}))
    return tuple(steps)


def _start_step(params: DeadlineCount, event: datetime, counted: Counted) -> Step:
    first = date.fromordinal(counted.first).isoformat()
    if params.start == "anchor":
        values: Values = {"at": moment(counted.starts), "anchor": params.anchor, "first": first}
        return Step("clock-starts", values)
    if params.start == "next_day":
        return Step("event-day-excluded", {"first": first})
    return Step("clock-runs-at-once", {"at": moment(event)})


def _skipped(event: datetime, counted: Counted, calendar: Calendar) -> list[Step]:
    today = event.toordinal()
    rows = calendar.days_off(today, counted.last)
    saturdays: tuple[Row, ...] = tuple(
        day.row()
        for day in calendar.special_days(counted.first, counted.last + 1)
        if day.works
    )  # fmt: skip
    steps: list[Step] = []
    if rows:
        steps.append(Step("days-skipped", {"count": len(rows), "days": rows}))
    if saturdays:
        steps.append(Step("working-saturdays", {"days": saturdays}))
    return steps


def _counted_step(params: DeadlineCount, counted: Counted) -> Step:
    values: Values = {
        "n": params.limit.n,
        "unit": params.limit.unit,
        "first": date.fromordinal(counted.first).isoformat(),
        "last": date.fromordinal(counted.counted_to).isoformat(),
    }
    return Step("days-counted", values)


def _shifts(params: DeadlineCount, event: datetime, counted: Counted, pauses: Sequence[Pause], calendar: Calendar) -> list[Step]:  # fmt: skip
    steps: list[Step] = []
    if pauses:
        steps.append(_pauses_step(params, counted, pauses, calendar))
    if params.rounding is not None and date.fromordinal(counted.counted_to).day < event.day:
        steps.append(Step("month-rounded", {"day": event.day, "rounding": params.rounding}))
    if counted.rolled:
        steps.append(Step("moved-off-day-off", {"to": counted.due.isoformat()}))
    return steps


def _pauses_step(params: DeadlineCount, counted: Counted, pauses: Sequence[Pause], calendar: Calendar) -> Step:  # fmt: skip
    worked = params.limit.unit in {"working_day", "working_hour"}
    day_minutes = calendar.office_hours.minutes if worked else 24 * 60
    moved: Values = {
        "count": len(pauses),
        "moved": duration(counted.paused, day_minutes),
        "unit": "office_time" if worked else "any_time",
        "to": moment(counted.ends),
    }
    return Step("pauses", moved)


def calendar_warnings(event: datetime, counted: Counted, calendar: Calendar) -> tuple[Warned, ...]:
    """The calendar's end or beginning passed, days that are only predicted, days announced without a legal act."""
    index = calendar.index
    today, end = event.toordinal(), counted.last + 1
    found: list[Warned] = []
    if end > index.end:
        ended = date.fromordinal(index.end - 1).isoformat()
        found.append(Warned("calendar-ended", {"end": ended}))
    if today < index.first:
        begins = date.fromordinal(index.first).isoformat()
        found.append(Warned("calendar-not-begun", {"start": begins}))
    doubtful = [day for day in calendar.special_days(today, end) if day.status not in CERTAIN]
    if doubtful:
        found += _doubts(doubtful, calendar)
    return tuple(found)


def _doubts(days: list[Day], calendar: Calendar) -> list[Warned]:
    predicted = tuple(day.row() for day in days if day.status == "predicted")
    unconfirmed = tuple(day.row() for day in days if day.status == "unconfirmed")
    taken = "counted-as-off" if calendar.observe_unconfirmed else "counted-as-working"
    found = [Warned("days-predicted", {"days": predicted})] if predicted else []
    if unconfirmed:
        found.append(Warned("days-unconfirmed", {"days": unconfirmed, "taken": taken}))
    return found


class PauseInput(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    start: AwareDatetime
    end: AwareDatetime
    reason: str = ""


class DeadlineInputs(Inputs):
    event: AwareDatetime
    first_event: AwareDatetime | None = None
    pauses: tuple[PauseInput, ...] = ()
    committed: Duration | None = None


def _apply(rule: Rule[Any], inputs: DeadlineInputs, world: World) -> Deadline:
    pauses = [Pause(each.start, each.end, each.reason) for each in inputs.pauses]
    return deadline(
        rule, inputs.event, world.calendar, pauses, inputs.first_event, committed=inputs.committed
    )


def _decides(params: DeadlineCount) -> str:
    """Two limits contradict each other when the same event calls for the same duty of the same one."""
    return f"{params.duty} after {params.trigger} by {params.who}"


def _decides_prompt(params: DeadlinePrompt) -> str | None:
    return f"{params.duty} after {params.trigger} by {params.who}" if params.assumed else None


def _gives(params: DeadlineCount | DeadlinePrompt) -> object:
    counted = params.counting() if isinstance(params, DeadlinePrompt) else params
    return counted and (
        counted.limit,
        counted.start,
        counted.anchor,
        counted.anchor_inclusive,
        counted.day_off,
        counted.rounding,
    )


FUNCTIONS = (
    *(
        RuleFunction(name, frozenset({"deadline"}), kind, DeadlineInputs, _apply, _decides, _gives)
        for name, kind in (
            ("deadline.count", DeadlineCount),
            ("deadline.appointment", DeadlineAppointment),
            ("deadline.answer_or_notice", DeadlineAnswerOrNotice),
            ("deadline.hop", DeadlineHop),
        )
    ),
    RuleFunction(
        "deadline.prompt",
        frozenset({"deadline"}),
        DeadlinePrompt,
        DeadlineInputs,
        _apply,
        _decides_prompt,
        _gives,
    ),
)
