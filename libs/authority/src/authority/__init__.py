"""May this person do this here, now? Answered in every service from its own projection of the directory."""

from authority.asked import Asked, Decision, Proven
from authority.local import LocalAuthority, check_token, site_asked
from authority.projections import hears

__all__ = ["Asked", "Decision", "LocalAuthority", "Proven", "check_token", "hears", "site_asked"]
