"""What every aggregate checks in the same way: half-open validity, and how a bad field is named."""

from datetime import date

from common.errors import FieldProblem, Unprocessable


def bad_field(pointer: str, rule: str, detail: str, **extra: object) -> Unprocessable:
    """The refusal of one field: where it stands, the rule it breaks, what to do."""
    problem = FieldProblem(pointer, rule, detail)
    return Unprocessable("invalid-request", detail, errors=[problem], extra=extra)


def check_days(valid_from: date, valid_to: date | None) -> None:
    """Half-open [valid_from, valid_to) must hold at least a day; raises Unprocessable."""
    if valid_to is not None and valid_to <= valid_from:
        detail = "valid_to is the first day after; it must be later."
        raise bad_field("/valid_to", "after-begin", detail)
