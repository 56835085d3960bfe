"""How long `compare_runs` takes, in pure Python and with numpy, and what else looks at as many series.

    python benchmarks/compare_speed.py [--peers]

Prints CPU seconds (other work on the machine does not count), of the shortest of some rounds: 10,000 tests,
20 baseline and 3 judged runs or 1, calm tests and tests of which every one is worth testing; 10,000 histories
of 100 values, of wall time alone and of both clocks, compared and searched for steps; and the import in a
fresh interpreter. With `--peers` apache-otava and PELT (ruptures) search some of the same histories.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.analysis.compare import compare_runs
from lapwing.model.series import RunSamples
from lapwing.stats import columns as lists
from lapwing.stats.arrays import columns as arrays

NS_PER_MS = 1_000_000
CALM, WILD = 0.08, 0.7
"""Noise of a test, ln: usual, and so much that most tests seem to have changed."""

_HISTORY = 100
_PEER_SERIES = 200
"""Of the histories so many are shown to a peer, and its time is scaled up."""

TWINS: dict[str, Arithmetic] = {"pure Python": lists, "numpy": arrays}


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


def by_wall(run: RunSamples) -> RunSamples:
    """The run without its CPU times."""
    return run._replace(cpu_ns=(), run_delay_ns=())


def with_gaps(runs: Sequence[RunSamples]) -> list[RunSamples]:
    """The runs, of which each lacks one test in a hundred, every time another one."""
    return [
        run.only({subject for at, subject in enumerate(run.subjects) if (at + number) % 100})
        for number, run in enumerate(runs)
    ]


def import_seconds() -> float:
    """What importing the comparison takes in a fresh interpreter."""
    code = (
        "import time; start = time.perf_counter(); import lapwing.analysis.compare; "
        "print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", code]
    return min(
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(5)
    )


def shortest(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of the shortest round."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def print_comparisons(title: str, runs: Sequence[RunSamples], judged: int, rounds: int) -> None:
    """A line with a figure of each twin."""
    before, after = runs[:-judged], runs[-judged:]
    for number in sorted({judged, 1}, reverse=True):
        figures = [
            f"{name} {shortest(lambda: compare_runs(before, after[:number], arithmetic=twin), rounds):.2f}"  # noqa: B023
            for name, twin in TWINS.items()
        ]
        print(f"compared, {title}, runs {len(before)} + {number}: {', '.join(figures)}")


def print_searches(series: Sequence[Sequence[float]], with_peers: bool) -> None:
    """Lines with what searching the series for steps takes, as many as `series`."""
    from step_detectors import lapwing, otava, pelt_rbf

    print(f"steps in {len(series)} histories, numpy: {shortest(lambda: lapwing(series), 1):.2f}")
    peers = {"apache-otava": otava, "ruptures PELT, Gaussian kernel": pelt_rbf} if with_peers else {}
    for name, detect in peers.items():
        some = series[:_PEER_SERIES]
        detect(some[:1])
        taken = shortest(lambda: detect(some), 1) * len(series) / len(some)  # noqa: B023
        print(f"steps in {len(series)} histories, {name}, measured on {len(some)}: {taken:.2f}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--baseline", type=int, default=20)
    parser.add_argument("--judged", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="also apache-otava and ruptures (see `make`)")
    options = parser.parse_args()
    for title, noise in (("calm", CALM), ("wild", WILD)):
        runs = made_runs(options.tests, options.baseline + options.judged, noise)
        print_comparisons(title, runs, options.judged, options.rounds)
    history = made_runs(options.tests, _HISTORY)
    rounds = min(options.rounds, 3)
    print_comparisons("wall time alone", [by_wall(run) for run in history], options.judged, rounds)
    print_comparisons("both clocks", history, options.judged, rounds)
    print_comparisons("both clocks, with gaps", with_gaps(history), options.judged, rounds)
    series = list(zip(*[[value / NS_PER_MS for value in run.wall_ns] for run in history], strict=True))
    print_searches(series, options.peers)
    print(f"import: {import_seconds() * 1000:.1f} ms")


if __name__ == "__main__":
    main()
