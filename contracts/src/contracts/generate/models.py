"""Frozen pydantic models from the schemas: one class per fact and version, one module per owner."""

import keyword
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any, cast

from contracts.names import FactName
from contracts.place import BrokenContract
from contracts.schemas import Schema
from contracts.topics import Topics

DO_NOT_EDIT = "Made by `make contracts` from contracts/events; do not edit."
WIDTH = 100
LITERAL_LINE = 70
DEFINITIONS = "#/$defs/"

_SIMPLE = {"integer": "int", "number": "float", "boolean": "bool"}
_FORMATS = {"date": "date", "date-time": "Moment"}
_TAKEN = frozenset(
    {"copy", "data", "dict", "json", "name", "of", "schema", "topic_for", "validate"}
)


def modules(topics: Topics, schemas: Mapping[FactName, Schema]) -> dict[str, str]:
    """File name → Python text of the package `contracts.events`."""
    by_owner: dict[str, list[FactName]] = defaultdict(list)
    _refuse_twins(sorted(schemas))
    for name in sorted(schemas):
        by_owner[name.type.partition(".")[0]].append(name)
    made = {
        f"{owner}.py": _module(owner, [(name, schemas[name]) for name in names], topics)
        for owner, names in by_owner.items()
    }
    made["__init__.py"] = _package(by_owner)
    made["topics.py"] = _topic_constants(topics)
    return made


def class_name(name: FactName) -> str:
    """`directory.agency_registered.v1` → `AgencyRegisteredV1`."""
    return f"{_camel(name.type.partition('.')[2])}V{name.version}"


def _refuse_twins(names: list[FactName]) -> None:
    seen: dict[str, FactName] = {}
    for name in names:
        other = seen.setdefault(class_name(name), name)
        if other != name:
            raise BrokenContract(name.schema_file, f"makes the same class as {other}")


def topic_text(topics: Topics, fact_type: str) -> str:
    """The fact's topic; `{service}` stands for the owner in what every log carries, `log.*`."""
    first, *others = topics.carrying(fact_type)
    if not fact_type.startswith("log."):
        if others:
            raise BrokenContract("topics.yaml", f"{fact_type} is carried by more than one topic")
        return first.name
    forms = {topic.name.replace(topic.owner, "{service}", 1) for topic in (first, *others)}
    if len(forms) > 1:
        raise BrokenContract("topics.yaml", f"{fact_type} is carried by topics of different names")
    return forms.pop()


@dataclass(slots=True)
class _Writer:
    """One fact's classes as they are found, and the names they need imported."""

    prefix: str
    schema: Schema
    classes: list[str] = field(default_factory=list[str])
    needs: set[str] = field(default_factory=set[str])

    def annotation(self, schema: Schema, pointer: str) -> str:
        """The Python type of a subschema; an object gets a class of its own."""
        if "$ref" in schema:
            return self.referred(str(schema["$ref"]), pointer)
        if "enum" in schema:
            self.needs.add("Literal")
            return _literal([_quoted(value) for value in schema["enum"]])
        match schema.get("type"):
            case "string":
                kind = _FORMATS.get(schema.get("format", ""), "str")
                self.needs.add(kind)
                return kind
            case "array":
                return f"tuple[{self.annotation(schema['items'], f'{pointer}/items')}, ...]"
            case "integer" | "number" | "boolean" as simple:
                return _SIMPLE[simple]
            case other:
                raise BrokenContract(
                    f"{self.prefix}",
                    f"{pointer}: no model for type {other!r}; use $defs for objects",
                )

    def referred(self, reference: str, pointer: str) -> str:
        definition = reference.removeprefix(DEFINITIONS)
        part = _defined(self.schema, reference, pointer)
        if part.get("type") == "object":
            return self.nested(definition)
        return self.annotation(part, reference)

    def nested(self, definition: str) -> str:
        name = self.prefix + _camel(definition)
        if not any(text.startswith(f"class {name}(") for text in self.classes):
            self.needs.add("Value")
            body = self.schema["$defs"][definition]
            text = "\n".join([f"class {name}(Value):", *self.body(body, f"/$defs/{definition}")])
            self.classes.append(text)
        return name

    def body(self, schema: Schema, pointer: str) -> Iterator[str]:
        yield from _docstring(schema, self.schema)
        required = frozenset(cast("list[str]", schema.get("required", [])))
        properties = cast("dict[str, Schema]", schema["properties"])
        if properties:
            yield ""
        for wire in sorted(properties, key=lambda key: key not in required):
            yield from self.member(
                wire, properties[wire], f"{pointer}/properties/{wire}", required=wire in required
            )

    def member(self, wire: str, schema: Schema, pointer: str, *, required: bool) -> Iterator[str]:
        annotation = self.annotation(schema, pointer)
        default = "" if required else "None"
        if schema.get("default", []) != []:
            raise BrokenContract(self.prefix, f"{pointer}: only an empty list can be a default")
        if not required and "default" in schema:
            default = "()"
        elif not required:
            annotation = f"{annotation} | None"
        name = _python_name(wire)
        if name != wire:
            self.needs.add("Field")
            default = f'Field({f"{default}, " if default else ""}alias="{wire}")'
        yield f"    {name}: {annotation}" + (f" = {default}" if default else "")


def _module(owner: str, facts: list[tuple[FactName, Schema]], topics: Topics) -> str:
    classes: list[str] = []
    needs: set[str] = set()
    for name, schema in facts:
        writer = _Writer(class_name(name), schema)
        body = "\n".join(writer.body(schema, ""))
        classes += [*writer.classes, _fact_class(name, body, topics)]
        needs |= writer.needs
    head = [f'"""Facts of `{owner}.*`. {DO_NOT_EDIT}"""', "", *_imports(needs)]
    return "\n".join(head) + "\n\n\n" + "\n\n\n".join(classes) + "\n"


def _fact_class(name: FactName, body: str, topics: Topics) -> str:
    docstring, _, members = body.partition('"""\n\n')
    constants = [
        f'TYPE: ClassVar[str] = "{name.type}"',
        f"VERSION: ClassVar[int] = {name.version}",
        f'TOPIC: ClassVar[str] = "{topic_text(topics, name.type)}"',
        f'VISIBILITY: ClassVar[str] = "{topics.visibility(name.type)}"',
    ]
    stated = "\n".join(f"    {line}" for line in constants)
    return f'class {class_name(name)}(Fact):\n{docstring}"""\n\n{stated}\n\n{members}'


def _imports(needs: set[str]) -> Iterator[str]:
    if "date" in needs:
        yield "from datetime import date"
    typing = sorted({"ClassVar"} | needs & {"Literal"})
    yield f"from typing import {', '.join(typing)}"
    yield ""
    if "Field" in needs:
        yield "from pydantic import Field"
        yield ""
    facts = sorted({"Fact"} | needs & {"Moment", "Value"})
    yield f"from contracts.fact import {', '.join(facts)}"


def _docstring(schema: Schema, whole: Schema) -> Iterator[str]:
    title, description = schema.get("title"), str(schema["description"])
    paragraphs = [f"{title}.", description] if title else [description]
    members = [
        f"{_python_name(wire)}: {_described(whole, part, wire)['description']}"
        for wire, part in cast("dict[str, Schema]", schema["properties"]).items()
    ]
    yield from _wrapped('"""' + _escaped(paragraphs[0]), "    ")
    for paragraph in paragraphs[1:]:
        yield ""
        yield from _wrapped(_escaped(paragraph), "    ")
    if members:
        yield ""
    for member in members:
        yield from _wrapped(_escaped(member), "    ", "        ")
    yield '    """'


def _described(whole: Schema, part: Schema, wire: str) -> Schema:
    return _defined(whole, part["$ref"], f"/properties/{wire}") if "$ref" in part else part


def _defined(whole: Schema, reference: str, pointer: str) -> Schema:
    part = whole.get("$defs", {}).get(reference.removeprefix(DEFINITIONS))
    if part is None:
        raise BrokenContract(
            str(whole.get("$id", "schema")), f"{pointer}: {reference} leads nowhere"
        )
    return part


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('""', '\\"\\"')


def _wrapped(text: str, indent: str, rest: str | None = None) -> list[str]:
    wrapped = fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped.splitlines()


def _package(by_owner: Mapping[str, list[FactName]]) -> str:
    names = sorted(name for owned in by_owner.values() for name in owned)
    lines = [f'"""Every fact as a frozen model. {DO_NOT_EDIT}"""', ""]
    for owner, owned in sorted(by_owner.items()):
        lines.append(f"from contracts.events.{owner} import (")
        lines += [f"    {text}," for text in sorted(class_name(name) for name in owned)]
        lines.append(")")
    lines += ["from contracts.fact import Fact", "from contracts.names import FactName", ""]
    lines.append("FACTS: dict[tuple[str, int], type[Fact]] = {")
    lines += [f'    ("{name.type}", {name.version}): {class_name(name)},' for name in names]
    lines += ["}", '"""Every fact model by type and version."""', "", "", _MODEL_OF, "", ""]
    lines.append("__all__ = [")
    exported = sorted(["FACTS", "model_of", *(class_name(name) for name in names)])
    lines += [f'    "{text}",' for text in exported]
    lines.append("]")
    return "\n".join(lines) + "\n"


_MODEL_OF = '''def model_of(name: str) -> type[Fact]:
    """The model of `directory.agency_registered.v1`; ValueError for no name, KeyError if unknown."""
    parsed = FactName.parse(name)
    return FACTS[parsed.type, parsed.version]'''


def _topic_constants(topics: Topics) -> str:
    lines = [f'"""Names of the topics. {DO_NOT_EDIT}"""', "", "from typing import Final", ""]
    for topic in topics.all:
        lines.append(f'{topic.name.upper().replace(".", "_")}: Final = "{topic.name}"')
        lines += _wrapped(f'"""{_escaped(topic.description)}"""', "")
    return "\n".join(lines) + "\n"


def _python_name(wire: str) -> str:
    return f"{wire}_" if keyword.iskeyword(wire) or wire in _TAKEN else wire


def _camel(words: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words.split("_"))


def _literal(values: list[str]) -> str:
    line = f"Literal[{', '.join(values)}]"
    if len(line) <= LITERAL_LINE:
        return line
    return "\n".join(["Literal[", *(f"        {value}," for value in values), "    ]"])


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
