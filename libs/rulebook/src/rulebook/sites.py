"""What a whole site, section, board or report must have: the same rules of fields, asked of more than one item."""

from collections.abc import Mapping
from datetime import date

from rulebook.authority import profile_basis
from rulebook.choose import applicable
from rulebook.explanation import Explanation, Outcome, Step, Values, Way
from rulebook.profiles.model import Profile
from rulebook.rules.duties import Statement, responsible
from rulebook.rules.params import RequiredFields, Responsible
from rulebook.rules.required import required_fields
from rulebook.rules.results import Checked, own_explanations


def check_subject(
    profile: Profile,
    subject: str,
    given: Mapping[str, object],
    on: date,
    facts: Mapping[str, str] | None = None,
) -> Checked:
    """Whether a subject ("site_categories", "introduction", "editorial_board" …) has all that is asked of it that day.

    Raises LookupError if the profile asks nothing of the subject.
    """
    asking = [
        rule
        for rule in applicable(profile, facts or {}, on)
        if isinstance(rule.params, RequiredFields) and rule.params.subject == subject
    ]
    if not asking:
        raise LookupError(f"subject: {profile.key} asks nothing of {subject!r}")
    checks = [required_fields(rule, given, on) for rule in asking]
    findings = tuple(finding for check in checks for finding in check.findings)
    inputs: Values = {"subject": subject, "given": tuple(sorted(given)), "on": on.isoformat()}
    steps = tuple(
        Step(
            "rule-checked",
            {"rule": check.explanation.basis.rule, "result": "met" if check.met else "not_met"},
        )
        for check in checks
    )
    outcome = Outcome("allowed", "demand-met", {})
    if findings:
        codes = tuple(finding.code for finding in findings)
        ways: tuple[Way, ...] = tuple(
            way for each in own_explanations(findings) for way in each.outcome.nearest
        )
        outcome = Outcome("finding", "demand-not-met", {"codes": codes}, ways)
    parts = own_explanations(findings)
    return Checked(
        findings, Explanation(profile_basis(profile), inputs, steps, outcome, parts=parts)
    )


def who_answers_for(profile: Profile, what: str, on: date) -> Mapping[str, Statement]:
    """By role, who answers for "content", "accuracy", "before_supply" or "publication", with the words that say so."""
    return {
        rule.params.who: responsible(rule, on)
        for rule in applicable(profile, {}, on)
        if isinstance(rule.params, Responsible) and rule.params.for_ == what
    }
