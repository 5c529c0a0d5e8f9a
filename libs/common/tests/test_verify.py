"""The offline verifier finds each kind of damage to a copy, and nothing in a whole one."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest

from common.canonical import canonical, digest
from common.log.model import GENESIS, Commit, Part, StoredFact, envelope_digest, part_hash
from common.relay.heads import Leaf
from common.relay.merkle import merkle_root
from common.relay.records import records_of
from common.relay.seals import SealKey, leaf_bytes, sealed_head, signed_bytes
from common.verify import verify
from common.verify.export import BadExport, fact_line, header_line, read
from contracts import wire

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TOPIC = "directory.agency"
KEY = SealKey(b"a key of thirty-two secret bytes")
Lines = list[str]


def a_stream(name: str, versions: int) -> list[Commit]:
    commits: list[Commit] = []
    prev, sequence = GENESIS, 0
    for version in range(1, versions + 1):
        cause = f"http:{name}:{version}"
        envelope = envelope_digest(cause, "demo", {}, NOON)
        facts = []
        for n in range(1 + version % 2):
            sequence += 1
            data = canonical({"n": n, "v": version, "tên": "Sở Nội vụ"}).decode()
            facts.append(StoredFact("directory.agency_changed.v1", TOPIC, sequence, data))
        link = part_hash(prev, name, version, envelope, [f.digest for f in facts])
        part = Part(name, version, prev, link, tuple(facts), {TOPIC: sequence})
        commits.append(Commit(cause, cause, "", (part,), "demo", "hanam", NOON, {}))
        prev = link
    return commits


def exported(commits: list[Commit]) -> Lines:
    lines = [header_line([TOPIC])]
    for commit in commits:
        records = records_of(commit, service="directory", prefix="", incarnation=1)
        lines += [fact_line(wire.decode(r.headers, r.value), TOPIC) for r in records]
    return lines


def sealed(commits: list[Commit], cut: int) -> list[dict]:
    seals: list[dict] = []
    previous = GENESIS
    for number, portion in enumerate((commits[:cut], commits), start=1):
        heads = {p.stream: p for c in portion for p in c.parts}
        leaves = [
            sealed_head(Leaf(p.stream, p.version, p.hash, tuple(p.upto.items()))).model_dump(
                mode="json"
            )
            for _, p in sorted(heads.items())
        ]
        seal = {
            "number": number,
            "to": "2026-11-23T05:00:00.000Z",
            "leaves": leaves,
            "root": merkle_root([leaf_bytes(leaf) for leaf in leaves]),
            "previous": previous,
        }
        seal["signature"] = KEY.sign(signed_bytes(seal))
        previous = digest(canonical(seal))
        seals.append(seal)
    return seals


def a_copy() -> tuple[list[Commit], Lines, list[dict]]:
    streams = [a_stream(f"/directory/agency/hanam.{n}", 4) for n in range(5)]
    commits = [commit for round_ in zip(*streams, strict=True) for commit in round_]
    return commits, exported(commits), sealed(commits, 10)


def faults(lines: Lines, seals: list[dict], key: SealKey = KEY) -> set[str]:
    topics, facts = read(lines)
    return {finding.fault for finding in verify(topics, facts, seals, key.public).findings}


def of_stream(lines: Lines, stream: str) -> Lines:
    return [line for line in lines[1:] if json.loads(line)["stream"] == stream]


FIRST = "/directory/agency/hanam.0"


def test_a_whole_copy_has_no_fault_also_with_repeats_and_other_order_across_streams():
    _, lines, seals = a_copy()
    shuffled = [lines[0]]
    by_stream = [of_stream(lines, f"/directory/agency/hanam.{n}") for n in range(5)]
    random = Random(7)
    while any(by_stream):
        queue = random.choice([queue for queue in by_stream if queue])
        shuffled.append(queue.pop(0))
    repeated = [*shuffled, *lines[3:9]]

    assert faults(lines, seals) == set()
    assert faults(repeated, seals) == set()


def one_changed_byte(lines: Lines, _: list[dict]) -> None:
    fact = json.loads(lines[7])
    fact["data"] = fact["data"].replace("Sở", "Sơ")
    lines[7] = json.dumps(fact)


def another_type(lines: Lines, _: list[dict]) -> None:
    lines[7] = lines[7].replace("agency_changed", "agency_ended")


def one_missing_fact(lines: Lines, _: list[dict]) -> None:
    lines.remove(of_stream(lines, FIRST)[1])


def one_missing_commit(lines: Lines, _: list[dict]) -> None:
    for line in [line for line in of_stream(lines, FIRST) if json.loads(line)["version"] == 2]:
        lines.remove(line)


def a_missing_tail(lines: Lines, _: list[dict]) -> None:
    for line in [line for line in of_stream(lines, FIRST) if json.loads(line)["version"] >= 3]:
        lines.remove(line)


def a_missing_stream(lines: Lines, _: list[dict]) -> None:
    for line in of_stream(lines, FIRST):
        lines.remove(line)


def two_swapped_commits(lines: Lines, _: list[dict]) -> None:
    two = [n for n, line in enumerate(lines) if n and json.loads(line)["stream"] == FIRST]
    versions = {json.loads(lines[n])["version"]: n for n in two}
    lines[versions[2]], lines[versions[4]] = lines[versions[4]], lines[versions[2]]


def swapped_contents(lines: Lines, _: list[dict]) -> None:
    """Two commits that trade places, numbers and all."""
    places = [n for n, line in enumerate(lines) if n and json.loads(line)["stream"] == FIRST]
    a, b = (json.loads(lines[n]) for n in places[-2:])
    for name in ("version", "sequence", "index"):
        a[name], b[name] = b[name], a[name]
    lines[places[-2]], lines[places[-1]] = json.dumps(b), json.dumps(a)


def a_seal_less(_: Lines, seals: list[dict]) -> None:
    del seals[0]


def a_changed_seal(_: Lines, seals: list[dict]) -> None:
    seals[1]["leaves"] = seals[1]["leaves"][1:]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (one_changed_byte, {"changed"}),
        (another_type, {"changed"}),
        (one_missing_fact, {"fact-missing"}),
        (one_missing_commit, {"fact-missing"}),
        (a_missing_tail, {"tail-missing"}),
        (a_missing_stream, {"stream-missing"}),
        (two_swapped_commits, {"out-of-order"}),
        (swapped_contents, {"changed"}),
        (a_seal_less, {"seal-missing"}),
        (a_changed_seal, {"seal-changed", "seal-unsigned"}),
    ],
)
def test_each_damage_is_found(damage: Callable[[Lines, list[dict]], None], found: set[str]):
    _, lines, seals = a_copy()

    damage(lines, seals)

    assert found <= faults(lines, seals)


def test_seals_of_another_key_are_not_believed():
    _, lines, seals = a_copy()

    assert faults(lines, seals, SealKey(b"another key of thirty-two bytes!")) == {"seal-unsigned"}


def test_every_single_changed_character_of_a_fact_is_found():
    _, lines, seals = a_copy()
    data = json.loads(lines[5])["data"]
    for position in range(len(data)):
        fact = json.loads(lines[5])
        other = "x" if data[position] != "x" else "y"
        fact["data"] = data[:position] + other + data[position + 1 :]

        assert "changed" in faults([*lines[:5], json.dumps(fact), *lines[6:]], seals)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1"),
        ("{}\n", "line 1"),
        (header_line([TOPIC]) + "\nnot json\n", "line 2: not JSON"),
        (header_line([TOPIC]) + "\n[]\n", "line 2: not a JSON object"),
        (header_line([TOPIC]) + '\n{"topic": 1}\n', "line 2: not an exported fact"),
    ],
)
def test_a_file_that_is_no_export_is_named_by_its_line(text: str, says: str):
    with pytest.raises(BadExport, match=says):
        list(read(io.StringIO(text))[1])
