"""What was read from reports of other tools."""

from collections.abc import Mapping, Sequence

from lapwing.model.read_test import ReadFile
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.units import format_count, format_duration

_MOST_FILES = 30


def ingest_page(
    files: Sequence[ReadFile],
    outcomes: Mapping[str, int],
    slowest: Sequence[tuple[str, int]],
    *,
    stored_as: str = "",
) -> Page:
    """Counts by outcome, the slowest tests (name and ns), each file, and what was wrong with it."""
    lost = [file for file in files if file.lost_tests]
    others = [file for file in files if not file.is_report]
    tests = sum(file.tests for file in files)
    verdict = f"{format_count(tests, 'test')} read from {format_count(len(files) - len(others), 'report')}"
    if stored_as:
        verdict += f", stored as run {stored_as}"
    if lost:
        verdict += f"; {format_count(len(lost), 'file')} could not be read whole"
    sections = (
        _outcomes(outcomes),
        _slowest(slowest),
        _files([file for file in files if file.is_report]),
        _problems(files),
    )
    return Page(
        title="ingest",
        verdict=verdict,
        tone=Tone.BAD if lost or not tests else Tone.GOOD,
        sections=tuple(section for section in sections if section.table is not None),
        hints=_hints(stored_as, tests),
    )


def last_line(files: Sequence[ReadFile], *, is_terminal: bool) -> str:
    """`N tests read from M files`, digits without separators where no person looks on."""
    tests, reports = sum(file.tests for file in files), sum(file.is_report for file in files)
    separator = "," if is_terminal else ""
    return f"{tests:{separator}} tests read from {reports:{separator}} files"


def _outcomes(outcomes: Mapping[str, int]) -> Section:
    rows = tuple((name, str(count)) for name, count in outcomes.items() if count)
    table = Table((Column("outcome"), Column("tests", is_number=True)), rows) if rows else None
    return Section(title="Outcomes", slug="outcomes", table=table)


def _slowest(slowest: Sequence[tuple[str, int]]) -> Section:
    rows = tuple((format_duration(ns), name) for name, ns in slowest if ns)
    table = Table((Column("time", is_number=True), Column("test")), rows) if rows else None
    return Section(title="Slowest tests", slug="slowest", table=table)


def _files(files: Sequence[ReadFile]) -> Section:
    rows = tuple(
        (f"{file.tests:,}", file.format, file.tool, file.path)
        for file in sorted(files, key=lambda file: -file.tests)[:_MOST_FILES]
    )
    columns = (Column("tests", is_number=True), Column("format"), Column("written by"), Column("file"))
    more = len(files) - len(rows)
    sentences = (f"The {_MOST_FILES} with the most tests; {more} more were read.",) if more > 0 else ()
    return Section(
        title="Files", slug="files", sentences=sentences, table=Table(columns, rows) if rows else None
    )


def _problems(files: Sequence[ReadFile]) -> Section:
    rows = tuple((file.path, problem) for file in files for problem in file.problems)
    shown = rows[:_MOST_FILES]
    more = len(rows) - len(shown)
    sentences = (f"{more} more are in --format json.",) if more else ()
    table = Table((Column("file"), Column("what was met")), shown) if rows else None
    return Section(title="Doubts", slug="problems", sentences=sentences, table=table)


def _hints(stored_as: str, tests: int) -> tuple[str, ...]:
    if stored_as:
        return ("Compare with earlier runs: lapwing compare latest~1 latest",)
    if tests:
        return ("Keep it as a run: the same command without --dry-run",)
    return ()
