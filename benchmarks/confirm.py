"""How often does a paired comparison call equal code changed, and how often does it find +10%?

A repository of two commits is made, with tests that compute for 10, 20 or 40 ms: in the second
commit every other one loops 10% longer. `lapwing confirm`'s own operations measure all of them, up to
40 pairs, while another process keeps a second core busy; then each test is judged as if it were alone,
at the looks that the plan has. Tests of one set run in the same processes, so that sets, not
tests, are wholly independent.

    python benchmarks/confirm.py                      about 5 minutes a set, 4 sets
    python benchmarks/confirm.py --sets 1 --tests 10 --json confirm.json
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from child_pytest import write_json
from lapwing.analysis.paired import judge_pairs
from lapwing.analysis.paired_outlook import is_settled
from lapwing.config.load import load_settings
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.paired import Pair
from lapwing.model.paired_design import Design
from lapwing.operations.confirm import HowToRun, Workshop
from lapwing.operations.paired.pairs import measure_pairs, warm_up
from lapwing.operations.paired.place import open_place
from lapwing.operations.paired.side import Subject

FACTOR = 1.1
DURATIONS_MS = (10, 20, 40)

SUITE = """\
import pytest

LOOPS = {loops}


@pytest.mark.parametrize("number", range(len(LOOPS)))
def test_part(number):
    total = 0
    for at in range(LOOPS[number]):
        total += at
"""


def main() -> None:
    """Measure, print a table, and the figures as JSON where they are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=int, default=4, help="independent sets of processes (default: 4)")
    parser.add_argument(
        "--tests", type=int, default=120, help="tests in each, half of them slower (default: 120)"
    )
    parser.add_argument("--quiet", action="store_true", help="keep no second core busy")
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too")
    parser.add_argument("--samples", metavar="FILE", help="write every pair there, too")
    arguments = parser.parse_args()
    measured: list[tuple[int, bool, list[Pair]]] = []
    for number in range(arguments.sets):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, busy_core(not arguments.quiet):
            measured += one_set(Path(folder), arguments.tests)
        print(f"set {number + 1}: {time.monotonic() - began:.0f} s", file=sys.stderr)
        if arguments.samples:
            write_json(arguments.samples, measured)
        figures = summary(measured, number + 1, is_busy=not arguments.quiet)
        write_json(arguments.json, figures)
    print_table(figures)


def one_set(folder: Path, count: int) -> list[tuple[int, bool, list[Pair]]]:
    """Duration in ms, whether it is slower in B, and its pairs, of each test."""
    loops = loops_per_ms()
    plain = [duration_of(at) * loops for at in range(count)]
    slower = [round(loops * FACTOR) if at % 2 else loops for at, loops in enumerate(plain)]
    git(folder, "init", "--quiet", "--initial-branch=main")
    for tests in (plain, slower):
        (folder / "test_suite.py").write_text(SUITE.format(loops=tests))
        git(folder, "add", "test_suite.py")
        git(folder, "commit", "--quiet", "--message", "tests")
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    settings = load_settings(folder, environ=environ)
    how = HowToRun()
    with open_place(settings.root, folder.resolve()) as place:
        workshop = Workshop(settings, place, how, environ)
        a, b = (workshop.side(name, name)[0] for name in ("HEAD~1", "HEAD"))
        choice = workshop.choice(["test_suite.py"])
        names = list(warm_up(a, b, choice, workshop.work())[0].tests)
        pairs = measure_pairs(
            a,
            b,
            [Subject(name) for name in names],
            choice,
            workshop.work(),
            design=how.design,
            progress=lambda line: None,
            is_enough=lambda subject, measured: False,
        )
    return [(duration_of(at), bool(at % 2), pairs[Subject(name)]) for at, name in enumerate(names)]


def duration_of(at: int) -> int:
    """Milliseconds of test number `at` before the change."""
    return DURATIONS_MS[at // 2 % len(DURATIONS_MS)]


def summary(measured: Sequence[tuple[int, bool, list[Pair]]], sets: int, *, is_busy: bool) -> dict[str, Any]:
    """False alarms and detection, as a whole and by duration; with the pairs that were needed."""
    design = Design()
    rows = []
    for duration in (None, *DURATIONS_MS):
        for is_slower in (False, True):
            chosen = [pairs for ms, slow, pairs in measured if slow is is_slower and duration in (None, ms)]
            judged = [judged_alone(pairs, design) for pairs in chosen]
            moved = [verdict for verdict, _ in judged]
            rows.append(
                {
                    "duration_ms": duration,
                    "factor": FACTOR if is_slower else 1.0,
                    "n": len(judged),
                    "regressed": moved.count(ChangeVerdict.REGRESSED),
                    "improved": moved.count(ChangeVerdict.IMPROVED),
                    "unchanged": moved.count(ChangeVerdict.UNCHANGED),
                    "cannot_tell": moved.count(ChangeVerdict.CANNOT_TELL),
                    "mean_pairs": sum(pairs for _, pairs in judged) / len(judged) if judged else None,
                }
            )
    return {
        "format_version": 1,
        "sets": sets,
        "busy_second_core": is_busy,
        "design": design._asdict(),
        "rows": rows,
    }


def judged_alone(pairs: Sequence[Pair], design: Design) -> tuple[ChangeVerdict, int]:
    """The verdict at the look that ends it, and how many pairs that took."""
    for look in design.looks:
        judged = judge_pairs("test", pairs[:look], design)
        if is_settled(judged, design):
            break
    return judged.verdict, look


def print_table(figures: dict[str, Any]) -> None:
    """For people."""
    print(f"{figures['sets']} sets, second core {'busy' if figures['busy_second_core'] else 'left alone'}")
    titles = ("slower", "faster", "equal", "unclear")
    print(f"{'test':>8} {'true':>6} {'n':>5} {' '.join(f'{each:>8}' for each in titles)} {'pairs':>6}")
    for row in figures["rows"]:
        n = row["n"]
        if not n:
            continue
        name = "all" if row["duration_ms"] is None else f"{row['duration_ms']} ms"
        shares = [f"{row[key] / n:8.1%}" for key in ("regressed", "improved", "unchanged", "cannot_tell")]
        print(f"{name:>8} {row['factor'] - 1:+6.0%} {n:5} {' '.join(shares)} {row['mean_pairs']:6.1f}")


def loops_per_ms() -> int:
    """How many turns of the tests' loop fill a millisecond here, at the least over some tries."""
    best = 1e9
    for _ in range(20):
        begin = time.process_time()
        total = 0
        for at in range(200_000):
            total += at
        best = min(best, time.process_time() - begin)
    return round(200_000 / best / 1000)


@contextmanager
def busy_core(wanted: bool) -> Iterator[None]:
    """A process that computes all the time."""
    if not wanted:
        yield
        return
    child = subprocess.Popen([sys.executable, "-c", "while True: sum(range(10**6))"])
    try:
        yield
    finally:
        child.kill()
        child.wait()


def git(folder: Path, *arguments: str) -> None:
    """Run git there as nobody in particular."""
    nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgSign=false"]
    subprocess.run(["git", *nobody, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    main()
