"""Which load test is over a limit of it? Pure: figures and limits in, breaches and doubts out."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from lapwing.model.budget import WHOLE
from lapwing.model.comparison import Severity
from lapwing.model.gate import Breach, Guard
from lapwing.model.load_limits import LoadFigures, LoadLimits
from lapwing.model.metric import Unit

_WORDS: Final = {
    "p50_ns": "latency p50",
    "p95_ns": "latency p95",
    "p99_ns": "latency p99",
    "failures": "failures",
    "rps": "requests a second, at least",
}
_UNITS: Final = {"failures": (Unit.SHARE, WHOLE), "rps": (Unit.COUNT, 1)}
_MEND: Final = (
    "make what is loaded faster and load it again, or set another limit: [tool.lapwing.load_budgets]"
)


def load_breaches(
    loads: Iterable[LoadFigures], limits: Sequence[LoadLimits], *, judged_commit: str | None = None
) -> list[Breach]:
    """The broken limits. Of several tables that fit a name, the last one that sets a limit wins.

    `judged_commit` is that of the run that is judged: a load of another commit says so.
    """
    return [
        _breach(load, field, value, limit, origin, judged_commit)
        for load in loads
        if load.is_complete
        for field, limit, origin in _limits_of(load.name, limits)
        if (value := getattr(load, field)) is not None and _is_broken(field, value, limit)
    ]


def untold_limits(loads: Sequence[LoadFigures], limits: Sequence[LoadLimits]) -> Iterator[str]:
    """A sentence for each table without a load test, and each load test without what a limit is about."""
    for each in limits:
        if not any(fnmatchcase(load.name, each.name) for load in loads):
            yield f"load: nothing is kept of a load test that {each.origin} is about"
    for load in loads:
        fields = [field for field, _, _ in _limits_of(load.name, limits)]
        silent = [_WORDS[field] for field in fields if getattr(load, field) is None]
        if fields and not load.is_complete:
            yield f"load: {load.name} was not played to its end"
        elif silent:
            yield f"load: not measured of {load.name}: {', '.join(silent)}"


def _limits_of(name: str, limits: Iterable[LoadLimits]) -> Iterator[tuple[str, float, str]]:
    """Field, limit, and where it was set, of what holds for the load test `name`."""
    fitting = [each for each in limits if fnmatchcase(name, each.name)]
    for field in _WORDS:
        setting = [each for each in fitting if getattr(each, field) is not None]
        if setting:
            yield field, getattr(setting[-1], field), setting[-1].origin


def _is_broken(field: str, value: float, limit: float) -> bool:
    return value < limit if field == "rps" else value > limit


def _breach(
    load: LoadFigures, field: str, value: float, limit: float, origin: str, judged_commit: str | None
) -> Breach:
    over, under = (limit, value) if field == "rps" else (value, limit)
    reason = f"at {load.at}"
    if load.commit and judged_commit and load.commit != judged_commit:
        reason += f", measured at commit {load.commit[:10]}"
    unit, scale = _UNITS.get(field, (Unit.NS, 1))
    return Breach(
        guard=Guard.LOAD,
        subject=load.name,
        what=_WORDS[field],
        unit=unit,
        current=value * scale,
        limit=limit * scale,
        severity=Severity.CRITICAL,
        excess=over / under if under else float("inf"),
        origin=origin,
        reason=reason,
        mend=_MEND,
    )
