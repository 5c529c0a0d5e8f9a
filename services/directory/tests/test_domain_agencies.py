"""What may be decided about agencies: values in, facts or a refusal out."""

from datetime import date
from typing import Any

import pytest

from common.errors import DomainError
from contracts.events.directory import (
    AgencyChangedV1,
    AgencyEndedV1,
    AgencyRegisteredV1,
    AgencySucceededV1,
)
from directory.domain import agencies as domain
from rulebook.agency import NOBODY, Agency, evolve, folded

REFORM = date(2025, 7, 1)


def registered(id: str = "hanam.snv", **changes: Any) -> AgencyRegisteredV1:
    values = {
        "agency_id": id,
        "site": "hanam",
        "jurisdiction": "hanam",
        "name_vi": "Sở Nội vụ",
        "kind": "department",
        "valid_from": "2019-08-15",
    }
    return AgencyRegisteredV1.model_validate(values | changes)


def changed(**changes: Any) -> AgencyChangedV1:
    values = {"agency_id": "hanam.snv", "site": "hanam", "valid_from": "2021-01-01", "changes": {}}
    return AgencyChangedV1.model_validate(values | changes)


def ended(on: str = "2025-07-01") -> AgencyEndedV1:
    return AgencyEndedV1.model_validate({"agency_id": "hanam.snv", "site": "hanam", "ends_on": on})


def succeeded(kind: str, before: list[str], after: list[str], on: str = "2025-07-01"):
    return AgencySucceededV1.model_validate(
        {
            "site": "hanam",
            "kind": kind,
            "predecessors": before,
            "successors": after,
            "effective_on": on,
        }
    )


def an_agency(id: str = "hanam.snv", **changes: Any) -> Agency:
    return evolve(NOBODY, registered(id, **changes))


def test_a_new_agency_is_registered_as_it_was_told():
    fact = registered()

    assert domain.register(NOBODY, fact) == (fact,)


def test_an_agency_has_other_values_from_a_day_on_and_the_old_ones_before():
    agency = an_agency()
    fact = changed(changes={"name_vi": "Sở Nội vụ và Lao động"}, valid_from="2025-03-01")

    (said,) = domain.change(agency, fact)
    later = evolve(agency, said)

    assert (later.as_of(date(2025, 2, 28)) or {})["name_vi"] == "Sở Nội vụ"
    assert (later.as_of(date(2025, 3, 1)) or {})["name_vi"] == "Sở Nội vụ và Lao động"


def test_a_change_for_a_while_gives_way_to_what_was_before():
    fact = changed(changes={"note": "tạm"}, valid_from="2021-01-01", valid_to="2022-01-01")
    agency = folded([registered(note="gốc"), fact])

    notes = [(agency.as_of(date(year, 6, 1)) or {})["note"] for year in (2020, 2021, 2022)]

    assert notes == ["gốc", "tạm", "gốc"]


def test_of_two_changes_on_one_day_the_later_recorded_holds():
    agency = folded(
        [
            registered(),
            changed(changes={"name_vi": "A"}, valid_from="2023-01-01"),
            changed(changes={"name_vi": "B"}, valid_from="2022-01-01"),
        ]
    )

    assert (agency.as_of(date(2023, 6, 1)) or {})["name_vi"] == "B"


def test_a_cleared_attribute_is_gone():
    agency = folded([registered(domain="snv.hanam.gov.vn"), changed(cleared=("domain",))])

    assert "domain" in (agency.as_of(date(2020, 1, 1)) or {})
    assert "domain" not in (agency.as_of(date(2021, 1, 1)) or {})


def test_what_changes_nothing_says_nothing():
    agency = an_agency()

    assert domain.change(agency, changed(changes={"name_vi": "Sở Nội vụ"})) == ()
    assert domain.end(evolve(agency, ended()), ended()) == ()


def test_an_agency_exists_until_the_day_before_its_end():
    agency = evolve(an_agency(), ended())

    assert agency.exists_on(date(2025, 6, 30))
    assert not agency.exists_on(REFORM)
    assert agency.as_of(REFORM) is None
    assert agency.as_of(date(2019, 8, 14)) is None


def test_a_merger_ends_its_open_predecessors_and_is_told_in_every_stream():
    fact = succeeded("merge", ["a.x", "b.x"], ["c.x"])
    a, b, c = an_agency("a.x"), an_agency("b.x", valid_to="2025-07-01"), an_agency("c.x")

    of_a, of_b, of_c = domain.succeed(fact, [a, b], [c])

    assert [said.TYPE for said in of_a] == ["directory.agency_ended", "directory.agency_succeeded"]
    assert of_b == (fact,)
    assert of_c == (fact,)
    followed = folded([registered("a.x"), *of_a]).followed
    assert followed is not None
    assert followed.successors == ("c.x",)


def test_along_successions_the_ends_grow_so_that_no_circle_comes_about():
    a = folded([registered("a.x"), *_handed("a.x", "b.x", "2025-07-01")])
    b = an_agency("b.x")

    with pytest.raises(DomainError) as refusal:
        domain.succeed(succeeded("merge", ["b.x"], ["a.x"], "2026-01-01"), [b], [a])

    assert refusal.value.code == "successor-ends-first"


def _handed(before: str, after: str, on: str):
    fact = succeeded("merge", [before], [after], on)
    return domain.succeed(fact, [an_agency(before)], [an_agency(after)])[0]


@pytest.mark.parametrize(
    ("decide", "code"),
    [
        pytest.param(
            lambda: domain.register(an_agency(), registered()), "agency-exists", id="id in use"
        ),
        pytest.param(
            lambda: domain.register(NOBODY, registered(valid_to="2019-08-15")),
            "invalid-request",
            id="no days",
        ),
        pytest.param(
            lambda: domain.register(NOBODY, registered(parent="hanam.snv")),
            "invalid-request",
            id="own parent",
        ),
        pytest.param(lambda: domain.change(NOBODY, changed()), "agency-unknown", id="unknown"),
        pytest.param(
            lambda: domain.change(an_agency(), changed()), "invalid-request", id="nothing named"
        ),
        pytest.param(
            lambda: domain.change(
                an_agency(), changed(valid_from="2018-01-01", changes={"note": "x"})
            ),
            "outside-its-days",
            id="before it began",
        ),
        pytest.param(
            lambda: domain.change(
                folded(
                    [
                        registered(),
                        changed(
                            changes={"note": "x"}, valid_from="2021-01-01", valid_to="2022-01-01"
                        ),
                    ]
                ),
                changed(changes={"note": "y"}, valid_from="2021-06-01", valid_to="2021-07-01"),
            ),
            "overlapping-validity",
            id="two values for one day",
        ),
        pytest.param(
            lambda: domain.end(an_agency(), ended("2019-08-15")),
            "invalid-request",
            id="ends at once",
        ),
        pytest.param(
            lambda: domain.end(evolve(an_agency(), ended()), ended("2026-01-01")),
            "already-ended",
            id="ends twice",
        ),
        pytest.param(
            lambda: domain.succeed(
                succeeded("rename", ["a.x"], ["a.x"]), [an_agency("a.x")], [an_agency("a.x")]
            ),
            "invalid-request",
            id="itself",
        ),
        pytest.param(
            lambda: domain.succeed(
                succeeded("split", ["a.x"], ["b.x"]), [an_agency("a.x")], [an_agency("b.x")]
            ),
            "invalid-request",
            id="split into one",
        ),
        pytest.param(
            lambda: domain.succeed(
                succeeded("merge", ["a.x"], ["b.x"]), [an_agency("a.x")], [NOBODY]
            ),
            "agency-unknown",
            id="dangling successor",
        ),
        pytest.param(
            lambda: domain.succeed(
                succeeded("merge", ["a.x"], ["b.x"]),
                [an_agency("a.x", valid_to="2025-03-01")],
                [an_agency("b.x")],
            ),
            "ends-on-another-day",
            id="ended earlier",
        ),
        pytest.param(
            lambda: domain.succeed(
                succeeded("abolition", ["hanam.snv"], []),
                [folded([registered(), *_handed("hanam.snv", "b.x", "2025-07-01")])],
                [],
            ),
            "already-succeeded",
            id="handed over twice",
        ),
        pytest.param(
            lambda: domain.succeed(
                succeeded("merge", ["a.x"], ["b.x"], "2019-01-01"),
                [an_agency("a.x")],
                [an_agency("b.x")],
            ),
            "not-yet-there",
            id="handed over before it began",
        ),
    ],
)
def test_it_is_refused(decide: Any, code: str):
    with pytest.raises(DomainError) as refusal:
        decide()

    assert refusal.value.code == code
