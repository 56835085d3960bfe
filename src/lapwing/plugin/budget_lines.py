"""The tests over the budget of a session, at its end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lapwing.model.budget import JudgedBudget
from lapwing.report.harmless import harmless
from lapwing.units import format_count, format_duration

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

_MOST: Final = 10


def write_over_budget(reporter: "TerminalReporter", judged: Sequence[JudgedBudget]) -> None:
    """The worst of them with limit and category; all are in `lapwing check`."""
    reporter.write_line(f"lapwing: {format_count(len(judged), 'test')} over budget", red=True)
    for each in judged[:_MOST]:
        took, limit = format_duration(each.value or 0), format_duration(each.budget.limit)
        reporter.write_line(f"  {harmless(each.nodeid)}: {took} (limit: {limit}) [{each.category}]")
    if len(judged) > _MOST:
        reporter.write_line(f"  and {len(judged) - _MOST} more: lapwing check")
