"""How long `compare_runs` takes: 10,000 tests, 20 baseline and 3 judged runs, wall and CPU time.

Run alone: `python benchmarks/compare_speed.py`. Prints the CPU time of the shortest of five comparisons
(other work on the machine does not count), of calm tests and of tests of which every one is worth testing,
against three judged runs and against one; of 10,000 histories of 100 values, of wall time alone and of both
clocks; and the time that importing it takes in a fresh interpreter.
"""

import argparse
import random
import subprocess
import sys
import time

from lapwing.analysis.compare import compare_runs
from lapwing.model.series import RunSamples

NS_PER_MS = 1_000_000
CALM, WILD = 0.08, 0.7
"""Noise of a test, ln: usual, and so much that most tests seem to have changed."""

_HISTORY = 100


def made_runs(tests: int, runs: int, noise: float = CALM, seed: int = 1) -> list[RunSamples]:
    """Runs of a suite with log-normal durations about 5 ms, `noise`, and a factor per run."""
    rng = random.Random(seed)
    subjects = tuple(f"tests/test_{at // 40}.py::test_{at % 40}" for at in range(tests))
    levels = [5 * NS_PER_MS * rng.lognormvariate(0, 1.5) for _ in subjects]
    made = []
    for number in range(runs):
        factor = rng.lognormvariate(0, 0.05)
        cpu = [int(level * factor * rng.lognormvariate(0, noise)) for level in levels]
        waits = [int(rng.expovariate(1) * NS_PER_MS) if rng.random() < 0.02 else 0 for _ in subjects]
        made.append(
            RunSamples(
                run_id=str(number),
                subjects=subjects,
                workers=("main",) * tests,
                wall_ns=tuple(own + wait for own, wait in zip(cpu, waits, strict=True)),
                cpu_ns=tuple(cpu),
                run_delay_ns=tuple(waits),
            )
        )
    return made


def _by_wall(run: RunSamples) -> RunSamples:
    return run._replace(cpu_ns=(), run_delay_ns=())


def import_seconds() -> float:
    code = (
        "import time; start = time.perf_counter(); import lapwing.analysis.compare; "
        "print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", code]
    return min(
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(5)
    )


def shortest_seconds(before: list[RunSamples], after: list[RunSamples]) -> float:
    taken = []
    for _ in range(5):
        start = time.process_time()
        compare_runs(before, after)
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--baseline", type=int, default=20)
    parser.add_argument("--judged", type=int, default=3)
    options = parser.parse_args()
    for title, noise in (("calm", CALM), ("wild", WILD)):
        runs = made_runs(options.tests, options.baseline + options.judged, noise)
        before, after = runs[: options.baseline], runs[options.baseline :]
        for judged in (after, after[:1]):
            print(
                f"compare_runs, {title}, {options.tests} tests, runs {len(before)} + {len(judged)}: "
                f"{shortest_seconds(before, judged):.3f} s of CPU time"
            )
    history = made_runs(options.tests, _HISTORY)
    for title, runs in (("wall time alone", [_by_wall(run) for run in history]), ("both clocks", history)):
        taken = shortest_seconds(runs[: -options.judged], runs[-options.judged :])
        print(f"compare_runs, {title}, {options.tests} tests of {_HISTORY} runs: {taken:.3f} s of CPU time")
    print(f"import: {import_seconds() * 1000:.1f} ms")


if __name__ == "__main__":
    main()
