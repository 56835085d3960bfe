"""What performance tests measured in one run: benchmarks, leaks, queries, pages, metrics of one's own."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.measurement import BenchmarkRecord
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.amounts import measured_text
from lapwing.units import format_count

_METRIC_WORDS: Final = {"cpu": "cpu time", "peak_bytes": "peak memory"}
_NUMBERS: Final = ("median", "least", "most", "samples", "loops")
_COLUMNS: Final = (
    *(Column(name, is_number=True) for name in _NUMBERS),
    Column("of"),
    Column("benchmark"),
    Column("test"),
)


def measured_section(title: str, benchmarks: Sequence[BenchmarkRecord], most: int | None = None) -> Section:
    """One row per metric of a benchmark, in the order measured, at most `most`."""
    measured = [each for each in benchmarks if each.samples]
    if not measured:
        return Section(title=title, slug="benchmarks", sentences=("No test measured anything by itself.",))
    shown = measured[:most]
    has_metadata = any(each.metadata for each in shown)
    said = f"{format_count(len(measured), 'metric')} of performance tests"
    more = len(measured) - len(shown)
    return Section(
        title=title,
        slug="benchmarks",
        sentences=(f"{said}; {more:,} not shown." if more else f"{said}.",),
        table=Table(
            (*_COLUMNS, Column("metadata")) if has_metadata else _COLUMNS,
            tuple((*_row(each), _metadata(each)) if has_metadata else _row(each) for each in shown),
        ),
    )


def _metadata(record: BenchmarkRecord) -> str:
    return ", ".join(f"{key}: {value}" for key, value in sorted(record.metadata.items()))


def _row(record: BenchmarkRecord) -> tuple[str, ...]:
    ordered = sorted(record.samples)
    return (
        measured_text(ordered[len(ordered) // 2], record.unit),
        measured_text(ordered[0], record.unit),
        measured_text(ordered[-1], record.unit),
        str(len(ordered)),
        str(record.iterations),
        "" if record.metric in ("wall", record.name) else _METRIC_WORDS.get(record.metric, record.metric),
        record.name,
        record.nodeid,
    )
