"""Two sides of the code measured in turn on one machine: pairs, and what was made of them."""

from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.value import Value


class Pair(Value):
    """One test on both sides, one process each, one right after the other. None: not measured."""

    a_wall_ns: float | None  # less the time in which it was ready and had no processor
    b_wall_ns: float | None
    a_cpu_ns: float | None  # children included
    b_cpu_ns: float | None


class PairedComparison(Value):
    """One test, or one benchmark in it, side B against side A."""

    nodeid: str
    verdict: ChangeVerdict
    pairs: int
    severity: Severity = Severity.NONE
    comparisons: tuple[
        Comparison, ...
    ] = ()  # by clock, the deciding one first; empty where nothing was measured
    reason: str = ""
    benchmark: str = ""  # its name; "" where it is the test itself

    @property
    def subject(self) -> str:
        """What was measured, for people."""
        return f"{self.nodeid} ({self.benchmark})" if self.benchmark else self.nodeid

    @property
    def clearest(self) -> Comparison | None:
        """The clock that shows the verdict best: the first that has it, unless the whole interval of a slower
        one lies beyond its own. None where nothing was measured."""
        same = [each for each in self.comparisons if each.verdict is self.verdict]
        if not same:
            return self.comparisons[0] if self.comparisons else None
        first, *others = same
        if self.verdict is ChangeVerdict.REGRESSED and first.interval is not None:
            for other in others:
                if other.interval is not None and other.interval[0] > first.interval[1]:
                    return other
        return first


class CommitFacts(Value):
    """A commit as people know it."""

    commit: str
    author: str = ""
    date: str = ""  # ISO 8601, when it was written
    subject: str = ""


class SideFacts(Value):
    """One side of a paired comparison."""

    name: str  # as it was asked for, such as `main` or "the checkout as it is"
    commit: str | None  # None for a checkout with changes of its own


class Confirmation(Value):
    """Tests measured on two sides in turn."""

    a: SideFacts
    b: SideFacts
    verdict: ChangeVerdict  # the worst of its tests'
    tests: tuple[PairedComparison, ...]
    pairs: int
    error: float  # how often equal code is called changed, per test, both clocks together, at most
    negligible: float  # after/before - 1 up to which a change counts as none
    notes: tuple[str, ...] = ()


class BisectStep(Value):
    """One commit that was judged."""

    commit: CommitFacts
    said: str  # "slow", "fast", "skipped"
    ratio: float | None  # against good
    p: float  # chance that it was judged wrongly; 0 where it was skipped
    pairs: int
    reason: str = ""


class Bisection(Value):
    """Which commit made a test slower."""

    nodeid: str
    good: CommitFacts
    bad: CommitFacts
    whole: PairedComparison  # bad against good
    steps: tuple[BisectStep, ...] = ()
    culprit: CommitFacts | None = None  # None where it could not be found, or several are left
    candidates: tuple[CommitFacts, ...] = ()  # more than one where commits in between could not be judged
    step: PairedComparison | None = None  # the culprit against its first parent
    sureness: float | None = None  # least chance that every step was judged rightly
    reason: str = ""  # why there is no culprit
