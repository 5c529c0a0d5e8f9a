"""What each thing needs that points at an agency, a site or a unit without heir: pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needed:
    """In words, and by which acts of the API, the simplest first."""

    vi: str
    en: str
    acts: tuple[str, ...]


_NEEDS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("site", "agency"): (
        "Giao trang cho cơ quan khác quản lý, hoặc đóng trang.",
        "Give the site to another agency, or close it.",
        ("POST /sites/{id}/changes", "POST /sites/{id}/closing"),
    ),
    ("site", "parent"): (
        "Chuyển trang về trang cấp trên khác, hoặc đóng trang.",
        "Move the site under another parent, or close it.",
        ("POST /sites/{id}/changes", "POST /sites/{id}/closing"),
    ),
    ("person", "agency"): (
        "Ghi cơ quan mới của người này từ ngày đó.",
        "Enter the person's new agency from that day on.",
        ("POST /people/{id}/changes",),
    ),
    ("position", "agency"): (
        "Ghi cơ quan mới của chức vụ, hoặc chấm dứt chức vụ.",
        "Enter the position's new agency, or end it.",
        (
            "POST /people/{holder}/positions/{id}/changes",
            "POST /people/{holder}/positions/{id}/end",
        ),
    ),
    ("position", "site"): (
        "Chấm dứt chức vụ ở trang này; giao chức vụ mới ở nơi khác nếu còn làm việc.",
        "End the position here; give a new one elsewhere if the work goes on.",
        ("POST /people/{holder}/positions/{id}/end", "POST /people/{holder}/positions"),
    ),
    ("agency", "parent"): (
        "Ghi cơ quan cấp trên mới, hoặc chấm dứt cơ quan, hoặc chuyển giao cho cơ quan kế thừa.",
        "Enter another agency above it, end it, or hand it over to an heir.",
        ("POST /agencies/{id}/changes", "POST /agencies/{id}/end", "POST /successions"),
    ),
    ("delegation", "site"): (
        "Thu hồi uỷ quyền; lập giấy mới cho trang khác nếu cần.",
        "Revoke the delegation; give a new one for another site if needed.",
        ("POST /delegations/{id}/revocation", "POST /delegations"),
    ),
    ("board", "site"): (
        "Giải thể Ban Biên tập của trang này.",
        "Dissolve the board of this site.",
        ("POST /boards/{id}/dissolution",),
    ),
    ("administrative-unit", "parent"): (
        "Chuyển về đơn vị cấp trên khác, hoặc kết thúc đơn vị này.",
        "Move the unit under another one, or end it.",
        (
            "POST /administrative-units/{id}/changes",
            "POST /administrative-units/{id}/end",
        ),
    ),
}


def needed(kind: str, by: str, id: str, holder: str | None) -> Needed:
    """What settles a thing of a kind that points by one of its values; raises KeyError for others."""
    vi, en, acts = _NEEDS[kind, by]
    return Needed(vi, en, tuple(act.format(id=id, holder=holder) for act in acts))
