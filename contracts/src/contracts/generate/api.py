"""contracts/api/asyncapi.json: the topics and facts as an AsyncAPI 3.0 document."""

import json
from collections.abc import Mapping
from typing import Any

from contracts.names import FactName
from contracts.schemas import Schema
from contracts.topics import Topic, Topics, Visibility

JSON_SCHEMA = "application/schema+json;version=draft-2020-12"
JSON = "application/json"


def document(topics: Topics, schemas: Mapping[FactName, Schema]) -> str:
    """The document as JSON text; private facts stay out, because they never leave the log."""
    shown = [topic for topic in topics.all if _shown(topic)]
    whole = {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": JSON,
        "channels": {topic.name: _channel(topic) for topic in shown},
        "operations": _operations(shown),
        "components": {
            "messages": {
                str(name): _message(name, schemas[name])
                for topic in shown
                for name in _shown(topic)
                if name in schemas
            },
            "messageTraits": {
                "fact": {"headers": {"schemaFormat": JSON_SCHEMA, "schema": HEADERS}}
            },
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _shown(topic: Topic) -> list[FactName]:
    public = [f for f in topic.facts.values() if f.visibility is not Visibility.PRIVATE]
    return [name for fact in public for name in fact.names]


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": topic.description,
        "messages": {
            str(name): {"$ref": f"#/components/messages/{name}"} for name in _shown(topic)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": topic.retention_ms,
                },
                "bindingVersion": "0.5.0",
            }
        },
        "x-owner": topic.owner,
        "x-visibility": {f.type: str(f.visibility) for f in topic.facts.values()},
    }


def _operations(shown: list[Topic]) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for topic in shown:
        channel = {"$ref": f"#/channels/{topic.name}"}
        for service in topic.producers:
            operations[f"{service}.sends.{topic.name}"] = {
                "action": "send",
                "channel": channel,
                "summary": f"{service} says what happened.",
            }
        for service, names in topic.consumers.items():
            operations[f"{service}.hears.{topic.name}"] = {
                "action": "receive",
                "channel": channel,
                "summary": f"{service} keeps the projection it needs.",
                "messages": [
                    {"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in names
                ],
            }
    return operations


def _message(name: FactName, schema: Schema) -> dict[str, Any]:
    return {
        "name": str(name),
        "title": schema["title"],
        "summary": schema["description"],
        "contentType": JSON,
        "traits": [{"$ref": "#/components/messageTraits/fact"}],
        "payload": {
            "schemaFormat": JSON_SCHEMA,
            "schema": {"$ref": f"../events/{name.schema_file}"},
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": "The stream, equal to `ce_source`."},
                "bindingVersion": "0.5.0",
            }
        },
    }


_INFO = {
    "title": "Nhịp Cầu",
    "version": "1.0.0",
    "description": (
        "Facts of Vietnamese government portals as CloudEvents 1.0 in Kafka's binary mode: the "
        "record's value is the fact, its headers carry the attributes. Skip what has a sequence "
        "you have seen; a greater one than the next means that a record is still to come."
    ),
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}


def _header(text: str, **rules: Any) -> dict[str, Any]:
    return {"type": "string", "description": text, **rules}


HEX = "^[0-9a-f]{64}$"
NUMBER = "^(0|[1-9][0-9]*)$"

HEADERS: dict[str, Any] = {
    "type": "object",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_time",
        "ce_sequence",
        "ce_dataschema",
        "content-type",
        "ce_site",
        "ce_incarnation",
        "ce_streamversion",
        "ce_factindex",
        "ce_prevhash",
        "ce_hash",
        "ce_envelopedigest",
        "ce_factdigests",
    ],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _header("Service, stream, version of the commit and index in it: unique."),
        "ce_type": _header("The fact and its version."),
        "ce_source": _header("The stream, such as `/directory/agency/hanam.snv`.", pattern="^/"),
        "ce_time": _header("When it was decided: RFC 3339, UTC.", format="date-time"),
        "ce_sequence": _header("1, 2, 3 … per stream and topic.", pattern="^[0-9]{10}$"),
        "ce_dataschema": _header("The `$id` of the fact's JSON Schema.", format="uri"),
        "content-type": {"const": JSON},
        "ce_site": _header("The scope that owns the fact."),
        "ce_incarnation": _header(
            "Rises when a log is restored to an earlier point: rebuild then.", pattern=NUMBER
        ),
        "ce_streamversion": _header("Version of the commit in its stream.", pattern=NUMBER),
        "ce_factindex": _header("Index of the fact in the commit.", pattern=NUMBER),
        "ce_prevhash": _header("Hash of the stream's commit before; zeros at first.", pattern=HEX),
        "ce_hash": _header("Hash of the commit's part in this stream.", pattern=HEX),
        "ce_envelopedigest": _header("SHA-256 of cause, actor, proof and moment.", pattern=HEX),
        "ce_factdigests": _header("SHA-256 of each fact of the part, with commas between."),
        "traceparent": _header("W3C trace context of the request behind it.", maxLength=55),
    },
}
