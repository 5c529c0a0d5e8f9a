"""What a changed topics.yaml breaks for those who read the topics."""

from collections.abc import Iterator

from contracts.topics import Topic, Topics, Visibility

AUDIENCE = (Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC)


def broken(old: Topics, new: Topics) -> Iterator[str]:
    """What readers of `old` lose with `new`."""
    for topic in old.all:
        if topic.name not in new.by_name:
            yield f"{topic.name} was removed"
        else:
            yield from _topic(topic, new.by_name[topic.name])


def _topic(old: Topic, new: Topic) -> Iterator[str]:
    for word in ("owner", "key", "retention_ms"):
        if getattr(old, word) != getattr(new, word):
            yield f"{old.name}: {word} changed"
    if new.partitions < old.partitions:
        yield f"{old.name}: partitions shrank from {old.partitions} to {new.partitions}"
    for fact_type, fact in old.facts.items():
        if fact_type not in new.facts:
            yield f"{old.name}: {fact_type} was removed"
            continue
        after = new.facts[fact_type]
        for version in sorted(set(fact.versions) - set(after.versions)):
            yield f"{old.name}: {fact_type} lost v{version}, which old commits are written in"
        if AUDIENCE.index(after.visibility) < AUDIENCE.index(fact.visibility):
            yield f"{old.name}: {fact_type} is seen by fewer: {after.visibility}"
