"""Histories with known steps: `<folder>/histories/*.json` (or the folder itself), as a list of series each.

A file is a list of {name, values, labels}: `labels` maps who marked it to the places of the steps.
Files called `semisynth_*` hold real stretches without a change, with no, one or two steps put in.
"""

import bisect
import hashlib
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple


class History(NamedTuple):
    """One series with what is known of it."""

    dataset: str  # null, step x1.05, two steps, or the file it comes from
    name: str
    values: list[float]  # missing ones left out
    labels: dict[str, list[int]]  # who marked it -> first places of new levels

    @property
    def is_made(self) -> bool:
        """Whether the truth was put in by us, not marked by people or tools."""
        return self.dataset.startswith(("null", "step", "two"))

    @property
    def was_made_on(self) -> bool:
        """Whether it is of the half that the method was made on; series of one benchmark stay together."""
        benchmark = self.name.split("|")[0].rsplit("@", 1)[0]
        return hashlib.sha256(benchmark.encode()).digest()[0] % 2 == 0


def histories(folder: Path) -> list[History]:
    """All series with labels below `folder`, in order of files. Raises SystemExit where there are none."""
    inner = folder / "histories"
    paths = sorted((inner if inner.is_dir() else folder).glob("*.json"))
    found = [history for path in paths for history in _read(path)]
    if not found:
        raise SystemExit(f"no labelled histories below {folder}")
    return found


def _read(path: Path) -> Iterator[History]:
    for series in json.loads(path.read_text(encoding="utf-8")):
        if not series.get("labels"):
            continue
        places = [
            at for at, value in enumerate(series["values"]) if value is not None and math.isfinite(value)
        ]
        labels = {
            who: sorted({bisect.bisect_left(places, at) for at in marked})
            for who, marked in series["labels"].items()
        }
        values = [float(series["values"][at]) for at in places]
        yield History(_dataset(path.stem, series), series["name"], values, labels)


def _dataset(stem: str, series: dict[str, Any]) -> str:
    if not stem.startswith("semisynth"):
        return stem
    count = max(len(marked) for marked in series["labels"].values())
    if count == 0:
        return "null"
    size = re.search(r"\|x([\d.]+)@", series["name"])
    return f"step x{size[1]}" if count == 1 and size else "one step" if count == 1 else "two steps"
