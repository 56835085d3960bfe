"""How well slowdowns are told from noise: Lapwing beside other ways, on runs in which nothing changed.

    python benchmarks/detection.py --data DIR [--only DETECTOR] [--json FILE] [--draws N]
        [--by-suite] [--markdown]

DIR holds recorded runs of real suites, one `*.jsonl.gz` per suite (see judge.py). From each suite runs are
drawn again and again for a baseline of min(10, runs - n) and n new runs. Whatever is called `regressed` is a
false alarm. Then one test alone is slowed down by 1.2, 1.5 and 2.0, per duration class, and looked for.
Rates are pooled over suites; a cell without tests is null.

Lapwing is judged through judge.py by its whole verdict over all metrics, others once by wall and once by
CPU time. `lapwing --confirm 5` runs the suspects of its first look up to 5 times more (drawn from the runs
of the same condition that are left). Peers that search each series for steps take a thirtieth of the draws:
they need a second and more for every thousand tests. DIR is LAPWING_SAMPLES/detection if not given.
"""

import argparse
import importlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from detection_draws import CLASSES, CONDITIONS, FACTORS, Draw, Suite, draws, read_suites, slowed
from detection_markdown import markdown
from judge import judge, judge_with_confirmation
from lapwing.model.comparison import ChangeVerdict

LAPWING: Final = {"lapwing": False, "lapwing --confirm 5": True}
"""Rows of ours -> whether suspects are run again."""

PEERS: Final = {
    "fixed +20%": "fixed_share",
    "mean + 2 sigma": "mean_sigma",
    "welch t": "welch",
    "mann-whitney": "mann_whitney",
    "bencher-like": "bencher",
    "conbench-like z": "conbench",
    "otava": "otava",
    "ruptures pelt": "pelt",
    "asv steps": "asv_steps",
}
SLOW_PEERS: Final = {"otava", "ruptures pelt", "asv steps"}
SLOW_SHARE: Final = 30
NEW_RUNS: Final = (3, 1)

Cell = tuple[str, str, str, int]  # detector, metric, condition, n
Counts = Counter[Any]


def count_lapwing(suite: Suite, condition: str, judged: int, count: int, seed: int) -> dict[Cell, Counts]:
    """What our own judgments came to, over the draws of one suite."""
    cells: dict[Cell, Counts] = {}
    for draw in draws(suite, condition, judged, count, seed):
        for detector, confirms in LAPWING.items():
            counts = cells.setdefault((detector, "verdict", condition, judged), Counter())
            _count_nothing(counts, _verdicts(draw, confirms, "", 1.0))
            for title, nodeid in draw.chosen.items():
                for factor in FACTORS:
                    found = _verdicts(draw, confirms, nodeid, factor).get(nodeid)
                    counts[title, factor, "slowed"] += 1
                    counts[title, factor, "found"] += found is ChangeVerdict.REGRESSED
                    counts[title, factor, "cannot_tell"] += found is ChangeVerdict.CANNOT_TELL
    return cells


def _verdicts(draw: Draw, confirms: bool, nodeid: str, factor: float) -> dict[str, ChangeVerdict]:
    after, further = draw.judged, draw.further
    if nodeid:
        after, further = slowed(after, nodeid, factor), slowed(further, nodeid, factor)
    if confirms:
        return judge_with_confirmation(draw.baseline, after, further)
    return judge(draw.baseline, after)


def _count_nothing(counts: Counts, verdicts: dict[str, ChangeVerdict]) -> None:
    alarms = sum(verdict is ChangeVerdict.REGRESSED for verdict in verdicts.values())
    counts["judgments"] += 1
    counts["tests"] += len(verdicts)
    counts["alarms"] += alarms
    counts["alarmed"] += alarms > 0
    counts["cannot_tell"] += sum(verdict is ChangeVerdict.CANNOT_TELL for verdict in verdicts.values())


def count_peer(
    peer: str, suite: Suite, condition: str, judged: int, count: int, seed: int
) -> dict[Cell, Counts]:
    """The same for a peer, by wall and by CPU time. It judges each test by itself, so that one row of a
    slowed test is enough."""
    import numpy as np

    alarms: Callable[[Any, Any], Any] = importlib.import_module(f"peers.{PEERS[peer]}").alarms
    cells: dict[Cell, Counts] = {}
    if peer in SLOW_PEERS:
        count = -(-count // SLOW_SHARE)
    for draw in draws(suite, condition, judged, count, seed):
        runs = [*draw.baseline, *draw.judged]
        common = set(runs[0].subjects).intersection(*(run.subjects for run in runs))
        subjects = [nodeid for nodeid in runs[0].subjects if nodeid in common]
        for metric, column in (("wall", "wall_ns"), ("cpu", "cpu_ns")):
            values = []
            for run in runs:
                of = dict(zip(run.subjects, getattr(run, column), strict=True))
                values.append([of[nodeid] for nodeid in subjects])
            table = np.array(values, dtype=float).T
            before, after = table[:, : len(draw.baseline)], table[:, len(draw.baseline) :]
            counts = cells.setdefault((peer, metric, condition, judged), Counter())
            called = alarms(before, after)
            counts["judgments"] += 1
            counts["tests"] += len(subjects)
            counts["alarms"] += int(called.sum())
            counts["alarmed"] += bool(called.any())
            for title, nodeid in draw.chosen.items():
                if nodeid not in common:
                    continue
                row = slice(subjects.index(nodeid), subjects.index(nodeid) + 1)
                for factor in FACTORS:
                    counts[title, factor, "slowed"] += 1
                    counts[title, factor, "found"] += bool(alarms(before[row], after[row] * factor)[0])
    return cells


def row_of(cell: Cell, counts: Counts) -> dict[str, Any]:
    """A row of the JSON answer."""
    detector, metric, condition, judged = cell
    long = [title for title, low, _ in CLASSES if low >= 10_000_000]
    return {
        "detector": detector,
        "metric": metric,
        "condition": condition,
        "n": judged,
        "false_alarms_per_1000": _share(1000 * counts["alarms"], counts["tests"]),
        "judgments_with_false_alarm": _share(counts["alarmed"], counts["judgments"]),
        "cannot_tell_per_1000": _share(1000 * counts["cannot_tell"], counts["tests"]),
        "detection": {title: _rates(counts, [title], "found") for title, _, _ in CLASSES},
        "detection_from_10ms": _rates(counts, long, "found"),
        "cannot_tell_from_10ms": _rates(counts, long, "cannot_tell"),
        "judgments": counts["judgments"],
        "tests": counts["tests"],
    }


def _rates(counts: Counts, titles: Sequence[str], what: str) -> dict[str, float | None]:
    return {
        str(factor): _share(
            sum(counts[title, factor, what] for title in titles),
            sum(counts[title, factor, "slowed"] for title in titles),
        )
        for factor in FACTORS
    }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def show(title: str, cells: dict[Cell, Counts]) -> None:
    """Print a table."""
    print(f"\n{title}")
    head = ("", "metric", "condition", "n", "alarms", "judgm.", "cannot")
    titles = [*(name for name, _, _ in CLASSES), ">=10ms"]
    print(
        f"{'':19} {'':7} {'':13} {'':1} {'/1000':>7} {'alarmed':>7} {'/1000':>7}"
        + "".join(f" | {name:^14}" for name in titles)
    )
    print(
        "{:19} {:7} {:13} {:1} {:>7} {:>7} {:>7}".format(*head)
        + (" | " + " ".join(f"x{factor:<3}" for factor in FACTORS)) * len(titles)
    )
    for cell, counts in sorted(cells.items(), key=lambda item: (item[0][3] == 1, item[0][2])):
        row = row_of(cell, counts)
        parts = [*row["detection"].values(), row["detection_from_10ms"]]
        alarmed = row["judgments_with_false_alarm"]
        print(
            f"{cell[0]:19} {cell[1]:7} {cell[2]:13} {cell[3]} {row['false_alarms_per_1000']:7.3f} "
            f"{100 * alarmed:6.0f}% {row['cannot_tell_per_1000']:7.2f}"
            + "".join(" | " + " ".join(_percent(part[str(factor)]) for factor in FACTORS) for part in parts)
        )


def _percent(rate: float | None) -> str:
    return "   -" if rate is None else f"{100 * rate:3.0f}%"


def _work(job: tuple[str, Suite, str, int, int, int]) -> tuple[str, dict[Cell, Counts]]:
    detector, suite, *rest = job
    if detector in LAPWING:
        return suite.name, count_lapwing(suite, *rest)
    return suite.name, count_peer(detector, suite, *rest)


def measure(
    jobs: Sequence[tuple[str, Suite, str, int, int, int]], workers: int
) -> Iterable[tuple[str, dict[Cell, Counts]]]:
    """The answers to `jobs`, told on a terminal as they come."""
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            yield from pool.map(_work, jobs)
        return
    for number, job in enumerate(jobs, start=1):
        if sys.stderr.isatty():
            told = f"{job[0]}, {job[1].name}, {job[2]}, n={job[3]}"
            print(f"\r\x1b[K{number} of {len(jobs)}: {told}", end="", file=sys.stderr, flush=True)
        yield _work(job)


def arguments_of(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of recorded runs")
    parser.add_argument(
        "--only", action="append", choices=["lapwing", *PEERS], metavar="DETECTOR", help="may be repeated"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here, too")
    parser.add_argument(
        "--draws", type=int, default=200, metavar="N", help="per suite and condition (default: 200)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, action="append", metavar="N", help="new runs (default: 3 and 1)")
    parser.add_argument("--by-suite", action="store_true", help="also a table per suite, for Lapwing")
    parser.add_argument(
        "--markdown", action="store_true", help="also the tables as the documentation has them"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: 1)")
    return parser.parse_args(argv)


def main() -> None:
    """Run from the command line."""
    arguments = arguments_of()
    samples = os.environ.get("LAPWING_SAMPLES")
    if arguments.data is None and not samples:
        print("no data: give --data DIR, or set LAPWING_SAMPLES")
        return
    suites = read_suites(arguments.data or Path(samples or "") / "detection")
    wanted = arguments.only or ["lapwing", *PEERS]
    jobs = [
        (detector, suite, condition, judged, arguments.draws, arguments.seed)
        for detector in wanted
        for judged in arguments.n or NEW_RUNS
        for condition in CONDITIONS
        for suite in suites
    ]
    pooled: dict[Cell, Counts] = {}
    by_suite: dict[str, dict[Cell, Counts]] = {}
    for name, cells in measure(jobs, arguments.workers):
        for cell, counts in cells.items():
            pooled.setdefault(cell, Counter()).update(counts)
            if cell[0] in LAPWING:
                by_suite.setdefault(name, {})[cell] = counts
    if sys.stderr.isatty():
        print(file=sys.stderr)
    show(f"{len(suites)} suites, {arguments.draws} draws each", pooled)
    if arguments.by_suite:
        for name, cells in by_suite.items():
            show(name, cells)
    if arguments.markdown:
        print(markdown(pooled, by_suite if arguments.by_suite else {}))
    if arguments.json:
        rows = [row_of(cell, counts) for cell, counts in pooled.items()]
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
