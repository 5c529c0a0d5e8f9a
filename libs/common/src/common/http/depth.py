"""How deep the JSON of a request may nest: looked at before it is read.

Python reads some thousands of levels and then dies of them: in a validator, in an error that repeats
its input, in whatever goes through the value by itself. No request of ours needs more than a few.
"""

import json
import re

from common.http.faults import BadRequest
from common.words import say

DEEPEST = 64
_TOKENS = re.compile(r'"(?:[^"\\]+|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def text_of(body: bytes) -> str:
    """The text of a JSON body, in any of the encodings JSON knows.

    Raises UnicodeDecodeError, and BadRequest `body-too-deep` for one that nests too deep.
    """
    text = body.decode(json.detect_encoding(body), "surrogatepass")
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise BadRequest("body-too-deep", say("body-too-deep", most=DEEPEST))
    return text


def _depth(text: str) -> int:
    """The deepest nesting outside of strings; stops counting where it is too deep."""
    deepest = now = 0
    for token in _TOKENS.finditer(text):
        sign = text[token.start()]
        if sign in "[{":
            now += 1
            deepest = max(deepest, now)
            if deepest > DEEPEST:
                break
        elif sign in "]}":
            now -= 1
    return deepest
