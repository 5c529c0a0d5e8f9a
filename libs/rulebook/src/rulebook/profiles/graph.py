"""Every way through a process: the search that finds a way round a required step and shows it."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from rulebook.profiles.model import Process

State = tuple[str, frozenset[str]]
"""A step, and the required steps whose result stands there."""


@dataclass(frozen=True, slots=True)
class WayRound:
    """A walk from the start that takes `reached` although `missing` has not been passed (or was undone)."""

    missing: str
    reached: str
    path: tuple[str, ...]


def ways_round(process: Process) -> tuple[WayRound, ...]:
    """The shortest way round each required step; empty where there is none. Visits every state once."""
    found: dict[tuple[str, str], WayRound] = {}
    for state, path in _walks(process):
        for missing in _missing(process, state):
            found.setdefault((missing, state[0]), WayRound(missing, state[0], path))
    return tuple(found.values())


def unreachable(process: Process) -> tuple[str, ...]:
    """Steps that no walk from the start takes."""
    reached = {state[0] for state, _ in _walks(process)}
    return tuple(step for step in process.steps if step not in reached)


def _walks(process: Process) -> Iterable[tuple[State, tuple[str, ...]]]:
    """Every reachable state with a shortest path to it, breadth first. It goes on after `published`: what is published again counts too."""
    start = _entered(process, process.start, frozenset())
    paths: dict[State, tuple[str, ...]] = {start: (process.start,)}
    queue = deque([start])
    while queue:
        state = queue.popleft()
        yield state, paths[state]
        for following in _next(process, state):
            if following not in paths:
                paths[following] = (*paths[state], following[0])
                queue.append(following)


def _next(process: Process, state: State) -> Iterable[State]:
    step, done = state
    for transition in process.transitions:
        if transition.source == step:
            yield _entered(process, transition.target, done - set(transition.undoes))


def _entered(process: Process, step: str, done: frozenset[str]) -> State:
    return step, done | {step} if step in process.required else done


def _missing(process: Process, state: State) -> Iterable[str]:
    """Required steps that should have been passed by now: all before this one, or all when it publishes."""
    step, done = state
    if step == process.published:
        due = process.required
    elif step in process.required:
        due = process.required[: process.required.index(step)]
    else:
        due = ()
    return [each for each in due if each not in done]
