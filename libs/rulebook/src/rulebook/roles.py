"""The roles that a position may have: those that some profile gives an act or a step, and the house's own."""

from rulebook.house import ROLES
from rulebook.profiles.loader import Library
from rulebook.profiles.params import PermissionAct


def known_roles(profiles: Library) -> frozenset[str]:
    """Roles that some permission of some profile names, and those of the house."""
    named = {
        role
        for profile in profiles.values()
        for rule in profile.rules.values()
        if isinstance(rule.params, PermissionAct)
        for role in rule.params.roles
    }
    steps = {
        role
        for profile in profiles.values()
        for process in profile.processes.values()
        for step in process.steps.values()
        for role in step.roles
    }
    return frozenset(named | steps | ROLES)
