"""Lists that many ask for at once are looked up together, and show to nobody less than stood when they asked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from common.errors import Unavailable
from directory.queries.remembered import Listing


@dataclass
class Slow:
    """A projection of numbers whose looks take until they are let go."""

    documents: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    looks: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    go: asyncio.Event = field(default_factory=asyncio.Event)
    away: bool = False

    async def find(self, _: str, where: Mapping[str, Any], **asked: Any) -> list[dict[str, Any]]:
        if "$in" in str(where):
            ids = where["_id"]["$in"]
            return [each for each in self.documents if each["_id"] in ids]
        self.looks.append(where)
        seen = [each for each in self.documents if each["site"] == where["site"]]
        after = where.get("_id", {}).get("$gt", "")
        await self.go.wait()
        if self.away:
            raise Unavailable("database-unavailable")
        return [each for each in seen if each["_id"] > after][: asked["limit"]]

    async def generation(self) -> Any:
        return type("Generation", (), {"name": "g1"})()


def _of(number: int, site: str = "hanam") -> dict[str, Any]:
    return {"_id": f"a{number}", "site": site, "sequence": 1, "facts": [{"number": number}]}


def _listing(views: Slow) -> Listing[int]:
    def fold(facts: Any) -> int:
        return sum(fact["number"] for fact in facts)

    return Listing(views, "agencies", fold)  # pyright: ignore[reportArgumentType] - what it asks of views


async def _all(listing: Listing[int], site: str = "hanam", fetch: int = 10) -> Sequence[int]:
    return await listing.listed({"site": site}, lambda _: True, None, fetch)


async def test_who_asks_while_a_look_is_under_way_sees_what_came_since():
    views = Slow([_of(1)])
    listing = _listing(views)
    first = asyncio.create_task(_all(listing))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    views.documents.append(_of(2))

    later = [asyncio.create_task(_all(listing)) for _ in range(5)]
    await asyncio.sleep(0)
    views.go.set()

    assert await first == [1]
    assert await asyncio.gather(*later) == [[1, 2]] * 5
    assert len(views.looks) == 2


async def test_other_questions_are_looked_up_apart_and_do_not_wait():
    views = Slow([_of(1), _of(2, "langson")])
    listing = _listing(views)
    views.go.set()

    found = await asyncio.gather(_all(listing), _all(listing, "langson"), _all(listing, fetch=1))

    assert found == [[1], [2], [1]]
    assert len(views.looks) == 3


async def test_each_picks_what_fits_and_the_next_part_follows():
    views = Slow([_of(number) for number in range(1, 6)])
    listing = _listing(views)
    views.go.set()

    odd, even = await asyncio.gather(
        listing.listed({"site": "hanam"}, lambda each: each % 2 == 1, None, 2),
        listing.listed({"site": "hanam"}, lambda each: each % 2 == 0, None, 2),
    )

    assert (odd, even) == ([1, 3], [2, 4])


async def test_a_look_that_fails_fails_for_its_askers_only_and_nothing_is_kept():
    views = Slow([_of(1)], away=True)
    listing = _listing(views)
    views.go.set()

    with pytest.raises(Unavailable):
        await _all(listing)
    views.away = False

    assert await _all(listing) == [1]
    assert listing._looks == {}


async def test_who_goes_away_takes_nobody_along():
    views = Slow([_of(1)])
    listing = _listing(views)
    asking = [asyncio.create_task(_all(listing)) for _ in range(3)]
    await asyncio.sleep(0)

    asking[0].cancel()
    await asyncio.sleep(0)
    views.go.set()

    assert await asyncio.gather(*asking[1:]) == [[1]] * 2
    assert listing._looks == {}
