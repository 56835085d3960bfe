"""How good `lapwing advise` is: suites with one known disease, run sick and cured.

    python benchmarks/advice.py [--only NAME ...] [--tries N] [--json FILE]

Of each: is the disease named first, and how does the gain that was predicted from the sick run compare
with the gain that was measured by running the cured suite, waits for a processor taken out of both? Of runs
in workers the time from the first test to the end of the last is compared: starting four workers takes
seconds more or less where others use the processors, and is the same before and after.
pytest-cov and pytest-xdist must be installed.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from lapwing.analysis.worker_spans import first_moment, worker_spans
from lapwing.config.load import load_settings
from lapwing.operations.advise import advice_of
from lapwing.store.open_store import open_store
from quiet_runs import QuietRun, quiet_run
from sick_suites import SUITES, Sick


class Outcome(NamedTuple):
    """One suite. Times in seconds."""

    name: str
    wanted: str
    first: str
    predicted: float
    measured: float
    sick: float
    others: float

    @property
    def ratio(self) -> float:
        """Predicted over measured gain."""
        return self.predicted / self.measured if self.measured else float("inf")


def measure(name: str, suite: Sick, base: Path, tries: int) -> Outcome:
    """Run it sick, ask for advice, run it cured."""
    folder = base / name.replace(" ", "-").replace("+", "")
    _write(folder, suite.sick)
    if suite.before is not None:
        quiet_run(folder, sys.executable, (*_PLUGINS, *suite.before), tries=tries)
    sick = quiet_run(folder, sys.executable, (*_PLUGINS, *suite.arguments), tries=tries)
    settings = load_settings(folder, environ={})
    with open_store(str(folder / ".lapwing" / "store.sqlite"), create=False) as store:
        advice = advice_of(settings, store, sick.recorded)
    for path in folder.rglob("*.py"):
        path.unlink()
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    _write(folder, suite.cured)
    arguments = suite.arguments if suite.cured_arguments is None else suite.cured_arguments
    cured = quiet_run(folder, sys.executable, (*_PLUGINS, *arguments), tries=tries)
    first = advice.suggestions[0] if advice.suggestions else None
    spent = _seconds_in_tests if sick.recorded.run.workers else _seconds
    return Outcome(
        name=name,
        wanted=suite.advisor,
        first=first.advisor if first else "nothing",
        predicted=first.gain_ns / 1e9 if first else 0.0,
        measured=spent(sick) - spent(cured),
        sick=_seconds(sick),
        others=max(sick.others, cured.others),
    )


_PLUGINS = ("-p", "no:randomly", "-p", "no:benchmark")


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text('[tool.lapwing]\nproject = "sick"\n')
    for name, text in files.items():
        (folder / name).write_text(text)


def _seconds(ran: QuietRun) -> float:
    """What a run took, in seconds, without waits for a processor that others used."""
    return (ran.recorded.run.duration_ns - first_moment(ran.recorded) - ran.wait_ns) / 1e9


def _seconds_in_tests(ran: QuietRun) -> float:
    """From the first test of all workers to the end of the last."""
    spans = [span for span in worker_spans(ran.recorded) if span.tests]
    return (max(span.last_ns for span in spans) - min(span.first_ns for span in spans)) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument(
        "--tries", type=int, default=2, help="runs at most, until others left the processors alone"
    )
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    outcomes = []
    print("| suite | took | named first | predicted gain | measured gain | ratio |")
    print("| --- | --: | --- | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as base:
        for name, suite in SUITES.items():
            if arguments.only and name not in arguments.only:
                continue
            done = measure(name, suite, Path(base), arguments.tries)
            outcomes.append(done)
            named = done.first if done.first == done.wanted else f"{done.first}, not {done.wanted}"
            print(
                f"| {name} | {done.sick:.2f} s | {named} | {done.predicted:.2f} s | {done.measured:.2f} s "
                f"| {done.ratio:.2f} |",
                flush=True,
            )
            print(f"  others used {done.others:.0%} of the processors", file=sys.stderr)
    right = sum(done.first == done.wanted for done in outcomes)
    close = sum(0.8 <= done.ratio <= 1.2 for done in outcomes)
    print(f"\n{right} of {len(outcomes)} named first, {close} predicted within 20%")
    if arguments.json:
        arguments.json.write_text(json.dumps([done._asdict() for done in outcomes], indent=1) + "\n")


if __name__ == "__main__":
    main()
