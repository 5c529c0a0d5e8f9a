"""`python -m contracts.check [--base REF]`: run every check of the contracts and say what it found."""

import argparse
import sys
from collections.abc import Callable

from contracts.check import asyncapi, compatible, fresh, openapi, orphans, shape
from contracts.check.base import NoBase, find
from contracts.check.problem import Problem
from contracts.place import ROOT

CHECKS: dict[str, Callable[[], list[Problem]]] = {
    "schemas are described and bounded": lambda: shape.problems(ROOT),
    "nothing without its counterpart": lambda: orphans.problems(ROOT),
    "generated files are fresh": lambda: fresh.problems(ROOT),
    "AsyncAPI document is valid": lambda: asyncapi.problems(ROOT),
    "OpenAPI documents are complete": lambda: openapi.problems(ROOT),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m contracts.check")
    parser.add_argument("--base", help="compare with the merge base of this ref (else: main)")
    asked = parser.parse_args(arguments).base
    failed = sum(_report(name, check()) for name, check in CHECKS.items())
    failed += _compatible(asked)
    return 1 if failed else 0


def _compatible(asked: str | None) -> bool:
    base = find(ROOT, asked)
    if isinstance(base, NoBase):
        _say(f"{'FAIL' if asked else ' -- '} compatible: nothing to compare with: {base.reason}")
        return asked is not None
    return _report(f"compatible with {base.commit[:10]}", compatible.problems(ROOT, base))


def _report(name: str, problems: list[Problem]) -> bool:
    _say(f"{'FAIL' if problems else ' ok '} {name}")
    for problem in problems:
        _say(f"       {problem}")
    return bool(problems)


def _say(line: str) -> None:
    sys.stdout.write(f"contracts: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
