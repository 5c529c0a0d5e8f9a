"""The backbone under seeded storms: nothing lost, nothing doubled, and planted faults are found."""

import asyncio
import os
import subprocess
import sys
from random import Random

import orjson
import pytest

from common.errors import Refused
from common.log.cache import Head
from common.log.streams import Loaded
from common.testing.ledger import ACCOUNT, Account, Added, Audited, Closed, Opened
from common.testing.loop import VirtualLoop, run_virtually
from common.testing.mongo import EPOCH
from common.testing.simulation.clients import Client
from common.testing.simulation.invariants import all_findings
from common.testing.simulation.plants import PLANTS
from common.testing.simulation.rebuilt import built_from_zero
from common.testing.simulation.run import Verdict, run_seed, run_story
from common.testing.simulation.service import KEY, Command, Faulty, Parts, projection
from common.testing.simulation.storm import RESTORED
from common.testing.simulation.story import TOPICS, Story
from common.testing.simulation.weather import Trace
from common.verify import Verdict as Copy
from common.verify import verify
from common.verify.export import fact_line, header_line, read
from common.verify.seal_files import seals_in
from common.world import World
from contracts import wire

pytestmark = pytest.mark.sim

SEEDS_A_TEST = 50
SOAKED, SOAKED_A_TEST = int(os.environ.get("SEEDS", "10000")), 250
TRIES = 100


def replay(verdict: Verdict, plant: str = "") -> str:
    """What a person reads when a seed fails: the findings, and one command that replays it."""
    named = f" --plant {plant}" if plant else ""
    command = f"python -m common.testing.simulation --seed {verdict.seed}{named}"
    return "\n".join([str(verdict), *verdict.findings, f"replay: {command}"])


def the_first_that_fails(seeds: range, parts: Parts) -> Verdict | None:
    return next((v for seed in seeds if (v := run_seed(seed, parts)).findings), None)


@pytest.mark.parametrize("first", range(0, 500, SEEDS_A_TEST))
def test_no_storm_loses_doubles_or_disorders_anything(first: int):
    failed = the_first_that_fails(range(first, first + SEEDS_A_TEST), Parts())

    assert failed is None, replay(failed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", range(1_000, 1_000 + SOAKED, SOAKED_A_TEST))
def test_no_storm_of_ten_thousand_does(first: int):
    last = min(first + SOAKED_A_TEST, 1_000 + SOAKED)
    failed = the_first_that_fails(range(first, last), Parts())

    assert failed is None, replay(failed)


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_a_planted_fault_is_found(plant: str):
    assert the_first_that_fails(range(TRIES), PLANTS[plant]) is not None


def test_a_seed_is_the_same_story_every_time():
    first, second = run_seed(3, keep_lines=True), run_seed(3, keep_lines=True)

    assert first.lines == second.lines
    assert first == second
    assert first.digest != run_seed(4).digest


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_command_replays_a_seed_in_another_process(hash_seed: str):
    expected = run_seed(5)

    said = subprocess.run(
        [sys.executable, "-m", "common.testing.simulation", "--seed", "5"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    ).stdout

    assert str(expected) in said


def test_the_command_of_a_failing_seed_fails_again():
    verdict = the_first_that_fails(range(TRIES), PLANTS["lease-as-fence"])
    assert verdict is not None
    words = replay(verdict, "lease-as-fence").splitlines()[-1].removeprefix("replay: ").split()

    again = subprocess.run(
        [sys.executable, *words[1:]], capture_output=True, text=True, check=False, timeout=60
    )

    assert again.returncode == 1
    assert verdict.findings[0] in again.stdout


@pytest.mark.parametrize("seed", [seed for seed in range(13) if seed % RESTORED != RESTORED - 1])
def test_projections_built_from_zero_under_different_cuts_are_the_same_bytes(seed: int):
    hears = projection("anew", (Added, Closed, Opened, Audited), Faulty())

    async def work(loop: VirtualLoop) -> list[bytes]:
        story, findings = await run_story(loop, seed)
        assert findings == []
        world = World(lambda: EPOCH, lambda: "", Random(seed))
        return [
            await built_from_zero(story.cluster, hears, world, Random(f"{seed} {cut}"))
            for cut in range(3)
        ]

    first, *others = run_virtually(work)

    assert len(first) > 100
    assert all(other == first for other in others)


@pytest.mark.parametrize(("seed", "allowed"), [(3, False), (7, True)])
def test_a_key_asked_again_is_refused_only_where_a_restore_took_its_decision_away(
    seed: int, *, allowed: bool
):
    async def work(loop: VirtualLoop) -> None:
        story, findings = await run_story(loop, seed)
        assert findings == []
        told = next(told for told in story.clients[0].told if told.version)
        assert (told.began <= story.restored_at) == allowed
        told.again.append("closed")

        found = list(all_findings(story))
        assert [told.cause in finding for finding in found] == ([] if allowed else [True])

    run_virtually(work)


def test_a_client_takes_down_that_its_key_was_refused_when_it_asked_again():
    class Restored(Client):
        """What it was told is gone at once, and the account closed."""

        async def _ask(self, key: str, command: Command) -> Loaded[Account]:
            del key, command
            if self.told[0].version:
                raise Refused("closed")
            return Loaded(ACCOUNT, "a", Account(), Head(ACCOUNT.stream("a"), 5, "", {}))

    class Eager(Random):
        """Does whatever it may."""

        def random(self) -> float:
            return 0.0

    async def work(loop: VirtualLoop) -> None:
        client = Restored("r", list, Eager(1), Trace(loop.time))
        await client.run(1, 1.0)

        (told,) = client.told
        assert (told.version, told.again) == (5, ["closed"])

    run_virtually(work)


def exported(story: Story, service: str) -> list[str]:
    """The topics of a service as `nhipcau export` writes them; what was spoilt on its way mended."""
    topics = sorted(t.name for t in TOPICS if t.name.startswith(f"{service}."))
    lines = [header_line(topics)]
    for partition in sorted(story.cluster.logs):
        for offset, stored in enumerate(story.cluster.logs[partition]):
            record = story.cluster.spoilt.get((partition, offset), stored)
            if partition.topic in topics:
                lines.append(fact_line(wire.decode(record.headers, record.value), partition.topic))
    return lines


def checked(lines: list[str]) -> Copy:
    topics, facts = read(lines)
    return verify(topics, facts, seals_in(read(lines)[1]), KEY.public)


@pytest.mark.parametrize("seed", [1, 2, 7, 15, 23, 31, 39, 55])
def test_what_a_storm_leaves_in_the_topics_is_a_whole_copy_whose_damage_is_found(seed: int):
    async def work(loop: VirtualLoop) -> None:
        story, findings = await run_story(loop, seed)
        assert findings == []
        lines = exported(story, "ledger")
        verdict = checked(lines)
        assert verdict.findings == ()
        assert (verdict.lives > 1) == (seed % RESTORED == RESTORED - 1)

        present = f'"incarnation":{verdict.lives},'
        for number in Random(seed).sample(range(1, len(lines)), 12):
            line = lines[number]
            stream, sequence = orjson.loads(line)["stream"], orjson.loads(line)["sequence"]
            if present not in line or stream.startswith("/ledger/seal/"):
                continue
            place = f'"stream":"{stream}"'
            again = f'"sequence":{sequence},{present}'
            less = [each for each in lines if not (place in each and again in each)]
            assert not checked(less).whole, line

    run_virtually(work)


def test_a_virtual_hour_takes_no_time():
    async def waits(loop: VirtualLoop) -> float:
        await asyncio.sleep(3600)
        return loop.time()

    assert run_virtually(waits) == pytest.approx(3600)
