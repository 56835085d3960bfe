"""Suites that others wrote, with and without tracking: same outcomes, every test once, same times.

    python benchmarks/real_suites.py [--cache DIR] [--only NAME ...] [--rounds N] [--wheel FILE] [--json FILE]

The source distributions are downloaded by name with pip into the cache, and their tests run in a
virtual environment there, with this checkout (or `--wheel`) installed. Each suite runs in one
process and with `-n 2`, tracked and untracked in turns. Compared are exit code and the outcome of
every phase of every test and subtest; the records are held against pytest's own reports of the
same run. Suites that fail in part without us are fine: the comparison is what counts.
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from child_pytest import TRACKED, UNTRACKED, Ended, run, stored_runs, write_json
from lapwing.model.run import RecordedRun

ROOT = Path(__file__).resolve().parent.parent
PHASES = ("setup", "call", "teardown")


class Suite(NamedTuple):
    """A project whose source distribution holds its tests, and what they need besides pytest."""

    name: str
    version: str
    needs: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


SUITES = (
    Suite("click", "8.5.1"),
    Suite("attrs", "26.1.0", ("hypothesis", "cloudpickle", "pympler")),
    Suite("jinja2", "3.1.6", ("trio", "babel")),
    Suite(
        "werkzeug",
        "3.1.9",
        ("cffi", "cryptography", "ephemeral-port-reserve", "pytest-timeout", "watchdog"),
        # The reloader's tests wait without end where file events do not come through.
        ("-k", "not test_reloader_sys_path"),
    ),
    Suite(
        "starlette",
        "1.10.0",
        (
            "anyio",
            "trio",
            "httpx",
            "httpx2",
            "itsdangerous",
            "python-multipart",
            "pyyaml",
            "opentelemetry-sdk",
            "blockbuster",
            "importlib-metadata",
        ),
    ),
    Suite("more-itertools", "11.2.1"),
)


class Compared(NamedTuple):
    """A suite in one mode. Times are medians over the rounds, in seconds."""

    suite: str
    workers: int
    exit_codes: tuple[int, int]  # untracked, tracked
    tests: int
    subtests: int
    is_same: bool  # outcomes and exit code, in every round
    once: bool  # every attempt recorded once, every subtest under its parent, nothing more
    phase_sum_ratio: float  # recorded / told by pytest, the worst of the rounds
    wall: tuple[float, float]
    cpu: tuple[float, float]
    complaints: list[str]


def prepare(cache: Path, suites: Sequence[Suite], wheel: str | None) -> tuple[Path, dict[str, Path]]:
    """The same as `fetch`, with this checkout (or `wheel`) installed."""
    python, folders = fetch(cache, suites)
    product = (wheel,) if wheel else ("-e", str(ROOT))
    _do(str(python), "-m", "pip", "install", "-q", *product)
    # Another state of the same version counts as installed already.
    _do(str(python), "-m", "pip", "install", "-q", "--force-reinstall", "--no-deps", *product)
    return python, folders


def fetch(cache: Path, suites: Sequence[Suite]) -> tuple[Path, dict[str, Path]]:
    """The interpreter in `cache` and the folder of each suite. Downloads what is missing."""
    cache.mkdir(parents=True, exist_ok=True)
    python = cache / "venv" / "bin" / "python"
    if not python.exists():
        _do(sys.executable, "-m", "venv", str(cache / "venv"))
    folders = {}
    for suite in suites:
        folder = cache / f"{suite.name}-{suite.version}"
        if not folder.exists():
            print(f"  downloading {suite.name} {suite.version}", file=sys.stderr)
            source = f"{suite.name}=={suite.version}"
            place = cache / "downloads" / suite.name
            _do(
                *(str(python), "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps"),
                *("-d", str(place), source),
            )
            archive = next(place.glob("*.tar.gz"))
            _do(str(python), "-m", "pip", "install", "-q", str(archive), "pytest-xdist", *suite.needs)
            with tarfile.open(archive) as file:
                file.extractall(place, filter="data")
            next(path for path in place.iterdir() if path.is_dir()).rename(folder)
        folders[suite.name] = folder
    return python, folders


def _do(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def compare(suite: Suite, folder: Path, python: Path, workers: int, rounds: int, base: Path) -> Compared:
    """Run `suite` `rounds` times in turns, untracked and tracked."""
    parallel = ("-n", str(workers)) if workers else ()
    pairs: list[tuple[Ended, Ended]] = []
    ratios: list[float] = []
    complaints: list[str] = []
    recorded: RecordedRun | None = None
    shutil.rmtree(folder / ".lapwing", ignore_errors=True)
    for number in range(rounds):
        pair: list[Ended] = []
        for mode in (UNTRACKED, TRACKED):
            journal = base / f"{suite.name}-{workers}-{number}-{len(pair)}"
            arguments = (*suite.arguments, *parallel, *mode)
            pair.append(run(folder, arguments, journal, python=str(python), autoload=True))
        without, tracked = pair
        pairs.append((without, tracked))
        complaints += tracked.warnings
        different = (without.outcomes - tracked.outcomes) + (tracked.outcomes - without.outcomes)
        complaints += [f"differs: {key}" for key in list(different)[:10]]
        stored = stored_runs(folder)
        if len(stored) != number + 1:
            raise SystemExit(f"{suite.name}: nothing was recorded\n{tracked.output[-2000:]}")
        recorded = stored[0]
        complaints += _not_once(recorded, tracked)
        told = sum(each.seconds for each in tracked.reports if each.when in PHASES and each.subtest is None)
        ratios.append(sum(test.duration_ns or 0 for test in recorded.tests) / 1e9 / told)
    assert recorded is not None
    return Compared(
        suite=f"{suite.name} {suite.version}",
        workers=workers,
        exit_codes=(pairs[-1][0].exit_code, pairs[-1][1].exit_code),
        tests=len(recorded.tests),
        subtests=sum(len(test.subtests) for test in recorded.tests),
        is_same=all(a.outcomes == b.outcomes and a.exit_code == b.exit_code for a, b in pairs),
        once=not any(text.startswith("record: ") for text in complaints),
        phase_sum_ratio=max(ratios, key=lambda ratio: abs(ratio - 1)),
        wall=(median(pair[0].wall for pair in pairs), median(pair[1].wall for pair in pairs)),
        cpu=(median(pair[0].cpu for pair in pairs), median(pair[1].cpu for pair in pairs)),
        complaints=list(dict.fromkeys(complaints)),
    )


def _not_once(recorded: RecordedRun, tracked: Ended) -> list[str]:
    """Tests and subtests whose number of records is not the number of pytest's reports."""
    attempts = Counter(
        each.nodeid for each in tracked.reports if each.when == "setup" and each.subtest is None
    )
    records = Counter(test.nodeid for test in recorded.tests)
    told = Counter(each.nodeid for each in tracked.reports if each.subtest is not None)
    subtests = Counter({test.nodeid: len(test.subtests) for test in recorded.tests if test.subtests})
    twice = [
        key for key, count in Counter((t.nodeid, t.attempt) for t in recorded.tests).items() if count > 1
    ]
    return [
        *(
            f"record: {nodeid} {records[nodeid]} times, {attempts[nodeid]} attempts"
            for nodeid in sorted(attempts.keys() | records.keys())
            if records[nodeid] != attempts[nodeid]
        ),
        *(
            f"record: {nodeid} with {subtests[nodeid]} subtests, {told[nodeid]} told"
            for nodeid in sorted(told.keys() | subtests.keys())
            if subtests[nodeid] != told[nodeid]
        ),
        *(f"record: {nodeid} attempt {attempt} twice" for nodeid, attempt in twice),
    ][:20]


def show(table: Sequence[Compared]) -> None:
    """Print the table."""
    print(
        f"{'suite':22} {'-n':>2} {'exit':>5} {'tests':>6} {'subtests':>8} {'outcomes':>8} {'once':>4} "
        f"{'phases':>8}  {'wall s':^20}  {'CPU s':^20}"
    )
    for each in table:
        print(
            f"{each.suite:22} {each.workers:2} {each.exit_codes[0]:2}/{each.exit_codes[1]:<2} {each.tests:6} "
            f"{each.subtests:8} {'same' if each.is_same else 'DIFFER':>8} {'yes' if each.once else 'NO':>4} "
            f"{100 * (each.phase_sum_ratio - 1):+7.3f}%  {_pair(each.wall)}  {_pair(each.cpu)}"
        )
    print("exit, wall, CPU: untracked/tracked; phases: recorded sum of all phases against pytest's durations")
    for each in table:
        for text in each.complaints:
            print(f"  {each.suite} -n {each.workers}: {text}")


def _pair(seconds: tuple[float, float]) -> str:
    without, tracked = seconds
    return f"{without:6.2f}/{tracked:<6.2f} {100 * (tracked / without - 1):+5.1f}%"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--cache", metavar="DIR", help="keep downloads and environment here (default: nowhere)"
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this suite")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="runs of each kind (default: 3)")
    parser.add_argument("--wheel", metavar="FILE", help="test this wheel instead of the checkout")
    parser.add_argument("--json", metavar="FILE", help="write the rows here, too")
    arguments = parser.parse_args()
    suites = [each for each in SUITES if not arguments.only or each.name in arguments.only]
    if not suites:
        parser.error(f"--only: one of {', '.join(each.name for each in SUITES)}")
    table = []
    with tempfile.TemporaryDirectory() as name:
        cache = Path(arguments.cache).absolute() if arguments.cache else Path(name) / "cache"
        python, folders = prepare(cache, suites, arguments.wheel)
        for suite in suites:
            for workers in (0, 2):
                print(f"  {suite.name} -n {workers}", file=sys.stderr)
                table.append(
                    compare(suite, folders[suite.name], python, workers, arguments.rounds, Path(name))
                )
    show(table)
    write_json(arguments.json, [each._asdict() for each in table])


if __name__ == "__main__":
    main()
