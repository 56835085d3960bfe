"""How often are equal functions called different, and how often are +5% found?

`perf.compare` measures two functions in turn, in pairs of random order. Beside it the same two functions are
measured one after the other, each by a process of its own: by pyperf, which compares them with its t test,
and by pytest-benchmark, whose limit is 5% of the least, or of the mean, time (`--benchmark-compare-fail`).
Meanwhile a process computes for a random time, rests for a random time, and so on, on whatever core it gets.

    python benchmarks/ab.py                                   50 trials of each kind, about 5 minutes
    python benchmarks/ab.py --peer-python PATH --peer-trials 10   and the neighbors, a minute per 2 trials

PATH is an interpreter with pyperf and pytest-benchmark; without it only ours are measured.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from child_pytest import write_json
from lapwing.model.comparison import ChangeVerdict
from lapwing.perftest.paired import compare_functions

STEPS = 4_000
FACTOR = 1.05

_FUNCTION = """
def work(steps):
    total = 0
    for at in range(steps):
        total += at * at % 7
    return total
"""
_PYPERF = (
    _FUNCTION
    + """
import pyperf
runner = pyperf.Runner()
runner.bench_func("work", work, {steps})
"""
)
_PYTEST = (
    _FUNCTION
    + """
def test_work(benchmark):
    benchmark(work, {steps})
"""
)
_BUSY = """
import random, time
draw = random.Random({seed})
while True:
    until = time.perf_counter() + draw.uniform(0.05, 1)
    while time.perf_counter() < until:
        sum(range(1000))
    time.sleep(draw.uniform(0.05, 1))
"""


def main() -> None:
    """Measure, print a table, and the figures as JSON where they are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=50, help="of equal and of slower functions, each")
    parser.add_argument("--pairs", type=int, default=60, help="in each comparison of ours")
    parser.add_argument("--peer-python", help="interpreter with pyperf and pytest-benchmark")
    parser.add_argument("--peer-trials", type=int, default=10)
    parser.add_argument("--quiet", action="store_true", help="keep nothing else busy")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    arguments = parser.parse_args()
    with neighbor(arguments.seed, quiet=arguments.quiet):
        rows = ours(arguments.trials, arguments.pairs, arguments.seed)
        if arguments.peer_python:
            rows += peers(arguments.peer_python, arguments.peer_trials)
    print(f"{'design':42}{'equal called different':>24}{'+5% found':>14}{'trials':>8}{'width':>9}")
    for row in rows:
        width = "" if row["width"] is None else f"{row['width']:.1%}"
        print(f"{row['design']:42}{row['false']:>24.0%}{row['found']:>14.0%}{row['trials']:>8}{width:>9}")
    if arguments.json:
        write_json(Path(arguments.json), {"rows": rows, "load": os.getloadavg()})


def ours(trials: int, pairs: int, seed: int) -> list[dict[str, Any]]:
    """Both kinds of trials by `perf.compare`, judged by its verdict and by each clock alone."""
    namespace: dict[str, Any] = {}
    exec(_FUNCTION, namespace)
    work = namespace["work"]
    verdicts: dict[str, list[Counter[str]]] = {}
    widths: dict[str, list[float]] = {}
    for kind, steps in enumerate((STEPS, round(STEPS * FACTOR))):
        for trial in range(trials):
            compared = compare_functions(
                lambda: work(STEPS), lambda steps=steps: work(steps), pairs=pairs, seed=seed + trial
            )
            told = {"as told": compared.judged.verdict}
            for each in compared.judged.comparisons:
                told[f"{each.metric} clock alone"] = each.verdict
                if each.interval is not None:
                    low, high = each.interval
                    widths.setdefault(f"{each.metric} clock alone", []).append(high - low)
            for name, verdict in told.items():
                verdicts.setdefault(name, [Counter(), Counter()])[kind][verdict] += 1
            progress(f"ours {kind} {trial + 1}/{trials}")
    changed = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)
    return [
        {
            "design": f"perf.compare, {name}",
            "false": sum(equal[verdict] for verdict in changed) / trials,
            "found": slower[ChangeVerdict.REGRESSED] / trials,
            "trials": trials,
            "width": sorted(widths[name])[len(widths[name]) // 2] if name in widths else None,
        }
        for name, (equal, slower) in verdicts.items()
    ]


def peers(python: str, trials: int) -> list[dict[str, Any]]:
    """The same by pyperf and pytest-benchmark, one side after the other."""
    counts: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, steps in enumerate((STEPS, round(STEPS * FACTOR))):
            for trial in range(trials):
                before, after = (_by_pyperf(python, folder, each) for each in (STEPS, steps))
                _add(counts, "pyperf, t test", kind, _t_test(before, after))
                old, new = (_by_pytest_benchmark(python, folder, each) for each in (STEPS, steps))
                for figure in ("min", "mean"):
                    is_over = new[figure] > old[figure] * 1.05
                    # A limit has one direction: of equal functions either order may be called slower.
                    is_under = old[figure] > new[figure] * 1.05
                    name = f"pytest-benchmark, {figure} over 5%"
                    _add(counts, name, kind, is_over or (kind == 0 and is_under))
                progress(f"neighbors {kind} {trial + 1}/{trials}")
    return [
        {"design": name, "false": equal / trials, "found": slower / trials, "trials": trials, "width": None}
        for name, (equal, slower) in counts.items()
    ]


def _add(counts: dict[str, list[int]], name: str, kind: int, is_called: bool) -> None:
    counts.setdefault(name, [0, 0])[kind] += is_called


def _by_pyperf(python: str, folder: str, steps: int) -> list[float]:
    """Values by pyperf in its fast mode: 10 processes of 3 values."""
    script, out = Path(folder, "bench.py"), Path(folder, "bench.json")
    script.write_text(_PYPERF.format(steps=steps))
    out.unlink(missing_ok=True)
    subprocess.run([python, script, "--fast", "--quiet", "-o", out], check=True, capture_output=True)
    runs = json.loads(out.read_text())["benchmarks"][0]["runs"]
    return [value for run in runs for value in run.get("values", ())]


def _t_test(before: list[float], after: list[float]) -> bool:
    """pyperf's own question: are the samples significantly different by a two-sided t test at 95%?"""
    first, second = sum(before) / len(before), sum(after) / len(after)
    squares = sum((each - first) ** 2 for each in before) + sum((each - second) ** 2 for each in after)
    freedom = len(before) + len(after) - 2
    error = math.sqrt(squares / freedom * (1 / len(before) + 1 / len(after)))
    return abs(second - first) > 2.0 * error  # 2.00 is the quantile of 58 degrees of freedom


def _by_pytest_benchmark(python: str, folder: str, steps: int) -> dict[str, float]:
    test, out = Path(folder, "test_bench.py"), Path(folder, "pytest.json")
    test.write_text(_PYTEST.format(steps=steps))
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", test, f"--benchmark-json={out}"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    stats: dict[str, float] = json.loads(out.read_text())["benchmarks"][0]["stats"]
    return stats


@contextmanager
def neighbor(seed: int, *, quiet: bool) -> Iterator[None]:
    """Somebody else computes now and then."""
    if quiet:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", _BUSY.format(seed=random.Random(seed).randrange(1000))])
    try:
        time.sleep(0.2)
        yield
    finally:
        process.kill()
        process.wait()


def progress(text: str) -> None:
    """Where it is, on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{text}   ", end="", file=sys.stderr)


if __name__ == "__main__":
    main()
