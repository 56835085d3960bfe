"""How well slowdowns are told from noise: Lapwing beside other ways, on runs in which nothing changed.

    python benchmarks/detection.py --data DIR [--only DETECTOR] [--json FILE] [--draws N]
        [--by-suite] [--markdown] [--resume FILE]

DIR holds recorded runs of real suites, one `*.jsonl.gz` per suite (see judge.py). From each suite runs are
drawn again and again for a baseline of min(10, runs - n) and n new runs. Whatever is called `regressed` is a
false alarm. Then one test alone is slowed down by 1.2, 1.5 and 2.0, per duration class, and looked for.
Rates are pooled over suites; a cell without tests is null.

Lapwing is judged through judge.py by its whole verdict over all metrics, others once by wall and once by
CPU time. `lapwing --confirm 5` runs the suspects of its first look up to 5 times more (drawn from the runs
of the same condition that are left). A draw of five suites with 11,000 tests takes some 10 s of CPU time
for each condition and number of new runs: with --resume nothing of a long count is lost. Peers that
search each series for steps take a thirtieth of the draws: they need a second and more for every thousand
tests. DIR is LAPWING_SAMPLES/detection if not given.
"""

import argparse
import importlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

from detection_counts import Cell, Cells, Counts, KeptCounts
from detection_draws import CLASSES, CONDITIONS, FACTORS, Draw, Suite, draws, read_suites, slowed
from detection_markdown import markdown
from judge import judge_and_confirm
from lapwing.model.comparison import ChangeVerdict

LAPWING: Final = ("lapwing", "lapwing --confirm 5")
"""Rows of ours: before and after suspects are run again."""

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
BLOCK: Final = 10
"""Draws a job does, so that a count that is broken off covers all suites and conditions alike."""


class Job(NamedTuple):
    """Some draws of one suite, judged by one detector."""

    detector: str  # of PEERS, or "lapwing" for both of its rows
    suite: Suite
    condition: str
    judged: int
    first: int
    count: int
    seed: int

    def draws(self) -> Iterator[Draw]:
        """The draws of this job."""
        return draws(self.suite, self.condition, self.judged, self.count, self.seed, self.first)

    def key(self) -> tuple[Any, ...]:
        """What its counts are kept by."""
        return (self.detector, self.suite.name, *self[2:])


def count_lapwing(job: Job) -> Cells:
    """What our own judgments came to, over the draws of one suite."""
    cells: Cells = {(row, "verdict", job.condition, job.judged): Counter() for row in LAPWING}
    for draw in job.draws():
        for counts, verdicts in zip(cells.values(), _verdicts(draw, "", 1.0), strict=True):
            _count_nothing(counts, verdicts)
        for title, nodeid in draw.chosen.items():
            for factor in FACTORS:
                for counts, verdicts in zip(cells.values(), _verdicts(draw, nodeid, factor), strict=True):
                    found = verdicts.get(nodeid)
                    counts[title, factor, "slowed"] += 1
                    counts[title, factor, "found"] += found is ChangeVerdict.REGRESSED
                    counts[title, factor, "cannot_tell"] += found is ChangeVerdict.CANNOT_TELL
    return cells


def _verdicts(
    draw: Draw, nodeid: str, factor: float
) -> tuple[dict[str, ChangeVerdict], dict[str, ChangeVerdict]]:
    if not nodeid:
        return judge_and_confirm(draw.baseline, draw.judged, draw.further)
    after, further = slowed(draw.judged, nodeid, factor), slowed(draw.further, nodeid, factor)
    return judge_and_confirm(draw.baseline, after, further)


def _count_nothing(counts: Counts, verdicts: dict[str, ChangeVerdict]) -> None:
    alarms = sum(verdict is ChangeVerdict.REGRESSED for verdict in verdicts.values())
    counts["judgments"] += 1
    counts["tests"] += len(verdicts)
    counts["alarms"] += alarms
    counts["alarmed"] += alarms > 0
    counts["cannot_tell"] += sum(verdict is ChangeVerdict.CANNOT_TELL for verdict in verdicts.values())


def count_peer(job: Job) -> Cells:
    """The same for a peer, by wall and by CPU time. It judges each test by itself, so that one row of a
    slowed test is enough."""
    import numpy as np

    peer = job.detector
    alarms: Callable[[Any, Any], Any] = importlib.import_module(f"peers.{PEERS[peer]}").alarms
    cells: Cells = {}
    for draw in job.draws():
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
            counts = cells.setdefault((peer, metric, job.condition, job.judged), Counter())
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


def show(title: str, cells: Cells) -> None:
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


def jobs_of(
    detectors: Sequence[str], suites: Sequence[Suite], new_runs: Sequence[int], count: int, seed: int
) -> Iterator[Job]:
    """All jobs, those of the first draws first."""
    for first in range(0, count, BLOCK):
        for detector in detectors:
            most = -(-count // SLOW_SHARE) if detector in SLOW_PEERS else count
            for judged in new_runs if first < most else ():
                for condition in CONDITIONS:
                    for suite in suites:
                        yield Job(detector, suite, condition, judged, first, min(BLOCK, most - first), seed)


def _work(job: Job) -> Cells:
    return count_lapwing(job) if job.detector == "lapwing" else count_peer(job)


def measure(jobs: Sequence[Job], workers: int, kept: KeptCounts) -> Iterator[tuple[Job, Cells]]:
    """The jobs with their answers, told on a terminal as they come."""
    left = []
    for job in jobs:
        cells = kept.of(job.key())
        if cells is None:
            left.append(job)
        else:
            yield job, cells
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            for job, cells in zip(left, pool.map(_work, left), strict=True):
                kept.keep(job.key(), cells)
                yield job, cells
        return
    for number, job in enumerate(left, start=1):
        if sys.stderr.isatty():
            told = f"{job.detector}, {job.suite.name}, {job.condition}, n={job.judged}"
            print(f"\r\x1b[K{number} of {len(left)}: {told}", end="", file=sys.stderr, flush=True)
        cells = _work(job)
        kept.keep(job.key(), cells)
        yield job, cells


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
    parser.add_argument(
        "--resume", type=Path, metavar="FILE", help="keep counts here as they come, and go on from them"
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
    new_runs = arguments.n or NEW_RUNS
    jobs = [*jobs_of(wanted, suites, new_runs, arguments.draws, arguments.seed)]
    pooled: Cells = {}
    by_suite: dict[str, Cells] = {}
    for job, cells in measure(jobs, arguments.workers, KeptCounts(arguments.resume)):
        for cell, counts in cells.items():
            pooled.setdefault(cell, Counter()).update(counts)
            if cell[0] in LAPWING:
                by_suite.setdefault(job.suite.name, {}).setdefault(cell, Counter()).update(counts)
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
