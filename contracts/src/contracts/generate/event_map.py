"""docs/event-map.md: which service says what to whom, as a picture and as tables."""

from collections.abc import Iterator, Mapping

from contracts.names import FactName
from contracts.schemas import Schema
from contracts.topics import Topic, Topics

HEAD = """\
# Event map

Made by `make contracts` from [topics.yaml](../contracts/topics.yaml); do not edit. Every topic keeps
its facts for ever (`cleanup.policy=delete`, `retention.ms=-1`), its key is the stream, and each fact
carries a dense `sequence` per stream and topic.
"""


def page(topics: Topics, schemas: Mapping[FactName, Schema]) -> str:
    """The whole page as Markdown."""
    blocks = [HEAD, "\n".join(_picture(topics)) + "\n", "\n".join(_overview(topics)) + "\n"]
    blocks += ["\n".join(_topic(topic, schemas)) + "\n" for topic in topics.all]
    return "\n".join(blocks)


def _picture(topics: Topics) -> Iterator[str]:
    yield "```mermaid"
    yield "flowchart LR"
    for topic in topics.all:
        node = topic.name.replace(".", "_")
        yield f'  {node}[["{topic.name}"]]'
        for producer in topic.producers:
            yield f'  {producer}("{producer}") --> {node}'
        for consumer in topic.consumers:
            yield f'  {node} --> {consumer}("{consumer}")'
    yield "```"


def _overview(topics: Topics) -> Iterator[str]:
    yield "| topic | owner | partitions | facts | heard by |"
    yield "|---|---|---|---|---|"
    for topic in topics.all:
        heard = ", ".join(topic.consumers) or "nobody yet"
        link = f"[{topic.name}](#{topic.name.replace('.', '')})"
        yield f"| {link} | {topic.owner} | {topic.partitions} | {len(topic.facts)} | {heard} |"


def _topic(topic: Topic, schemas: Mapping[FactName, Schema]) -> Iterator[str]:
    yield f"## {topic.name}"
    yield ""
    yield topic.description
    yield ""
    yield "| fact | seen by | says | heard by |"
    yield "|---|---|---|---|"
    for fact in topic.facts.values():
        for name in fact.names:
            heard = ", ".join(s for s, names in topic.consumers.items() if name in names)
            link = f"[{name}](../contracts/events/{name.schema_file})"
            says = _cell(str(schemas[name]["title"]) if name in schemas else "")
            yield f"| {link} | {fact.visibility} | {says} | {heard or '–'} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
