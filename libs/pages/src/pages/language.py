"""Which language, colour scheme and size of text a page is shown in: asked for, chosen before, or the browser's."""

from collections.abc import Mapping
from typing import Literal

from starlette.requests import Request

Language = Literal["vi", "en"]
Scheme = Literal["auto", "light", "dark"]
Size = Literal["usual", "large", "largest"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
SCHEMES: tuple[Scheme, ...] = ("auto", "light", "dark")
SIZES: tuple[Size, ...] = ("usual", "large", "largest")
LANGUAGE_COOKIE, SCHEME_COOKIE, SIZE_COOKIE = "lang", "scheme", "size"
LONGEST = 200  # characters of Accept-Language that are read


def language_of(query: Mapping[str, str], cookies: Mapping[str, str], accepted: str) -> Language:
    """The query's `lang`, else the cookie's, else the browser's first choice, else Vietnamese."""
    for said in (query.get("lang"), cookies.get(LANGUAGE_COOKIE)):
        if said in LANGUAGES:
            return said
    return _preferred(accepted[:LONGEST])


def language_asked(request: Request) -> Language:
    """`language_of` a request."""
    accepted = request.headers.get("accept-language", "")
    return language_of(request.query_params, request.cookies, accepted)


def scheme_of(query: Mapping[str, str], cookies: Mapping[str, str]) -> Scheme:
    """The query's `scheme`, else the cookie's, else what the device says."""
    for said in (query.get("scheme"), cookies.get(SCHEME_COOKIE)):
        if said in SCHEMES:
            return said
    return "auto"


def size_of(query: Mapping[str, str], cookies: Mapping[str, str]) -> Size:
    """The query's `size`, else the cookie's, else the browser's own."""
    for said in (query.get("size"), cookies.get(SIZE_COOKIE)):
        if said in SIZES:
            return said
    return "usual"


def _preferred(accepted: str) -> Language:
    ranked = sorted(
        (_weighed(part, place) for place, part in enumerate(accepted.split(","))),
        key=lambda each: (-each[0], each[1]),
    )
    for weight, _, tag in ranked:
        primary = tag.partition("-")[0].lower()
        if weight > 0 and primary in LANGUAGES:
            return primary
    return "vi"


def _weighed(part: str, place: int) -> tuple[float, int, str]:
    tag, _, options = part.strip().partition(";")
    name, _, value = options.strip().partition("=")
    try:
        return (float(value) if name == "q" else 1.0, place, tag.strip())
    except ValueError:
        return (0.0, place, tag.strip())
