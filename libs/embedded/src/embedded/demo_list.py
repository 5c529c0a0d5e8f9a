"""`make people`: the demo people of the running house, what each may do now, and where they sign in."""

import sys
from collections.abc import Iterator
from typing import Any, Literal

import httpx

from embedded import place
from embedded.trouble import Trouble

Language = Literal["vi", "en"]
TIMEOUT = 10
WORDS = {
    "nothing": ("không được giao việc nào", "may do nothing"),
    "at": ("tại", "at"),
    "page": ("Trang đăng nhập, lấy mã truy cập", "Sign-in page, tokens"),
    "unknown": ("(nhà chưa sẵn sàng: thử lại sau giây lát)", "(the house is not ready: try again)"),
}


def main() -> int:
    try:
        language: Language = "en" if sys.argv[1:2] == ["en"] else "vi"
        url = f"http://{place.HOST}:{place.wanted_port()}/dev-issuer/people"
        print("\n".join(lines(fetched(url), language, url)))
    except Trouble as trouble:
        print(f"people: {trouble}", file=sys.stderr)
        return 1
    return 0


def fetched(url: str) -> list[dict[str, Any]]:
    """The people as the running house lists them; raises Trouble when none runs there."""
    try:
        return httpx.get(url, timeout=TIMEOUT).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise Trouble(
            f"No house answers at {url}", "start it with make run (the same PORT), then ask again"
        ) from error


def lines(people: list[dict[str, Any]], language: Language, url: str) -> Iterator[str]:
    """One paragraph a person: name, sign-in, duty, what to try, and each act with its article."""
    for person in sorted(people, key=lambda each: (each["site"] == "", each["site"])):
        yield f"{person['name']}  [{person['id']}]  {person['duty'][language]}"
        if hint := person["try"][language]:
            yield f"    → {hint}"
        yield from (f"    {line}" for line in _may(person["may"][language], language))
    yield ""
    yield f"{_word('page', language)}: {url}"


def _may(powers: list[dict[str, str]] | None, language: Language) -> Iterator[str]:
    if powers is None:
        yield _word("unknown", language)
    elif not powers:
        yield _word("nothing", language)
    for power in powers or ():
        section = f" “{power['section']}”" if power["section"] else ""
        through = f" ← {power['through']}" if power["through"] else ""
        where = f"{_word('at', language)} {power['site']}"
        yield f"{power['act']}{section} {where} ({power['article']}){through}"


def _word(name: str, language: Language) -> str:
    return WORDS[name][language == "en"]


if __name__ == "__main__":
    sys.exit(main())
