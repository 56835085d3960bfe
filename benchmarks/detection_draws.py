"""Draws of judgments from recorded runs in which nothing changed, and slowdowns put into them."""

import random
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from judge import NoiseRun, read_runs
from lapwing.model.series import RunSamples

CONDITIONS: Final = ("quiet->quiet", "quiet->loaded", "mixed->mixed")
MOST_BASELINE_RUNS: Final = 10
CONFIRMING_RUNS: Final = 5
FACTORS: Final = (1.2, 1.5, 2.0)
CLASSES: Final = (
    ("1-10ms", 1_000_000, 10_000_000),
    ("10-100ms", 10_000_000, 100_000_000),
    (">=100ms", 100_000_000, None),
)
"""Duration classes by median wall time in the suite's quiet runs: name, from, under (ns)."""


class Suite(NamedTuple):
    """The recorded runs of one suite."""

    name: str
    quiet: list[RunSamples]
    loaded: list[RunSamples]
    classes: dict[str, list[str]]  # duration class -> node ids


class Draw(NamedTuple):
    """One judgment: its sides, runs to confirm with, and per duration class a test to slow down."""

    baseline: list[RunSamples]
    judged: list[RunSamples]
    further: list[RunSamples]
    chosen: dict[str, str]


def read_suites(folder: Path) -> list[Suite]:
    """The suites of a folder (or of its `noise`), one per file. Raises SystemExit where there are none."""
    files = sorted([*folder.glob("*.jsonl.gz"), *(folder / "noise").glob("*.jsonl.gz")])
    if not files:
        raise SystemExit(f"no *.jsonl.gz below {folder}")
    return [_suite(path.name.removesuffix(".jsonl.gz"), read_runs(path)) for path in files]


def _suite(name: str, runs: Sequence[NoiseRun]) -> Suite:
    quiet = [run.samples for run in runs if run.condition == "quiet"]
    durations: dict[str, list[int]] = {}
    for run in quiet or [run.samples for run in runs]:
        for nodeid, wall_ns in zip(run.subjects, run.wall_ns, strict=True):
            durations.setdefault(nodeid, []).append(wall_ns)
    levels = {nodeid: statistics.median(values) for nodeid, values in durations.items()}
    return Suite(
        name=name,
        quiet=quiet,
        loaded=[run.samples for run in runs if run.condition != "quiet"],
        classes={
            title: [nodeid for nodeid, level in levels.items() if low <= level and (not high or level < high)]
            for title, low, high in CLASSES
        },
    )


def draws(suite: Suite, condition: str, judged: int, count: int, seed: int, first: int = 0) -> Iterator[Draw]:
    """`count` draws from number `first` on, the same for the same seed; none where there are too few runs.

    The baseline has min(10, runs - judged) runs. What is left of the judged side's condition, up to 5
    runs, is there to confirm with.
    """
    rng = random.Random(f"{seed} {suite.name} {condition} {judged}")
    for number in range(first + count):
        if condition == "quiet->loaded":
            before = rng.sample(suite.quiet, len(suite.quiet))
            after = rng.sample(suite.loaded, len(suite.loaded))
        else:
            pool = suite.quiet if condition == "quiet->quiet" else suite.quiet + suite.loaded
            mixed = rng.sample(pool, len(pool))
            size = min(MOST_BASELINE_RUNS, len(mixed) - judged)
            before, after = mixed[: max(size, 0)], mixed[max(size, 0) :]
        before = before[:MOST_BASELINE_RUNS]
        if len(after) < judged or not before:
            return
        draw = Draw(
            baseline=before,
            judged=after[:judged],
            further=after[judged : judged + CONFIRMING_RUNS],
            chosen={title: rng.choice(nodeids) for title, nodeids in suite.classes.items() if nodeids},
        )
        if number >= first:
            yield draw


def slowed(runs: Sequence[RunSamples], nodeid: str, factor: float) -> list[RunSamples]:
    """`runs` in which one test took `factor` times as long by every clock."""
    return [_slowed(run, nodeid, factor) for run in runs]


def _slowed(run: RunSamples, nodeid: str, factor: float) -> RunSamples:
    if nodeid not in run.subjects:
        return run
    at = run.subjects.index(nodeid)
    columns = {}
    for name in ("wall_ns", "cpu_ns", "run_delay_ns"):
        values = getattr(run, name)
        value = values[at]
        columns[name] = (*values[:at], None if value is None else round(value * factor), *values[at + 1 :])
    return run._replace(**columns)
