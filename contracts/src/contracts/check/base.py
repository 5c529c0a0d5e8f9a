"""The contracts as they stood at the merge base, read from git."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REFS = ("origin/main", "main")
SECONDS = 30


@dataclass(frozen=True, slots=True)
class Base:
    """Files of the contracts folder at a commit: path below it → bytes."""

    commit: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class NoBase:
    """There is nothing to compare with, and why."""

    reason: str


def find(root: Path, ref: str | None = None) -> Base | NoBase:
    """The merge base with `ref`, or with main; on main itself the commit before.

    A base without contracts counts as none: these are the first.
    """
    repository = root.parent
    if _git(repository, "rev-parse", "--git-dir") is None:
        return NoBase("this is no git checkout")
    commit = _asked(repository, ref) if ref else _usual(repository)
    if commit is None:
        return NoBase(f"git knows no commit in common with {ref or 'main'}, and none before")
    below = f"{root.name}/"
    listed = _git(repository, "ls-tree", "-r", "--name-only", commit, "--", below)
    paths = [path for path in _lines(listed) if _compared(path.removeprefix(below))]
    if not paths:
        return NoBase(f"commit {commit[:10]} has no contracts yet")
    content = {p.removeprefix(below): _git(repository, "show", f"{commit}:{p}") for p in paths}
    return Base(commit, {path: data for path, data in content.items() if data is not None})


def _compared(path: str) -> bool:
    return path == "topics.yaml" or path.startswith(("events/", "api/"))


def _asked(repository: Path, ref: str) -> str | None:
    return _line(_git(repository, "merge-base", "HEAD", ref))


def _usual(repository: Path) -> str | None:
    head = _line(_git(repository, "rev-parse", "HEAD"))
    for ref in REFS:
        base = _asked(repository, ref)
        if base and base != head:
            return base
    return _line(_git(repository, "rev-parse", "--verify", "--quiet", "HEAD^"))


def _lines(output: bytes | None) -> list[str]:
    return (output or b"").decode().splitlines()


def _line(output: bytes | None) -> str | None:
    lines = _lines(output)
    return lines[0] if lines else None


def _git(repository: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 — fixed words and refs; no shell takes part
            ["git", "-C", str(repository), *arguments],  # noqa: S607 — git is where PATH says
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
