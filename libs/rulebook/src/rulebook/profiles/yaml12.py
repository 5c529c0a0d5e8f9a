"""YAML without its old surprises: `on`, `no` and `08:00` stay words; only true, false, null, whole numbers and dates are typed."""

import re
from pathlib import Path

import yaml


class ProfileLoader(yaml.CSafeLoader):
    """The safe loader in C with the resolvers of YAML 1.2's core schema, plus dates. A key twice is an error."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape


ProfileLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)
ProfileLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]
)
ProfileLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789")
)
ProfileLoader.add_implicit_resolver(
    "tag:yaml.org,2002:timestamp", re.compile(r"^\d{4}-\d\d-\d\d$"), list("0123456789")
)


def _mapping(loader: ProfileLoader, node: yaml.MappingNode) -> dict[object, object]:
    pairs = [(loader.construct_object(key, deep=True), loader.construct_object(value, deep=True)) for key, value in node.value]  # fmt: skip
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        raise yaml.constructor.ConstructorError(None, None, f"a key stands twice: {', '.join(twice)}", node.start_mark)  # fmt: skip
    return made


ProfileLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> object:
    """Raises yaml.YAMLError, UnicodeDecodeError."""
    return yaml.load(path.read_text(encoding="utf-8"), ProfileLoader)  # noqa: S506 - derived from the safe loader
