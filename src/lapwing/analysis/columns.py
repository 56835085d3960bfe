"""Runs laid side by side: one metric of the tests that both sides measured, on the log scale.

Everything is kept column-wise, a list per run, because ten thousand tests in twenty runs are
compared at the end of a test run, in pure Python; what computes with large tables is numpy where it is there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.stats import columns as lists

SHORTEST_NS: Final = 1_000
"""Shorter times are taken as a microsecond: below it clocks, not tests, are compared."""

Raw = Sequence[float | None]
RawColumn = Callable[[RunSamples], Raw]


class Column(Value):
    """One metric of one run: the subjects it measured, in execution order."""

    rows: Sequence[int]  # row of each subject; the same `range` object in all columns of a full table
    logs: Sequence[float]  # ln of the value, beside `rows`
    stops: tuple[int, ...]  # where each worker's stretch ends


class Table(Value):
    """One metric of the subjects that both sides measured at least once."""

    subjects: Sequence[str]  # a row each
    baseline: list[Column]  # empty where the baseline is no runs but a file
    judged: list[Column]
    confirming: Sequence[Column] = ()  # of runs of single tests, made after the judged ones
    arithmetic: Arithmetic = lists  # what its columns were made with


def build_table(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    raw: RawColumn,
    *,
    baseline_subjects: Iterable[str] | None = None,
    confirming: Sequence[RunSamples] = (),
    arithmetic: Arithmetic = lists,
) -> Table:
    """The table of the metric that `raw` reads from a run.

    Rows are in the execution order of the first judged run. With `baseline_subjects` the baseline
    is known otherwise, and only the judged runs get columns. Of `confirming` runs count the subjects
    that have a row.
    """
    table = _table_of_sides(baseline, judged, raw, baseline_subjects, arithmetic)
    if not confirming:
        return table
    row_of = {subject: row for row, subject in enumerate(table.subjects)}
    columns = [raw(run) for run in confirming]
    return table._replace(
        confirming=[
            _partial(run, column, _measured(run, column), row_of, arithmetic)
            for run, column in zip(confirming, columns, strict=True)
        ]
    )


def _table_of_sides(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    raw: RawColumn,
    baseline_subjects: Iterable[str] | None,
    arithmetic: Arithmetic,
) -> Table:
    runs = [*baseline, *judged]
    columns = [raw(run) for run in runs]
    first = judged[0].subjects
    if baseline_subjects is None and all(
        len(column) == len(first) and None not in column and run.subjects == first
        for run, column in zip(runs, columns, strict=True)
    ):
        rows: Sequence[int] = range(len(first))
        made = [
            Column(rows=rows, logs=arithmetic.logs(column, SHORTEST_NS), stops=_stops(run.workers))
            for run, column in zip(runs, columns, strict=True)
        ]
        return Table(first, made[: len(baseline)], made[len(baseline) :], arithmetic=arithmetic)
    measured = [_measured(run, column) for run, column in zip(runs, columns, strict=True)]
    shown = set(baseline_subjects if baseline_subjects is not None else ())
    for run, places in zip(baseline, measured, strict=False):
        shown.update([run.subjects[place] for place in places])
    row_of: dict[str, int] = {}
    for run, places in zip(judged, measured[len(baseline) :], strict=True):
        for place in places:
            subject = run.subjects[place]
            if subject in shown and subject not in row_of:
                row_of[subject] = len(row_of)
    made = [
        _partial(run, column, places, row_of, arithmetic)
        for run, column, places in zip(runs, columns, measured, strict=True)
    ]
    return Table(tuple(row_of), made[: len(baseline)], made[len(baseline) :], arithmetic=arithmetic)


def sorted_rows(
    columns: Sequence[Column], count: int, arithmetic: Arithmetic = lists
) -> Sequence[Sequence[float]]:
    """The values of each row over `columns`, rising; a row may be empty."""
    return arithmetic.sorted_rows([(column.rows, column.logs) for column in columns], count)


def _stops(workers: Sequence[str]) -> tuple[int, ...]:
    count = len(workers)
    if not count or workers.count(workers[0]) == count:
        return (count,)
    return (*[place for place in range(1, count) if workers[place] != workers[place - 1]], count)


def _measured(run: RunSamples, column: Raw) -> Sequence[int]:
    if len(column) != len(run.subjects):
        return ()
    return [place for place, value in enumerate(column) if value is not None]


def _partial(
    run: RunSamples, column: Raw, places: Sequence[int], row_of: dict[str, int], arithmetic: Arithmetic
) -> Column:
    kept = [place for place in places if run.subjects[place] in row_of]
    return Column(
        rows=arithmetic.places([row_of[run.subjects[place]] for place in kept]),
        logs=arithmetic.logs([column[place] for place in kept], SHORTEST_NS),
        stops=_stops([run.workers[place] for place in kept]),
    )
