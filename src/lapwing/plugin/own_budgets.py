"""The limits that a test carries itself: `perf_budget` and `timeout` marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from lapwing.plugin.own_marks import BUDGET_MARK, TIMEOUT_MARK, is_ours

if TYPE_CHECKING:
    from lapwing.model.budget import Budget

HIT_RATIO: Final = "cache_hit_ratio"
"""The limit whose keyword says what must be reached, where others say what must not be passed."""


def own_budgets(item: Any) -> tuple[Budget, ...]:
    """The limits of `item` by its marks, of each metric that of the nearest one.

    An explicit timeout is the deadline, and the time budget unless `perf_budget` names another.
    Raises ConfigurationError for a limit that cannot be read.
    """
    from lapwing.model.budget import DEADLINE, TIME, Budget
    from lapwing.units import NS_PER_S

    budgets: dict[str, Budget] = {}
    for node, mark in item.iter_markers_with_node(BUDGET_MARK):
        for budget in _of_mark(mark, f"@{BUDGET_MARK} at {_place(node)}"):
            budgets.setdefault(budget.metric, budget)
    for node, mark in item.iter_markers_with_node(TIMEOUT_MARK):
        seconds = mark.args[0] if mark.args else mark.kwargs.get("timeout")
        if is_ours(mark) or not isinstance(seconds, int | float) or seconds <= 0:
            continue
        origin = f"@{TIMEOUT_MARK} at {_place(node)}"
        for metric in (DEADLINE, TIME):
            budgets.setdefault(metric, Budget(metric, round(seconds * NS_PER_S), origin))
    return tuple(budgets.values())


def _of_mark(mark: Any, origin: str) -> Iterator[Budget]:
    from lapwing.model.budget import MEMORY, MISS_SHARE, TIME, Budget, miss_share
    from lapwing.units import parse_duration, parse_percent, parse_size

    limits = dict(mark.kwargs)
    if mark.args:
        limits[TIME] = mark.args[0]
    for name, limit in limits.items():
        if name == TIME:
            yield Budget(TIME, parse_duration(limit, bare_unit="ms", where=origin), origin)
        elif name == MEMORY:
            yield Budget(MEMORY, parse_size(limit, where=origin), origin)
        elif name == HIT_RATIO:
            yield Budget(MISS_SHARE, miss_share(parse_percent(limit, where=origin)), origin)
        elif isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0:
            yield Budget(name, limit, origin)
        else:
            from lapwing.errors import ConfigurationError

            raise ConfigurationError(
                f"{name}={limit!r} is not a whole number of 0 or more",
                where=origin,
                mend="Write it like perf_budget('1s', memory='50MB', sql_queries=12, cache_hit_ratio='80%').",
            )


def _place(node: Any) -> str:
    """Where the marked test, class or module is defined, as file:line."""
    file: str = node.nodeid.partition("::")[0]
    try:
        line = node.reportinfo()[1]
    except Exception:
        return file
    return file if line is None else f"{file}:{line + 1}"
