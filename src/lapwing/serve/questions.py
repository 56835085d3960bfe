"""What a program that helps with code may ask: each question answered as plain text.

The same operations and pages as those of the commands. Nothing here changes anything.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError
from lapwing.operations.advise import advise_on
from lapwing.operations.compare_named import compare_named
from lapwing.operations.find_test import find_test
from lapwing.operations.project.board import read_test_board
from lapwing.operations.query_tests import checkout_query
from lapwing.operations.read_history import METRICS, read_history
from lapwing.operations.why import why_of
from lapwing.report.page import Page
from lapwing.report.pages.advise import advise_page
from lapwing.report.pages.compare import compare_page
from lapwing.report.pages.runs import runs_page
from lapwing.report.pages.subject_history import subject_history_page
from lapwing.report.pages.tests import ORDERS, tests_page
from lapwing.report.pages.why import why_page
from lapwing.report.render.plain import render_plain
from lapwing.store.protocol import RunQuery, Store

Opened = Callable[[], AbstractContextManager[tuple[Settings, Store]]]
"""Settings and store for one question, closed after it."""

_MOST_ROWS: Final = 200
_MOST_RUNS: Final = 1_000
_MOST_LINES: Final = 400  # of an answer: what is read costs whoever reads it
_WIDTH: Final = 200


def slow_tests(opened: Opened, *, query: str, sort: str, most: int) -> str:
    """The tests that fit `query`, by cost. Raises LapwingError, as all questions do."""
    if sort not in ORDERS:
        raise ConfigurationError(f"tests cannot be sorted by {sort}", mend=f"Write {', '.join(ORDERS)}.")
    with opened() as (settings, store):
        fits = checkout_query(settings, store, query)
        board = read_test_board(store, settings.project)
    shown = [each for each in board.standings if fits(each)]
    return _said(tests_page(board, shown, query=query, order=sort, page=1, size=_within(most, _MOST_ROWS)))


def why(opened: Opened, *, run: str, most: int) -> str:
    """Where the time of a run went, by cause."""
    with opened() as (settings, store):
        answer = why_of(settings, store, run, most=_within(most, _MOST_ROWS))
    return _said(why_page(answer.recorded.run, answer.why))


def history(opened: Opened, *, test: str, metric: str, runs: int) -> str:
    """One test over its runs, with the steps in it and the commits between which they happened."""
    if metric not in METRICS:
        raise ConfigurationError(f"there is no metric {metric}", mend=f"Write {', '.join(METRICS)}.")
    with opened() as (settings, store):
        nodeid = find_test(store, test, project=settings.project)
        found = read_history(
            settings, store, nodeid, metric=metric, limit=_within(runs, _MOST_RUNS), branch=None
        )
    return _said(subject_history_page(found, most=20, width=80))


def advice(opened: Opened, *, run: str, most: int) -> str:
    """What would make the suite faster, with evidence and gain."""
    with opened() as (settings, store):
        given = advise_on(settings, store, run)
    return _said(advise_page(given, _within(most, _MOST_ROWS)))


def runs(opened: Opened, *, branch: str, most: int) -> str:
    """The newest runs."""
    with opened() as (settings, store):
        query = RunQuery(project=settings.project, branch=branch or None, limit=_within(most, _MOST_ROWS))
        found = store.runs(query)
    return _said(runs_page(found))


def compare(opened: Opened, *, before: str, after: str) -> str:
    """What became slower or faster between two runs, the machine's own shift taken out."""
    with opened() as (settings, store):
        compared = compare_named(settings, store, before, after)
    return _said(compare_page(compared.before, compared.after, compared.judgment))


def _said(page: Page) -> str:
    lines = render_plain(page, width=_WIDTH).splitlines()
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [f"({len(lines) - _MOST_LINES} more lines are left out; ask for fewer rows)"]
    return "\n".join(lines)


def _within(number: int, most: int) -> int:
    return max(1, min(number, most))
