"""What benchmarks measured, in one run."""

from collections.abc import Sequence

from lapwing.model.load import StoredLoad
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.run import Run
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.load import load_text
from lapwing.report.pages.moment import local_minute
from lapwing.units import NS_PER_S, format_count, format_duration, format_share


def benchmarks_page(
    run: Run | None, benchmarks: Sequence[BenchmarkRecord], loads: Sequence[StoredLoad] = ()
) -> Page:
    """One row per benchmark: its fastest, middle and slowest sample; then load and stress tests."""
    said = "No run has a benchmark."
    sections: list[Section] = []
    if run is not None:
        sections.append(_measured(benchmarks))
        said = f"{format_count(len(benchmarks), 'benchmark')} in run {run.run_id[:13]}."
    return Page(title="Benchmarks", verdict=said, sections=(*sections, _loads(loads)))


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


def _loads(loads: Sequence[StoredLoad]) -> Section:
    title, slug = "Load and stress tests", "loads"
    if not loads:
        return Section(title=title, slug=slug, sentences=("None was played.",))
    rows = tuple(_load_row(each) for each in loads)
    columns = (
        Column("when"),
        Column("wanted", is_number=True),
        Column("held", is_number=True),
        Column("breaks at", is_number=True),
        Column("requests", is_number=True),
        Column("succeeded", is_number=True),
        Column("p95", is_number=True),
        Column("verdict"),
        Column("name"),
    )
    return Section(title=title, slug=slug, table=Table(columns, rows))


def _load_row(stored: StoredLoad) -> tuple[str, ...]:
    result = stored.result
    summary = result.performance_summary
    held, point = summary.highest_held, result.breaking_point
    return (
        local_minute(result.started_at_ns),
        load_text(result.wanted, result.unit),
        "nothing" if held is None else load_text(held, result.unit),
        "" if point is None else load_text(point, result.unit),
        str(summary.total_requests),
        "" if summary.success_rate is None else format_share(summary.success_rate),
        "" if summary.p95_s is None else format_duration(round(summary.p95_s * NS_PER_S)),
        "holds" if summary.can_handle_load else "does not hold",
        result.name,
    )


def _row(each: BenchmarkRecord) -> tuple[str, ...]:
    ordered = sorted(each.samples)
    shown = (ordered[0], ordered[len(ordered) // 2], ordered[-1])
    texts = (format_duration(value) if each.unit == "ns" else f"{value:g} {each.unit}" for value in shown)
    return (*texts, str(len(ordered)), each.group or "", each.name, each.nodeid)
