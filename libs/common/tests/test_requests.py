"""What operators ask for stands until it was done as it was last asked."""

from common.mongo import ANY, Put
from common.requests import request, served
from common.testing.mongo import MemoryDatabase


async def test_a_request_is_taken_away_when_it_was_served():
    database = MemoryDatabase()
    await database.write([request("wishes", "a", "first", {"how": "soon"})])
    (asked,) = await database.find("wishes", ANY)
    await served(database, "wishes", asked)

    assert (asked["_id"], asked["how"]) == ("a", "soon")
    assert await database.find("wishes", ANY) == []


async def test_who_served_an_earlier_request_slowly_takes_no_later_one_away():
    """Two serve the same request; between the ends of the one and the other it is asked again."""
    database = MemoryDatabase()
    await database.write([request("wishes", "a", "first", {})])
    (seen,) = await database.find("wishes", ANY)
    await served(database, "wishes", seen)
    await database.write([request("wishes", "a", "second", {})])
    await served(database, "wishes", seen)

    assert [each["asked"] for each in await database.find("wishes", ANY)] == ["second"]


async def test_a_request_of_an_earlier_release_is_served_and_taken_away():
    database = MemoryDatabase()
    await database.write([Put("wishes", "a", {"first": 1}), Put("wishes", "b", {"asked": True})])
    for asked in await database.find("wishes", ANY):
        await served(database, "wishes", asked)

    assert await database.find("wishes", ANY) == []
