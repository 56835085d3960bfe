"""Comparisons: before and after of one metric of one subject, and of a whole run."""

from enum import StrEnum

from lapwing.model.value import Value


class ChangeVerdict(StrEnum):
    """What a comparison says. Ordered from worst to best by `RANK`."""

    REGRESSED = "regressed"
    CANNOT_TELL = "cannot_tell"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"


class Severity(StrEnum):
    """How much slower a regressed subject is; NONE for every other verdict."""

    NONE = "none"
    WARNING = "warning"
    CRITICAL = "critical"


class Comparison(Value):
    """One metric of one subject, before and after, the machine's own shift taken out."""

    nodeid: str  # the subject: a test's node id, or a fixture, module, group name
    metric: str
    unit: str
    before: float  # in `unit`, median of the baseline, scaled to the machine of `after`
    after: float  # in `unit`, median of the judged runs, as measured
    ratio: float  # after / before, machine factor taken out
    interval: tuple[float, float] | None  # of the ratio, at 95%
    p: float | None  # one-sided, in the direction of the change
    q: float | None  # after control of false discoveries over the judgment
    verdict: ChangeVerdict
    severity: Severity = Severity.NONE
    noise_floor: float | None = None  # smallest ratio over 1 that could have been told from chance
    baseline_runs: int = 0
    judged_runs: int = 0
    worth_a_look: bool = False
    reason: str = ""  # one plain sentence


class RunComparison(Value):
    """A judgment: one or more runs against a baseline."""

    verdict: ChangeVerdict  # the worst of its tests'
    comparisons: tuple[Comparison, ...]
    machine_factor: float | None  # how much slower the machine was; None if it cannot be told
    machine_factors: tuple[tuple[str, float], ...] = ()  # by part: ("cpu", 1.02), ("wall", 1.10)
    baseline_runs: int = 0
    judged_runs: int = 1
    baseline_why: str = ""
    same_machine_class: bool = True
    new_tests: tuple[str, ...] = ()
    gone_tests: tuple[str, ...] = ()
    suite: tuple[Comparison, ...] = ()  # sums: suite, groups, fixtures, collection
    reason: str = ""  # why a whole judgment cannot be told, or ""


RANK = {
    ChangeVerdict.REGRESSED: 0,
    ChangeVerdict.CANNOT_TELL: 1,
    ChangeVerdict.IMPROVED: 2,
    ChangeVerdict.UNCHANGED: 3,
}


def worst_verdict(verdicts: "tuple[ChangeVerdict, ...] | list[ChangeVerdict]") -> ChangeVerdict:
    """The worst of `verdicts`; UNCHANGED where there are none."""
    return min(verdicts, key=RANK.__getitem__, default=ChangeVerdict.UNCHANGED)
