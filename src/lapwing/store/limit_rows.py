"""Limits of tests and stopped tests to rows and back. No SQL, no connection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lapwing.model.budget import Budget, TestBudgets
from lapwing.model.run import StoppedTest
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_rows import Row


def budget_rows(recorded: Sequence[TestBudgets], *, run: int, tests: Mapping[str, int]) -> Iterator[Row]:
    """Rows of table `budget_result`, one per limit; `tests` gives the numbers of names."""
    limits = ((each, budget) for each in recorded for budget in each.budgets)
    for ordinal, (each, budget) in enumerate(limits):
        yield (
            run,
            ordinal,
            tests[each.nodeid] if each.nodeid else None,
            to_sql(each.category),
            to_sql(budget.metric),
            budget.limit,
            to_sql(budget.origin),
        )


def stop_rows(recorded: Sequence[StoppedTest], *, run: int, tests: Mapping[str, int]) -> Iterator[Row]:
    """Rows of table `stop_result`; `tests` gives the numbers of names."""
    for ordinal, each in enumerate(recorded):
        yield (run, ordinal, tests[each.nodeid], each.attempt, to_sql(each.stack))


def budgets_from_rows(rows: Iterable[Row]) -> tuple[TestBudgets, ...]:
    """The limits in rows of node id, category, metric, limit and origin, those of one test together."""
    limits: dict[tuple[str, str], list[Budget]] = {}
    for nodeid, category, metric, most, origin in rows:
        subject = "" if nodeid is None else from_sql(nodeid), from_sql(category)
        limits.setdefault(subject, []).append(Budget(from_sql(metric), most, from_sql(origin)))
    return tuple(
        TestBudgets(nodeid, tuple(budgets), category) for (nodeid, category), budgets in limits.items()
    )


def stopped_from_row(row: Row) -> StoppedTest:
    """The stopped test of a row of node id, attempt and stack."""
    nodeid, attempt, stack = row
    return StoppedTest(from_sql(nodeid), attempt, from_sql(stack))
