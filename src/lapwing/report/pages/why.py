"""Where the worker-seconds of a run went."""

from lapwing.model.run import Run
from lapwing.model.why import Cause, RunWhy
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.imports import import_sections
from lapwing.report.pages.place import short_place
from lapwing.units import format_count, format_duration, format_share

_CAUSES = (
    Column("time", is_number=True),
    Column("share", is_number=True),
    Column("what"),
    Column("most of it"),
)
_PARTS = (Column("time", is_number=True), Column("times", is_number=True), Column("what"))
_TESTS = (Column("time", is_number=True), Column("test"))
_WORTH_A_ROW = 0.001


def why_page(run: Run, why: RunWhy, most: int = 10) -> Page:
    """Phases, what tests did, fixtures and modules by name, imports, critical path and tail."""
    top = max(why.phases, key=lambda cause: cause.time_ns, default=None)
    largest = f"; most of it: {top.name} ({format_share(_share(top, why))})" if top else ""
    over = f" in {format_count(why.workers, 'worker')}" if why.workers > 1 else ""
    return Page(
        title=f"why run {run.run_id} took {format_duration(why.wall_ns)}",
        verdict=f"{format_duration(why.worker_ns)} of work{over}, {format_share(why.explained_share)} of it "
        f"with a named cause{largest}.",
        sections=(
            _phases(why),
            _test_time(why),
            *_parts(why, "fixtures", "Fixtures, set-up and tear-down"),
            *_parts(why, "collection and imports", "Collection and imports"),
            *import_sections(why.imports, most),
            *_critical(why),
            *_tail(why),
        ),
        hints=("'lapwing show' has every test and fixture of the run.",),
    )


def _phases(why: RunWhy) -> Section:
    rows = tuple(
        (format_duration(cause.time_ns), format_share(_share(cause, why)), cause.name, _first(cause))
        for cause in why.phases
        if _share(cause, why) >= _WORTH_A_ROW
    )
    return Section(title="By phase", slug="phases", table=Table(_CAUSES, rows))


def _test_time(why: RunWhy) -> Section:
    causes = (*why.test_time, why.unexplained)
    rows = tuple(
        (format_duration(cause.time_ns), format_share(_share(cause, why)), cause.name, _first(cause))
        for cause in causes
        if _share(cause, why) >= _WORTH_A_ROW or cause is why.unexplained
    )
    said = "The time of tests, fixtures included, by what was done in it; share of all work."
    return Section(title="In tests", slug="test-time", sentences=(said,), table=Table(_CAUSES, rows))


def _parts(why: RunWhy, phase: str, title: str) -> tuple[Section, ...]:
    parts = next((cause.parts for cause in why.phases if cause.name == phase), ())
    rows = tuple(
        (format_duration(part.time_ns), str(part.count), part.name)
        for part in parts
        if _share(part, why) >= _WORTH_A_ROW
    )
    return (Section(title=title, slug=phase.split()[0], table=Table(_PARTS, rows)),) if rows else ()


def _critical(why: RunWhy) -> tuple[Section, ...]:
    path = why.critical
    if path is None:
        return ()
    named = f"Worker {path.worker} ended last" if why.workers > 1 else "One process ran all"
    said = (
        f"{named}: {format_duration(path.before_ns)} before its first test, "
        f"{format_duration(path.tests_ns)} in {format_count(path.tests, 'test')}, "
        f"{format_duration(path.between_ns)} between them."
    )
    floor = (
        f"These tests cannot take less than {format_duration(why.floor_ns)} in "
        f"{format_count(why.workers, 'worker')}."
    )
    return (
        Section(
            title="Critical path",
            slug="critical-path",
            sentences=(said, floor),
            table=Table(_TESTS, _test_rows(path.longest)),
        ),
    )


def _tail(why: RunWhy) -> tuple[Section, ...]:
    if why.workers < 2 or not why.tail_ns:
        return ()
    said = (
        f"For {format_duration(why.tail_ns)} at the end some worker had no test left: "
        f"{format_duration(why.tail_idle_ns)} idle in sum. What still ran:"
    )
    return (
        Section(
            title="Longest tail",
            slug="tail",
            sentences=(said,),
            table=Table(_TESTS, _test_rows(why.tail_tests)),
        ),
    )


def _test_rows(tests: tuple[tuple[str, int], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((format_duration(ns), nodeid) for nodeid, ns in tests)


def _first(cause: Cause) -> str:
    """The largest part, its place shortened, if it is told."""
    if not cause.parts:
        return ""
    part = cause.parts[0]
    name, _, place = part.name.partition(" (")
    return f"{name} ({short_place(place[:-1])})" if place.endswith(")") else part.name


def _share(cause: Cause, why: RunWhy) -> float:
    return cause.time_ns / why.worker_ns if why.worker_ns else 0.0
