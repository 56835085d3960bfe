"""Limits beside what recent runs took of them, and which others would fit."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.budget import MEMORY, TIME
from lapwing.model.budget_use import BudgetUse, BudgetUses, Scope
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.amounts import amount_text
from lapwing.units import format_count, format_share

_MOST: Final = 50
_OVER_RUNS: Final = "highest is the 95th percentile over the runs, so that one bad run of many sets no limit"
_COLUMNS: Final = (
    Column("limit of"),
    Column("limit", is_number=True),
    Column("highest", is_number=True),
    Column("used", is_number=True),
    Column("95% of tests", is_number=True),
    Column("tests", is_number=True),
    Column("would do", is_number=True),
    Column("set by"),
)


def budget_page(uses: BudgetUses, *, hints: Sequence[str] = ()) -> Page:
    """The verdict, all limits worst first, who is highest, and what cannot be told."""
    over = [each for each in uses.uses if _used(each) > 1]
    return Page(
        title="budget",
        verdict=_verdict(uses, len(over)),
        tone=Tone.UNSURE if over else Tone.GOOD,
        sections=(_limits(uses), *_highest(uses.proposals or uses.uses)),
        hints=tuple(hints),
    )


def _verdict(uses: BudgetUses, over: int) -> str:
    count = len(uses.run_ids)
    runs = "the last run" if count == 1 else f"the last {count} runs"
    proposed = len(uses.proposals)
    if proposed:
        return f"{format_count(proposed, 'other limit')} would fit {runs}"
    if over:
        return f"{format_count(over, 'limit')} not kept in {runs}"
    return f"all limits kept in {runs}"


def _limits(uses: BudgetUses) -> Section:
    shown = sorted(uses.uses, key=lambda each: (each.proposed is None, -_used(each)))
    rows = tuple(map(_row, shown[:_MOST]))
    columns = [at for at in range(len(_COLUMNS)) if any(row[at] for row in rows)]
    more = len(shown) - len(rows)
    return Section(
        title="limits",
        slug="limits",
        sentences=(
            _OVER_RUNS if len(uses.run_ids) > 1 else "",
            *((f"{more} more not shown",) if more else ()),
            *uses.notes,
        ),
        table=Table(
            columns=tuple(_COLUMNS[at] for at in columns),
            rows=tuple(tuple(row[at] for at in columns) for row in rows),
        ),
    )


def _row(use: BudgetUse) -> tuple[str, ...]:
    unit = use.budget.unit
    measured = use.high is not None
    return (
        _subject(use),
        amount_text(use.budget.limit, unit),
        amount_text(use.high or 0, unit) if measured else "not measured",
        format_share(_used(use)) if measured and use.budget.limit else "",
        amount_text(use.most or 0, unit) if use.tests > 1 else "",
        f"{use.tests:,}" if use.tests else "",
        "" if use.proposed is None else amount_text(use.proposed, unit),
        use.budget.origin,
    )


def _highest(uses: Sequence[BudgetUse]) -> tuple[Section, ...]:
    """The tests that alone keep a limit as wide as it is."""
    rows = tuple(
        (_subject(use), use.highest, amount_text(use.high or 0, use.budget.unit))
        for use in uses
        if use.highest and use.scope is Scope.CATEGORY
    )
    if not rows:
        return ()
    columns = (Column("limit of"), Column("test"), Column("took", is_number=True))
    return (Section(title="highest", slug="highest", table=Table(columns=columns, rows=rows[:_MOST])),)


def _subject(use: BudgetUse) -> str:
    name = {Scope.SUITE: "suite", Scope.PACKAGE: f"package {use.name}"}.get(use.scope, use.name)
    is_plain = use.budget.metric == TIME or use.scope in (Scope.SUITE, Scope.PACKAGE)
    what = "" if is_plain else " (memory)" if use.budget.metric == MEMORY else f" ({use.budget.metric})"
    return name + what


def _used(use: BudgetUse) -> float:
    """Share of the limit."""
    if not use.high:
        return 0.0
    return use.high / use.budget.limit if use.budget.limit else float("inf")
