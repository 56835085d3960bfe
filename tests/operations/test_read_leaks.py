"""What tests leave behind, over the newest runs that found something."""

from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.model.record import Count, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.project.leaks import read_leaks
from lapwing.report.pages.leaks import leaks_page
from lapwing.report.render.plain import render_plain
from lapwing.store.open_store import open_store

DAY_NS = 86_400 * 10**9


@pytest.fixture
def leaks_over(tmp_path: Path):
    """The leaks of a project, given by run what each test left."""

    def read(*runs: dict[str, int]):
        settings = load_settings(tmp_path, environ={})
        with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
            for number, left in enumerate(runs):
                tests = tuple(
                    TestRecord(nodeid, Outcome.PASSED, call_ns=1, counters={"leaks": Count(count, 0)})
                    for nodeid, count in left.items()
                )
                run = Run(
                    run_id=f"run-{number}",
                    started_at_ns=number * DAY_NS,
                    duration_ns=1,
                    project=settings.project,
                    is_complete=True,
                )
                store.write_run(RecordedRun(run=run, tests=tests))
            return read_leaks(settings, store)

    return read


def test_those_that_leave_most_stand_first_with_the_run_since_which_they_do(leaks_over):
    leaks = leaks_over({"a": 1, "b": 1}, {"a": 2}, {"a": 1, "b": 3})

    assert [(each.nodeid, each.left, each.runs) for each in leaks.tests] == [("b", 3, 2), ("a", 1, 3)]
    assert [each.since_ns for each in leaks.tests] == [2 * DAY_NS, 0]


def test_a_run_in_which_nothing_was_found_may_not_have_looked(leaks_over):
    leaks = leaks_over({"a": 1}, {"a": 0})

    assert (leaks.run_id, leaks.runs, len(leaks.tests)) == ("run-0", 1, 1)


def test_without_any_the_page_says_how_to_look(leaks_over):
    said = render_plain(leaks_page(leaks_over({"a": 0}), 10), width=100)

    assert "Nothing is known to be left behind" in said
    assert "pytest --leaks" in said


def test_the_page_shows_no_more_than_asked_for_and_says_so(leaks_over):
    said = render_plain(leaks_page(leaks_over({f"t{number}": 1 for number in range(5)}), 3), width=100)

    assert "5 tests left something behind" in said
    assert "2 more are not shown" in " ".join(said.split())
