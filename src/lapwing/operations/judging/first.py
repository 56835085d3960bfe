"""Changes of tests that paid for others on one side only, as the first of a worker or a file."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from typing import Final, Protocol

from lapwing.config.settings import Settings
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, worst_verdict
from lapwing.model.metric import COUNTER_PREFIX, CPU, WALL
from lapwing.model.series import RunSamples

_MOST_TESTS: Final = 50  # whose fixtures are read: every one costs a look into several runs
_CHANGED: Final = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)


class Order(Protocol):
    """What is known of the order and the fixtures of one side, of each test in some runs."""

    def turns(self, nodeids: Container[str]) -> list[Mapping[str, int]]:
        """Per run how early each of `nodeids` came (see `ran_first.turns`)."""

    def shared_ns(self, nodeid: str) -> list[int]:
        """Per run what fixtures of wider scope took inside of the test; empty where it did not run."""

    def set_up_by(self, nodeid: str) -> Mapping[str, Sequence[int]]:
        """By fixture of wider scope what each of its set-ups for the test took, in nanoseconds."""

    def set_ups(self) -> Mapping[str, Sequence[int]]:
        """By fixture what each set-up for any test took, in nanoseconds."""


class ComesFirst:
    """What is known of the order and the fixtures of both sides; `late` are the judged runs."""

    def __init__(self, settings: Settings, before: Order, judged: Order, late: Sequence[RunSamples]) -> None:
        self._settings, self._late = settings, late
        self._before, self._judged = before, judged

    def settle(self, judgment: RunComparison) -> RunComparison:
        """`judgment` with what others would have paid for out of its changes, except for tests run again."""
        changed = [each for each in judgment.comparisons if each.verdict in _CHANGED]
        # What ran again ran behind others: its change is its own.
        again = {each.nodeid for each in changed if each.judged_runs > len(self._late)}
        nodeids = list(dict.fromkeys(each.nodeid for each in changed if each.nodeid not in again))
        if not nodeids:
            return judgment
        rises = {
            each.nodeid: each.after - each.before
            for each in judgment.comparisons
            if each.metric == WALL.name and each.nodeid in set(nodeids)
        }
        paid = self._paid_for_others(nodeids[:_MOST_TESTS], rises)
        first = self._first_for_once(set(nodeids))
        from lapwing.analysis.limits import limits_for
        from lapwing.analysis.ran_first import paid_for_others

        limits = limits_for(self._settings.change_thresholds, self._late)

        def settled(comparison: Comparison) -> Comparison:
            nodeid = comparison.nodeid
            if comparison.metric in (WALL.name, CPU.name) and nodeid in paid:
                thresholds = limits.of(nodeid, WALL)
                told = paid_for_others(comparison, rises[nodeid], paid[nodeid], thresholds)
                if told is not comparison:
                    return told
            return first(comparison)

        return _with(judgment, settled, set(nodeids))

    def settle_counts(self, judgment: RunComparison) -> RunComparison:
        """The same for what probes counted: files that the first import opens, and their like."""
        counted = {
            each.nodeid
            for each in judgment.comparisons
            if each.verdict in _CHANGED and each.metric.startswith(COUNTER_PREFIX)
        }
        if not counted:
            return judgment
        first = self._first_for_once(counted)
        return _with(
            judgment,
            lambda each: first(each) if each.metric.startswith(COUNTER_PREFIX) else each,
            counted,
        )

    def _first_for_once(self, nodeids: Collection[str]) -> Callable[[Comparison], Comparison]:
        from lapwing.analysis.ran_first import first_for_once

        before, after = self._before.turns(nodeids), self._judged.turns(nodeids)
        return lambda comparison: first_for_once(comparison, before, after)

    def _paid_for_others(self, nodeids: Iterable[str], rises: Mapping[str, float]) -> dict[str, int]:
        """By how much longer (or shorter) each test had fixtures of wider scope in hand, in nanoseconds.

        What such a fixture is new or slower by is left out: that is nobody else's.
        """
        from lapwing.analysis.counted import least_gap
        from lapwing.analysis.ran_first import fixtures_own_ns

        paid: dict[str, int] = {}
        for nodeid in nodeids:
            took = self._before.shared_ns(nodeid), self._judged.shared_ns(nodeid)
            gap = least_gap(*took) if all(took) else 0
            if gap and nodeid in rises:
                first, others = (self._judged, self._before) if gap > 0 else (self._before, self._judged)
                own = fixtures_own_ns(first.set_up_by(nodeid), others.set_ups())
                paid[nodeid] = max(gap - own, 0) if gap > 0 else min(gap + own, 0)
        return paid


def _with(
    judgment: RunComparison, settled: Callable[[Comparison], Comparison], nodeids: set[str]
) -> RunComparison:
    """`judgment` with its changes of `nodeids` as `settled` tells them, and the verdict that they leave."""
    comparisons = tuple(
        settled(each) if each.verdict in _CHANGED and each.nodeid in nodeids else each
        for each in judgment.comparisons
    )
    if comparisons == judgment.comparisons:
        return judgment
    verdicts = [each.verdict for each in comparisons if not each.metric.startswith(COUNTER_PREFIX)]
    if judgment.reason:  # of the run as a whole: nothing better can be told of it
        verdicts.append(ChangeVerdict.CANNOT_TELL)
    return judgment._replace(comparisons=comparisons, verdict=worst_verdict(verdicts))
