"""What a suite's first runs are told though nothing changed: tests called slower, and tests called faster.

    python benchmarks/first_runs.py --data DIR [--draws N]

DIR holds recorded runs of real suites, one `*.jsonl.gz` per suite (see judge.py); LAPWING_SAMPLES/detection
if not given. Of each suite N times (4) one to ten runs are drawn for a baseline and one or three as new. Busy
are the runs beside which other work was started on purpose.
"""

import argparse
import os
import random
from collections import Counter
from pathlib import Path
from typing import Final

from detection_draws import Suite, read_suites
from judge import judge
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.series import RunSamples

CONDITIONS: Final = ("quiet", "busy, then quiet", "mixed", "quiet, then busy")
BASELINES: Final = (1, 2, 3, 10)
NEW: Final = (1, 3)


def sides(
    suite: Suite, condition: str, baseline: int, new: int, rng: random.Random
) -> tuple[list[RunSamples], list[RunSamples]] | None:
    """Runs for a baseline, and new ones; None where the suite has too few."""
    if condition in ("quiet", "mixed"):
        pool = suite.quiet if condition == "quiet" else suite.quiet + suite.loaded
        drawn = rng.sample(pool, min(baseline + new, len(pool)))
        before, after = drawn[:baseline], drawn[baseline:]
    else:
        pools = (suite.loaded, suite.quiet) if condition.startswith("busy") else (suite.quiet, suite.loaded)
        before, after = (
            rng.sample(pool, min(count, len(pool)))
            for pool, count in zip(pools, (baseline, new), strict=True)
        )
    return (before, after) if (len(before), len(after)) == (baseline, new) else None


def count(suites: list[Suite], condition: str, baseline: int, new: int, draws: int) -> Counter[str]:
    """Judgments, tests called slower and faster, and judgments in which one was."""
    counts: Counter[str] = Counter()
    for suite in suites:
        rng = random.Random(f"{condition} {baseline} {new} {suite.name}")
        for _ in range(draws):
            drawn = sides(suite, condition, baseline, new, rng)
            if drawn is None:
                continue
            verdicts = Counter(judge(*drawn).values())
            counts["judgments"] += 1
            for word, verdict in (("slower", ChangeVerdict.REGRESSED), ("faster", ChangeVerdict.IMPROVED)):
                counts[word] += verdicts[verdict]
                counts[f"with {word}"] += verdicts[verdict] > 0
    return counts


def main() -> None:
    """Print a row per condition and size of the baseline, and one of them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    samples = os.environ.get("LAPWING_SAMPLES")
    parser.add_argument(
        "--data", type=Path, default=Path(samples, "detection") if samples else None, metavar="DIR"
    )
    parser.add_argument("--draws", type=int, default=4, metavar="N")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data DIR, or LAPWING_SAMPLES, names the folder of recorded runs")
    suites = read_suites(arguments.data)
    columns = ("judgments", "slower", "with slower", "faster", "with faster")
    print(f"| condition | baseline | new | {' | '.join(columns)} |")
    print("| --- " * (3 + len(columns)) + "|")
    every: Counter[str] = Counter()
    for condition in CONDITIONS:
        for baseline in BASELINES:
            for new in NEW:
                counts = count(suites, condition, baseline, new, arguments.draws)
                every += counts
                row = " | ".join(str(counts[each]) for each in columns)
                print(f"| {condition} | {baseline} | {new} | {row} |", flush=True)
    print(f"| all | | | {' | '.join(str(every[each]) for each in columns)} |")


if __name__ == "__main__":
    main()
