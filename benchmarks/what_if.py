"""What `lapwing what-if` says, held against runs that really happened.

    python benchmarks/what_if.py [--cache DIR] [--only NAME ...] [--workers N ...] [--tries N] [--json FILE]

Real suites (as in `real_suites.py`, in an environment in the cache that has this checkout installed, and
what the chosen suites need) and two made ones that mostly sleep, so that more workers than
processors pay off. Before each number of workers a suite runs in one process, and of that run alone the
makespans are predicted: the speed of one machine is not the same from minute to minute. Then
each mode of pytest-xdist is run and compared. A second prediction knows the run
of the cell before, too, as `lapwing what-if` does where the suite has once run in workers: what workers cost
is then measured, not usual. A first run, not counted, brings the files into memory. Where others use the
machine, too, a prediction is for the processors that they left to the run it is compared with, by the
system's account.
"""

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

from lapwing.advice.what_if import what_if
from lapwing.analysis.suite_times import suite_times
from lapwing.analysis.worker_spans import first_moment
from lapwing.model.run import RecordedRun
from lapwing.model.what_if import SuiteTimes
from quiet_runs import QuietRun, quiet_run
from real_suites import SUITES, prepare
from sleeping_suites import SLEEPING, write_suite

MODES = ("load", "worksteal", "loadscope", "loadfile", "loadgroup")
FEW = (1, 2, 4)
MANY = (4, 8)


class Held(NamedTuple):
    """One prediction and what happened. Times in seconds; `others` is a share of the processors."""

    suite: str
    workers: int
    dist: str
    predicted: float
    real: float
    others: float
    informed: float = 0.0  # predicted with a run in workers known

    @property
    def error(self) -> float:
        """Relative to what happened."""
        return self.predicted / self.real - 1

    @property
    def informed_error(self) -> float:
        """The same where a run in workers is known."""
        return self.informed / self.real - 1


def measure(name: str, folder: Path, python: Path | str, arguments: argparse.Namespace) -> list[Held]:
    """One suite in one process, then in every mode."""
    extra = next((suite.arguments for suite in SUITES if suite.name == name), ())
    counts = arguments.workers or (MANY if name in SLEEPING else FEW)
    shutil.rmtree(folder / ".lapwing", ignore_errors=True)
    path = ("src",) if (folder / "src").is_dir() else ()
    rows = []
    known = quiet_run(folder, python, (*extra, "-n", str(counts[0])), tries=1, path=path).recorded
    for workers in counts:
        base = quiet_run(folder, python, (*extra, "-p", "no:randomly"), tries=5, path=path)
        suite = suite_times(base.recorded)
        print(f"{name}: {len(suite.tests)} tests in one process, {seconds(base.recorded):.2f} s", flush=True)
        for dist in MODES:
            words = (*extra, "-n", str(workers), "--dist", dist)
            ran = quiet_run(folder, python, words, tries=arguments.tries, path=path)
            row = held(name, suite, workers, dist, ran)
            row = row._replace(
                informed=held(name, suite_times(base.recorded, known), workers, dist, ran).predicted
            )
            known = ran.recorded
            rows.append(row)
            print(
                f"  -n {workers} --dist {dist:10} {row.real:7.2f} s, predicted {row.predicted:7.2f} s, "
                f"{row.error:+6.1%}, with a run in workers known {row.informed_error:+6.1%}, "
                f"others {row.others:.0%}",
                flush=True,
            )
    return rows


def held(name: str, suite: SuiteTimes, workers: int, dist: str, ran: QuietRun) -> Held:
    """The prediction for the processors that others left to this run, and what it took."""
    left = suite._replace(cores=suite.cores * (1 - ran.others))
    predicted = what_if(left, workers, dist).makespan_ns / 1e9
    return Held(name, workers, dist, predicted, seconds(ran.recorded), ran.others)


def seconds(recorded: RecordedRun) -> float:
    return (recorded.run.duration_ns - first_moment(recorded)) / 1e9


def table(rows: list[Held]) -> str:
    """Error by suite and workers: median and the worst mode, in Markdown."""
    lines = [
        "| suite | workers | modes | median error | worst error | within 15% | workers known | within |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    groups: dict[tuple[str, int], list[Held]] = {}
    for row in rows:
        groups.setdefault((row.suite, row.workers), []).append(row)
    for (name, workers), group in groups.items():
        errors = sorted((row.error for row in group), key=abs)
        within = sum(abs(error) <= 0.15 for error in errors)
        informed = sorted((row.informed_error for row in group), key=abs)
        known = sum(abs(error) <= 0.15 for error in informed)
        lines.append(
            f"| {name} | {workers} | {len(group)} | {statistics.median(errors):+.1%} | {errors[-1]:+.1%} | "
            f"{within}/{len(group)} | {informed[-1]:+.1%} | {known}/{len(group)} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=Path(".venvs/real_suites"))
    parser.add_argument("--only", action="extend", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--workers", nargs="*", type=int, default=())
    parser.add_argument(
        "--tries", type=int, default=1, help="runs at most, until others left the processors alone"
    )
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    chosen = [suite for suite in SUITES if not arguments.only or suite.name in arguments.only]
    rows: list[Held] = []
    python, folders = prepare(arguments.cache.absolute(), chosen, None)
    with tempfile.TemporaryDirectory() as base:
        for name, shape in SLEEPING.items():
            if not arguments.only or name in arguments.only:
                folders[name] = write_suite(Path(base) / name, shape)
        for name, folder in folders.items():
            rows += measure(name, folder, python, arguments)
    print(table(rows))
    good = sum(abs(row.error) <= 0.15 for row in rows)
    known = sum(abs(row.informed_error) <= 0.15 for row in rows)
    print(f"\n{good} of {len(rows)} within 15%, {known} where a run in workers is known")
    if arguments.json:
        arguments.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
