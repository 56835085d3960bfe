"""How well steps in histories are found: Lapwing beside apache-otava, ruptures, asv and a fixed rule.

    python benchmarks/change_points.py --data DIR [--only lapwing] [--json FILE] [--halves] [--speed]

DIR holds histories as `benchmarks/history_data.py` says (default: LAPWING_SAMPLES/detection). A row per
detector and data set: false steps per series where nothing changed; recall, precision and F1 of steps put
in; F1 and cover of series that people or tools marked. `--halves` tells apart the half of the benchmarks
that Lapwing's method was made on and the half that was looked at once it was done. `--speed` measures the
CPU time of 10,000 series of 100 values.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from history_data import History, histories
from history_scores import cover, f1, hits
from step_detectors import DETECTORS, Detector, lapwing_pure

PEOPLE = ("tcpd", "mozilla", "otava")  # files whose labels people gave; tools marked the others


def rows_of(name: str, detect: Detector, series: Sequence[History], part: str) -> list[dict[str, Any]]:
    """A row per data set, and one over all series that were marked, by whom."""
    found = detect([each.values for each in series])
    groups: dict[str, list[tuple[History, list[int]]]] = {}
    for each, steps in zip(series, found, strict=True):
        groups.setdefault(each.dataset, []).append((each, steps))
        if not each.is_made:
            who = "people" if each.dataset.startswith(PEOPLE) else "tools"
            groups.setdefault(f"all marked by {who}", []).append((each, steps))
    order = sorted(groups, key=lambda dataset: (dataset.startswith("all"), not groups[dataset][0][0].is_made))
    return [
        {"detector": name, "part": part, "dataset": dataset, **scores(groups[dataset])} for dataset in order
    ]


def scores(group: Sequence[tuple[History, list[int]]]) -> dict[str, Any]:
    """The scores that the truth of this data set allows; the others are null."""
    found = sum(len(steps) for _, steps in group)
    row: dict[str, Any] = dict.fromkeys(("false_steps_per_series", "recall", "precision", "f1", "cover"))
    row = {"n": len(group), **row}
    if not group[0][0].is_made:
        row["f1"] = sum(f1(each.labels, steps) for each, steps in group) / len(group)
        row["cover"] = sum(cover(each.labels, steps, len(each.values)) for each, steps in group) / len(group)
        return row
    truths = [next(iter(each.labels.values())) for each, _ in group]
    known = sum(map(len, truths))
    right = sum(hits(truth, steps) for truth, (_, steps) in zip(truths, group, strict=True))
    row["false_steps_per_series"] = (found - right) / len(group)
    if known:
        row["recall"] = right / known
        row["precision"] = right / found if found else None
        row["f1"] = 2 * right / (found + known)
    return row


def speed(name: str, detect: Detector, most: int) -> dict[str, Any]:
    """CPU seconds for 10,000 series of 100 values, one in three with a step; measured on `most` of them."""
    rng = random.Random(1)
    series = [
        [rng.lognormvariate(0, 0.05) * (1.1 if at >= 50 and number % 3 == 0 else 1) for at in range(100)]
        for number in range(most)
    ]
    detect(series[:1])
    start = time.process_time()
    detect(series)
    taken = time.process_time() - start
    return {"detector": name, "series": most, "cpu_s_per_10000": taken * 10_000 / most}


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as text in columns."""
    rows = list(rows)
    columns = list(rows[0])
    lines = [columns, *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _cell(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    samples = os.environ.get("LAPWING_SAMPLES")
    default = Path(samples) / "detection" if samples else None
    parser.add_argument("--data", type=Path, default=default, metavar="DIR", help="folder with the histories")
    parser.add_argument(
        "--only",
        choices=tuple(DETECTORS),
        metavar="DETECTOR",
        help=f"one of {', '.join(DETECTORS)}".replace("%", "%%"),
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON, too")
    parser.add_argument("--halves", action="store_true", help="a row for each half of the benchmarks")
    parser.add_argument("--speed", action="store_true", help="measure CPU time instead")
    options = parser.parse_args()
    chosen = {options.only: DETECTORS[options.only]} if options.only else DETECTORS
    rows: list[dict[str, Any]] = []
    if options.speed:
        for name, detect in chosen.items():
            rows.append(speed(name, detect, 10_000 if name == "lapwing" else 200))
            if name == "lapwing":
                rows.append(speed("lapwing, no numpy", lapwing_pure, 500))
    else:
        if options.data is None:
            print("skipped: name the data with --data DIR or set LAPWING_SAMPLES", file=sys.stderr)
            return
        series = histories(options.data)
        parts = {"all": series}
        if options.halves:
            parts = {
                "made on": [each for each in series if each.was_made_on],
                "looked at once": [each for each in series if not each.was_made_on],
            }
        for name, detect in chosen.items():
            for part, some in parts.items():
                rows += rows_of(name, detect, some, part)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
