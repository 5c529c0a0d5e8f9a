"""What must hold when the storm is over: each function answers what is wrong, nothing when all is well."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from common.canonical import canonical, digest
from common.consumer.decode import Heard, decode
from common.consumer.heartbeats import BEATS
from common.consumer.lives import SETTLED
from common.consumer.positions import HELD, PARKED, POSITIONS, record_of
from common.consumer.views import GENERATIONS
from common.kafka import Arrived
from common.log.closing import said
from common.log.model import GENESIS, envelope_digest, part_hash
from common.relay.heads import COLLECTION as HEADS
from common.relay.heads import leaf_of
from common.relay.merkle import merkle_root
from common.relay.seals import leaf_bytes, signature_holds
from common.testing.ledger import ACCOUNT, ECHO
from common.testing.simulation.clients import Told
from common.testing.simulation.expected import Log, held_by, projected
from common.testing.simulation.service import ACCOUNT_IDS, KEY, refusal
from common.testing.simulation.story import Story

Findings = Iterator[str]


def all_findings(story: Story) -> Findings:
    """Everything that is wrong, in words; first what time may still mend."""
    logs = {name: Log(witness) for name, witness in story.witnesses.items()}
    checks: tuple[Callable[[Story, dict[str, Log]], Findings], ...] = (
        _positions,
        _settled,
        _announcements,
        _reactions,
        _closings,
        _heartbeats,
        _seals,
        _projections,
        _topics,
        _streams,
        _answers,
        _at_every_moment,
    )
    for check in checks:
        yield from check(story, logs)


def _at_every_moment(story: Story, logs: dict[str, Log]) -> Findings:
    del logs
    for witness in story.witnesses.values():
        yield from witness.violations[:3]
    yield from (f"a task died: {death}" for death in story.died[:3])


# -- what clients were told ---------------------------------------------------------------------------


def _answers(story: Story, logs: dict[str, Log]) -> Findings:
    log = logs["ledger"]
    versions = {
        commit.cause: {part.stream: part.version for part in commit.parts} for commit in log.commits
    }
    for told in _since_restored(story):
        stream = ACCOUNT.stream(told.command.account)
        stands = versions.get(told.cause, {}).get(stream)
        if told.version and told.version != stands:
            yield f"{told.cause} was told version {told.version}, the log has {stands}"
        if any(again != told.version for again in told.again):
            yield f"{told.cause} was told {told.version}, then {told.again} under the same key"
        if told.other_body and told.other_body != "idempotency-key-reused":
            yield f"{told.cause} with another body: {told.other_body}"
        if told.refused:
            if stands is not None:
                yield f"{told.cause} was refused ({told.refused}) and stands in the log"
            if told.refused in {"closed", "full"} and not _was_true(log, told):
                yield f"{told.cause} was refused ({told.refused}), which never held meanwhile"
    yield from _effects(story, log)


def _since_restored(story: Story) -> list[Told]:
    """What was told since the log was last restored to an earlier point: that must hold."""
    everything = [told for client in story.clients for told in client.told]
    return [told for told in everything if told.began > story.restored_at]


def _effects(story: Story, log: Log) -> Findings:
    """Each command that was told to be done is in the accounts once; nothing else is there."""
    found = Counter((id, item) for id in ACCOUNT_IDS for item in log.states(id)[-1].items)
    everything = [told for client in story.clients for told in client.told]
    ever = _done(everything) + _done_instead(everything, story.restored_at)
    lately = _done(_since_restored(story))
    if found - ever:
        yield f"done though not acknowledged, or done twice: {sorted(found - ever)}"
    if lately - found:
        yield f"acknowledged and lost: {sorted(lately - found)}"


def _done(tellings: Iterable[Told]) -> Counter[tuple[str, str]]:
    wanted: Counter[tuple[str, str]] = Counter()
    for told in tellings:
        command = told.command
        if told.version and command.act in {"add", "move"}:
            wanted[command.account, command.item] += 1
            if command.act == "move":
                wanted[command.other, command.item] += 1
    return wanted


def _done_instead(tellings: Iterable[Told], restored_at: float) -> Counter[tuple[str, str]]:
    """Where the restore took a decision away, its key is free for a request with another body."""
    instead = [
        replace(told, command=replace(told.command, item=f"{told.command.item}-other"))
        for told in tellings
        if told.began <= restored_at and told.other_body == "wrongly accepted"
    ]
    return _done(instead)


def _was_true(log: Log, told: Told) -> bool:
    """Whether the refusal held in a state that stood at some moment between request and answer."""
    ids = (told.command.account, told.command.other)
    for id in ids[: 2 if told.command.act == "move" else 1]:
        states = log.states(id)
        landed = [
            log.witness.landed[commit.id] for commit, _ in log.parts.get(ACCOUNT.stream(id), ())
        ]
        lives = zip(states, [float("-inf"), *landed], [*landed, float("inf")], strict=True)
        for state, since, until in lives:
            overlaps = since <= told.ended and until >= told.began
            if overlaps and refusal(told.command, state) == told.refused:
                return True
    return False


# -- the log ------------------------------------------------------------------------------------------


def _streams(story: Story, logs: dict[str, Log]) -> Findings:
    del story
    for name, log in logs.items():
        causes = Counter(commit.cause for commit in log.commits)
        yield from (f"{name}: cause {c} decided {n} times" for c, n in causes.items() if n > 1)
        for stream in log.parts:
            yield from _chain(log, stream)
    yield from _claims(logs["ledger"])


def _chain(log: Log, stream: str) -> Findings:
    prev, sequences = GENESIS, Counter[str]()
    for number, (commit, part) in enumerate(log.parts[stream], start=1):
        if part.version != number:
            yield f"{stream}: version {part.version} where {number} should stand"
        for fact in part.facts:
            if fact.topic is not None:
                sequences[fact.topic] += 1
                if fact.sequence != sequences[fact.topic]:
                    yield f"{stream} v{part.version}: sequence {fact.sequence} on {fact.topic}"
        envelope = envelope_digest(commit.cause, commit.actor, commit.proof, commit.at)
        link = part_hash(prev, stream, number, envelope, [fact.digest for fact in part.facts])
        if part.prev != prev or part.hash != link:
            yield f"{stream} v{part.version}: the chain is broken"
        prev = part.hash


def _claims(log: Log) -> Findings:
    """A name is taken and set free by turns."""
    turns: dict[str, list[int]] = {}
    for claim in sorted(claim for commit in log.commits for claim in commit.claims):
        key, _, turn = claim.rpartition("#")
        turns.setdefault(key, []).append(int(turn))
    for key, taken in turns.items():
        if taken != list(range(len(taken))):
            yield f"claim {key} has the turns {taken}"


# -- topics -------------------------------------------------------------------------------------------


def _topics(story: Story, logs: dict[str, Log]) -> Findings:
    seen: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
    for heard in _heard(story):
        seen.setdefault((heard.seen.topic, heard.seen.stream), []).append(
            (heard.seen.sequence, heard.data)
        )
    for name, log in logs.items():
        late = story.witnesses[name].left_out
        for place, last in log.last().items():
            yield from _first_occurrences(place, last, seen.get(place, []), late=late)
        for published in log.published():
            entry = (published.fact.sequence, published.fact.data.encode())
            if entry not in seen.get(published.place, []):
                yield f"{published.place}: {published.fact.sequence} is not in the topic as stored"


def _first_occurrences(
    place: tuple[str, str], last: int, seen: list[tuple[int, bytes]], *, late: bool
) -> Findings:
    """`late`: a change stream left something out, which then comes behind what followed it."""
    firsts = list(dict.fromkeys(sequence for sequence, _ in seen))
    if (sorted(firsts) if late else firsts) != list(range(1, last + 1)):
        yield f"{place}: first occurrences {firsts}, wanted 1 … {last}"


def _heard(story: Story) -> Iterator[Heard]:
    """Everything in the topics that is of the life its log lives now."""
    lives = {service: story.life(service) for service in story.witnesses}
    for partition, records in sorted(story.cluster.logs.items()):
        for offset, stored in enumerate(records):
            r = story.cluster.spoilt.get((partition, offset), stored)
            arrived = Arrived(partition, offset, r.key.encode(), r.value, r.headers)
            heard = decode(arrived, "")
            if isinstance(heard, Heard) and heard.seen.incarnation == lives[_owner(heard)]:
                yield heard


def _owner(heard: Heard) -> str:
    return heard.seen.stream.split("/")[1]


# -- consumers ----------------------------------------------------------------------------------------


def hears_of(story: Story) -> Iterable[tuple[str, str, tuple[str, ...], frozenset[str], bool]]:
    """(service, consumer, topics, types, whether it is a projection)."""
    for service in story.witnesses:
        member = next(m for m in story.members if m.service == service)
        for consumption in member.running.consumptions if member.running else ():
            hears = consumption.hears
            yield service, hears.name, hears.topics, hears.types, hears.kind == "projection"


def generation_of(story: Story, service: str, consumer: str) -> str:
    found = story.witnesses[service].documents(GENERATIONS, _id=consumer)
    return f"@{found[0].get('active', 1)}" if found else "@1"


def _projections(story: Story, logs: dict[str, Log]) -> Findings:
    for service, consumer, topics, types, is_projection in hears_of(story):
        if not is_projection or consumer.endswith(BEATS):
            continue
        wanted = projected(list(logs.values()), topics, types)
        held = held_by(story.witnesses[service], generation_of(story, service, consumer))
        for what in ("counters", "lists"):
            for key in sorted(wanted[what].keys() | held[what].keys()):
                if wanted[what].get(key) != held[what].get(key):
                    yield (
                        f"{service}'s {consumer} {what} of {key}: {held[what].get(key)}, "
                        f"the log says {wanted[what].get(key)}"
                    )


def _positions(story: Story, logs: dict[str, Log]) -> Findings:
    last = {place: n for log in logs.values() for place, n in log.last().items()}
    for service, consumer, topics, _, _ in hears_of(story):
        witness = story.witnesses[service]
        name = consumer + generation_of(story, service, consumer)
        found = {(d["topic"], d["stream"]): d for d in witness.documents(POSITIONS, consumer=name)}
        for place, sequence in last.items():
            if place[0] in topics:
                at = found.get(place)
                if at is None or (at["sequence"], at["held"], at["parked"]) != (sequence, 0, False):
                    yield f"{name} at {place}: {at}, wanted {sequence}"
        if held := witness.documents(HELD, consumer=name):
            yield f"{name} holds {len(held)} records"
        for parked in witness.documents(PARKED, consumer=name):
            spot = (parked["topic"], parked["partition"])
            if not any(
                (p.topic, p.number, o) == (*spot, parked["offset"]) for p, o in story.cluster.spoilt
            ):
                yield f"{name} has parked {parked['stream']} {parked['sequence']} ({parked['code']})"


def _settled(story: Story, logs: dict[str, Log]) -> Findings:
    """Only what is of a former life may leave the queues undone, and what is may not stay in them."""
    del logs
    for service, witness in story.witnesses.items():
        for record in witness.documents(SETTLED):
            heard = _heard_in(record)
            if heard.seen.incarnation >= story.life(_owner(heard)):
                yield f"{service} settled {heard.seen.id}, which lives"
        for record in witness.documents(PARKED):
            if record["sequence"] and record["consumer"] == "echo@1":
                heard = _heard_in(record)
                if heard.seen.incarnation < story.life(_owner(heard)):
                    yield f"{service} has parked {heard.seen.id} of a former life"


def _heard_in(record: Mapping[str, Any]) -> Heard:
    heard = decode(record_of(dict(record)), "")
    assert isinstance(heard, Heard)
    return heard


def _reactions(story: Story, logs: dict[str, Log]) -> Findings:
    """Each item of the present life is echoed, in order.

    An echo of a former life may stand between them: it was true when its fact was heard.
    """
    for id in ACCOUNT_IDS:
        echoed = [
            orjson.loads(fact.data)["item"]
            for commit, part in logs["mirror"].parts.get(ECHO.stream(id), ())
            for fact in part.decided
            if _life_in(commit.cause) == story.life("ledger")
        ]
        items = list(logs["ledger"].states(id)[-1].items)
        if echoed != items:
            yield f"echoes of {id}: {echoed}, items {items}"


def _life_in(cause: str) -> int:
    """Of the fact that a reaction followed: "fact:ledger/…/2.0~3:echo" is of the third life."""
    _, _, life = cause.removesuffix(":echo").partition("~")
    return int(life or 1)


def _announcements(story: Story, logs: dict[str, Log]) -> Findings:
    del story
    for id in ACCOUNT_IDS:
        state = logs["ledger"].states(id)[-1]
        due, announced = sorted(item for item, _ in state.due), sorted(state.announced)
        if due != announced:
            yield f"announced of {id}: {announced}, due were {due}"


def _closings(story: Story, logs: dict[str, Log]) -> Findings:
    """A closing says what all facts so far have made of an account."""
    del story
    for id in ACCOUNT_IDS:
        states = logs["ledger"].states(id)
        for _, part in logs["ledger"].parts.get(ACCOUNT.stream(id), ()):
            for fact in (fact for fact in part.facts if fact.closes):
                if said(ACCOUNT, orjson.loads(fact.data)["state"]) != states[part.version]:
                    yield f"closing of {id} at version {part.version}: {fact.data}"


# -- seals --------------------------------------------------------------------------------------------


def _heartbeats(story: Story, logs: dict[str, Log]) -> Findings:
    """One a minute, each later than the one before, whatever clocks do."""
    del story
    for name, log in logs.items():
        streams = [stream for stream in log.parts if stream.startswith(f"/{name}/heartbeat/")]
        for stream in streams:
            facts = [fact for _, part in log.parts[stream] for fact in part.decided]
            numbers = [orjson.loads(fact.data)["number"] for fact in facts]
            if numbers != sorted(set(numbers)):
                yield f"heartbeats of {stream}: {numbers}"
        if not streams:
            yield f"{name} has no heartbeat"


def _seals(story: Story, logs: dict[str, Log]) -> Findings:
    for name, log in logs.items():
        seals = [
            orjson.loads(fact.data)
            for stream in sorted(log.parts)
            if stream.startswith(f"/{name}/seal/")
            for _, part in log.parts[stream]
            for fact in part.decided
        ]
        yield from (f"{name}: {finding}" for finding in _sealed(seals))
        sealed = {leaf["stream"]: leaf for seal in seals for leaf in seal["leaves"]}
        own = f"/{name}/seal/"
        for stream, parts in log.parts.items():
            leaf = sealed.get(stream)
            if stream.startswith(own):
                continue
            if leaf is None or (leaf["version"], leaf["hash"]) != (
                parts[-1][1].version,
                parts[-1][1].hash,
            ):
                yield f"{name}: no seal attests {stream} version {parts[-1][1].version}: {leaf}"
        yield from _heads(story, name, log)


def _sealed(seals: list[dict[str, object]]) -> Findings:
    previous, versions, life = GENESIS, Counter[str](), 1
    for number, seal in enumerate(seals, start=1):
        if seal["incarnation"] != life:
            life, versions = seal["incarnation"], Counter()  # everything is attested anew
        leaves: list[dict[str, object]] = seal["leaves"]  # pyright: ignore[reportAssignmentType] - parsed JSON of a seal
        if (seal["number"], seal["previous"]) != (number, previous):
            yield f"seal {seal['number']} does not follow seal {number - 1}"
        if not signature_holds(seal, KEY.public):
            yield f"seal {number} is not signed"
        if merkle_root([leaf_bytes(leaf) for leaf in leaves]) != seal["root"]:
            yield f"seal {number} has a wrong root"
        fresh = sum(int(str(leaf["version"])) - versions[str(leaf["stream"])] for leaf in leaves)
        if fresh != seal["count"]:
            yield f"seal {number} counts {seal['count']} commits, its leaves say {fresh}"
        versions.update(
            {
                str(leaf["stream"]): int(str(leaf["version"])) - versions[str(leaf["stream"])]
                for leaf in leaves
            }
        )
        previous = digest(canonical(seal))


def _heads(story: Story, name: str, log: Log) -> Findings:
    heads = {d["_id"]: leaf_of(d) for d in story.witnesses[name].documents(HEADS)}
    for stream, parts in log.parts.items():
        head, part = heads.get(stream), parts[-1][1]
        if stream.startswith(f"/{name}/seal/"):
            continue
        if head is None or (head.version, head.hash) != (part.version, part.hash):
            yield f"{name}: head of {stream} is {head}, the log is at {part.version}"
