"""False alarms on projects whose code did not change: each run judged by those before it.

    cd PROJECT; for i in 1 2 3 4 5 6 7 8 9; do pytest --track-performance; done
    python benchmarks/equal_runs.py PROJECT...

Beside the verdict of `lapwing compare` stands the rule "20% and 2 ms over the median of the runs before", by
wall time and by CPU time of the same runs. Everything called slower is wrong.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

RATIO, FLOOR_NS = 1.2, 2_000_000


def asked(project: Path, *words: str) -> Any:
    """What a command of ours prints as JSON."""
    command = [sys.executable, "-m", "lapwing", *words, "--format", "json"]
    return json.loads(subprocess.run(command, cwd=project, check=True, capture_output=True).stdout)


def times_of(project: Path, run_id: str) -> dict[str, tuple[int, int]]:
    """Wall and CPU time of the tests that passed, ns."""
    return {
        test["nodeid"]: (
            sum(test[f"{phase}_ns"] or 0 for phase in ("setup", "call", "teardown")),
            test["cpu_ns"] or 0,
        )
        for test in asked(project, "show", run_id)["tests"]
        if test["outcome"] == "passed"
    }


def over_the_rule(
    before: list[Mapping[str, tuple[int, int]]], now: Mapping[str, tuple[int, int]], clock: int
) -> int:
    """How many tests are 20% and 2 ms over the median of the runs before."""
    called = 0
    for nodeid, times in now.items():
        known = [run[nodeid][clock] for run in before if nodeid in run]
        usual = median(known) if known else times[clock]
        called += times[clock] > max(RATIO * usual, usual + FLOOR_NS)
    return called


def main() -> None:
    """Print a row per project."""
    print("| suite | runs | judged tests | machine factors | +20% wall | +20% CPU | Lapwing | judgments |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for project in map(Path, sys.argv[1:]):
        run_ids = [run["run_id"] for run in reversed(asked(project, "runs", "--limit", "1000")["runs"])]
        before = [times_of(project, run_ids[0])]
        tests, wall, cpu, wrong, alarmed, factors = 0, 0, 0, 0, 0, []
        for run_id in run_ids[1:]:
            now = times_of(project, run_id)
            wall += over_the_rule(before, now, 0)
            cpu += over_the_rule(before, now, 1)
            before.append(now)
            judged = asked(project, "compare", "baseline", run_id)
            called = {
                each["nodeid"]
                for each in judged["comparisons"] + judged["suite"]
                if each["verdict"] == "regressed" and not each["metric"].startswith("counter:")
            }
            tests, wrong, alarmed = tests + len(now), wrong + len(called), alarmed + bool(called)
            factors.append(judged["machine_factor"])
        print(
            f"| {project.resolve().name} | {len(run_ids)} | {tests:,} "
            f"| {min(factors):.2f} to {max(factors):.2f} "
            f"| {1000 * wall / tests:.3g} | {1000 * cpu / tests:.3g} | {1000 * wrong / tests:.2g} ({wrong}) "
            f"| {alarmed} of {len(run_ids) - 1} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
