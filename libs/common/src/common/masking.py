"""Shows just enough of a person's data to recognise it: for lists, receipts and screens."""

STAR = "*"


def masked_email(text: str) -> str:
    """Such as a***@e***.vn for an.nguyen@example.vn."""
    name, at, host = text.strip().partition("@")
    if not at:
        return STAR * 3
    first, _, rest = host.rpartition(".")
    ending = f".{rest}" if first else ""
    return f"{name[:1]}***@{(first or rest)[:1]}***{ending}"


def masked_number(text: str) -> str:
    """Such as *******678 for 0912 345 678: the last three digits, or none of a short number."""
    digits = [letter for letter in text if letter.isdecimal()]
    shown = 3 if len(digits) > 6 else 0  # noqa: PLR2004 - a short number would be given away
    return STAR * (len(digits) - shown) + "".join(digits[len(digits) - shown :])


def masked_name(text: str) -> str:
    """Such as N. V. An for Nguyễn Văn An: the given name stands last and stays."""
    *before, last = text.split() or [""]
    return " ".join([*(f"{part[0]}." for part in before), last]).strip()
