"""The checks pass on the house as it is, and each finds the fault that is put before it."""

import shutil
import sys
from types import ModuleType

import pytest

from contracts.check import asyncapi, fresh, openapi, orphans, shape
from contracts.generate import MODELS, files

REGISTERED = "events/directory.agency_registered.v1.schema.json"
EXAMPLES = "examples/directory.agency_registered.v1"


def said(problems) -> str:
    return "\n".join(str(problem) for problem in problems)


@pytest.mark.parametrize("check", [asyncapi, fresh, openapi, orphans, shape])
def test_the_house_as_it_is_passes(house, check):
    assert check.problems(house.root) == []


# -- orphans ----------------------------------------------------------------------------------


def topic_without_facts(house):
    topics = house.topics()
    topics["topics"]["directory.castle"] = {**topics["topics"]["directory.log"], "facts": {}}
    house.put_topics(topics)


def schema_without_topic(house):
    shutil.copy(
        house.root / REGISTERED, house.root / "events/directory.castle_built.v1.schema.json"
    )


def topic_without_schema(house):
    house.remove(REGISTERED)


def example_without_schema(house):
    house.put_json("examples/directory.castle_built.v1/minimal.json", {})


def example_in_no_folder(house):
    house.put_json("examples/loose.json", {})


def schema_without_full_example(house):
    house.remove(f"{EXAMPLES}/full.json")


def example_that_breaks_its_schema(house):
    house.put_json(
        f"{EXAMPLES}/minimal.json", {**house.json(f"{EXAMPLES}/minimal.json"), "kind": "?"}
    )


def example_with_an_unknown_field(house):
    house.put_json(
        f"{EXAMPLES}/other.json", {**house.json(f"{EXAMPLES}/minimal.json"), "nmae": "?"}
    )


def example_without_a_field_of_its_model(house):
    schema = house.json(REGISTERED)
    schema["required"].remove("name_vi")
    house.put_json(REGISTERED, schema)
    minimal = house.json(f"{EXAMPLES}/minimal.json")
    del minimal["name_vi"]
    house.put_json(f"{EXAMPLES}/minimal.json", minimal)


def full_example_that_is_not_full(house):
    full = house.json(f"{EXAMPLES}/full.json")
    del full["note"]
    house.put_json(f"{EXAMPLES}/full.json", full)


def minimal_example_that_is_not_minimal(house):
    minimal = house.json(f"{EXAMPLES}/minimal.json")
    house.put_json(f"{EXAMPLES}/minimal.json", {**minimal, "note": "…"})


def example_that_is_no_json(house):
    (house.root / EXAMPLES / "full.json").write_text("{")


def schema_with_another_name(house):
    (house.root / REGISTERED).rename(house.root / "events/agency.schema.json")


def agency(change):
    def spoil(house):
        topics = house.topics()
        change(topics["topics"]["directory.agency"])
        house.put_topics(topics)

    return spoil


def log_of_portal(change):
    def spoil(house):
        house.add_second_log()
        topics = house.topics()
        change(topics["topics"]["portal.log"])
        house.put_topics(topics)

    return spoil


ORPHANS = [
    (topic_without_facts, "directory.castle: carries no fact"),
    (schema_without_topic, "directory.castle_built.v1.schema.json: no topic carries it"),
    (topic_without_schema, "directory.agency_registered.v1 has no schema"),
    (example_without_schema, "directory.castle_built.v1/minimal.json: belongs to no schema"),
    (example_in_no_folder, "examples/loose.json: belongs to no schema"),
    (schema_without_full_example, "agency_registered.v1: has no full.json"),
    (example_that_breaks_its_schema, "minimal.json: does not fit: directory.agency_registered.v1"),
    (
        example_with_an_unknown_field,
        "other.json: does not fit: directory.agency_registered.v1 /nmae",
    ),
    (example_without_a_field_of_its_model, "1 validation error for AgencyRegisteredV1"),
    (full_example_that_is_not_full, "full.json: lacks note"),
    (minimal_example_that_is_not_minimal, "minimal.json: need not have note"),
    (example_that_is_no_json, "full.json: unexpected end of data"),
    (schema_with_another_name, "agency.schema.json: 'agency' is not a fact name"),
    (
        agency(lambda t: t["facts"]["directory.agency_ended"].update(versions=[1, 3])),
        "directory.agency_ended must count its versions 1, 2, 3 …, not [1, 3]",
    ),
    (
        agency(lambda t: t["facts"]["directory.agency_ended"].update(versions=[1, 2])),
        "portal hears directory.agency_ended.v1, but v2 is sent",
    ),
    (
        agency(lambda t: t["facts"]["directory.agency_ended"].update(visibility="private")),
        "portal hears directory.agency_ended.v1, which is private",
    ),
    (
        agency(lambda t: t["consumers"]["portal"].append("directory.castle_built.v1")),
        "portal hears directory.castle_built.v1, which is not sent",
    ),
    (
        agency(lambda t: t["consumers"]["portal"].append("directory.agency_ended.v1")),
        "portal hears something twice",
    ),
    (agency(lambda t: t.update(producers=["portal"])), "only its owner directory may produce"),
    (agency(lambda t: t.update(owner="portal")), "must be named after its owner portal"),
    (
        agency(
            lambda t: t["facts"].update({"portal.x": {"versions": [1], "visibility": "public"}})
        ),
        "portal.x must be named after the owner directory",
    ),
    (
        log_of_portal(lambda t: t["facts"]["log.sealed"].update(visibility="internal")),
        "log.sealed is another one than on directory.log",
    ),
]


@pytest.mark.parametrize(("spoil", "problem"), ORPHANS, ids=[p for _, p in ORPHANS])
def test_what_has_no_counterpart_is_found(house, spoil, problem):
    spoil(house)

    assert problem in said(orphans.problems(house.root))


# -- upcasts: a second version in a catalogue of the test's own --------------------------------


def second_version(house):
    """`directory.agency_ended.v2`, whose `ends_on` has become `valid_to`."""
    topics = house.topics()
    agency = topics["topics"]["directory.agency"]
    agency["facts"]["directory.agency_ended"]["versions"] = [1, 2]
    agency["consumers"]["portal"].remove("directory.agency_ended.v1")
    agency["consumers"]["portal"].append("directory.agency_ended.v2")
    house.put_topics(topics)
    schema = house.json("events/directory.agency_ended.v1.schema.json")
    schema["$id"] = "urn:nhipcau:event:directory.agency_ended.v2"
    schema["properties"]["valid_to"] = schema["properties"].pop("ends_on")
    schema["required"] = ["agency_id", "site", "valid_to"]
    house.put_json("events/directory.agency_ended.v2.schema.json", schema)
    for kind in ("minimal", "full"):
        old = house.json(f"examples/directory.agency_ended.v1/{kind}.json")
        house.put_json(f"examples/directory.agency_ended.v2/{kind}.json", lift(old))
    old = house.json("examples/directory.agency_ended.v1/minimal.json")
    shown = {"from": old, "to": lift(old)}
    house.put_json("examples/directory.agency_ended.v2/upcast.json", shown)


def lift(data):
    return {("valid_to" if key == "ends_on" else key): value for key, value in data.items()}


STEPS = {("directory.agency_ended", 1): lift}


def models(house):
    """The models the house would generate, loaded apart from the installed ones."""
    module = ModuleType("generated")
    sys.modules["generated"] = module
    exec(files(house.root)[MODELS / "directory.py"], vars(module))  # noqa: S102 — our own text
    return lambda name: next(
        model
        for model in vars(module).values()
        if isinstance(model, type) and hasattr(model, "TYPE") and str(model.name()) == name
    )


def test_a_second_version_with_its_upcast_passes(agencies):
    second_version(agencies)

    assert orphans.problems(agencies.root, steps=STEPS, models=models(agencies)) == []


def test_a_second_version_without_upcast_is_found(house):
    second_version(house)

    assert "no upcast lifts directory.agency_ended.v1" in said(orphans.problems(house.root))


def test_an_upcast_without_example_is_found(house):
    second_version(house)
    house.remove("examples/directory.agency_ended.v2/upcast.json")

    assert "v2/upcast.json: is missing" in said(orphans.problems(house.root, steps=STEPS))


def test_an_upcast_that_does_not_do_what_its_example_shows_is_found(house):
    second_version(house)
    steps = {("directory.agency_ended", 1): lambda data: {**lift(data), "reason": "?"}}

    assert "`from` is not lifted to `to`" in said(orphans.problems(house.root, steps=steps))


def test_an_upcast_that_breaks_the_new_schema_is_found(house):
    second_version(house)
    steps = {("directory.agency_ended", 1): dict}

    found = said(orphans.problems(house.root, steps=steps))

    assert "does not fit when lifted: directory.agency_ended.v2 /" in found


def test_an_upcast_to_no_version_is_found(house):
    steps = {("directory.agency_ended", 1): lift}

    found = said(orphans.problems(house.root, steps=steps))

    assert "directory.agency_ended v1 is lifted to a version without schema" in found


# -- shape ------------------------------------------------------------------------------------


SHAPES = [
    (
        lambda s: s.update({"$id": "x"}),
        "$id must be urn:nhipcau:event:directory.agency_registered.v1",
    ),
    (lambda s: s.update({"$schema": "x"}), "$schema must be https://json-schema.org/draft/2020-12"),
    (lambda s: s.pop("title"), "has no title"),
    (lambda s: s.pop("description"), "# has no description"),
    (
        lambda s: s["properties"]["note"].pop("maxLength"),
        "note is of type string without maxLength",
    ),
    (lambda s: s["properties"]["note"].pop("description"), "note has no description"),
    (
        lambda s: s["properties"]["note"].update(type=["string", "null"]),
        "note must say one type of",
    ),
    (
        lambda s: s["properties"]["supplies"].pop("maxItems"),
        "supplies is of type array without maxItems",
    ),
    (
        lambda s: s["properties"]["supplies"]["items"].pop("maxLength"),
        "supplies/items is of type string without maxLength",
    ),
    (lambda s: s.update(additionalProperties=False), "must stay open"),
    (lambda s: s["required"].append("seal"), "requires seal, which it does not describe"),
]


@pytest.mark.parametrize(("change", "problem"), SHAPES, ids=[p for _, p in SHAPES])
def test_a_badly_written_schema_is_found(house, change, problem):
    schema = house.json(REGISTERED)
    change(schema)
    house.put_json(REGISTERED, schema)

    assert problem in said(shape.problems(house.root))


# -- freshness --------------------------------------------------------------------------------


def test_a_changed_schema_makes_its_models_and_documents_stale(house):
    schema = house.json(REGISTERED)
    schema["title"] = "Another title"
    house.put_json(REGISTERED, schema)

    found = said(fresh.problems(house.root))

    assert "contracts/src/contracts/events/directory.py: is stale" in found
    assert "docs/event-map.md: is stale" in found
    assert "contracts/api/asyncapi.json: is stale" in found


def test_a_generated_file_edited_by_hand_is_found(house):
    with (house.repository / MODELS / "log.py").open("a") as file:
        file.write("\n")

    assert "events/log.py: is stale: run `make contracts`" in said(fresh.problems(house.root))


def test_a_generated_file_that_is_gone_is_found(house):
    (house.repository / "docs/event-map.md").unlink()

    assert "docs/event-map.md: is stale" in said(fresh.problems(house.root))


def test_a_file_that_nothing_generates_is_found(house):
    (house.repository / MODELS / "nobody.py").write_text("")

    assert "events/nobody.py: is generated by nothing" in said(fresh.problems(house.root))


# -- AsyncAPI ---------------------------------------------------------------------------------


ASYNCAPI = [
    (lambda d: d.update(asyncapi="2.6.0"), "/asyncapi: "),
    (lambda d: d.pop("info"), '"info" is a required property'),
    (
        lambda d: d["channels"]["directory.agency"].update(adress="x"),
        "/channels/directory.agency: ",
    ),
    (
        lambda d: d["operations"]["directory.sends.directory.log"].update(action="tell"),
        "/operations/directory.sends.directory.log: ",
    ),
    (lambda d: d["components"]["messages"].pop("log.sealed.v1"), "log.sealed.v1 leads nowhere"),
    (
        lambda d: d["components"]["messages"]["log.sealed.v1"]["payload"]["schema"].update(
            {"$ref": "../events/log.closed.v1.schema.json"}
        ),
        "../events/log.closed.v1.schema.json leads nowhere",
    ),
]


@pytest.mark.parametrize(("change", "problem"), ASYNCAPI, ids=[p for _, p in ASYNCAPI])
def test_an_asyncapi_document_that_breaks_the_standard_is_found(house, change, problem):
    document = house.json("api/asyncapi.json")
    change(document)
    house.put_json("api/asyncapi.json", document)

    assert problem in said(asyncapi.problems(house.root))


def test_a_missing_asyncapi_document_is_found(house):
    house.remove("api/asyncapi.json")

    assert "No such file" in said(asyncapi.problems(house.root))


# -- OpenAPI ----------------------------------------------------------------------------------


def an_operation(name="agencies"):
    answer = {"schema": {"$ref": "#/components/schemas/Page"}}
    return {
        "operationId": name,
        "summary": "Agencies",
        "responses": {"200": {"content": {"application/json": answer}}},
    }


def an_api():
    return {
        "openapi": "3.1.0",
        "paths": {"/agencies": {"get": an_operation(), "post": an_operation("register")}},
        "components": {"schemas": {"Page": {"type": "object"}}},
    }


OPENAPI = [
    (lambda d: d.update(openapi="3.0.3"), "must say openapi 3.1"),
    (
        lambda d: d["paths"]["/agencies"]["get"].pop("operationId"),
        "GET /agencies has no operationId",
    ),
    (lambda d: d["paths"]["/agencies"]["get"].pop("summary"), "GET /agencies has no summary"),
    (
        lambda d: d["paths"]["/agencies"]["get"].update(operationId="register"),
        "operationId register stands 2 times",
    ),
    (lambda d: d["components"]["schemas"].pop("Page"), "#/components/schemas/Page leads nowhere"),
    (lambda d: d["paths"]["/agencies"]["get"].update(responses={"404": {}}), "never succeeds"),
]


def test_a_complete_openapi_document_passes(house):
    house.put_json("api/directory.openapi.json", an_api())

    assert openapi.problems(house.root) == []


@pytest.mark.parametrize(("change", "problem"), OPENAPI, ids=[p for _, p in OPENAPI])
def test_an_incomplete_openapi_document_is_found(house, change, problem):
    document = an_api()
    change(document)
    house.put_json("api/directory.openapi.json", document)

    assert problem in said(openapi.problems(house.root))


def test_an_openapi_document_that_is_no_json_is_found(house):
    (house.root / "api/directory.openapi.json").write_text("{")

    assert "api/directory.openapi.json: " in said(openapi.problems(house.root))
