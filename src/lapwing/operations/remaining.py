"""When will a run that goes on be through? By what its tests took before, and how quick it has been."""

from collections.abc import Collection, Mapping
from typing import Final

_ENOUGH: Final = 0.02  # share of the suite's time after which its own pace says more than the last runs


def remaining_ns(
    usual_ns: Mapping[str, int],
    finished: Collection[str],
    *,
    spent_ns: int,
    workers: int,
    running_ns: Mapping[str, int] | None = None,
) -> int | None:
    """Nanoseconds until the last test of a suite ends; None where nothing is known of its tests.

    `usual_ns` are the medians of its tests, `spent_ns` the wall time since its first test began. Where
    enough tests have `finished`, those to come are taken to go as much slower or faster than usual,
    time between tests included; before, as usual, spread evenly over the `workers`. Of tests that are
    running, `running_ns` is done, up to what is usual: how much longer one takes that is over it, nobody
    knows.
    """
    total = sum(usual_ns.values())
    if not total:
        return None
    done = sum(usual_ns.get(name, 0) for name in finished)
    begun = (
        {} if running_ns is None else {name: ns for name, ns in running_ns.items() if name not in finished}
    )
    done += sum(min(ns, usual_ns.get(name, 0)) for name, ns in begun.items())
    if done >= total and begun:
        return None
    if done >= _ENOUGH * total:
        return spent_ns * (total - done) // done
    return (total - done) // max(1, workers)


def remaining_by_count_ns(expected: int, finished: int, *, spent_ns: int) -> int | None:
    """The same where only numbers of tests are known: those to come are taken to be like those that were.

    None where too few of the `expected` tests have finished to tell, or all.
    """
    if not max(1.0, _ENOUGH * expected) <= finished < expected:
        return None
    return spent_ns * (expected - finished) // finished
