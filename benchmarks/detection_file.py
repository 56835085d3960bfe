"""How a baseline file judges beside the history that it was made of: false alarms, and slowdowns found.

    python benchmarks/detection_file.py FOLDER --draws 40 --judged 1

FOLDER (or its `noise`) has recorded runs of suites in which nothing changed, one `*.jsonl.gz` each. Every
draw is judged against its baseline runs, against a baseline file of them, and against that file as versions
before knew it, without the spikes of single runs; then once more with a test of 10 ms or more slowed down.
"""

import argparse
from collections import Counter
from pathlib import Path

from detection_draws import CONDITIONS, Draw, draws, read_suites, slowed
from judge import verdicts
from lapwing.analysis.baseline_entries import baseline_entries
from lapwing.analysis.compare import compare_runs, compare_with_baseline_file
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds

FACTORS = (1.5, 2.0)
SHORT = "1-10ms"


class Sides:
    """The ways to judge one draw."""

    def __init__(self, draw: Draw) -> None:
        self._baseline = draw.baseline
        self._file = baseline_entries(draw.baseline, ChangeThresholds(), date="2026-01-01")

    def called(self, judged: list[RunSamples]) -> dict[str, set[str]]:
        """By way to judge the tests that are called slower."""
        judgments = {
            "history": compare_runs(self._baseline, judged),
            "file": compare_with_baseline_file(self._file, judged),
            "file without spikes": compare_with_baseline_file(self._file._replace(spikes={}), judged),
        }
        return {
            way: {name for name, verdict in verdicts(judgment).items() if verdict is ChangeVerdict.REGRESSED}
            for way, judgment in judgments.items()
        }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=10, help="of each suite and condition")
    parser.add_argument("--judged", type=int, default=1, help="runs after the change")
    parser.add_argument("--seed", type=int, default=77)
    arguments = parser.parse_args()
    suites = read_suites(arguments.folder)
    print(
        f"{'':16}{'':22}{'draws':>6}{'alarms':>8}{'tests':>10}" + "".join(f"{f'x{f}':>12}" for f in FACTORS)
    )
    for condition in CONDITIONS:
        counts: Counter[tuple[str, str]] = Counter()
        for suite in suites:
            for draw in draws(suite, condition, arguments.judged, arguments.draws, arguments.seed):
                sides = Sides(draw)
                counts["all", "draws"] += 1
                counts["all", "tests"] += len(draw.judged[0].subjects)
                for way, called in sides.called(draw.judged).items():
                    counts[way, "alarms"] += len(called)
                for title, nodeid in draw.chosen.items():
                    for factor in FACTORS if title != SHORT else ():
                        counts["all", f"{factor}"] += 1
                        for way, called in sides.called(slowed(draw.judged, nodeid, factor)).items():
                            counts[way, f"{factor}"] += nodeid in called
        for way in ("history", "file", "file without spikes"):
            found = [f"{counts[way, f'{factor}']} of {counts['all', f'{factor}']}" for factor in FACTORS]
            print(
                f"{condition:16}{way:22}{counts['all', 'draws']:>6}{counts[way, 'alarms']:>8}"
                f"{counts['all', 'tests']:>10,}" + "".join(f"{each:>12}" for each in found),
                flush=True,
            )


if __name__ == "__main__":
    main()
