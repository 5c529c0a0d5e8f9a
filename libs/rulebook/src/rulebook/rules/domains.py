"""Domain names of sites (HN Đ4, BD Đ4): whether one is allowed, and the one that the rule would give."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.explanation import Explanation, Step, Values, Way
from rulebook.profiles.model import Profile, Rule
from rulebook.registry import Inputs, RuleFunction
from rulebook.rules.params import Domain
from rulebook.rules.results import Checked, Finding, met, not_met
from rulebook.text import fold_plain, initials
from rulebook.world import World

LONGEST = 253
_UNIT_WORDS = re.compile(r"^(?:ubnd|uy ban nhan dan)?\s*(?:thanh pho|thi xa|huyen|quan|tinh)?\s*")
_NOT_IN_A_LABEL = re.compile("[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class NamedDomain:
    """Whether a host is allowed, and the host that the rule proposes (None where the rule fixes none)."""

    findings: tuple[Finding, ...]
    proposed: str | None
    explanation: Explanation


def domain_name(profile: Profile, site_kind: str, host: str, name: str, on: date) -> NamedDomain:
    """Whether `host` follows the rule for this kind of site of the agency `name`.

    Raises LookupError if the profile has no domain rule for the kind.
    """
    for rule in profile.in_force(on):
        params = rule.params
        if isinstance(params, Domain) and params.site_kind == site_kind:
            checked = domain(rule, host, name, on)
            return NamedDomain(checked.findings, proposed(params, name), checked.explanation)
    raise LookupError(f"site_kind: {profile.key} has no domain rule for {site_kind!r}")


def domain(rule: Rule[Any], host: str, name: str, on: date) -> Checked:
    """The host must match the pattern; where the full name is asked for, its first label must be that name."""
    params: Domain = rule.params
    inputs: Values = {"host": host[:LONGEST], "name": name, "on": on.isoformat()}
    wanted = proposed(params, name)
    form = shown_form(params)
    step = Step("domain-form", {"pattern": form, "name_rule": params.name_rule})
    ways = (Way("use-domain", {"host": wanted or form}),)
    if len(host) > LONGEST or not re.fullmatch(params.pattern, host):
        return not_met(rule, on, inputs, ("domain_form",), ways, step)
    by_name = params.name_rule == "full_name" and params.languages == ("vi",)
    if by_name and name and host != wanted:
        return not_met(rule, on, inputs, ("domain_not_full_name",), ways, step)
    if _label_is_unexplained(params, host, name):
        codes = ("domain_not_abbreviation",)
        return not_met(rule, on, inputs, codes, ways, step, severity="warning")
    return met(rule, on, inputs, step)


def shown_form(params: Domain) -> str:
    """The pattern for readers: `….hanam.gov.vn`, or the host itself where there is one only."""
    head, _, parent = params.pattern.strip("^$").rpartition(r")?\.")
    host = (parent or params.pattern.strip("^$")).replace("(?:www\\.)?", "").replace("\\", "")
    return f"….{host}" if "[" in head else host


def proposed(params: Domain, name: str) -> str | None:
    """The host by the rule: the folded full name, or the initials of the Vietnamese name, before the parent domain."""
    if params.name_rule == "fixed":
        return None
    _, _, parent = params.pattern.rpartition(r")?\.")
    parent = "." + parent.removesuffix("$").replace("\\", "")
    full = _UNIT_WORDS.sub("", fold_plain(name))
    label = full if params.name_rule == "full_name" else initials(name)
    return _NOT_IN_A_LABEL.sub("", label) + parent if label else None


def _label_is_unexplained(params: Domain, host: str, name: str) -> bool:
    """Vietnamese abbreviations only keep letters of the name in order; where English is allowed nothing is known."""
    if params.name_rule != "abbreviation" or "en" in params.languages or not name:
        return False
    letters = iter(_NOT_IN_A_LABEL.sub("", fold_plain(name)))
    return not all(char in letters for char in host.split(".", 1)[0] if char.isalpha())


class DomainInputs(Inputs):
    host: str
    name: str = ""
    on: date


def _apply(rule: Rule[Any], inputs: DomainInputs, _world: World) -> Checked:
    return domain(rule, inputs.host, inputs.name, inputs.on)


FUNCTIONS = (
    RuleFunction(
        "format.domain", frozenset({"format"}), Domain, DomainInputs, _apply,
        lambda params: f"domain of {params.site_kind}",
        lambda params: params.pattern,
    ),
)  # fmt: skip
