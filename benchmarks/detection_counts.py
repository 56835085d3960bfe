"""What the jobs of detection.py counted, kept in a file as they come, so that hours are not lost."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Cell = tuple[str, str, str, int]  # detector, metric, condition, n
Counts = Counter[Any]
Cells = dict[Cell, Counts]
Key = tuple[Any, ...]
"""What a job is known by: detector, suite, condition, n, first draw, draws, seed."""


class KeptCounts:
    """The counts of jobs that are done, a JSON line each."""

    def __init__(self, path: Path | None) -> None:
        """`path` is read if it is there; None keeps nothing. Raises SystemExit for a file of another form."""
        self._path = path
        self._done: dict[Key, Cells] = {}
        if path is not None and path.exists():
            try:
                self._done = dict(_read(path))
            except (ValueError, KeyError, TypeError) as error:
                raise SystemExit(f"{path} holds no counts of this benchmark: {error}") from None

    def of(self, key: Key) -> Cells | None:
        """The counts of a job that was done before."""
        return self._done.get(key)

    def keep(self, key: Key, cells: Mapping[Cell, Counts]) -> None:
        """Write down what a job counted."""
        if self._path is None:
            return
        told = {
            "job": key,
            "cells": [
                [cell, [[what, count] for what, count in counts.items()]] for cell, counts in cells.items()
            ],
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")


def _read(path: Path) -> Iterator[tuple[Key, Cells]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        yield (
            tuple(told["job"]),
            {
                tuple(cell): Counter({_hashable(what): count for what, count in counts})
                for cell, counts in told["cells"]
            },
        )


def _hashable(what: Any) -> Any:
    return tuple(what) if isinstance(what, list) else what
