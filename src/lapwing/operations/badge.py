"""What does a badge say of a run?"""

from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.badge import Badge, BadgeColor, BadgeKind
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.gate import GateAnswer, Guard
from lapwing.operations.check_run import check_run
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import records_of
from lapwing.store.protocol import Store
from lapwing.units import format_count, format_duration

LABELS: Final = {
    BadgeKind.REGRESSIONS: "test performance",
    BadgeKind.BUDGETS: "test budgets",
    BadgeKind.TIME: "test time",
    BadgeKind.SLOW: "slow tests",
}
_LIMITS: Final = (Guard.BUDGET, Guard.DEADLINE, Guard.SUITE, Guard.LOAD)


def badge(settings: Settings, store: Store | None, name: str, kind: BadgeKind, *, label: str = "") -> Badge:
    """The badge of the run called `name`; without any run, one that says so. Raises AmbiguousRunError.

    A name other than the newest run's that fits no run raises NoDataError.
    """
    shown = label or LABELS[kind]
    try:
        if store is None:
            raise NoDataError("no run is recorded yet")
        message, color = _said(settings, store, name, kind)
    except NoDataError:
        if name != "latest":
            raise
        return Badge(shown, "no data", BadgeColor.UNKNOWN)
    return Badge(shown, message, color)


def _said(settings: Settings, store: Store, name: str, kind: BadgeKind) -> tuple[str, BadgeColor]:
    if kind is BadgeKind.TIME:
        recorded = records_of(store, find_run(settings, store, name))
        over = 0 < settings.suite_budget_ns < recorded.run.duration_ns
        said = format_duration(recorded.run.duration_ns)
        return said, BadgeColor.BAD if over else BadgeColor.PLAIN
    if kind is BadgeKind.SLOW:
        recorded = records_of(store, find_run(settings, store, name))
        slow = sum((record.duration_ns or 0) > settings.slow_test_ns for record in recorded.tests)
        over_text = f"over {format_duration(settings.slow_test_ns)}"
        return f"{slow or 'none'} {over_text}", BadgeColor.WARNING if slow else BadgeColor.GOOD
    answer = check_run(settings, store, name)
    return _of_limits(answer) if kind is BadgeKind.BUDGETS else _of_regressions(answer)


def _of_limits(answer: GateAnswer) -> tuple[str, BadgeColor]:
    broken = sum(each.guard in _LIMITS for each in answer.breaches)
    if broken:
        return f"{broken:,} broken", BadgeColor.BAD
    return "kept", BadgeColor.GOOD


def _of_regressions(answer: GateAnswer) -> tuple[str, BadgeColor]:
    slower = [each for each in answer.breaches if each.guard is Guard.REGRESSION]
    if slower:
        is_critical = any(each.severity is Severity.CRITICAL for each in slower)
        return f"{len(slower):,} slower", BadgeColor.BAD if is_critical else BadgeColor.WARNING
    if answer.comparison is None or answer.comparison.reason:
        return "no baseline" if answer.comparison is None else "cannot tell", BadgeColor.UNKNOWN
    looks = sum(each.verdict is ChangeVerdict.IMPROVED for each in answer.comparison.comparisons)
    faster = f", {format_count(looks, 'test')} faster" if looks else ""
    return f"nothing slower{faster}", BadgeColor.GOOD
