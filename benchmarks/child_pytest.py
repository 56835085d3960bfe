"""Runs of pytest in a child process, with and without tracking, and what they left behind."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from lapwing.model.run import RecordedRun
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery

TRACKED = ("-p", "lapwing", "--track-performance")
UNTRACKED = ("-p", "no:lapwing")

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


class Report(NamedTuple):
    """One report that pytest's reporting process got, as `report_journal` kept it."""

    nodeid: str
    when: str
    outcome: str
    expected: bool
    seconds: float
    subtest: str | None


class Ended(NamedTuple):
    """A run of pytest that has ended. Times in seconds, `cpu` with all its processes."""

    exit_code: int
    output: str
    wall: float
    cpu: float
    reports: list[Report]

    @property
    def outcomes(self) -> Counter[tuple[str, str, str, bool, str | None]]:
        """How often each outcome of each phase was told."""
        return Counter((*report[:4], report.subtest) for report in self.reports)

    @property
    def outcome_line(self) -> str:
        """Pytest's last word, without its time."""
        lines = [line for line in self.output.splitlines() if re.search(r" in [\d.]+s", line)]
        return re.sub(r" in [\d.]+s.*", "", lines[-1]).strip("= ") if lines else ""

    @property
    def warnings(self) -> list[str]:
        """The warnings of Lapwing, one line each."""
        return [line for line in self.output.splitlines() if line.startswith("lapwing: warning:")]


def environment(journal: Path, *, autoload: bool = False) -> dict[str, str]:
    """A plain environment whose journal lies in `journal`, made if it is not there."""
    journal.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    kept |= {
        "REPORT_JOURNAL": str(journal),
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return kept if autoload else {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def command(*arguments: str, python: str = sys.executable) -> list[str]:
    """The command of a run of pytest with a journal."""
    return [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "report_journal", *arguments]


def run(
    folder: Path,
    arguments: Sequence[str],
    journal: Path,
    *,
    python: str = sys.executable,
    autoload: bool = False,
    wrapper: Sequence[str] = (),
) -> Ended:
    """Run pytest in `folder` to its end; `wrapper` is a command that starts another."""
    begin = perf_counter()
    with (journal.parent / f"{journal.name}.txt").open("w+b") as output:
        child = subprocess.Popen(
            [*wrapper, *command(*arguments, python=python)],
            cwd=folder,
            env=environment(journal, autoload=autoload),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = perf_counter() - begin
        output.seek(0)
        text = output.read().decode(errors="replace")
    return Ended(child.returncode, text, wall, used.ru_utime + used.ru_stime, read_reports(journal))


def read_reports(journal: Path) -> list[Report]:
    """What the reporting process was told; empty where it was killed."""
    file = journal / "reports.json"
    return [Report(*each) for each in json.loads(file.read_text())] if file.exists() else []


def finished_tests(journal: Path) -> list[str]:
    """The node ids of all tests that came to their end, in whatever process."""
    return [line for file in sorted(journal.glob("finished.*")) for line in file.read_text().splitlines()]


def stored_runs(folder: Path) -> list[RecordedRun]:
    """The runs in the store of the project in `folder`, newest first."""
    path = folder / ".lapwing" / "store.sqlite"
    if not path.exists():
        return []
    with open_store(str(path), create=False) as store:
        return [store.read_run(digest.run.run_id) for digest in store.runs(RunQuery())]


def write_json(file: str | None, value: Any) -> None:
    """Write `value` where `--json` asked for it."""
    if file:
        Path(file).write_text(json.dumps(value, indent=1))
