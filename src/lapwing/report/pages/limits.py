"""Who is over a limit: value beside limit, category, and where the limit was set."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.budget import DEADLINE, TIME, JudgedBudget
from lapwing.model.kept_limits import KeptLimits
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.amounts import amount_text
from lapwing.units import format_count, format_share

_COLUMNS: Final = (
    Column("test"),
    Column("took", is_number=True),
    Column("limit", is_number=True),
    Column("category"),
    Column("set by"),
)


def limits_section(limits: KeptLimits, most: int, *, title: str = "Over a limit") -> Section:
    """How many tests keep their limits, and the first `most` that do not, the worst first."""
    slug = "limits"
    tests, within = sum(limits.tests.values()), sum(limits.within.values())
    if not tests and not limits.broken:
        return Section(title=title, slug=slug, sentences=("No limit could be judged.",))
    said = f"{format_share(within / tests)} of {format_count(tests, 'test')} within budget." if tests else ""
    if not limits.broken:
        return Section(title=title, slug=slug, sentences=(said,))
    return Section(
        title=title,
        slug=slug,
        sentences=tuple(filter(None, (said, _not_shown(limits.broken, most)))),
        table=Table(columns=_COLUMNS, rows=tuple(map(_row, limits.broken[:most]))),
    )


def over_text(limits: KeptLimits) -> str:
    """`2 over a limit`; "" for none. A test counts once."""
    count = len({each.nodeid for each in limits.broken})
    return f"{count} over a limit" if count else ""


def _not_shown(broken: Sequence[JudgedBudget], most: int) -> str:
    return f"The first {most:,} of {len(broken):,}." if len(broken) > most else ""


def _row(judged: JudgedBudget) -> tuple[str, ...]:
    budget = judged.budget
    what = "" if budget.metric in (TIME, DEADLINE) or not judged.is_of_test else f" ({budget.metric})"
    limit = amount_text(budget.limit, budget.unit)
    return (
        f"{judged.nodeid or 'suite'}{what}",
        amount_text(judged.value or 0, budget.unit),
        f"{limit} deadline" if budget.metric == DEADLINE else limit,
        judged.category,
        budget.origin,
    )
