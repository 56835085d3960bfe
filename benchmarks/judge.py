"""The product's own comparison of recorded runs, and nothing else.

    python benchmarks/judge.py BASE.jsonl.gz NEW.jsonl.gz

Reads runs of the form described in docs/explanation/how-lapwing-decides.md ("Data of this form") and prints
`{node id: verdict}` as JSON for every test on both sides. What was slowed down in NEW, if anything, is
told to nobody. With numpy, if it is there, whatever the size: the same verdicts in two thirds of the time.
"""

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from lapwing.analysis.arithmetic import WORTH_IT, arithmetic_for
from lapwing.analysis.compare import compare_runs
from lapwing.analysis.confirm import judge_confirmed
from lapwing.analysis.suspects import suspects
from lapwing.analysis.two_clocks import test_verdict
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.series import RunSamples

PHASES = ("s", "c", "t")
CALL = "c"
WALL, CPU, CHILDREN, INVOLUNTARY, DELAY = 0, 1, 2, 3, 6
"""Places in a phase's list of figures."""

NS_PER_US = 1_000
GZIP_MAGIC = b"\x1f\x8b"


Phases = list[list[Any]]
"""The figures of the phases of a test that ran."""


class NoiseRun(NamedTuple):
    """One recorded run and what was running beside it."""

    condition: str
    samples: RunSamples


Tests = dict[str, dict[str, Any]]


def read_runs(path: Path) -> list[NoiseRun]:
    """The runs of a file, in its order; of a test with several attempts the last.

    A test whose call ran in some runs only has no value in the others. Raises SystemExit (2) with a sentence
    for what cannot be read.
    """
    recorded = _recorded(path)
    return _made(recorded, _called(recorded))


def read_sides(*paths: Path) -> list[list[NoiseRun]]:
    """The same of files whose runs are compared: a test whose call ran in one counts there alone."""
    sides = [_recorded(path) for path in paths]
    called = set().union(*map(_called, sides))
    return [_made(recorded, called) for recorded in sides]


def _recorded(path: Path) -> list[tuple[dict[str, Any], Tests]]:
    try:
        raw = path.read_bytes()
        lines = (gzip.decompress(raw) if raw.startswith(GZIP_MAGIC) else raw).split(b"\n")
    except (OSError, EOFError, zlib.error) as error:
        _refuse(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}")
    found: list[tuple[dict[str, Any], Tests]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except ValueError as error:
            _refuse(f"{path}:{number}: not a line of JSON: {error}")
        if not isinstance(told, dict) or not (told.get("kind") == "run" or isinstance(told.get("id"), str)):
            _refuse(f"{path}:{number}: neither a run nor a test with an id")
        if told.get("kind") == "run":
            found.append((told, {}))
        elif not found:
            _refuse(f"{path}:{number}: a test before the first run")
        else:
            tests = found[-1][1]
            tests.pop(told["id"], None)
            tests[told["id"]] = told
    return found


def _refuse(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(2)


def _called(recorded: Sequence[tuple[dict[str, Any], Tests]]) -> set[str]:
    return {
        nodeid for _, tests in recorded for nodeid, test in tests.items() if isinstance(test.get(CALL), list)
    }


def _made(recorded: Sequence[tuple[dict[str, Any], Tests]], called: Collection[str]) -> list[NoiseRun]:
    same: dict[tuple[str, ...], tuple[str, ...]] = {}
    made = []
    for place, (head, tests) in enumerate(recorded):
        rows = {}
        for nodeid, test in tests.items():
            phases = [test[phase] for phase in PHASES if isinstance(test.get(phase), list)]
            is_whole = isinstance(test.get(CALL), list) or nodeid not in called
            if phases and is_whole and _summed(phases, (WALL,), NS_PER_US) is not None:
                rows[nodeid] = phases
        subjects = tuple(rows)
        subjects = same.setdefault(subjects, subjects)
        made.append(NoiseRun(str(head.get("cond", "")), _samples(str(place), subjects, rows.values())))
    return made


def _samples(name: str, subjects: tuple[str, ...], rows: Collection[Phases]) -> RunSamples:
    return RunSamples(
        run_id=name,
        subjects=subjects,
        workers=("main",) * len(subjects),
        wall_ns=tuple([_summed(phases, (WALL,), NS_PER_US) or 0 for phases in rows]),
        cpu_ns=tuple([_summed(phases, (CPU, CHILDREN), NS_PER_US) for phases in rows]),
        involuntary_switches=tuple([_summed(phases, (INVOLUNTARY,), 1) for phases in rows]),
        run_delay_ns=tuple([_summed(phases, (DELAY,), NS_PER_US) for phases in rows]),
    )


def _summed(phases: Phases, places: tuple[int, ...], unit: int) -> int | None:
    """The figures at `places` of all phases; None where one of them is missing."""
    try:
        return round(unit * sum([phase[at] for phase in phases for at in places]))
    except (TypeError, IndexError, ValueError, OverflowError):
        return None


def judge(baseline: Sequence[RunSamples], judged: Sequence[RunSamples]) -> dict[str, ChangeVerdict]:
    """The product's verdict on every test on both sides."""
    return verdicts(compare_runs(baseline, judged, arithmetic=arithmetic_for(WORTH_IT)))


def judge_and_confirm(
    baseline: Sequence[RunSamples], judged: Sequence[RunSamples], further: Sequence[RunSamples]
) -> tuple[dict[str, ChangeVerdict], dict[str, ChangeVerdict]]:
    """The same, and the verdicts after the suspects of this first look have been run again.

    Of `further` only the suspects are read.
    """
    arithmetic = arithmetic_for(WORTH_IT)
    first = compare_runs(baseline, judged, arithmetic=arithmetic)
    named = suspects(first)
    before = verdicts(first)
    if not named or not further:
        return before, before
    return before, verdicts(judge_confirmed(baseline, judged, further, named, arithmetic=arithmetic))


def verdicts(judgment: RunComparison) -> dict[str, ChangeVerdict]:
    """One verdict per test, over all of its metrics."""
    by_test: dict[str, list[Comparison]] = {}
    for comparison in judgment.comparisons:
        by_test.setdefault(comparison.nodeid, []).append(comparison)
    return {nodeid: test_verdict(comparisons) for nodeid, comparisons in by_test.items()}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", type=Path, metavar="BASE", help="runs of the baseline")
    parser.add_argument("new", type=Path, metavar="NEW", help="runs to judge, as one judgment")
    arguments = parser.parse_args()
    sides = read_sides(arguments.base, arguments.new)
    base, new = ([run.samples for run in side] for side in sides)
    print(json.dumps(judge(base, new), indent=1))


if __name__ == "__main__":
    main()
