"""What benchmarks measured, in one run."""

from collections.abc import Sequence

from lapwing.model.load import StoredLoad
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.run import Run
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.amounts import measured_text
from lapwing.report.pages.loads import loads_section
from lapwing.units import format_count


def benchmarks_page(
    run: Run | None, benchmarks: Sequence[BenchmarkRecord], loads: Sequence[StoredLoad] = ()
) -> Page:
    """One row per benchmark: its fastest, middle and slowest sample; then load and stress tests."""
    said = "No run has a benchmark."
    sections: list[Section] = []
    if run is not None:
        sections.append(_measured(benchmarks))
        said = f"{format_count(len(benchmarks), 'benchmark')} in run {run.run_id[:13]}."
    return Page(title="Benchmarks", verdict=said, sections=(*sections, loads_section(loads)))


def _measured(benchmarks: Sequence[BenchmarkRecord]) -> Section:
    rows = tuple(_row(each) for each in benchmarks if each.samples)
    columns = (
        Column("fastest", is_number=True),
        Column("middle", is_number=True),
        Column("slowest", is_number=True),
        Column("samples", is_number=True),
        Column("group"),
        Column("name"),
        Column("test"),
    )
    return Section(title="", slug="benchmarks", table=Table(columns, rows))


def _row(each: BenchmarkRecord) -> tuple[str, ...]:
    ordered = sorted(each.samples)
    shown = (ordered[0], ordered[len(ordered) // 2], ordered[-1])
    texts = (measured_text(value, each.unit) for value in shown)
    return (*texts, str(len(ordered)), each.group or "", each.name, each.nodeid)
