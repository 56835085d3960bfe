"""Every test with what it costs: the page to sort and to filter."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.test_board import TestBoard, TestStanding
from lapwing.report.page import Column, Page, Section, Table
from lapwing.units import format_change, format_count, format_duration, format_share, format_size

ORDERS: Final[dict[str, Callable[[TestStanding], float]]] = {
    "total": lambda each: -each.total_ns,
    "p50": lambda each: -each.p50_ns,
    "p95": lambda each: -each.p95_ns,
    "p99": lambda each: -each.p99_ns,
    "cpu": lambda each: -(each.cpu_ns or 0),
    "memory": lambda each: -(each.peak_bytes or 0),
    "spread": lambda each: -each.spread,
    "change": lambda each: -(each.change or 0),
}
"""What tests may be sorted by; each the highest first."""


def tests_page(
    board: TestBoard, shown: Sequence[TestStanding], *, query: str, order: str, page: int, size: int
) -> Page:
    """Rows of `size` tests of `shown`, which fit `query`; `page` counts from 1."""
    ordered = sorted(shown, key=ORDERS[order])
    first = (page - 1) * size
    rows = tuple(map(_row, ordered[first : first + size]))
    total = format_count(len(board.standings), "test")
    found = f"{len(ordered)} of {total} fit {query!r}" if query else total
    said = f"{found}, over {format_count(len(board.runs), 'run')} on {board.machine_class or 'any machine'}"
    if rows:
        said += f"; by {order}, the highest first; rows {first + 1} to {first + len(rows)}"
    said += "."
    columns = (
        Column("total", is_number=True),
        Column("runs", is_number=True),
        Column("p50", is_number=True),
        Column("p95", is_number=True),
        Column("p99", is_number=True),
        Column("cpu", is_number=True),
        Column("memory", is_number=True),
        Column("spread", is_number=True),
        Column("change", is_number=True),
        Column("category"),
        Column("test"),
    )
    return Page(
        title="Tests", verdict=said, sections=(Section(title="", slug="tests", table=Table(columns, rows)),)
    )


def _row(each: TestStanding) -> tuple[str, ...]:
    return (
        format_duration(each.total_ns),
        str(each.runs),
        format_duration(each.p50_ns),
        format_duration(each.p95_ns),
        format_duration(each.p99_ns),
        "" if each.cpu_ns is None else format_duration(each.cpu_ns),
        "" if each.peak_bytes is None else format_size(each.peak_bytes),
        format_share(each.spread),
        "" if each.change is None else format_change(each.change),
        each.category,
        each.nodeid,
    )
