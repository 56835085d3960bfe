"""Whoever comes first pays: imports, caches and fixtures that later tests of a worker or a file share.

Under pytest-xdist another test comes first in each run. What it then takes longer is not its own.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Final

from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.stats.median import median
from lapwing.units import format_duration

_LATER, _OF_FILE, _OF_WORKER = range(3)
_WORDS: Final = {_OF_FILE: "first of its file in its worker", _OF_WORKER: "first in its worker"}
_MOST_OF_IT: Final = 0.5


def turns(run: RunSamples, nodeids: Container[str]) -> Mapping[str, int]:
    """How early each of `nodeids` came: 2 the first of its worker, 1 the first of its file there, else 0."""
    workers: set[str] = set()
    files: set[tuple[str, str]] = set()
    found: dict[str, int] = {}
    for nodeid, worker in zip(run.subjects, run.workers, strict=True):
        place = (worker, nodeid.partition("::")[0])
        if nodeid in nodeids:
            found[nodeid] = (
                _OF_WORKER if worker not in workers else _OF_FILE if place not in files else _LATER
            )
        workers.add(worker)
        files.add(place)
    return found


def first_for_once(
    comparison: Comparison, before: Sequence[Mapping[str, int]], after: Sequence[Mapping[str, int]]
) -> Comparison:
    """A change of a test that came first on one side only, as `cannot_tell`.

    `before` and `after` are the `turns` of the runs of both sides. Of a slower test every run of `after` must
    have come earlier than every run of `before`, of a faster one the reverse.
    """
    early, late = (
        [turn[comparison.nodeid] for turn in side if comparison.nodeid in turn] for side in (before, after)
    )
    if not early or not late:
        return comparison
    is_slower = comparison.verdict is ChangeVerdict.REGRESSED
    first, others = (late, early) if is_slower else (early, late)
    if min(first) <= max(others):
        return comparison
    when = "this time, and never in the baseline" if is_slower else "in the baseline, and not this time"
    return comparison._replace(
        verdict=ChangeVerdict.CANNOT_TELL,
        severity=Severity.NONE,
        worth_a_look=is_slower,
        reason=f"it ran {_WORDS[min(first)]} {when}; what the first pays for the others may be all of it",
    )


def fixtures_own_ns(took: Mapping[str, Sequence[int]], known: Mapping[str, Sequence[int]]) -> int:
    """By how much longer set-ups took than they are known to, by fixture, in nanoseconds: medians, summed.

    A fixture that is not known is all its own.
    """
    more = ((median(spent) or 0) - (median(known.get(name, ())) or 0) for name, spent in took.items())
    return round(sum(max(0, each) for each in more))


def paid_for_others(
    comparison: Comparison, rise_ns: float, paid_ns: int, thresholds: ChangeThresholds
) -> Comparison:
    """A change that fixtures of wider scope make up, which another test had set up or torn down before.

    `rise_ns` is by how much longer the test takes on the wall clock, `paid_ns` how much of that is of such
    fixtures; both negative where it is faster. `unchanged` where what is left of it is under the threshold.
    """
    if rise_ns * paid_ns <= 0 or abs(paid_ns) < _MOST_OF_IT * abs(rise_ns):
        return comparison
    left = abs(rise_ns - paid_ns)
    is_slower = comparison.verdict is ChangeVerdict.REGRESSED
    is_left = left > thresholds.min_change_ns and left > thresholds.warning * comparison.before
    who = "it sets up or tears down" if is_slower else "another test sets up or tears down"
    return comparison._replace(
        verdict=ChangeVerdict.CANNOT_TELL if is_left else ChangeVerdict.UNCHANGED,
        severity=Severity.NONE,
        worth_a_look=is_left and is_slower,
        reason=f"{format_duration(abs(paid_ns))} of it are of fixtures shared by several, which {who} now",
    )
