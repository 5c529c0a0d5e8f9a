"""What each demo person may do by the facts that a running service knows: asked of the rulebook each time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from authority import Decision, LocalAuthority
from authority.overview import may_do, sites_of
from common.errors import Unavailable
from contracts.categories import load_categories
from embedded.issuer_page import KnownPowers, Language, Power
from embedded.people import PEOPLE
from rulebook.phrases import terms
from rulebook.telling import told_fully


def known_powers(authority: LocalAuthority, now: Callable[[], datetime]) -> KnownPowers:
    """For the page of people; None while nothing, or too little, is known."""

    def powers(language: Language) -> Mapping[str, Sequence[Power]] | None:
        try:
            return {
                person.id: _of(authority, person.person_id, now(), language) for person in PEOPLE
            }
        except Unavailable:
            return None

    return powers


def _of(authority: LocalAuthority, person: str, at: datetime, language: Language) -> list[Power]:
    sites = sites_of(authority.followed.known, person)
    found = [each for site in sites for each in may_do(authority, person, site, at)]
    return [_power(each, language) for each in found]


def _power(decision: Decision, language: Language) -> Power:
    proof, inputs = decision.authority.proof, decision.explanation.inputs
    assert proof is not None
    through = ", ".join(proof.documents) if proof.delegations else ""
    section = inputs["section"]
    return Power(
        act=_in_words(proof.act, language),
        site=proof.site,
        article=told_fully(decision.explanation)["article"][language],
        through=through,
        section=_section(section, language) if isinstance(section, str) else "",
    )


def _section(code: str, language: Language) -> str:
    category = load_categories().get(code)
    return code if category is None else str(getattr(category.label, language))


def _in_words(act: str, language: Language) -> str:
    pair = terms().get(act)
    return pair[language == "en"] if pair else act.replace("_", " ")
