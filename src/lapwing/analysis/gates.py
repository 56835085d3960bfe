"""From evidence to a verdict on one metric of one test: what may be called a change."""

import math
from typing import Final

from lapwing.analysis.evidence import Evidence
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value

SUSPECT_Q: Final = 0.1
"""Up to here a change over threshold and floor is worth a look."""

CONFIRM_Q: Final = 0.1
"""For what was run again: with a first look at p up to 0.1, chance calls a test once in a hundred times."""

LOADED_CONFIRM_Q: Final = 0.05
"""The same on a heavily loaded machine, which makes tests slower that chance alone would not."""

LOADED_Q: Final = 0.005
"""And there for a confirmed change that is under the threshold as measured."""

CLEAR_ERRORS: Final = 4.0
"""Standard errors from which a change stands above noise that is only guessed."""

CLEAR_FLOORS: Final = 5.0
"""Absolute floors a change must pass where noise is only guessed: 10 ms by default."""

ONE_RUN_FLOORS: Final = 50.0
"""The same where a test is quicker than in a single baseline run, which a pause of 50 ms may have struck."""

LEEWAY_ERRORS: Final = 1.645
"""Standard errors that a confirmed change may measure under the threshold: the one-sided 95% of a normal."""

LEAST_LEEWAY_ERROR: Final = 0.05
"""Standard error (ln) that is taken for a smaller one: runs of one sitting do not show by how much the
machine moves a single test until the next."""

HALF: Final = 0.5
"""Share of the threshold that a suspect must pass, and what is confirmed; and of the floor, a suspect."""

FEWEST_RUNS: Final = 2
"""Up to so many baseline runs only a clear change is called: one bad run would be half of them."""

_LOOK_ERRORS: Final = 2.0


class Judged(Value):
    """A verdict and why."""

    verdict: ChangeVerdict
    severity: Severity = Severity.NONE
    worth_a_look: bool = False
    reason: str = ""


CHANGED: Final = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)
"""The verdicts that say something changed."""

UNCHANGED: Final = Judged(ChangeVerdict.UNCHANGED)
_BY_ITSELF: Final = Judged(ChangeVerdict.UNCHANGED, reason="within what this test does by itself")
_BESIDE_OTHERS: Final = Judged(
    ChangeVerdict.UNCHANGED, reason="the tests run before and after it are slower, and it is not"
)
_SHOWN_BEFORE: Final = Judged(
    ChangeVerdict.UNCHANGED, reason="as measured, the baseline has shown such times, too"
)
_UNDER_THE_LIMIT: Final = "surely changed; measured under the limit, but not surely under it"


def judge_change(
    change: float,
    after: float,
    evidence: Evidence | None,
    thresholds: ChangeThresholds,
    *,
    is_small_suite: bool,
    is_within_measured: bool,
    absorbed: float = 0.0,
    heavy_load: bool = False,
) -> Judged:
    """The verdict on a change of `change` (ln) to `after` (in the metric's unit, as measured).

    `absorbed` (ln) is what was taken out of a single judged run as a burst of the machine. With
    `is_within_measured` the baseline has taken as long, as measured: whatever the estimate of the
    machine says, nobody could see a change there. Faster only by what was taken out is a test between
    others that are slower, whatever made them so. `heavy_load` where other work kept the processors
    much busier than before.
    """
    if evidence is None or not _is_large(change, after, evidence, thresholds, heavy_load=heavy_load):
        if not is_within_measured and is_burst(change, after, absorbed, thresholds):
            return _look(
                "the tests run before and after it slowed down alike: the machine for a moment, or something "
                "they share; a second run can tell"
            )
        return UNCHANGED
    if is_within_measured:
        return _SHOWN_BEFORE
    if change < 0 < absorbed and change + absorbed > -math.log1p(thresholds.warning):
        return _BESIDE_OTHERS
    if is_small_suite:
        return _judge_small_suite(change, after, evidence, thresholds)
    is_slower = change > 0
    # What the confirming runs show by themselves needs no look at the extremes of the first ones.
    limit = thresholds.q
    if evidence.is_confirming:
        limit = max(LOADED_CONFIRM_Q if heavy_load else CONFIRM_Q, limit)
    is_significant = evidence.q <= limit and (evidence.is_outside or evidence.is_confirming)
    if not evidence.is_few_runs:
        if is_significant:
            is_under = not is_large(change, after, thresholds, thresholds.warning)
            return _called(change, thresholds, _UNDER_THE_LIMIT if is_under else "")
        if is_slower and evidence.q <= SUSPECT_Q:
            return _look("larger than its usual spread, but not by enough to rule out chance")
        if is_slower and _stands_out(change, after, evidence, thresholds):
            return _look(
                "far more than its usual spread, but single runs of other tests were as much longer; "
                "a second run can tell"
            )
        return _BY_ITSELF
    few = f"fewer than {thresholds.min_runs}"
    is_enough = is_significant and evidence.runs > FEWEST_RUNS
    if is_enough or is_clear(change, after, evidence, thresholds):
        return _called(
            change, thresholds, f"{few} baseline runs: the noise of the whole suite stands in for its own"
        )
    if is_slower and (evidence.q <= SUSPECT_Q or change >= CLEAR_ERRORS * evidence.standard_error):
        return _look(f"{few} baseline runs are too few to tell it from the noise of the suite")
    return Judged(ChangeVerdict.UNCHANGED, reason="within the noise of the suite")


def _is_large(
    change: float, after: float, evidence: Evidence, thresholds: ChangeThresholds, *, heavy_load: bool
) -> bool:
    """Whether a change is over threshold and floor; one that was confirmed, not surely under the threshold.

    A slowdown of just the threshold is measured as less half of the time, however often it is run. That it
    is one at all, q says. Under half of the threshold, which made it a suspect, nothing is called. On a
    heavily loaded machine there is leeway only for what is surer yet: other work stretches some tests more
    than others, and shortens none.
    """
    if not evidence.is_confirming or (heavy_load and evidence.q > LOADED_Q):
        return is_large(change, after, thresholds, thresholds.warning)
    error = max(LEAST_LEEWAY_ERROR, evidence.standard_error)
    least = math.log1p(thresholds.warning) - LEEWAY_ERRORS * error
    return is_large(change, after, thresholds, max(math.expm1(least), HALF * thresholds.warning))


def is_large(change: float, after: float, thresholds: ChangeThresholds, ratio: float) -> bool:
    """Whether a change is over `ratio` (0.2 for +20%, or 1/1.2 for faster) and over the absolute floor."""
    return abs(change) > math.log1p(ratio) and after * abs(1 - math.exp(-change)) > thresholds.min_change_ns


def is_burst(change: float, after: float, absorbed: float, thresholds: ChangeThresholds) -> bool:
    """Whether a test is slower by more than the threshold if a burst of over it is counted in."""
    is_over = absorbed > math.log1p(thresholds.warning) and change + absorbed > 0
    return is_over and is_large(change + absorbed, after, thresholds, thresholds.warning)


def is_clear(change: float, after: float, evidence: Evidence, thresholds: ChangeThresholds) -> bool:
    """Whether a change is clearly over both threshold and guessed noise: ×2 on a 100 ms test is.

    Over the critical threshold, five absolute floors and four standard errors, and outside all
    that the baseline has shown; of a single run also larger than any spike in the suite.
    """
    return evidence.is_over_spikes and _stands_out(change, after, evidence, thresholds)


def _stands_out(change: float, after: float, evidence: Evidence, thresholds: ChangeThresholds) -> bool:
    """The same without the spikes of other tests."""
    floors = ONE_RUN_FLOORS if change < 0 and evidence.runs == 1 else CLEAR_FLOORS
    return (
        abs(change) > math.log1p(thresholds.critical)
        and after * abs(1 - math.exp(-change)) >= floors * thresholds.min_change_ns
        and abs(change) >= CLEAR_ERRORS * evidence.standard_error
        and evidence.is_outside
    )


def severity_of(ratio: float, critical: float) -> Severity:
    """CRITICAL where `ratio` is over 1 + `critical`, else WARNING."""
    return Severity.CRITICAL if ratio > 1 + critical else Severity.WARNING


def _called(change: float, thresholds: ChangeThresholds, reason: str = "") -> Judged:
    if change > 0:
        severity = severity_of(math.exp(change), thresholds.critical)
        return Judged(ChangeVerdict.REGRESSED, severity, reason=reason)
    return Judged(ChangeVerdict.IMPROVED, reason=reason)


def _judge_small_suite(
    change: float, after: float, evidence: Evidence, thresholds: ChangeThresholds
) -> Judged:
    if is_clear(change, after, evidence, thresholds):
        return _called(change, thresholds, "far more than the other tests of this small suite moved")
    is_much = abs(change) > math.log1p(thresholds.critical)
    if change > 0 and evidence.is_outside and (is_much or change >= _LOOK_ERRORS * evidence.standard_error):
        return _look(
            f"with fewer than {thresholds.min_tests} tests a slower code cannot be told from a slower machine"
        )
    return Judged(ChangeVerdict.UNCHANGED, reason="within what so few tests and runs can tell")


def _look(reason: str) -> Judged:
    return Judged(ChangeVerdict.CANNOT_TELL, worth_a_look=True, reason=reason)
