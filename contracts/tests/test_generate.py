"""The generator: the same contracts give the same bytes, and every shape it knows becomes a model."""

import ast
import sys
from types import ModuleType

import pytest

from contracts import topics
from contracts.generate import api, event_map, files, models
from contracts.names import FactName
from contracts.place import BrokenContract
from contracts.schemas import read_schemas

NAME = FactName("thing.done", 1)
TOPICS = topics.parse(
    b"""
topics:
  thing.things:
    description: Things.
    owner: thing
    key: stream
    partitions: 1
    retention: forever
    producers: [thing]
    consumers: { other: [thing.done.v1] }
    facts:
      thing.done: { versions: [1], visibility: public }
      thing.kept: { versions: [1], visibility: private }
"""
)


def a_schema(properties, **more):
    return {
        "title": "Thing done",
        "description": "A thing was done.",
        "properties": {key: {"description": key, **rules} for key, rules in properties.items()},
        **more,
    }


def generated(schema) -> type:
    """The model of a schema, from the generator's own text."""
    module = ModuleType("generated_thing")
    sys.modules["generated_thing"] = module
    text = models.modules(TOPICS, {NAME: schema})["thing.py"]
    exec(text, vars(module))  # noqa: S102 — the generator's own text is what is tested
    return vars(module)["DoneV1"]


def annotations(schema) -> dict[str, str]:
    text = models.modules(TOPICS, {NAME: schema})["thing.py"]
    classes = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    fields = [node for node in classes[-1].body if isinstance(node, ast.AnnAssign)]
    stated = {ast.unparse(node.target): ast.unparse(node.annotation) for node in fields}
    return {name: text for name, text in stated.items() if "ClassVar" not in text}


def test_the_same_contracts_give_the_same_bytes(house):
    assert files(house.root) == files(house.root)


def test_the_order_of_schemas_does_not_matter(house):
    schemas = read_schemas(house.root)
    backwards = dict(reversed(schemas.items()))
    read = topics.read(house.root)

    assert models.modules(read, schemas) == models.modules(read, backwards)
    assert api.document(read, schemas) == api.document(read, backwards)
    assert event_map.page(read, schemas) == event_map.page(read, backwards)


def test_every_kind_of_field_becomes_its_type():
    schema = a_schema(
        {
            "text": {"type": "string"},
            "day": {"type": "string", "format": "date"},
            "at": {"type": "string", "format": "date-time"},
            "count": {"type": "integer"},
            "share": {"type": "number"},
            "open": {"type": "boolean"},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "names": {"type": "array", "items": {"type": "string"}},
            "part": {"$ref": "#/$defs/part"},
            "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}},
            "colour": {"$ref": "#/$defs/colour"},
        },
        required=["text", "day", "at", "count", "share", "open", "kind", "names"],
        **{
            "$defs": {
                "part": {"description": "Part.", "type": "object", "properties": {}},
                "colour": {"description": "Colour.", "type": "string", "enum": ["red"]},
            }
        },
    )

    assert annotations(schema) == {
        "text": "str",
        "day": "date",
        "at": "Moment",
        "count": "int",
        "share": "float",
        "open": "bool",
        "kind": "Literal['a', 'b']",
        "names": "tuple[str, ...]",
        "part": "DoneV1Part | None",
        "parts": "tuple[DoneV1Part, ...] | None",
        "colour": "Literal['red'] | None",
    }


def test_a_field_named_like_a_word_of_python_or_of_the_model_keeps_its_wire_name():
    model = generated(a_schema({"class": {"type": "string"}, "data": {"type": "string"}}))

    thing = model.of({"class": "a", "data": "b"})

    assert (thing.class_, thing.data_) == ("a", "b")
    assert thing.data() == {"class": "a", "data": "b"}


def test_an_absent_list_is_empty_only_where_the_schema_says_so():
    strings = {"type": "array", "items": {"type": "string"}}
    model = generated(a_schema({"named": {**strings, "default": []}, "other": strings}))

    assert model.of({}).named == ()
    assert model.of({}).other is None


@pytest.mark.parametrize("text", ['say """this"""', "a \\ b\\n", 'ends with "', '"starts'])
def test_any_description_stands_in_the_docstring_as_it_is(text):
    model = generated({**a_schema({"a": {"type": "string"}}), "description": text})

    assert text in model.__doc__


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (a_schema({"a": {"type": "object", "properties": {}}}), "use $defs for objects"),
        (a_schema({"a": {"type": ["string", "null"]}}), "no model for type"),
        (a_schema({"a": {"$ref": "#/$defs/none"}}), "#/$defs/none leads nowhere"),
        (
            a_schema({"a": {"type": "string", "default": "x"}}),
            "only an empty list can be a default",
        ),
    ],
)
def test_what_has_no_model_is_refused_with_its_place(schema, problem):
    with pytest.raises(BrokenContract) as error:
        models.modules(TOPICS, {NAME: schema})

    assert problem in str(error.value)
    assert "/properties/a" in str(error.value)


def test_two_facts_that_make_one_class_are_refused():
    schema = a_schema({"a": {"type": "string"}})

    with pytest.raises(BrokenContract, match=r"makes the same class as other\.done\.v1"):
        models.modules(TOPICS, {NAME: schema, FactName("other.done", 1): schema})


def test_a_schema_that_no_topic_carries_is_no_crash(house):
    topics_now = house.topics()
    del topics_now["topics"]["directory.agency"]["facts"]["directory.agency_ended"]
    house.put_topics(topics_now)

    with pytest.raises(BrokenContract, match="incomplete"):
        files(house.root)


def test_private_facts_are_not_in_the_asyncapi_document():
    schema = a_schema({"a": {"type": "string"}})

    text = api.document(TOPICS, {NAME: schema, FactName("thing.kept", 1): schema})

    assert "thing.done.v1" in text
    assert "thing.kept.v1" not in text


def test_the_event_map_names_who_hears_what():
    page = event_map.page(TOPICS, {NAME: a_schema({})})

    assert 'thing_things --> other("other")' in page
    assert "| [thing.done.v1](../contracts/events/thing.done.v1.schema.json) | public |" in page
