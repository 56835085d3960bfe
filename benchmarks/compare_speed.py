"""How long `compare_runs` takes: 10,000 tests, 20 baseline and 3 judged runs, wall and CPU time.

Run alone: `python benchmarks/compare_speed.py`. Prints the CPU time of the shortest of five comparisons
(other work on the machine does not count), and the time that importing it takes in a fresh interpreter.
"""

import argparse
import random
import subprocess
import sys
import time

from lapwing.analysis.compare import compare_runs
from lapwing.model.series import RunSamples

NS_PER_MS = 1_000_000


def made_runs(tests: int, runs: int, seed: int = 1) -> list[RunSamples]:
    """Runs of a suite with log-normal durations about 5 ms, 8% of noise, and a factor per run."""
    rng = random.Random(seed)
    subjects = tuple(f"tests/test_{at // 40}.py::test_{at % 40}" for at in range(tests))
    levels = [5 * NS_PER_MS * rng.lognormvariate(0, 1.5) for _ in subjects]
    made = []
    for number in range(runs):
        factor = rng.lognormvariate(0, 0.05)
        cpu = [int(level * factor * rng.lognormvariate(0, 0.08)) for level in levels]
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


def import_seconds() -> float:
    code = (
        "import time; start = time.perf_counter(); import lapwing.analysis.compare; "
        "print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", code]
    return min(
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(5)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--baseline", type=int, default=20)
    parser.add_argument("--judged", type=int, default=3)
    options = parser.parse_args()
    runs = made_runs(options.tests, options.baseline + options.judged)
    taken = []
    for _ in range(5):
        start = time.process_time()
        compared = compare_runs(runs[: options.baseline], runs[options.baseline :])
        taken.append(time.process_time() - start)
    print(f"tests {options.tests}, runs {options.baseline} + {options.judged}")
    print(f"compare_runs: {min(taken):.3f} s of CPU time for {len(compared.comparisons)} comparisons")
    print(f"import: {import_seconds() * 1000:.1f} ms")


if __name__ == "__main__":
    main()
