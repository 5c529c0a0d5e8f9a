"""Under which name a regulation may speak of an act that the house names otherwise."""

HEAD, MEMBERS = "board_head", ("deputy_board_head", "board_member", "board_secretary")


def law_of(act: str, role: str) -> dict[str, str]:
    """Under which name a regulation may say who composes a board (LS Đ10 k2, k3)."""
    if role == HEAD:
        return {act: "assign_board_head"}
    return {act: "change_board_composition"} if role in MEMBERS else {}
