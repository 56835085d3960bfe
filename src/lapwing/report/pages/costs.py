"""Where the time of a run went: in parts that add up, the fixtures and the modules behind them."""

from lapwing.model.report import FixtureCost, Report
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.figures import not_shown
from lapwing.report.pages.place import short_place
from lapwing.units import NS_PER_MS, format_duration, format_share

_PARTS = (Column(""), Column("time", is_number=True), Column("share", is_number=True))
_FIXTURES = (
    Column("total", is_number=True),
    Column("set-ups", is_number=True),
    Column("each", is_number=True),
    Column("scope"),
    Column("fixture"),
)
_MODULES = (Column("time", is_number=True), Column("module"))

_LEAST_SHARE = 0.005  # parts under half a percent are not worth a row


def time_section(report: Report) -> Section:
    """Start-up, collection, fixtures, set-up, calls, tear-down, pytest itself; how much of it waited."""
    use = report.time
    title, slug = "Where the time went", "time"
    if not use.worker_ns:
        return Section(title=title, slug=slug, sentences=("No time was recorded.",))
    whole = use.worker_ns
    parts = (
        ("start-up", use.startup_ns),
        ("collection", use.collection_ns),
        ("fixtures", use.fixtures_ns),
        ("other set-up", use.setup_other_ns),
        ("calls, computing", use.call_cpu_ns),
        ("calls, waiting", use.call_waiting_ns),
        ("other tear-down", use.teardown_ns),
        ("pytest itself", use.pytest_ns),
    )
    rows = tuple(
        (name, format_duration(ns), format_share(ns / whole))
        for name, ns in parts
        if ns >= _LEAST_SHARE * whole
    )
    processes = len(report.recorded.run.processes) if report.recorded else 0
    over = f" in {processes} processes" if processes > 1 else ""
    return Section(
        title=title,
        slug=slug,
        sentences=(f"{format_duration(whole)} of work{over}; the run took {format_duration(use.wall_ns)}.",),
        table=Table(columns=_PARTS, rows=rows),
    )


def fixtures_section(report: Report, most: int) -> Section:
    """The most expensive fixtures: all set-ups and tear-downs together."""
    title, slug = "Slowest fixtures", "fixtures"
    costs = [cost for cost in report.fixtures if cost.total_ns >= NS_PER_MS]
    if not costs:
        return Section(title=title, slug=slug, sentences=(_no_fixture(report),))
    rows = tuple(
        (
            format_duration(cost.total_ns),
            str(cost.setups),
            format_duration(cost.total_ns / cost.setups),
            cost.scope,
            _fixture_name(cost),
        )
        for cost in costs[:most]
    )
    return Section(
        title=title, slug=slug, sentences=not_shown(len(costs), most), table=Table(_FIXTURES, rows)
    )


def collection_section(report: Report, most: int) -> Section:
    """The modules whose collection took longest."""
    title, slug = "Slowest collection", "collection"
    costs = [cost for cost in report.modules if cost.duration_ns >= NS_PER_MS]
    if not costs:
        said = "No module took a millisecond." if report.modules else "No collection was recorded."
        return Section(title=title, slug=slug, sentences=(said,))
    rows = tuple((format_duration(cost.duration_ns), cost.nodeid) for cost in costs[:most])
    return Section(title=title, slug=slug, sentences=not_shown(len(costs), most), table=Table(_MODULES, rows))


def _fixture_name(cost: FixtureCost) -> str:
    place = short_place(cost.location)
    return f"{cost.name} ({place})" if place else cost.name


def _no_fixture(report: Report) -> str:
    return "No fixture took a millisecond." if report.fixtures else "No fixture was recorded."
