"""Puts explanations together: the same care for validity, verification and readings in every rule."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from rulebook.explanation import (
    Explained,
    Explanation,
    OtherReading,
    Outcome,
    Reading,
    Step,
    Value,
    Values,
    Warned,
)
from rulebook.profiles.model import Rule
from rulebook.profiles.params import Params

_ACCOUNT = Warned("account-not-original", {})
_AMENDMENT = Warned("amendment-pending", {})
_UNVERIFIED = Warned("rule-unverified", {})
_VERIFIED_FOR = timedelta(days=365)
"""After a year a confirmation says so beside the result."""


def because(  # noqa: PLR0913 - an explanation has these parts
    rule: Rule[Any],
    on: date,
    inputs: Values,
    steps: Iterable[Step],
    outcome: Outcome,
    *,
    warnings: Iterable[Warned] = (),
    gives: Callable[[Params], Value] | None = None,
    readings: tuple[Reading, ...] = (),
    parts: tuple[Explanation, ...] = (),
) -> Explanation:
    """`on` is the day the rule is asked about; `gives` computes what another reading's parameters would give."""
    return Explanation(
        rule.basis,
        inputs,
        tuple(steps),
        outcome,
        (*readings_of(rule, gives), *readings) if rule.ambiguities else readings,
        (*warnings_of(rule, on), *warnings),
        parts,
    )


def again(rule: Rule[Any], compute: Callable[[Rule[Any]], Explained]) -> Callable[[Params], Value]:
    """What the same computation gives under another reading's parameters: its codes, its day, or its outcome."""

    def gives(params: Params) -> Value:
        outcome = compute(replace(rule, params=params, ambiguities=())).explanation.outcome
        return next(
            (outcome.values[key] for key in _TELLING if outcome.values.get(key)), outcome.name
        )

    return gives


_TELLING = ("codes", "due", "at", "agency")


def without_readings(rule: Rule[Any]) -> Rule[Any]:
    """For a result that is put together from others, which tell the readings."""
    return replace(rule, ambiguities=())


def warnings_of(rule: Rule[Any], on: date) -> tuple[Warned, ...]:
    """Amendment pending, never or long ago verified, or outside its validity: it decides all the same."""
    found: list[Warned] = []
    if rule.basis.status == "amendment_pending":
        found.append(_AMENDMENT)
    if rule.account:
        found.append(_ACCOUNT)
    if rule.verified.on is None:
        found.append(_UNVERIFIED)
    elif on - rule.verified.on > _VERIFIED_FOR:
        found.append(Warned("verified-long-ago", {"on": rule.verified.on.isoformat()}))
    if rule.known is not None and on - rule.known > _VERIFIED_FOR:
        found.append(Warned("law-known-until", {"known": rule.known.isoformat()}))
    span = rule.span
    if span.end is not None and on >= span.end:
        found.append(Warned("rule-expired", {"to": span.end.isoformat()}))
    if span.start is not None and on < span.start:
        found.append(Warned("rule-not-yet", {"from": span.start.isoformat()}))
    return tuple(found)


def readings_of(rule: Rule[Any], gives: Callable[[Params], Value] | None) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            ambiguity.id,
            ambiguity.reading,
            tuple(
                OtherReading(
                    other.reading, gives(other.params) if gives and other.params else other.gives
                )
                for other in ambiguity.others
            ),
        )
        for ambiguity in rule.ambiguities
    )
