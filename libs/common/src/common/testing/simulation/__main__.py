"""Replays one seed, or runs many: `python -m common.testing.simulation --seed 123 [--plant NAME]`."""

import argparse
import sys
import time

import structlog

from common.testing.simulation.run import run_seed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m common.testing.simulation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="how many, from --seed on")
    parser.add_argument("--lines", action="store_true", help="print everything that happened")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    began, failed = time.perf_counter(), 0
    for seed in range(given.seed, given.seed + given.seeds):
        verdict = run_seed(seed, keep_lines=given.lines)
        sys.stdout.writelines(f"{line}\n" for line in verdict.lines)
        failed += bool(verdict.findings)
        if verdict.findings or given.seeds == 1:
            print(f"seed {seed}: {verdict.commits} commits, {verdict.steps} steps, {verdict.seconds:.0f} s, digest {verdict.digest[:12]}")
            for finding in verdict.findings:
                print("  ", finding)
    print(f"{given.seeds} seeds, {failed} failed, {time.perf_counter() - began:.1f} s")
    return 1 if failed else 0


sys.exit(main())
