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
from common.verify import Verdict, verify
from common.verify.export import BadExport, fact_line, header_line, read
from common.verify.seal_files import LivedSeal, seals_in
from contracts import wire

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TOPIC = "directory.agency"
KEY = SealKey(b"a key of thirty-two secret bytes")
Lines = list[str]


def a_stream(name: str, versions: int, behind: list[Commit] | None = None) -> list[Commit]:
    """`behind`: commits that stand already, of which the new ones are to differ."""
    commits = list(behind or ())
    last = commits[-1].parts[0] if commits else None
    prev, sequence = (last.hash, last.upto[TOPIC]) if last else (GENESIS, 0)
    for version in range(len(commits) + 1, versions + 1):
        cause = f"http:{name}:{version}" + (" anew" if behind else "")
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


def exported(commits: list[Commit], life: int = 1) -> Lines:
    lines = [header_line([TOPIC])]
    for commit in commits:
        records = records_of(commit, service="directory", prefix="", incarnation=life)
        lines += [fact_line(wire.decode(r.headers, r.value), TOPIC) for r in records]
    return lines


def sealed(
    commits: list[Commit], cut: int, kept: list[dict] | None = None, life: int = 1
) -> list[dict]:
    seals = list(kept or ())
    previous = digest(canonical(seals[-1])) if seals else GENESIS
    for number, portion in enumerate((commits[:cut], commits), start=len(seals) + 1):
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
            "incarnation": life,
        }
        seal["signature"] = KEY.sign(signed_bytes(seal))
        previous = digest(canonical(seal))
        seals.append(seal)
    return seals


def a_copy() -> tuple[list[Commit], Lines, list[dict]]:
    streams = [a_stream(f"/directory/agency/hanam.{n}", 4) for n in range(5)]
    commits = [commit for round_ in zip(*streams, strict=True) for commit in round_]
    return commits, exported(commits), sealed(commits, 10)


def checked(lines: Lines, seals: list[LivedSeal], key: SealKey = KEY) -> Verdict:
    topics, facts = read(lines)
    return verify(topics, facts, seals, key.public)


def of_life(life: int, seals: list[dict]) -> list[LivedSeal]:
    return [LivedSeal(life, seal) for seal in seals]


def faults(lines: Lines, seals: list[dict], key: SealKey = KEY) -> set[str]:
    return {finding.fault for finding in checked(lines, of_life(1, seals), key).findings}


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


def moved_to_the_end(lines: Lines, sequences: range) -> Lines:
    moved = [line for line in of_stream(lines, FIRST) if json.loads(line)["sequence"] in sequences]
    return [*(line for line in lines if line not in moved[:1]), *moved]


def test_a_lost_record_that_was_sent_again_with_all_that_follows_it_is_in_its_place():
    _, lines, seals = a_copy()

    assert faults(moved_to_the_end(lines, range(3, 7)), seals) == set()
    assert faults(moved_to_the_end(lines, range(3, 6)), seals) == {"out-of-order"}


def test_another_commit_in_the_place_of_one_is_found_also_behind_it():
    _, lines, seals = a_copy()
    forged = exported(a_stream(FIRST, 4, a_stream(FIRST, 2)))[-1]

    assert faults([*lines, forged], seals) == {"changed"}


# -- several lives of one log -------------------------------------------------------------------------


class TwoLives:
    """A log that was restored to an earlier point and went on otherwise.

    Of its first life it kept two commits of each stream, no trace of the stream `lost`, and the
    first seal.
    """

    def __init__(self) -> None:
        names = [f"/directory/agency/hanam.{n}" for n in range(3)]
        first = [a_stream(name, 4) for name in (*names, "/directory/agency/lost")]
        second = [a_stream(name, 6, stream[:2]) for name, stream in zip(names, first, strict=False)]
        self.first = exported([commit for stream in first for commit in stream])
        self.second = exported([commit for stream in second for commit in stream], 2)[1:]
        backup = [commit for stream in first[:3] for commit in stream[:2]]
        kept, *others = sealed([c for stream in first for c in stream], 0, self.sealed(backup))
        commits = [commit for stream in second for commit in stream]
        self.first_seals = [kept, *others]
        self.second_seals = sealed(commits, 8, [kept], 2)

    @staticmethod
    def sealed(commits: list[Commit]) -> list[dict]:
        return sealed(commits, len(commits))[:1]

    @property
    def lines(self) -> Lines:
        return [*self.first, *self.second]

    @property
    def seals(self) -> list[LivedSeal]:
        return [*of_life(1, self.first_seals), *of_life(2, self.second_seals)]

    def faults(self) -> set[tuple[str, str]]:
        found = checked(self.lines, self.seals).findings
        return {(finding.fault, finding.where.rpartition(" in ")[2]) for finding in found}


def test_a_copy_over_two_lives_is_whole():
    copy = TwoLives()
    verdict = checked(copy.lines, copy.seals)

    assert verdict.findings == ()
    assert (verdict.lives, verdict.streams, verdict.seals) == (2, 4, 3)


def test_a_copy_of_the_present_life_alone_is_whole():
    copy = TwoLives()

    assert checked([copy.lines[0], *copy.second], of_life(2, copy.second_seals)).whole


def test_what_a_former_life_had_not_sealed_when_it_ended_need_not_be_there():
    copy = TwoLives()
    copy.first += exported(a_stream("/directory/agency/unsealed", 4))[3:]

    assert copy.faults() == set()


def without(lines: Lines, stream: str, version: int) -> Lines:
    def is_it(line: str) -> bool:
        fact = json.loads(line)
        return fact.get("stream") == stream and fact["version"] == version

    return [line for line in lines if not is_it(line)]


def a_fact_of_the_new_life_missing(copy: TwoLives) -> None:
    copy.second = without(copy.second, FIRST, 2)


def a_tail_of_the_new_life_missing(copy: TwoLives) -> None:
    copy.second = without(copy.second, FIRST, 6)


def a_stream_of_the_new_life_missing(copy: TwoLives) -> None:
    copy.second = [line for line in copy.second if json.loads(line)["stream"] != FIRST]


def the_new_life_missing(copy: TwoLives) -> None:
    copy.second = []


def a_fact_of_the_old_life_missing(copy: TwoLives) -> None:
    copy.first = without(copy.first, FIRST, 3)


def a_lost_stream_missing(copy: TwoLives) -> None:
    for version in range(1, 5):
        copy.first = without(copy.first, "/directory/agency/lost", version)


def a_changed_byte_in_the_new_life(copy: TwoLives) -> None:
    copy.second[3] = copy.second[3].replace("Sở", "Sơ")


def a_fact_moved_into_the_new_life(copy: TwoLives) -> None:
    line = copy.first.pop(4)
    copy.second.append(line.replace('"incarnation":1', '"incarnation":2'))


def a_seal_of_the_new_life_missing(copy: TwoLives) -> None:
    del copy.second_seals[1]


def a_kept_seal_that_says_other_things(copy: TwoLives) -> None:
    copy.second_seals = sealed(a_stream(FIRST, 2), 2)[:1]


def a_seal_of_a_life_to_come(copy: TwoLives) -> None:
    copy.first_seals += copy.second_seals[2:]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (a_fact_of_the_new_life_missing, {("fact-missing", "life 2")}),
        (a_tail_of_the_new_life_missing, {("tail-missing", "life 2")}),
        (a_stream_of_the_new_life_missing, {("stream-missing", "life 2")}),
        (the_new_life_missing, {("stream-missing", "life 2")}),
        (a_fact_of_the_old_life_missing, {("fact-missing", "life 1")}),
        (a_lost_stream_missing, {("stream-missing", "life 1")}),
        (a_changed_byte_in_the_new_life, {("changed", "life 2")}),
        (a_fact_moved_into_the_new_life, {("changed", "life 2"), ("fact-missing", "life 1")}),
        (a_seal_of_the_new_life_missing, {("seal-missing", "life 2")}),
        (a_kept_seal_that_says_other_things, {("seal-changed", "seal 1")}),
        (a_seal_of_a_life_to_come, {("seal-changed", "life 1")}),
    ],
)
def test_each_damage_to_a_copy_over_two_lives_is_found(
    damage: Callable[[TwoLives], None], found: set[tuple[str, str]]
):
    copy = TwoLives()

    damage(copy)

    assert found <= copy.faults()


def test_seals_are_read_once_for_each_life_that_tells_them():
    def told(life: int, number: int) -> str:
        fact = json.loads(exported(a_stream(FIRST, 1), life)[1])
        seal = {"number": number, "incarnation": 1}
        return json.dumps(fact | {"type": "log.sealed.v1", "data": json.dumps(seal)})

    lines = [header_line([TOPIC]), told(1, 1), told(1, 2), told(2, 1), told(2, 1)]

    assert [(each.life, each.seal["number"]) for each in seals_in(read(lines)[1])] == [
        (1, 1),
        (1, 2),
        (2, 1),
    ]


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
