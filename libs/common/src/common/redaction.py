"""Keeps personal data and secrets out of logs and answers: by name of the key, by look of the text.

A net under the rule "log ids, not people": what a caller forgets is masked here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

MASK = "***"
DEPTH = 6

SECRET_KEYS = frozenset(
    [
        "authorization",
        "cookie",
        "set-cookie",
        "password",
        "secret",
        "token",
        "access_token",
        "refresh_token",
        "id_token",
        "api_key",
        "apikey",
        "private_key",
        "cursor_key",
        "master_key",
        "signature",
        "otp",
        "pin",
    ]
)
PERSONAL_KEYS = frozenset(
    [
        "email",
        "e-mail",
        "mail",
        "phone",
        "telephone",
        "mobile",
        "fax",
        "address",
        "full_name",
        "fullname",
        "first_name",
        "last_name",
        "asker",
        "asker_name",
        "contact",
        "contacts",
        "cccd",
        "cmnd",
        "id_number",
        "identity_number",
        "citizen_id",
        "passport",
        "date_of_birth",
        "dob",
        "birthday",
        "birth_date",
        "question_text",
        "body",
        "text",
        "content",
        "input",
        "query_string",
        "ip",
        "client_ip",
        "remote_addr",
        "tracking_code",
    ]
)

_PATTERNS = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),  # e-mail
    re.compile(r"\beyJ[\w-]{5,}\.[\w-]{2,}(?:\.[\w-]*){0,3}"),  # a JSON web token
    re.compile(r"(?i)\bbearer\s+\S+"),
    re.compile(r"(?<=://)[^\s/@]+@"),  # user and password in an address
    re.compile(r"(?<![\w.:-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\w:-]|\.\d)"),  # phone
    re.compile(
        r"(?<![\w.:-])\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{3})?(?![\w:-]|\.\d)"
    ),  # CMND, CCCD
)


def masked_text(text: str) -> str:
    """The text with every e-mail address, phone, 9- or 12-digit id and token replaced by ***."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def redacted(value: Any, depth: int = DEPTH) -> Any:
    """A copy of any JSON-like value without personal data; deeper than six levels is cut off."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return value if masked_text(str(value)) == str(value) else MASK
    if depth == 0:
        return MASK
    return _redacted_deep(value, depth)


def _redacted_deep(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _member(str(key), item, depth) for key, item in value.items()}
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes"
    if isinstance(value, Sequence | set | frozenset):
        return [redacted(item, depth - 1) for item in value]
    return masked_text(str(value))


def _member(key: str, value: Any, depth: int) -> Any:
    name = key.lower()
    if name in SECRET_KEYS or name in PERSONAL_KEYS or name.replace("-", "_") in PERSONAL_KEYS:
        return MASK
    return redacted(value, depth - 1)
