"""What each figure that was chosen by looking at data is worth, and what leaving a suite out of it costs.

    python benchmarks/sensitivity.py --data DIR [--draws N] [--seed N] [--resume FILE]

DIR holds recorded runs of real suites (see detection.py). Each figure is halved and doubled, alone, and the
same draws with three new runs are judged with every variant. The first table has what they came to on all
suites. The second is a choice on trial: for each suite the variant is taken that does best on the others,
and judged on this one, which had no part in taking it. Best is what finds the most slowed tests, confirmed
or not, among the variants with at most 0.2 false alarms per 1,000 tests, and at most 0.1 confirmed.
Tests of at least 10 ms are slowed down. A draw of five suites takes two minutes for all variants.
"""

import argparse
import math
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import lapwing.analysis.compare
import lapwing.analysis.suspects  # noqa: F401 - its figures are varied
from detection_counts import Counts, KeptCounts
from detection_draws import CLASSES, CONDITIONS, FACTORS, Suite, draws, read_suites, slowed
from judge import judge_and_confirm
from lapwing.model.comparison import ChangeVerdict

ROWS: Final = ("first look", "confirmed")
MOST_ALARMS: Final = {"first look": 0.2, "confirmed": 0.1}
JUDGED: Final = 3
LONG: Final = tuple(title for title, low, _ in CLASSES if low >= 10_000_000)
AS_IT_IS: Final = "as it is"

FIGURES: Final[dict[str, tuple[Any, Any]]] = {
    "FACTOR_WINDOW": (12, 50),
    "NEIGHBORS": (5, 17),
    "MOST_CPU_BURST": (math.log(1.5) / 2, math.log(1.5) * 2),
    "NOISE_WINDOW": (20, 80),
    "PRIOR_QUANTILE": (0.2, 0.8),
    "SUSPECT_P": (0.05, 0.2),
    "LOADED_SHARE": (0.025, 0.1),
    "HEAVY": (2.5, 10.0),
}
"""Figures of lapwing.analysis: half and twice what they are (odd where they must be)."""


class Variant(NamedTuple):
    """One figure at another value."""

    name: str
    figure: str = ""
    value: Any = None


VARIANTS: Final = (
    Variant(AS_IT_IS),
    *(
        Variant(f"{name} {text}", name, value)
        for name, values in FIGURES.items()
        for text, value in zip(("halved", "doubled"), values, strict=True)
    ),
)

Tally = dict[tuple[str, str], dict[str, Counts]]  # variant and suite -> row -> counts


@contextmanager
def varied(variant: Variant) -> Iterator[None]:
    """The product with another value of one figure, wherever it is read."""
    modules = [module for name, module in sys.modules.items() if name.startswith("lapwing.analysis.")]
    holding = [module for module in modules if hasattr(module, variant.figure)] if variant.figure else []
    before = [getattr(module, variant.figure) for module in holding]
    for module in holding:
        setattr(module, variant.figure, variant.value)
    try:
        yield
    finally:
        for module, value in zip(holding, before, strict=True):
            setattr(module, variant.figure, value)


def count(suite: Suite, condition: str, number: int, seed: int) -> dict[str, Counts]:
    """What the judgments of one draw came to, by row."""
    found: dict[str, Counts] = {row: Counter() for row in ROWS}
    for draw in draws(suite, condition, JUDGED, 1, seed, number):
        nothing = judge_and_confirm(draw.baseline, draw.judged, draw.further)
        for row, verdicts in zip(ROWS, nothing, strict=True):
            found[row]["tests"] += len(verdicts)
            found[row]["alarms"] += sum(each is ChangeVerdict.REGRESSED for each in verdicts.values())
        for nodeid in [draw.chosen[title] for title in LONG if title in draw.chosen]:
            for factor in FACTORS:
                sides = [slowed(runs, nodeid, factor) for runs in (draw.judged, draw.further)]
                answers = judge_and_confirm(draw.baseline, *sides)
                for row, verdicts in zip(ROWS, answers, strict=True):
                    found[row][f"slowed {factor}"] += 1
                    found[row][f"found {factor}"] += verdicts.get(nodeid) is ChangeVerdict.REGRESSED
    return found


def pooled(tally: Tally, variant: str, suites: Sequence[str]) -> dict[str, Counts]:
    """The counts of a variant over `suites`, by row."""
    return {row: sum((tally[variant, name][row] for name in suites), Counter()) for row in ROWS}


def alarms(counts: Counts) -> float:
    """False alarms per 1,000 tests."""
    return 1000 * counts["alarms"] / max(counts["tests"], 1)


def best(tally: Tally, suites: Sequence[str]) -> str:
    """The variant that does best on `suites`; the product as it is where none is better."""

    def merit(variant: Variant) -> tuple[bool, int]:
        rows = pooled(tally, variant.name, suites)
        is_quiet = all(alarms(rows[row]) <= most for row, most in MOST_ALARMS.items())
        return is_quiet, sum(rows[row][f"found {factor}"] for row in ROWS for factor in FACTORS)

    return max(VARIANTS, key=merit).name


def line(*names: str, rows: Mapping[str, Counts]) -> str:
    """A line of a Markdown table."""
    cells = [*names]
    for row in ROWS:
        counts = rows[row]
        cells.append(f"{alarms(counts):.3f}")
        for factor in FACTORS:
            known = counts[f"slowed {factor}"]
            cells.append(f"{100 * counts[f'found {factor}'] / known:.0f}%" if known else "–")
    return f"| {' | '.join(cells)} |"


def head(*names: str) -> str:
    """The head of a table."""
    found = [f"+{100 * (factor - 1):.0f}%" for factor in FACTORS]
    columns = [*names, "false alarms per 1,000", *found, "confirmed: false alarms", *found]
    return f"| {' | '.join(columns)} |\n| {' | '.join(['---'] * len(columns))} |"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of recorded runs")
    parser.add_argument(
        "--draws", type=int, default=4, metavar="N", help="per suite and condition (default: 4)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", type=Path, metavar="FILE", help="keep counts here, and go on from them")
    arguments = parser.parse_args()
    samples = os.environ.get("LAPWING_SAMPLES")
    if arguments.data is None and not samples:
        print("no data: give --data DIR, or set LAPWING_SAMPLES")
        return
    suites = read_suites(arguments.data or Path(samples or "") / "detection")
    kept = KeptCounts(arguments.resume)
    tally: Tally = {}
    for number in range(arguments.draws):
        for suite in suites:
            for condition in CONDITIONS:
                for variant in VARIANTS:
                    key = (variant.name, suite.name, condition, number, arguments.seed)
                    cells = kept.of(key)
                    if cells is None:
                        with varied(variant):
                            rows = count(suite, condition, number, arguments.seed)
                        cells = {(row, "verdict", condition, JUDGED): counts for row, counts in rows.items()}
                        kept.keep(key, cells)
                    sums = tally.setdefault((variant.name, suite.name), {row: Counter() for row in ROWS})
                    for cell, counts in cells.items():
                        sums[cell[0]].update(counts)
    names = [suite.name for suite in suites]
    print(head("figure"))
    for variant in VARIANTS:
        print(line(variant.name, rows=pooled(tally, variant.name, names)))
    print(f"\n{head('left out', 'taken on the others')}")
    taken = {name: best(tally, [other for other in names if other != name]) for name in names}
    for name, variant_name in taken.items():
        print(line(name, variant_name, rows=pooled(tally, variant_name, [name])))
        print(line(name, AS_IT_IS, rows=pooled(tally, AS_IT_IS, [name])))
    for text, choice in (("all, each left out", taken), ("all", dict.fromkeys(names, AS_IT_IS))):
        whole = {row: sum((tally[choice[name], name][row] for name in names), Counter()) for row in ROWS}
        print(line(text, "" if choice is taken else AS_IT_IS, rows=whole))


if __name__ == "__main__":
    main()
