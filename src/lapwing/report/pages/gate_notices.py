"""What a gate has to say beside the code: what is broken, then what nearly is or is worth a look."""

from collections.abc import Iterator

from lapwing.model.comparison import Severity
from lapwing.model.gate import Breach, GateAnswer, Guard
from lapwing.model.metric import Unit
from lapwing.report.notice import Level, Notice
from lapwing.report.pages.amounts import amount_text
from lapwing.report.pages.check import limit_text
from lapwing.report.pages.notices import file_of, notices_of
from lapwing.units import format_share


def gate_notices(answer: GateAnswer) -> tuple[Notice, ...]:
    """The notices, worst first: breaches that fail, those let pass, doubts, budgets nearly used up."""
    return tuple(_found(answer))


def _found(answer: GateAnswer) -> Iterator[Notice]:
    for breach in sorted(answer.breaches, key=lambda each: each.severity is not Severity.CRITICAL):
        yield breach_notice(breach, Level.ERROR if breach.severity is Severity.CRITICAL else Level.WARNING)
    for breach in answer.tolerated:
        yield breach_notice(breach, Level.NOTICE)
    if answer.comparison is not None:
        yield from (each for each in notices_of(answer.comparison) if each.level is Level.NOTICE)
    for near in answer.near:
        subject = near.nodeid or "suite"
        used, limit = (
            amount_text(near.value or 0, near.budget.unit),
            amount_text(near.budget.limit, near.budget.unit),
        )
        yield Notice(
            level=Level.NOTICE,
            kind="near-budget",
            subject=f"{subject} ({near.budget.metric})",
            title=f"{format_share(near.used)} of a budget",
            message=f"{subject}: {used} of {limit}, set by {near.budget.origin}",
            file=file_of(subject),
        )


def breach_notice(breach: Breach, level: Level) -> Notice:
    """What there is to say of one breach."""
    subject = f"{breach.subject} ({breach.what})" if breach.what else breach.subject
    name = breach.guard.value
    worse = {Unit.NS: "Slower", Unit.BYTES: "Grown"}.get(breach.unit, "Worse")
    title = {
        Guard.LOAD: "Over its limit under load",
        Guard.BUDGET: "Over budget",
        Guard.DEADLINE: "Over the deadline",
        Guard.REGRESSION: worse,
        Guard.SUITE: "Over the budget of many tests together",
        Guard.SLOW_TESTS: "More slow tests",
        Guard.N_PLUS_ONE: "New N+1 queries",
        Guard.LEAK: "New leak",
    }
    parts = [
        f"{subject}: {amount_text(breach.current, breach.unit)} (limit: {limit_text(breach)})",
        "" if breach.baseline is None else f"baseline: {amount_text(breach.baseline, breach.unit)}",
        f"[{breach.category}]" if breach.category else "",
        f"set by {breach.origin}" if breach.origin else "",
        breach.reason,
    ]
    return Notice(
        level=level,
        kind=name,
        subject=subject,
        title=title[breach.guard],
        message=", ".join(filter(None, parts)),
        file=file_of(breach.subject),
    )
