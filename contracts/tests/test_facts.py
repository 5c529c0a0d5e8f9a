"""Facts as models and against their schemas."""

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.events import AgencyChangedV1, AgencyRegisteredV1, HeartbeatV1, SealedV1
from contracts.place import ROOT
from contracts.schemas import SchemaViolation, validate
from contracts.topics import UnknownFact


def example(name: str, kind: str):
    return orjson.loads((ROOT / "examples" / name / f"{kind}.json").read_bytes())


REGISTERED = example("directory.agency_registered.v1", "full")


def test_a_reader_keeps_what_it_does_not_know():
    fact = AgencyRegisteredV1.of({**REGISTERED, "seal_number": "12"})

    assert fact.data()["seal_number"] == "12"


def test_a_fact_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        AgencyRegisteredV1.of(REGISTERED).name_vi = "Sở khác"


def test_a_word_of_python_keeps_its_name_on_the_wire():
    data = example("log.sealed.v1", "full")

    seal = SealedV1.of(data)

    assert seal.from_ == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert seal.data() == data


def test_what_is_not_named_in_a_change_stays_unnamed():
    fact = AgencyChangedV1.of(example("directory.agency_changed.v1", "minimal"))

    assert fact.data()["changes"] == {"domain": "sct.langson.gov.vn"}


def test_a_moment_is_written_in_utc_with_milliseconds():
    hanoi = datetime(2026, 11, 23, 15, tzinfo=timezone(timedelta(hours=7)))

    beat = HeartbeatV1(service="directory", at=hanoi, number=1, every_seconds=60, incarnation=1)

    assert beat.data()["at"] == "2026-11-23T08:00:00.000Z"


def test_a_naive_moment_is_refused():
    with pytest.raises(ValidationError, match="timezone"):
        HeartbeatV1.of({**example("log.heartbeat.v1", "minimal"), "at": "2026-11-23T08:00:00"})


@pytest.mark.parametrize(
    ("change", "pointer", "rule"),
    [
        ({"agency_id": "HANAM"}, "/agency_id", "pattern"),
        ({"agency_id": "a" * 65}, "/agency_id", "maxLength"),
        ({"name_vi": ""}, "/name_vi", "minLength"),
        ({"name_vi": None}, "/name_vi", "type"),
        ({"kind": "ministry"}, "/kind", "enum"),
        ({"domain": "stnmt"}, "/domain", "pattern"),
        ({"domain": "-.gov.vn"}, "/domain", "format"),
        ({"valid_from": "2025-02-30"}, "/valid_from", "format"),
        ({"valid_from": "30/06/2025"}, "/valid_from", "format"),
        ({"identifier_code": "000.00.16.H09"}, "/identifier_code", "pattern"),
        ({"identifier_code": "H09." + ".".join(["ABCDEF"] * 5)}, "/identifier_code", "maxLength"),
        ({"identifier_code_old": "H09.16"}, "/identifier_code_old", "pattern"),
        ({"supplies": ["k5 đ"]}, "/supplies/0", "pattern"),
        ({"competence_keywords": ["đất", "đất"]}, "/competence_keywords", "uniqueItems"),
        ({"parent": 7}, "/parent", "type"),
    ],
)
def test_what_breaks_the_contract_is_named_by_field_and_rule(change, pointer, rule):
    with pytest.raises(SchemaViolation) as error:
        validate("directory.agency_registered", 1, {**REGISTERED, **change})

    assert (error.value.pointer, error.value.rule) == (pointer, rule)


def test_a_missing_field_is_named():
    data = {key: value for key, value in REGISTERED.items() if key != "site"}

    with pytest.raises(SchemaViolation) as error:
        validate("directory.agency_registered", 1, data)

    assert (error.value.pointer, error.value.rule) == ("/site", "required")


def test_what_we_say_ourselves_names_no_unknown_field():
    data = {**REGISTERED, "nane_vi": "Sở"}

    validate("directory.agency_registered", 1, data)
    with pytest.raises(SchemaViolation) as error:
        validate("directory.agency_registered", 1, data, closed=True)

    assert (error.value.pointer, error.value.rule) == ("/nane_vi", "additionalProperties")


def test_what_we_say_ourselves_is_closed_in_its_parts_too():
    data = example("directory.agency_changed.v1", "full")
    data["document"]["signed_by"] = "…"

    with pytest.raises(SchemaViolation) as error:
        validate("directory.agency_changed", 1, data, closed=True)

    assert error.value.pointer == "/document/signed_by"


def test_a_violation_does_not_repeat_the_value():
    with pytest.raises(SchemaViolation) as error:
        validate("directory.agency_registered", 1, {**REGISTERED, "note": {"cmnd": "123456789"}})

    assert "123456789" not in str(error.value)


def test_a_fact_without_schema_is_unknown():
    with pytest.raises(UnknownFact, match=r"directory.agency_registered.v2"):
        validate("directory.agency_registered", 2, REGISTERED)


@pytest.mark.parametrize(
    "number", ["1060/QĐ-UBND", "202/2025/QH15", "66.16/2026/NQ-CP", "80-NQ/TW"]
)
def test_document_numbers_of_every_form_fit(number):
    data = example("directory.agency_ended.v1", "minimal")

    validate("directory.agency_ended", 1, {**data, "document": {"number": number}}, closed=True)


def test_a_change_may_name_every_attribute_of_the_register_and_no_other():
    registered = orjson.loads(
        (ROOT / "events/directory.agency_registered.v1.schema.json").read_bytes()
    )["properties"]
    changes = orjson.loads((ROOT / "events/directory.agency_changed.v1.schema.json").read_bytes())[
        "$defs"
    ]["changes"]["properties"]
    fixed = {"agency_id", "site", "jurisdiction", "valid_from", "valid_to"}

    assert changes.keys() == registered.keys() - fixed
    for name, rules in changes.items():
        assert {k: v for k, v in registered[name].items() if k != "default"} == rules


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json_values = (
    scalars
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.text(max_size=5), scalars | st.lists(scalars, max_size=2), max_size=3)
)


@given(st.dictionaries(st.sampled_from([*REGISTERED, "other"]), json_values))
def test_any_json_is_judged_without_a_crash(data):
    try:
        validate("directory.agency_registered", 1, data)
    except SchemaViolation:
        return
    AgencyRegisteredV1.of(data)


@given(st.fixed_dictionaries({}, optional={key: st.just(REGISTERED[key]) for key in REGISTERED}))
def test_what_fits_the_schema_fits_the_model_and_back(data):
    try:
        validate("directory.agency_registered", 1, data, closed=True)
    except SchemaViolation:
        return
    again = AgencyRegisteredV1.of(data).data()
    validate("directory.agency_registered", 1, again, closed=True)
    assert {**again, **data} == again
