"""The product's own comparison of recorded runs, and nothing else.

    python benchmarks/judge.py BASE.jsonl.gz NEW.jsonl.gz

Reads runs of the form described in docs/explanation/how-lapwing-decides.md ("Data of this form") and prints
`{node id: verdict}` as JSON for every test on both sides. What was slowed down in NEW, if anything, is
told to nobody. With numpy, if it is there, whatever the size: the same verdicts in two thirds of the time.
"""

import argparse
import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lapwing.analysis.arithmetic import WORTH_IT, arithmetic_for
from lapwing.analysis.compare import compare_runs
from lapwing.analysis.confirm import judge_confirmed
from lapwing.analysis.suspects import suspects
from lapwing.analysis.two_clocks import test_verdict
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.series import RunSamples

PHASES = ("s", "c", "t")
WALL, CPU, CHILDREN, INVOLUNTARY, DELAY = 0, 1, 2, 3, 6
"""Places in a phase's list of figures."""

NS_PER_US = 1_000
GZIP_MAGIC = b"\x1f\x8b"


class NoiseRun(NamedTuple):
    """One recorded run and what was running beside it."""

    condition: str
    samples: RunSamples


def read_runs(path: Path) -> list[NoiseRun]:
    """The runs of a file, in its order; of a test with several attempts the last."""
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if raw.startswith(GZIP_MAGIC) else raw).split(b"\n")
    found: list[tuple[dict[str, Any], dict[str, dict[str, Any]]]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        told = json.loads(line)
        if told.get("kind") == "run":
            found.append((told, {}))
        elif not found:
            raise SystemExit(f"{path}:{number}: a test before the first run")
        else:
            tests = found[-1][1]
            tests.pop(told["id"], None)
            tests[told["id"]] = told
    same: dict[tuple[str, ...], tuple[str, ...]] = {}
    made = []
    for place, (head, tests) in enumerate(found):
        subjects = tuple(tests)
        subjects = same.setdefault(subjects, subjects)
        made.append(NoiseRun(str(head.get("cond", "")), _samples(str(place), subjects, tests.values())))
    return made


def _samples(name: str, subjects: tuple[str, ...], tests: Iterable[dict[str, Any]]) -> RunSamples:
    rows = [[test[phase] for phase in PHASES if isinstance(test.get(phase), list)] for test in tests]
    return RunSamples(
        run_id=name,
        subjects=subjects,
        workers=("main",) * len(subjects),
        wall_ns=_summed(rows, (WALL,), NS_PER_US),
        cpu_ns=_summed(rows, (CPU, CHILDREN), NS_PER_US),
        involuntary_switches=_summed(rows, (INVOLUNTARY,), 1),
        run_delay_ns=_summed(rows, (DELAY,), NS_PER_US),
    )


def _summed(rows: Sequence[list[list[float]]], places: tuple[int, ...], unit: int) -> tuple[int, ...]:
    return tuple([round(unit * sum([phase[at] for phase in phases for at in places])) for phases in rows])


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
    base, new = ([run.samples for run in read_runs(path)] for path in (arguments.base, arguments.new))
    print(json.dumps(judge(base, new), indent=1))


if __name__ == "__main__":
    main()
