"""Replays one seed, or runs many: `python -m common.testing.simulation --seed 123 [--plant NAME]`."""

import argparse
import sys
import time

import structlog

from common.testing.simulation.plants import PLANTS
from common.testing.simulation.run import run_seed
from common.testing.simulation.service import Parts

CRITICAL = 50


def main() -> int:
    given = _arguments().parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(CRITICAL))
    parts = PLANTS[given.plant] if given.plant else Parts()
    began, failed = time.perf_counter(), 0
    for seed in range(given.seed, given.seed + given.seeds):
        verdict = run_seed(seed, parts, keep_lines=given.lines)
        _say(*verdict.lines)
        failed += bool(verdict.findings)
        if verdict.findings or given.seeds == 1:
            _say(str(verdict), *(f"  {finding}" for finding in verdict.findings))
    _say(f"{given.seeds} seeds, {failed} failed, {time.perf_counter() - began:.1f} s")
    return 1 if failed else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m common.testing.simulation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --seed on")
    parser.add_argument("--plant", choices=sorted(PLANTS), help="a fault planted on purpose")
    parser.add_argument("--lines", action="store_true", help="print everything that happened")
    return parser


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
