"""How deep the JSON of a request may nest: looked at before it is read.

Python reads some thousands of levels and then dies of them: in a validator, in an error that repeats
its input, in whatever goes through the value by itself. No request of ours needs more than a few.
"""

import json
import re

from common.http.faults import BadRequest
from common.words import say

DEEPEST = 64
_TOKENS = re.compile(r'"(?:[^"\\]+|\\.)*"?|[\[\]{}]', re.DOTALL)


def text_of(body: bytes) -> str:
    """The text of a JSON body, in any of the encodings JSON knows.

    Raises UnicodeDecodeError, and BadRequest `body-too-deep` for one that nests too deep.
    """
    text = body.decode(json.detect_encoding(body), "surrogatepass")
    if nests_deeper(text, DEEPEST):
        raise BadRequest("body-too-deep", say("body-too-deep", most=DEEPEST))
    return text


def nests_deeper(text: str, most: int) -> bool:
    """Whether brackets outside of strings nest more than so many levels; linear, whatever the text."""
    if text.count("[") + text.count("{") <= most:
        return False
    depth = 0
    for token in _TOKENS.finditer(text):
        sign = text[token.start()]
        if sign in "[{":
            depth += 1
            if depth > most:
                return True
        elif sign in "]}":
            depth -= 1
    return False
