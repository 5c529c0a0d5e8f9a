"""Runs one seed: a storm, fair weather, a verdict."""

import asyncio
import gc
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from common.consumer.asking import REBUILDS, REPLAYS
from common.testing.loop import VirtualLoop, run_virtually
from common.testing.simulation.invariants import all_findings
from common.testing.simulation.operator import Operator
from common.testing.simulation.process import register
from common.testing.simulation.service import Parts
from common.testing.simulation.storm import Storm
from common.testing.simulation.story import Story
from common.testing.simulation.weather import Trace

COMMANDS, THINK = 7, 2.0
SETTLE_SECONDS, LOOK_SECONDS = 200.0, 3.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a seed ended; `digest` is of everything that happened on the way."""

    seed: int
    findings: tuple[str, ...]
    digest: str
    steps: int
    commits: int
    seconds: float
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.commits} commits, {self.steps} steps, {self.seconds:.0f} s, "
            f"{len(self.findings)} findings, digest {self.digest[:16]}"
        )


def run_seed(seed: int, parts: Parts | None = None, *, keep_lines: bool = False) -> Verdict:
    """Deterministic: the same seed and parts give the same verdict, digest and all."""

    async def work(loop: VirtualLoop) -> Verdict:
        story, findings = await run_story(loop, seed, parts, keep_lines=keep_lines)
        return _verdict(story, findings)

    with _no_collection():
        return run_virtually(work)


@contextmanager
def _no_collection() -> Generator[None]:
    """A seed makes little garbage and lives shortly; looking for it would cost a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def run_story(
    loop: VirtualLoop, seed: int, parts: Parts | None = None, *, keep_lines: bool = False
) -> tuple[Story, list[str]]:
    """The story as it stood at its end, and what was wrong with it."""
    loop.watch_tasks(register)
    story = Story(seed, parts or Parts(), loop, Trace(loop.time, [] if keep_lines else None))
    await story.migrate()
    for member in story.members:
        story.start(member)
    storm = Storm(story)
    people = [asyncio.create_task(client.run(COMMANDS, THINK)) for client in story.clients]
    await storm.rage()
    storm.calm()
    findings = await _settle(story, people)
    for member in story.members:
        member.process.crash()
    return story, findings


def _verdict(story: Story, findings: list[str]) -> Verdict:
    return Verdict(
        story.seed,
        tuple(findings),
        story.trace.digest,
        story.trace.length,
        sum(len(witness.commits()) for witness in story.witnesses.values()),
        story.loop.now,
        tuple(story.trace.lines or ()),
    )


async def _settle(story: Story, people: list[asyncio.Task[None]]) -> list[str]:
    operator = Operator(story)
    ends = story.loop.now + SETTLE_SECONDS
    findings = ["the story did not begin to settle"]
    while story.loop.now < ends:
        await asyncio.sleep(LOOK_SECONDS)
        await operator.mend()
        if all(person.done() for person in people) and not _asked(story):
            for person in people:
                person.result()
            findings = ["a finding that came and went"]
            if next(all_findings(story), None) is None:
                return []
    if all(person.done() for person in people):
        findings = list(all_findings(story))
    waiting = [f"client {n} still waits" for n, p in enumerate(people) if not p.done()]
    for person in people:
        person.cancel()
    return waiting + findings + [f"never done: {asked}" for asked in _asked(story)]


def _asked(story: Story) -> list[str]:
    return [
        f"rebuild of {document['_id']}"
        for witness in story.witnesses.values()
        for document in witness.documents(REBUILDS)
    ] + [
        f"replay of {document['_id']}"
        for witness in story.witnesses.values()
        for document in witness.documents(REPLAYS)
    ]
