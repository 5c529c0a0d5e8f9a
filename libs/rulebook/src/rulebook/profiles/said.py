"""A regulation and its rules as people are told them: by document and article, in their language."""

from collections.abc import Mapping
from functools import cache

from rulebook.explanation import Citation
from rulebook.house import HOUSE
from rulebook.profiles.loader import UnknownProfile, load_profiles
from rulebook.profiles.model import Profile
from rulebook.sentences import Language, citation_text


def regulation_text(profile: str, language: Language) -> str:
    """Quy chế (Quyết định 04/2013/QĐ-UBND) of binhduong@1; a profile nobody has loaded stays its key."""
    found = _known(profile)
    return profile if found is None else citation_text(Citation(found.source.instrument), language)


def rule_text(profile: str, rule: str, recorded: str, language: Language) -> str:
    """Where a rule stands; what was `recorded` in Vietnamese stands for itself, and where the rule is not known."""
    found = _known(profile)
    known = found.rules.get(rule) if found is not None else None
    if language == "vi" or known is None:
        return recorded
    return citation_text(known.basis.citation, language)


def place_text(recorded: str, language: Language) -> str:
    """A place of law as facts record it, in Vietnamese, in the reader's language; one that no rule stands at stays."""
    return recorded if language == "vi" else _in_english().get(recorded, recorded)


@cache
def _in_english() -> Mapping[str, str]:
    """The places of all rules."""
    profiles = (HOUSE, *load_profiles().values())
    bases = [rule.basis for profile in profiles for rule in profile.rules.values()]
    places = [place for basis in bases for place in (basis.citation, *basis.also)]
    return {citation_text(place, "vi"): citation_text(place, "en") for place in places}


def _known(key: str) -> Profile | None:
    try:
        return load_profiles()[key]
    except UnknownProfile:
        return None
