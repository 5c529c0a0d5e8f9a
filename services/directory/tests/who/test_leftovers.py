"""An end without heir leaves a list of what has no place any more, and what each thing needs."""

from datetime import date

import pytest

from directory.queries.pointing import Pointers

LAW = {"number": "203/2025/QH15"}
ENDS = "2027-07-01"


@pytest.fixture
async def district(empty):
    """A district agency with a site, an officer, a division below it: all point at it."""
    town = empty
    for id, more in (
        ("hanam.duytien", {"kind": "district_committee"}),
        ("hanam.duytien-vh", {"kind": "division", "parent": "hanam.duytien"}),
    ):
        await town.agency(id, "UBND thị xã Duy Tiên", **more)
    await town.agency("hanam.vpubnd", "Văn phòng UBND tỉnh Hà Nam", kind="office")
    await town.site("hanam")
    await town.site("hanam-duytien", agency="hanam.duytien", kind="district", parent="hanam")
    await town.person("an", agency="hanam.duytien")
    await town.position("an", "board_member", "hanam-duytien", position_id="an.1", agency="hanam.duytien")  # fmt: skip
    return town


def pointed(found):
    return {(each["kind"], each["id"], each["by"]) for each in found["items"]}


ALL = {
    ("site", "hanam-duytien", "agency"),
    ("person", "an", "agency"),
    ("position", "an.1", "agency"),
    ("agency", "hanam.duytien-vh", "parent"),
}


async def abolish(town, *heirs: str):
    act = {"kind": "abolition", "predecessors": ["hanam.duytien"], "successors": list(heirs)}
    await town.done("/successions", act | {"effective_on": ENDS, "document": LAW})


async def test_an_abolition_without_heir_lists_everything_that_still_points_there(district):
    await abolish(district)

    found = await district.seen_json("/leftovers/agency/hanam.duytien")

    assert pointed(found) == ALL
    assert (found["on"], found["ended"], found["heirs"], found["follows"]) == (
        ENDS,
        True,
        [],
        False,
    )
    assert found["complete"] is True
    assert {each["since"] for each in found["items"]} == {ENDS}


async def test_each_thing_says_what_it_needs_and_doing_it_takes_it_off_the_list(district):
    await abolish(district)
    before = await district.seen_json("/leftovers/agency/hanam.duytien")
    needs = {each["kind"]: each["need"] for each in before["items"]}
    new = {"valid_from": ENDS, "document": LAW}

    await district.done("/sites/hanam-duytien/changes", new | {"changes": {"agency": "hanam.duytien-vh"}})  # fmt: skip
    await district.done("/people/an/changes", new | {"changes": {"agency": "hanam.duytien-vh"}})
    await district.done("/people/an/positions/an.1/end", {"ends_on": ENDS, "document": LAW})
    await district.done("/agencies/hanam.duytien-vh/end", {"ends_on": ENDS, "document": LAW})
    after = await district.seen_json("/leftovers/agency/hanam.duytien")

    assert needs["position"]["acts"][1] == "POST /people/an/positions/an.1/end"
    assert needs["site"]["vi"].startswith("Giao trang cho cơ quan khác")
    assert after["items"] == []


async def test_before_an_end_is_decided_it_shows_what_the_end_would_leave(district):
    found = await district.seen_json("/leftovers/agency/hanam.duytien", on="2026-12-01")

    assert pointed(found) == ALL
    assert found["ended"] is False


async def test_with_one_heir_the_list_says_that_things_follow_and_empties_by_itself(district):
    await district.agency("hanam.ubnd", kind="provincial_committee")
    await abolish(district, "hanam.ubnd")

    first = await district.seen_json("/leftovers/agency/hanam.duytien")
    last = await district.until("/leftovers/agency/hanam.duytien", lambda found: not found["items"])

    assert (first["follows"], first["heirs"]) == (True, ["hanam.ubnd"])
    assert last["items"] == []


async def test_a_site_that_would_close_shows_who_and_what_works_there(district):
    found = await district.seen_json("/leftovers/site/hanam-duytien")
    above = await district.seen_json("/leftovers/site/hanam")

    assert pointed(found) == {("position", "an.1", "site")}
    assert pointed(above) == {("site", "hanam-duytien", "parent")}


async def test_nothing_is_left_out_because_there_is_much_of_it(district):
    """What followed long ago is passed over, page by page, until the end."""
    for number in range(5):
        await district.agency(f"hanam.phong-{number}", parent="hanam.duytien")
    moved = {"valid_from": "2027-01-01", "changes": {"parent": "hanam.duytien-vh"}}
    for number in range(4):
        await district.done(f"/agencies/hanam.phong-{number}/changes", moved)
    await district.seen_json("/agencies")
    views = district.apps[0].state.service.views("directory")

    pointers = Pointers(views, page=2)
    day = date(2027, 7, 1)
    found = [each.id async for each in pointers.at_agency("hanam.duytien", day) if each.kind == "agency"]  # fmt: skip

    assert found == ["hanam.duytien-vh", "hanam.phong-4"]


async def test_what_nobody_knows_leaves_nothing_and_a_token_of_another_site_reads_nothing(district):
    unknown = await district.get("/leftovers/agency/hanam.nobody")
    foreign = await district.get("/leftovers/agency/hanam.duytien", by="an@langson")
    stranger = await district.doors[0].get("/leftovers/agency/hanam.duytien")

    assert (unknown.status_code, foreign.status_code, stranger.status_code) == (404, 403, 401)
