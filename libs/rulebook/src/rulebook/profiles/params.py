"""Typed parameters of rule functions, units written out; unknown keys are refused."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=120)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Unit = Literal["working_day", "calendar_day", "hour", "working_hour", "month"]
Start = Literal["anchor", "next_day", "instant"]
DayOff = Literal["stay", "next", "previous"]
Rounding = Literal["last_day", "first_of_next"]


class Params(BaseModel):
    """Base of all parameter sets: frozen, strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoParams(Params):
    pass


class Duration(Params):
    """A number with its unit; never a bare number."""

    n: int = Field(ge=0, le=3660)
    unit: Unit


class WarnBefore(Params):
    n: int = Field(ge=0, le=3660)
    unit: Literal["working_day", "calendar_day", "hour"]


class Counting(Params):
    """How a limit is counted: see contracts/regulations/README.md, section deadline."""

    limit: Duration
    start: Start
    anchor: Clock | None = None
    anchor_inclusive: bool = True
    day_off: DayOff = "stay"
    rounding: Rounding | None = None

    @model_validator(mode="after")
    def _units_fit(self) -> Self:
        hours = self.limit.unit in {"hour", "working_hour"}
        if hours != (self.start == "instant"):
            raise ValueError(f"limit: unit {self.limit.unit} does not go with start {self.start}")
        if (self.start == "anchor") != (self.anchor is not None):
            raise ValueError("anchor: a time of day is needed with start anchor, and only there")
        if self.start == "anchor" and self.limit.unit != "working_day":
            raise ValueError(f"limit: unit {self.limit.unit} cannot be counted from an anchor")
        if self.start == "anchor" and self.limit.n < 1:
            raise ValueError("limit: n must be at least 1 where the first day counts")
        if (self.limit.unit == "month") != (self.rounding is not None):
            raise ValueError("rounding: needed with unit month, and only there")
        if self.day_off != "stay" and self.limit.unit not in {"calendar_day", "month"}:
            raise ValueError(f"day_off: unit {self.limit.unit} never ends on a day off")
        return self


class DeadlineCount(Counting):
    trigger: Word
    duty: Word
    who: Word
    warn: tuple[WarnBefore, ...] = Field(default=(), max_length=2)
    warn_after: tuple[WarnBefore, ...] = Field(default=(), max_length=2)
    legal: bool = True
    counted_from: Literal["event", "first_event"] = "event"
    """first_event: the clock began before, with the first agency's reception (AMB-06) or the author's sending (AMB-18)."""


class DeadlineAppointment(DeadlineCount):
    before: tuple[RuleId, ...] = Field(min_length=1)


class DeadlineAnswerOrNotice(DeadlineCount):
    notices: int = Field(default=1, ge=1)


class DeadlineHop(DeadlineCount):
    max_transfers: int = Field(ge=0)
    then_to: Word


class DeadlinePrompt(Params):
    """A duty without a number in the text; `assumed` is a default of the product, never a legal limit."""

    trigger: Word
    duty: Word
    who: Word
    word: Literal["immediately", "promptly", "regularly", "daily", "weekly", "monthly"]
    assumed: Duration | None = None
    start: Start = "next_day"
    anchor: Clock | None = None
    anchor_inclusive: bool = True

    @model_validator(mode="after")
    def _assumed_can_be_counted(self) -> Self:
        self.counting()
        return self

    def counting(self) -> DeadlineCount | None:
        """The assumed limit as a deadline that is not legal, or None where the text gives nothing to count."""
        if self.assumed is None:
            return None
        return DeadlineCount(
            limit=self.assumed,
            start=self.start,
            anchor=self.anchor,
            anchor_inclusive=self.anchor_inclusive,
            trigger=self.trigger,
            duty=self.duty,
            who=self.who,
            legal=False,
        )


class IntakeWeek(Params):
    """On which days a submission is received; on others it is kept and received at the next open day's 00:00."""

    what: Word
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(min_length=1, max_length=7)
    swapped_saturday_open: bool
    holidays_open: bool


class MonthDay(Params):
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _exists_every_year(self) -> Self:
        longest = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[self.month - 1]
        if self.day > longest:
            raise ValueError(f"day: {self.day}/{self.month} does not exist in every year")
        return self


class YearlyBefore(Params):
    what: Word
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    inclusive: bool = False
    from_role: Word
    to_roles: tuple[Word, ...]
    remind: WarnBefore = WarnBefore(n=1, unit="working_day")
    year_starts: MonthDay = MonthDay(month=1, day=1)
    legal: bool = True

    @model_validator(mode="after")
    def _exists_every_year(self) -> Self:
        MonthDay(month=self.month, day=self.day)
        return self


class Period(Params):
    n: int = Field(ge=1, le=120)
    unit: Literal["calendar_day", "working_day", "week", "month", "year"]


class Every(Params):
    what: Word
    every: Period
    counted_from: Literal["previous", "calendar"]
    rounding: Rounding | None = None
    from_role: Word
    to_roles: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _months_say_how_they_round(self) -> Self:
        monthly = self.every.unit in {"month", "year"} and self.counted_from == "previous"
        if monthly != (self.rounding is not None):
            raise ValueError("rounding: needed for months and years from the previous one, only")
        return self


class Undated(Params):
    what: Word
    period: Literal[
        "year",
        "half_year",
        "quarter",
        "month",
        "week",
        "day",
        "on_demand",
        "promptly",
        "unspecified",
    ]
    from_role: Word
    to_roles: tuple[Word, ...] = ()
    assumed: Period | None = None


class PermissionAct(Params):
    roles: tuple[Word, ...] = Field(min_length=1)
    acts: tuple[Word, ...] = Field(min_length=1)
    delegable: bool = False
    chain: bool = False
    in_writing: bool = False
    condition: Literal[
        "none", "own_field", "assigned_section", "absent_or_authorised", "authorised"
    ] = "none"
    categories: tuple[Word, ...] = ()


class SeparationOrder(Params):
    process: RuleId
    steps: tuple[Word, ...] = Field(min_length=2)


class SeparationEqual(Params):
    process: RuleId
    approved: Word
    compared: Word
    over: tuple[Literal["title", "body", "attachments", "metadata"], ...] = Field(min_length=1)


AUTHOR = "author"
"""In a pair of `separation.distinct`: whoever handed the text in, which need not be a step."""


class SeparationDistinct(Params):
    process: RuleId
    pairs: tuple[tuple[Word, Word], ...] = Field(min_length=1)
