"""Upcasts: an old fact is lifted step by step, a new one is left alone, nothing is changed."""

from contracts.upcasts import upcast

OLD = {"name": "Sở Nội vụ", "until": "2025-06-30"}

TWO_STEPS = {
    ("directory.thing_done", 1): lambda data: {"name_vi": data["name"], "until": data["until"]},
    ("directory.thing_done", 2): lambda data: {
        "name_vi": data["name_vi"],
        "valid_to": "2025-07-01",
    },
}


def test_an_old_fact_climbs_every_step():
    version, data = upcast("directory.thing_done", 1, OLD, TWO_STEPS)

    assert (version, data) == (3, {"name_vi": "Sở Nội vụ", "valid_to": "2025-07-01"})
    assert OLD == {"name": "Sở Nội vụ", "until": "2025-06-30"}


def test_it_climbs_from_where_it_stands():
    assert upcast("directory.thing_done", 2, {"name_vi": "Sở"}, TWO_STEPS)[0] == 3


def test_the_newest_comes_back_as_it_is():
    assert upcast("directory.thing_done", 3, OLD, TWO_STEPS) == (3, OLD)
    assert upcast("directory.other_done", 1, OLD, TWO_STEPS) == (1, OLD)
