"""The installation's own rules of who may keep the directory, where no regulation speaks.

No regulation says who types an appointment into the system. These rules do, in the same shape as a
profile, so that `rulebook.authority.prove` answers them with the same proof and the same refusals;
their citation says that they are house rules and no law.
"""

from rulebook.authority import Act, permissions
from rulebook.explanation import Basis, Citation
from rulebook.phrases.instruments import HOUSE_RULES
from rulebook.profiles.model import Profile, Rule, Source, Span
from rulebook.profiles.params import Params, PermissionAct

INSTALLATION = "installation"
"""The site that stands for the whole installation: an administrator's position is there."""

ADMINISTRATOR = "administrator"
SITE_ADMINISTRATOR = "site_administrator"
ROLES = frozenset({ADMINISTRATOR, SITE_ADMINISTRATOR})

OF_A_SITE = (
    "change_site",
    "register_person",
    "change_person",
    "link_identity",
    "give_position",
    "change_position",
    "end_position",
    "change_board",
    "revoke_delegation",
    "keep_calendar",
    "audit",
    "record_decision",
)
"""What an administrator of one site may do there. `record_decision`: enter, under the number of its
document, what a competent person decided; the decider's own authority is proved beside it. `audit`: see who decided
what, by which authority."""

OF_THE_INSTALLATION = (
    *OF_A_SITE,
    "open_site",
    "change_profile",
    "change_domain",
    "close_site",
    "establish_board",
    "dissolve_board",
    "register_agency",
    "change_agency",
    "end_agency",
    "succeed_agencies",
    "keep_map",
    "import",
)


def _rule(name: str, role: str, acts: tuple[str, ...], statement: str) -> Rule[Params]:
    id = f"house.{name}"
    basis = Basis("house", "1", "in_force", id, Citation(HOUSE_RULES), "", statement)
    return Rule(id, "permission", "permission.act", PermissionAct(roles=(role,), acts=acts), basis)


_RULES = (
    _rule(
        "administrator",
        ADMINISTRATOR,
        OF_THE_INSTALLATION,
        "Quản trị hệ thống giữ danh bạ của toàn hệ thống: cơ quan, trang, người, vị trí, lịch.",
    ),
    _rule(
        "site-administrator",
        SITE_ADMINISTRATOR,
        OF_A_SITE,
        "Quản trị trang giữ danh bạ của trang mình: người, tài khoản, vị trí, lịch làm việc.",
    ),
)

HOUSE = Profile(
    id="house",
    version="1",
    title="Quy tắc vận hành Nhịp Cầu",
    source=Source(HOUSE_RULES, "Nhịp Cầu", None, ""),
    span=Span(),
    status="in_force",
    rules={rule.id: rule for rule in _RULES},
    processes={},
)


def speaks(profile: Profile, act: Act) -> bool:
    """Whether the regulation says who may do this; then the house rules keep silent."""
    return bool(permissions(profile, act))
