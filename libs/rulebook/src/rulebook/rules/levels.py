"""Levels of public services on both scales, 1-4 (BD Đ3, Đ15, Đ16) and toàn trình / một phần (Nghị định 42/2022)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from pydantic import Field

from rulebook.because import because, readings_of
from rulebook.explanation import Explanation, Outcome, Reading, Step, Value, Values, Way
from rulebook.profiles.model import Profile, Rule, RuleType
from rulebook.profiles.params import Params
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Counter, LevelDerive, LevelMinimum, Mode2022, RequiredFields
from rulebook.rules.results import Checked, Finding, is_empty, met, not_met, own_explanations
from rulebook.world import World

MODE_OF_LEVEL: Mapping[int, str] = MappingProxyType(
    {4: "toan_trinh", 3: "mot_phan", 2: "cung_cap_thong_tin", 1: "cung_cap_thong_tin"}
)
"""What a declared level is called on the scale of Nghị định 42/2022 (law B.2); the proof is `derive_mode`."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is known of a public service. `forms` maps each form to whether it can be downloaded; fee None = unknown."""

    parts: Mapping[str, object] = field(default_factory=dict[str, object])
    forms: Mapping[str, bool] = field(default_factory=dict[str, bool])
    fee: int | None = 0
    submit_online: bool = False
    processing_online: bool = False
    pay_online: bool = False
    result_remote: bool = False
    presence_required: bool = False
    on_site_check_required: bool = False
    usage: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if self.fee is not None and self.fee < 0:
            raise ValueError(f"fee: a negative amount ({self.fee})")


@dataclass(frozen=True, slots=True)
class LevelResult:
    """`level` 0 = a mandatory part is missing (`missing_parts`); findings compare it with the declared level."""

    level: int
    missing_parts: tuple[str, ...]
    findings: tuple[Finding, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class ModeResult:
    """`mode`: toan_trinh, mot_phan, cung_cap_thong_tin, or nothing_published where not even a part is."""

    mode: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether one level's needs hold."""

    reached: bool
    explanation: Explanation


class NoLevelRules(LookupError):
    pass


def derive_level(
    profile: Profile, service: Service, on: date, declared: int | None = None
) -> LevelResult:
    """The level that the facts prove, and what is wrong with the declared one (regulations.md 2.6).

    Raises NoLevelRules if the profile derives no levels, ValueError for a declared level outside 1-4.
    """
    if declared is not None and declared not in range(1, 5):
        raise ValueError(f"declared: {declared} is no level from 1 to 4")
    rules = _level_rules(profile, on)
    missing = missing_parts(profile, service, on)
    level, steps, last = _climb(rules, service, missing)
    nearest = _next_level(rules, service, missing, level)
    outcome = Outcome("value", "level-derived", {"level": level, "missing": missing}, nearest)
    inputs = _inputs(service, declared, on)
    findings = _findings(profile, service, level, declared, missing, on)
    parts = own_explanations(findings)
    tried = rules[: len(steps)]
    readings = _readings(tried, service, _other_reading(rules, service, missing))
    read = replace(last, ambiguities=())
    explanation = because(read, on, inputs, steps, outcome, readings=readings, parts=parts)
    return LevelResult(level, missing, findings, explanation)


def derive_mode(
    profile: Profile, service: Service, on: date, missing: Iterable[str] = ()
) -> ModeResult:
    """The mode by Nghị định 42/2022; `missing` are the constituent parts that are not published."""
    lacking = tuple(missing)
    rules = [rule for rule in profile.in_force(on) if isinstance(rule.params, Mode2022)]
    if not rules:
        raise NoLevelRules(f"profile: {profile.key} derives no mode")
    steps: list[Step] = []
    ways: list[Way] = []
    for rule in rules:
        params = cast("Mode2022", rule.params)
        lacks = _lacks(_needs(params.needs, service, lacking, below=0))
        values: Values = {"mode": params.mode, "lacks": lacks, **_details(lacks, service, lacking)}
        steps.append(Step("mode-lacks" if lacks else "mode-holds", values))
        if not lacks:
            return _mode(rule, params.mode, service, lacking, on, steps, ways)
        ways.append(Way("reach-mode", values))
    return _mode(rules[-1], "nothing_published", service, lacking, on, steps, ways)


def _mode(  # noqa: PLR0913, PLR0917 - a result has these parts
    rule: Rule[Any],
    mode: str,
    service: Service,
    lacking: tuple[str, ...],
    on: date,
    steps: list[Step],
    ways: list[Way],
) -> ModeResult:
    """`nearest` is the mode next above, which a service that is not full could reach first."""
    outcome = Outcome("value", "mode-derived", {"mode": mode}, tuple(reversed(ways)))
    gives = _other_mode(service, lacking, mode)
    inputs = _inputs(service, None, on)
    return ModeResult(mode, because(rule, on, inputs, steps, outcome, gives=gives))


def _other_mode(service: Service, lacking: tuple[str, ...], mode: str) -> Callable[[Params], Value]:
    def gives(params: Params) -> Value:
        if not isinstance(params, Mode2022):
            return None
        holds = all(_needs(params.needs, service, lacking, below=0).values())
        return params.mode if holds else mode

    return gives


def missing_parts(profile: Profile, service: Service, on: date) -> tuple[str, ...]:
    """The constituent parts (BD Đ16, law B.5) that the service does not publish."""
    rule = _parts_rule(profile, on)
    if rule is None:
        return ()
    return tuple(part for part in rule.params.fields if is_empty(service.parts.get(part)))


def _climb(
    rules: list[Rule[LevelDerive]], service: Service, missing: tuple[str, ...]
) -> tuple[int, list[Step], Rule[LevelDerive]]:
    level, last = 0, rules[0]
    steps: list[Step] = []
    for rule in rules:
        needs = _needs(
            rule.params.needs, service, missing, below=level, no_form=rule.params.no_form
        )
        lacks = _lacks(needs)
        values: Values = {
            "level": rule.params.level,
            "lacks": lacks,
            **_details(lacks, service, missing),
        }
        steps.append(Step("level-lacks" if lacks else "level-holds", values))
        last = rule
        if lacks:
            break
        level = rule.params.level
    return level, steps, last


def _next_level(
    rules: list[Rule[LevelDerive]], service: Service, missing: tuple[str, ...], level: int
) -> tuple[Way, ...]:
    """What the level next above still lacks; nothing where the highest is reached."""
    above = next((rule for rule in rules if rule.params.level == level + 1), None)
    return (_way_to(rules, service, missing, above.params.level),) if above else ()


def _way_to(
    rules: list[Rule[LevelDerive]], service: Service, missing: tuple[str, ...], level: int
) -> Way:
    """Everything that a level lacks, with what the levels below it lack."""
    lacks = tuple(
        dict.fromkeys(
            need
            for rule in rules
            if rule.params.level <= level
            for need in _lacks(_needs(rule.params.needs, service, missing, below=rule.params.level - 1, no_form=rule.params.no_form))
        )
    )  # fmt: skip
    return Way("reach-level", {"level": level, "lacks": lacks, **_details(lacks, service, missing)})


def _lacks(needs: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(need for need, holds in needs.items() if not holds)


def _details(lacks: tuple[str, ...], service: Service, missing: tuple[str, ...]) -> Values:
    """The parts and the forms behind the needs that name them."""
    forms = tuple(form for form, downloadable in service.forms.items() if not downloadable)
    return {
        "parts": missing if "all_parts_published" in lacks else (),
        "forms": forms if "forms_downloadable" in lacks else (),
    }


def _needs(
    needs: Iterable[str],
    service: Service,
    missing: tuple[str, ...],
    *,
    below: int,
    no_form: str = "submit_online",
) -> Mapping[str, bool]:
    facts = {
        "all_parts_published": not missing,
        "some_parts_published": any(not is_empty(part) for part in service.parts.values()),
        "level_1": below >= 1,
        "level_2": below >= 2,  # noqa: PLR2004 - the level itself
        "level_3": below >= 3,  # noqa: PLR2004 - the level itself
        "forms_downloadable": _forms(service, no_form),
        "submit_online": service.submit_online,
        "processing_online": service.processing_online,
        "pay_online_if_fee": not service.fee or service.pay_online,
        "result_remote_if_no_fee": bool(service.fee) or service.result_remote,
        "result_remote": service.result_remote,
        "presence_not_required": not service.presence_required,
        "on_site_check_not_required": not service.on_site_check_required,
    }
    return {need: facts[need] for need in needs}


def _forms(service: Service, no_form: str) -> bool:
    if service.forms:
        return all(service.forms.values())
    return no_form == "nothing" or service.submit_online


def _findings(  # noqa: PLR0913, PLR0917 - a level is compared with all it depends on
    profile: Profile,
    service: Service,
    level: int,
    declared: int | None,
    missing: tuple[str, ...],
    on: date,
) -> tuple[Finding, ...]:
    if missing:
        rule = _parts_rule(profile, on)
        ways = tuple(Way("supply-field", {"field": part}) for part in missing)
        codes = tuple(f"missing_part:{part}" for part in missing)
        return not_met(rule, on, {"missing": missing}, codes, ways).findings if rule else ()
    checks: list[Checked] = []
    if declared is not None:
        checks.append(_above(profile, service, level, declared, on))
        checks += [
            _minimum(rule, service, level, declared, on) for rule in _of(profile, LevelMinimum, on)
        ]
        checks += [_usage(rule, service, declared, on) for rule in _of(profile, Counter, on) if rule.params.per == "service"]  # fmt: skip
    return tuple(finding for check in checks for finding in check.findings)


def _above(profile: Profile, service: Service, level: int, declared: int, on: date) -> Checked:
    rules = _level_rules(profile, on)
    rule = next(rule for rule in rules if rule.params.level == declared)
    inputs: Values = {"declared": declared, "derived": level}
    if declared <= level:
        return met(rule, on, inputs)
    ways = (Way("declare-level", {"level": level}), _way_to(rules, service, (), declared))
    return not_met(rule, on, inputs, ("declared_level_above_derived",), ways)


def _minimum(rule: Rule[Any], service: Service, level: int, declared: int, on: date) -> Checked:
    least: int = rule.params.level
    inputs: Values = {"declared": declared, "derived": level, "forms": len(service.forms)}
    if not service.forms or min(declared, level) >= least:
        return met(rule, on, inputs)
    lacks = () if level >= least else ("forms_downloadable",)
    ways = (
        Way("reach-level", {"level": least, "lacks": lacks, **_details(lacks, service, ())})
        if lacks
        else Way("declare-level", {"level": level}),
    )
    return not_met(rule, on, inputs, (f"forms_but_level_below_{least}",), ways)


def _usage(rule: Rule[Any], service: Service, declared: int, on: date) -> Checked:
    inputs: Values = {"declared": declared}
    if declared < (rule.params.from_level or 1) or service.usage is not None:
        return met(rule, on, inputs)
    ways = tuple(Way("record-figure", {"metric": metric}) for metric in rule.params.metrics)
    return not_met(rule, on, inputs, ("missing_usage_counters",), ways)


def _readings(
    tried: list[Rule[LevelDerive]], service: Service, gives: Callable[[Params], Value]
) -> tuple[Reading, ...]:
    """The ambiguities of the rules that were tried, where they bear on this service."""
    found: list[Reading] = []
    for rule in tried:
        bearing = [
            each
            for each in rule.ambiguities
            if any(_bears_on(rule.params, other.params, service) for other in each.others)
        ]
        found += readings_of(replace(rule, ambiguities=tuple(bearing)), gives)
    return tuple(found)


def _bears_on(params: LevelDerive, other: Params | None, service: Service) -> bool:
    """Whether two readings can differ for a service: one about fees only where there is a fee, and so on."""
    if not isinstance(other, LevelDerive):
        return True
    idle = {"result_remote_if_no_fee" if service.fee else "pay_online_if_fee"}
    needs = set(params.needs) ^ set(other.needs)
    return bool(needs - idle) or (params.no_form != other.no_form and not service.forms)


def _other_reading(
    rules: list[Rule[LevelDerive]], service: Service, missing: tuple[str, ...]
) -> Callable[[Params], Value]:
    """The level that the whole climb would give if one rule of it were read otherwise."""

    def gives(params: Params) -> Value:
        if not isinstance(params, LevelDerive):
            return None
        read = [
            replace(rule, params=params) if rule.params.level == params.level else rule
            for rule in rules
        ]
        return _climb(read, service, missing)[0]

    return gives


def _of(profile: Profile, kind: type[Params], on: date) -> list[Rule[Any]]:
    return [rule for rule in profile.in_force(on) if isinstance(rule.params, kind)]


def _level_rules(profile: Profile, on: date) -> list[Rule[LevelDerive]]:
    found = _of(profile, LevelDerive, on)
    if not found:
        raise NoLevelRules(f"profile: {profile.key} derives no levels")
    return sorted(found, key=lambda rule: rule.params.level)


def _parts_rule(profile: Profile, on: date) -> Rule[RequiredFields] | None:
    """The rule that lists the constituent parts: the one for public services that asks for the sequence."""
    return next(
        (rule for rule in _of(profile, RequiredFields, on)
         if rule.params.subject == "public_service" and "sequence" in rule.params.fields), None,
    )  # fmt: skip


def _inputs(service: Service, declared: int | None, on: date) -> Values:
    return {
        "declared": declared, "forms": len(service.forms), "fee": service.fee,
        "submit_online": service.submit_online, "processing_online": service.processing_online,
        "pay_online": service.pay_online, "result_remote": service.result_remote, "on": on.isoformat(),
    }  # fmt: skip


class ServiceInputs(Inputs):
    parts: dict[str, Any] = Field(default_factory=dict[str, Any])
    forms: dict[str, bool] = Field(default_factory=dict[str, bool])
    fee: int | None = Field(default=0, ge=0)
    submit_online: bool = False
    processing_online: bool = False
    pay_online: bool = False
    result_remote: bool = False
    presence_required: bool = False
    on_site_check_required: bool = False
    missing_parts: tuple[str, ...] = ()
    below: int = 0
    declared: int = 1
    on: date

    def service(self) -> Service:
        known = self.model_dump(exclude={"missing_parts", "below", "declared", "on"})
        return Service(**known)


def _apply_needs(rule: Rule[Any], inputs: ServiceInputs, _world: World) -> Reached:
    service = inputs.service()
    lacks = _lacking(rule.params, inputs)
    values: Values = {
        "met": not lacks,
        "lacks": lacks,
        **_details(lacks, service, inputs.missing_parts),
    }
    step = Step("needs", {"needs": rule.params.needs})
    ways = (Way("meet-needs", values),) if lacks else ()
    outcome = Outcome("value", "needs-lack" if lacks else "needs-hold", values, ways)

    def gives(params: Params) -> Value:
        other = _lacking(cast("LevelDerive | Mode2022", params), inputs)
        return other or "needs-hold"

    given = _inputs(service, None, inputs.on)
    explanation = because(rule, inputs.on, given, (step,), outcome, gives=gives)
    return Reached(not lacks, explanation)


def _lacking(params: LevelDerive | Mode2022, inputs: ServiceInputs) -> tuple[str, ...]:
    no_form = params.no_form if isinstance(params, LevelDerive) else "submit_online"
    service, parts = inputs.service(), inputs.missing_parts
    return _lacks(_needs(params.needs, service, parts, below=inputs.below, no_form=no_form))


def _apply_minimum(rule: Rule[Any], inputs: ServiceInputs, _world: World) -> Checked:
    return _minimum(rule, inputs.service(), inputs.below, inputs.declared, inputs.on)


_LEVEL: frozenset[RuleType] = frozenset({"level_derivation"})
FUNCTIONS = (
    RuleFunction("level.derive", _LEVEL, LevelDerive, ServiceInputs, _apply_needs, lambda params: f"level {params.level}"),
    RuleFunction("level.minimum", _LEVEL, LevelMinimum, ServiceInputs, _apply_minimum, lambda params: f"minimum if {params.if_}"),
    RuleFunction("level.mode_2022", _LEVEL, Mode2022, ServiceInputs, _apply_needs, lambda params: f"mode {params.mode}"),
)  # fmt: skip
