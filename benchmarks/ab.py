"""How often are equal functions called different, and how often are +5% found?

`perf.compare` measures two functions in turn, in pairs of random order. Beside it the same two functions are
measured one after the other, each by a process of its own: by pyperf, which compares them with its t test,
and by pytest-benchmark, whose limit is 5% of the least, or of the mean, time (`--benchmark-compare-fail`).
Meanwhile a process computes for a random time, rests for a random time, and so on, on whatever core it gets.

    python benchmarks/ab.py                       50 trials of each kind, about 3 minutes
    python benchmarks/ab.py --peer-python PATH    and as many by the neighbors, in turn with ours: 12 minutes

PATH is an interpreter with pyperf and pytest-benchmark; without it only ours are measured. Both are run with
smaller samples than they take by themselves, to end in this time: as many of them, of 10 ms in place of 100.
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
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
_PYPERF_SIZES = ("--processes", "10", "--values", "3", "--warmups", "1", "--min-time", "0.01")
_PYTEST_SIZE = "--benchmark-max-time=0.3"  # seconds, some 1,500 rounds
_BUSY = """
import random, time
draw = random.Random({seed})
while True:
    until = time.perf_counter() + draw.uniform(0.05, 1)
    while time.perf_counter() < until:
        sum(range(1000))
    time.sleep(draw.uniform(0.05, 1))
"""

Counts = dict[str, tuple[list[bool], list[bool]]]
"""By design: which trials of equal functions, and of slower ones, were called changed."""


def main() -> None:
    """Measure, print a table, and the figures as JSON where they are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=50, help="of equal and of slower functions, each")
    parser.add_argument("--pairs", type=int, default=60, help="in each comparison of ours")
    parser.add_argument("--peer-python", help="interpreter with pyperf and pytest-benchmark")
    parser.add_argument("--quiet", action="store_true", help="keep nothing else busy")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    arguments = parser.parse_args()
    counts: Counts = {}
    widths: dict[str, list[float]] = {}
    before = os.getloadavg()
    with neighbor(arguments.seed, quiet=arguments.quiet), tempfile.TemporaryDirectory() as folder:
        for trial in range(arguments.trials):
            ours(arguments.pairs, arguments.seed + trial, counts, widths)
            if arguments.peer_python:
                peers(arguments.peer_python, folder, counts)
            progress(f"{trial + 1}/{arguments.trials}")
    rows = [_row(name, of_equal, of_slower, widths) for name, (of_equal, of_slower) in counts.items()]
    print(f"{'design':42}{'equal called different':>24}{'+5% found':>14}{'trials':>8}{'width':>9}")
    for row in rows:
        width = "" if row["width"] is None else f"{row['width']:.1%}"
        print(f"{row['design']:42}{row['false']:>24.0%}{row['found']:>14.0%}{row['trials']:>8}{width:>9}")
    print(f"load average before and after: {before[0]:.1f}, {os.getloadavg()[0]:.1f}")
    if arguments.json:
        write_json(Path(arguments.json), {"rows": rows, "load": [before, os.getloadavg()]})


def _row(name: str, equal: list[bool], slower: list[bool], widths: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "design": name,
        "false": sum(equal) / len(equal),
        "found": sum(slower) / len(slower),
        "trials": len(equal),
        "width": sorted(widths[name])[len(widths[name]) // 2] if name in widths else None,
    }


def ours(pairs: int, seed: int, counts: Counts, widths: dict[str, list[float]]) -> None:
    """One trial of each kind by `perf.compare`, judged by its verdict and by each clock alone."""
    namespace: dict[str, Any] = {}
    exec(_FUNCTION, namespace)
    work = namespace["work"]
    for kind, steps in enumerate((STEPS, round(STEPS * FACTOR))):
        compared = compare_functions(partial(work, STEPS), partial(work, steps), pairs=pairs, seed=seed)
        told = {"perf.compare, as told": compared.judged.verdict}
        for each in compared.judged.comparisons:
            name = f"perf.compare, {each.metric} clock alone"
            told[name] = each.verdict
            if each.interval is not None:
                low, high = each.interval
                widths.setdefault(name, []).append(high - low)
        for name, verdict in told.items():
            is_called = verdict is ChangeVerdict.REGRESSED or (
                kind == 0 and verdict is ChangeVerdict.IMPROVED
            )
            _add(counts, name, kind, is_called)


def peers(python: str, folder: str, counts: Counts) -> None:
    """One trial of each kind by pyperf and pytest-benchmark.

    Measured are an equal one, the function itself, and the slower one: each question is of two that were
    measured one after the other.
    """
    sides = STEPS, STEPS, round(STEPS * FACTOR)
    values = [_by_pyperf(python, folder, each) for each in sides]
    stats = [_by_pytest_benchmark(python, folder, each) for each in sides]
    for kind in (0, 1):
        _add(counts, "pyperf, t test", kind, _t_test(values[kind], values[kind + 1]))
        old, new = stats[kind], stats[kind + 1]
        for figure in ("min", "mean"):
            is_over = new[figure] > old[figure] * 1.05
            # A limit has one direction: of equal functions either order may be called slower.
            is_under = old[figure] > new[figure] * 1.05
            _add(counts, f"pytest-benchmark, {figure} over 5%", kind, is_over or (kind == 0 and is_under))


def _add(counts: Counts, name: str, kind: int, is_called: bool) -> None:
    counts.setdefault(name, ([], []))[kind].append(is_called)


def _by_pyperf(python: str, folder: str, steps: int) -> list[float]:
    """Values by 10 processes of 3 values, as in pyperf's fast mode; a value takes 10 ms and more."""
    script, out = Path(folder, "bench.py"), Path(folder, "bench.json")
    script.write_text(_PYPERF.format(steps=steps))
    out.unlink(missing_ok=True)
    subprocess.run([python, script, *_PYPERF_SIZES, "--quiet", "-o", out], check=True, capture_output=True)
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
    subprocess.run([*command, _PYTEST_SIZE], check=True, capture_output=True, cwd=folder)
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
