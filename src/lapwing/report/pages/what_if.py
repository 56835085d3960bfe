"""What a suite would take otherwise, beside the run as it was: both simulated, so that they compare."""

import re
import shlex
from collections.abc import Iterator, Sequence

from lapwing.model.what_if import WhatIf, WhatIfRow, WorkerCosts
from lapwing.report.chart import LineChart, Point, Scale
from lapwing.report.page import Column, Page, Section, Table
from lapwing.units import format_change, format_count, format_duration

_COLUMNS = (
    Column("workers", is_number=True),
    Column("distribution"),
    Column("takes", is_number=True),
    Column("against the run", is_number=True),
    Column("floor", is_number=True),
    Column("set by"),
    Column("command"),
)


def what_if_page(answer: WhatIf) -> Page:
    """One row per number of workers and mode, in the order asked, and how well the run itself is met."""
    best = min(answer.rows, key=lambda row: row.makespan_ns)
    left_out = f", {answer.dropped} left out" if answer.dropped else ""
    return Page(
        title=f"what if: run {answer.run_id}",
        verdict=f"Shortest of these: {format_duration(best.makespan_ns)} with {_how(best)}; the run as it "
        f"was, {_recorded(answer)}, is simulated as {format_duration(answer.simulated_ns)}.",
        sections=(
            Section(
                title="Simulated",
                slug="rows",
                sentences=(
                    f"{format_count(answer.tests, 'test')}{left_out}. The run took "
                    f"{format_duration(answer.recorded_ns)}; waits for a processor that others used are "
                    "left out of the rest.",
                    *_costs(answer),
                ),
                charts=_charts(answer),
                table=Table(_COLUMNS, tuple(_row(row, answer) for row in answer.rows)),
            ),
        ),
        hints=("'lapwing advise' says what to change, and what it gains.",),
    )


def _charts(answer: WhatIf) -> tuple[LineChart, ...]:
    """The shortest of each number of workers, and how far below it the floor lies."""
    best: dict[int, WhatIfRow] = {}
    for row in sorted(answer.rows, key=lambda row: (row.workers, row.makespan_ns)):
        best.setdefault(row.workers, row)
    if len(best) < 2:
        return ()
    return (
        LineChart(
            title="Time by workers",
            sentence="The shortest with each number of workers; the band reaches down to the floor, which no "
            "order of these tests falls below.",
            points=tuple(Point(str(row.workers), row.makespan_ns) for row in best.values()),
            scale=Scale.DURATION,
            across="workers",
            band=tuple((min(row.floor_ns, row.makespan_ns), row.makespan_ns) for row in best.values()),
        ),
    )


def _row(row: WhatIfRow, answer: WhatIf) -> tuple[str, ...]:
    change = format_change(row.makespan_ns / max(1, answer.simulated_ns))
    floor = row.floor or ("all tests in turn" if not row.workers else "all tests, divided evenly")
    return (
        str(row.workers),
        row.dist,
        format_duration(row.makespan_ns),
        change,
        format_duration(row.floor_ns),
        floor,
        _command(row, answer),
    )


def _command(row: WhatIfRow, answer: WhatIf) -> str:
    """What to type: the command of the run with these workers in the place of its own."""
    chosen = ["-n", str(row.workers), "--dist", row.dist] if row.workers else []
    if not row.workers and answer.recorded_workers:
        chosen = ["-n", "0"]  # what else sets workers is not in the command
    return shlex.join(["pytest", *_without_workers(answer.command), *chosen])


def _without_workers(command: Sequence[str]) -> Iterator[str]:
    """The arguments but those that say how many workers there are and how tests are dealt out."""
    arguments = iter(command)
    for argument in arguments:
        name, mark, _ = argument.partition("=")
        if name in ("-n", "--numprocesses", "--dist"):
            if not mark:
                next(arguments, None)
        elif not re.fullmatch(r"-n(\d+|auto|logical)", argument):
            yield argument


def _costs(answer: WhatIf) -> Iterator[str]:
    """How sure it is what workers take to begin and to end."""
    if answer.worker_costs is WorkerCosts.DERIVED:
        yield (
            "What a worker takes to begin and to end is told from how this run's own process did: no run "
            "with workers is known, which would be surer."
        )
    elif answer.worker_costs is WorkerCosts.USUAL:
        yield (
            "What a worker takes to begin and to end is a usual value: this run does not tell of it, and no "
            "run with workers is known. Rows with workers are less sure for that."
        )


def _how(row: WhatIfRow) -> str:
    return f"-n {row.workers} --dist {row.dist}" if row.workers else "one process"


def _recorded(answer: WhatIf) -> str:
    if not answer.recorded_workers:
        return "in one process"
    return f"with {format_count(answer.recorded_workers, 'worker')}, --dist {answer.recorded_dist}"
