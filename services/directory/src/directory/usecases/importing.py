"""An import: one row, one decision, one commit, each at most once however often the file is sent.

Rows run side by side, so that the log groups their commits; rows that build on others wait for them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any, Literal

from common.canonical import canonical
from common.cause import Cause
from common.errors import DomainError, FieldProblem, Forbidden, Refused, Unavailable
from common.identity import Principal
from common.log.log import CommitLog, part_of
from common.log.streams import Loaded
from contracts.fact import Fact
from directory.domain.words import say
from directory.usecases.doing import Authority, By, Deps, Wish

AT_ONCE = 64
FRESH_SECONDS = 1.0
MOST_ASKED = 200
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Run = Callable[[Deps, By, Cause], Awaitable[Loaded[Any]]]
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
    says    the stream it speaks in and what it says there, to know it again
    asks    what right it takes
    """

    number: int
    key: str
    near: str = ""
    run: Run | None = None
    problem: Problem | None = None
    says: tuple[str, Fact] | None = None
    asks: Wish | None = None


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


@dataclass(slots=True)
class Rights:
    """Asks by what right rows are decided; an answer holds for a second, as a revocation takes."""

    authority: Authority
    who: Principal
    now: Callable[[], datetime]
    _known: dict[str, tuple[float, By | Forbidden]] = field(
        default_factory=dict[str, tuple[float, By | Forbidden]]
    )

    async def of(self, wish: Wish) -> By:
        """Raises Forbidden, Unavailable."""
        key = repr(replace(wish, at=BEGINNING))
        at = asyncio.get_running_loop().time()
        asked_at, answer = self._known.get(key, (float("-inf"), None))
        if answer is None or at - asked_at > FRESH_SECONDS:
            answer = await self._asked(wish)
            self._known[key] = (at, answer)
        if isinstance(answer, Forbidden):
            raise answer
        return answer

    async def _asked(self, wish: Wish) -> By | Forbidden:
        try:
            return await self.authority.may(self.who, replace(wish, at=self.now()))
        except Forbidden as refusal:
            return refusal

    async def check_any(self, tasks: Iterable[Task]) -> None:
        """Raises Forbidden when not one of these rows would be allowed."""
        refusal: Forbidden | None = None
        wishes = {repr(task.asks): task.asks for task in tasks if task.asks is not None}
        for wish in islice(wishes.values(), MOST_ASKED):
            try:
                await self.of(wish)
            except Forbidden as refused:
                refusal = refusal or refused
            else:
                return
        if refusal is not None:
            raise refusal


@dataclass(frozen=True, slots=True)
class Running:
    """By whose right it runs, and where the results go."""

    rights: Rights
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
    rights = running.rights
    for task in waiting:
        id, who = plan.cause_of(task.number), rights.who.subject
        cause = Cause(id, rights.now(), who, digest=plan.digest)
        await running.report(await _result(deps, task, cause, rights, done))


async def _result(
    deps: Deps, task: Task, cause: Cause, rights: Rights, done: frozenset[str]
) -> Result:
    if task.problem is not None or task.run is None or task.asks is None:
        return Result(task.number, task.key, "refused", task.problem)
    if cause.id in done:
        return Result(task.number, task.key, "unchanged")
    try:
        by = await rights.of(task.asks)
        loaded = await task.run(deps, by, cause)
    except Unavailable:
        raise
    except DomainError as error:
        if isinstance(error, Refused) and await _is_said(deps.log, task):
            return Result(task.number, task.key, "unchanged")
        return Result(task.number, task.key, "refused", Problem.of(error))
    return Result(task.number, task.key, "created" if loaded.positions else "unchanged")


async def _is_said(log: CommitLog, task: Task) -> bool:
    """Whether its stream says just this already: then somebody has entered it before."""
    if task.says is None:
        return False
    stream, fact = task.says
    told = (str(fact.name()), canonical(fact.data()).decode())
    return any(
        (kept.type, kept.data) == told
        for commit in await log.commits(stream)
        for kept in part_of(commit, stream).facts
    )


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
    return Task(task.number, task.key, problem=Problem("circular", say("row-circle")))
