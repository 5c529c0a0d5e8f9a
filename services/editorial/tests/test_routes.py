"""The service over HTTP on the working fakes: journeys, refusals, lists, clocks."""

import pytest


@pytest.mark.parametrize("site", ["hanam", "binhduong", "langson", "khanhhoa"])
async def test_a_submission_goes_the_way_of_its_site_to_the_public(house, site):
    id = await house.submitted(site)

    seen = await house.through(id, site)

    assert seen["phase"] == "published"
    assert seen["published"]["revision"] == 1
    assert seen["check"]["same"] is True
    assert all(step["article"]["vi"] and step["quotation"] for step in seen["steps"])
