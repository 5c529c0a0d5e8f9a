"""An import: one row, one decision, one commit, each at most once however often the file is sent.

Rows run side by side, so that the log groups their commits; rows that build on others wait for them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any, Literal

from common.cause import Cause
from common.errors import DomainError, FieldProblem, Refused, Unavailable
from common.log.log import CommitLog
from common.log.streams import Loaded, StreamKind
from contracts.fact import Fact
from directory.usecases.doing import Deps

AT_ONCE = 64
Run = Callable[[Deps, Cause], Awaitable[Loaded[Any]]]
Kind = Literal["created", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was refused: the code, a sentence, the fields at fault."""

    code: str
    detail: str
    errors: tuple[FieldProblem, ...] = ()

    @classmethod
    def of(cls, error: DomainError) -> "Problem":
        return cls(error.code, error.detail, tuple(error.errors))


@dataclass(frozen=True, slots=True)
class Task:
    """One row: what to do, or what is wrong with it already.

    number  of the row in the file, or of the step
    key     what it is about, to be shown
    near    what it shares with others: rows that touch the same parent take turns
    first   the stream it begins and the fact it begins with, to know it again
    """

    number: int
    key: str
    near: str = ""
    run: Run | None = None
    problem: Problem | None = None
    first: tuple[StreamKind[Any], str, Fact] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row."""

    number: int
    key: str
    outcome: Kind
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An import that is ready to run. `digest` names file and options: it makes the causes."""

    digest: str
    waves: Sequence[Sequence[Task]]
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(len(wave) for wave in self.waves))

    def cause_of(self, number: int) -> str:
        return f"{self.prefix}{number}"

    @property
    def prefix(self) -> str:
        return f"import:{self.digest}:"


@dataclass(frozen=True, slots=True)
class Running:
    """Who runs it, and where the results go."""

    actor: str
    now: Callable[[], datetime]
    report: Callable[[Result], Awaitable[None]]


async def run_plan(deps: Deps, plan: Plan, running: Running) -> None:
    """Every row in turn of its wave. Raises Unavailable when the log is away: send the file again."""
    done = await deps.log.caused(plan.prefix)
    for wave in plan.waves:
        waiting = iter(take_turns(wave))
        runners = [_runner(deps, plan, running, waiting, done) for _ in range(AT_ONCE)]
        async with asyncio.TaskGroup() as group:
            for runner in runners:
                group.create_task(runner)


async def _runner(
    deps: Deps, plan: Plan, running: Running, waiting: Iterable[Task], done: frozenset[str]
) -> None:
    for task in waiting:
        cause = Cause(plan.cause_of(task.number), running.now(), running.actor, digest=plan.digest)
        await running.report(await _result(deps, task, cause, done))


async def _result(deps: Deps, task: Task, cause: Cause, done: frozenset[str]) -> Result:
    if task.problem is not None or task.run is None:
        return Result(task.number, task.key, "refused", task.problem)
    if cause.id in done:
        return Result(task.number, task.key, "unchanged")
    try:
        loaded = await task.run(deps, cause)
    except Unavailable:
        raise
    except DomainError as error:
        if isinstance(error, Refused) and await _is_there(deps.log, task):
            return Result(task.number, task.key, "unchanged")
        return Result(task.number, task.key, "refused", Problem.of(error))
    return Result(task.number, task.key, "created" if loaded.positions else "unchanged")


async def _is_there(log: CommitLog, task: Task) -> bool:
    """Whether the row says what its stream began with: then somebody has entered it before."""
    if task.first is None:
        return False
    kind, id, fact = task.first
    commits = await log.commits(kind.stream(id))
    if not commits:
        return False
    began = next(part for part in commits[0].parts if part.stream == kind.stream(id)).facts[0]
    return kind.evolve(kind.initial, log.revive(began)) == kind.evolve(kind.initial, fact)


def take_turns(tasks: Sequence[Task]) -> list[Task]:
    """The rows so that neighbours share as little as can be: they need not wait for one another."""
    groups: defaultdict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        groups[task.near].append(task)
    return [task for turn in zip_longest(*groups.values()) for task in turn if task is not None]


def in_waves(tasks: Sequence[Task], needs: Callable[[Task], Iterable[str]]) -> list[list[Task]]:
    """Rows behind the rows they name; those that name each other in a circle are refused."""
    by_key = {task.key: task for task in tasks if task.problem is None}
    depths: dict[str, int] = {}
    waves: defaultdict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        depth = 0 if task.problem else _depth(task, by_key, needs, depths)
        waves[max(depth, 0)].append(task if depth >= 0 else _in_a_circle(task))
    return [waves[depth] for depth in sorted(waves)]


def _depth(
    task: Task,
    by_key: dict[str, Task],
    needs: Callable[[Task], Iterable[str]],
    depths: dict[str, int],
) -> int:
    """How many rows must come before; -1 for a circle. Walks without recursion: files may be deep."""
    open_: list[Task] = [task]
    on_the_way: set[str] = set()
    while open_:
        current = open_[-1]
        if current.key in depths:
            open_.pop()
            continue
        named = [by_key[key] for key in needs(current) if key in by_key and key != current.key]
        missing = [each for each in named if each.key not in depths]
        if not missing:
            depths[current.key] = _behind([depths[each.key] for each in named])
            open_.pop()
        elif current.key in on_the_way:
            depths[current.key] = -1
            open_.pop()
        else:
            on_the_way.add(current.key)
            open_ += missing
    return depths[task.key]


def _behind(depths: Sequence[int]) -> int:
    if not depths:
        return 0
    return -1 if min(depths) < 0 else max(depths) + 1


def _in_a_circle(task: Task) -> Task:
    detail = "Rows name one another in a circle; take one of the references out."
    return Task(task.number, task.key, problem=Problem("circular", detail))
