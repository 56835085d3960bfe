"""The history of one test over runs, with the machine taken out, and what happened in it."""

from lapwing.model.accepted import AcceptedStep
from lapwing.model.change import SeriesChange, Shape, Step
from lapwing.model.metric import Unit
from lapwing.model.profile import ProfileSummary
from lapwing.model.run import Run
from lapwing.model.series import HistoryPoint
from lapwing.model.trend import WeeklyTrend
from lapwing.model.value import Value


class Commit(Value):
    """One commit of the repository."""

    commit: str
    subject: str


class StepRuns(Value):
    """A step and the two runs between which it happened."""

    step: Step
    before: HistoryPoint  # last run of the old level
    after: HistoryPoint  # first run of the new one
    commits: tuple[Commit, ...] = ()  # between them, newest first; empty where git does not tell
    more_commits: int = 0  # further ones, not listed
    accepted: AcceptedStep | None = None  # if somebody accepted it, or a later one


class DatedStep(Value):
    """A step of one test, with the start of the first run of its new level."""

    nodeid: str
    step: Step
    started_at_ns: int
    before_commit: str | None
    after_commit: str | None


class MachineStep(Value):
    """A lasting change of the machine's speed, and what is known to have changed with it."""

    before: Run  # last run on the machine as it was
    after: Run
    ratio: float  # how much slower it is since; over 1 is slower
    changes: tuple[str, ...] = ()  # "python 3.11.4 → 3.12.1"


class SubjectHistory(Value):
    """One metric of one test, or of one benchmark in it, over runs, oldest first."""

    nodeid: str  # of a benchmark outside of tests the script
    metric: str
    points: tuple[HistoryPoint, ...]  # every run of the test, whatever its outcome
    measured: tuple[int, ...]  # index into `points` of the runs in which it passed and was measured
    values: tuple[float, ...]  # beside `measured`: in `unit`, the machine taken out
    factors: tuple[float, ...]  # beside `measured`: how much slower the machine was; 1 if unknown
    change: SeriesChange = SeriesChange((), Shape.TOO_SHORT)  # `at` of its steps counts in `values`
    steps: tuple[StepRuns, ...] = ()
    is_machine_known: bool = False
    machine_steps: tuple[MachineStep, ...] = ()
    trend: WeeklyTrend | None = None
    accepted: tuple[AcceptedStep, ...] = ()
    profiles: tuple[ProfileSummary, ...] = ()  # newest first
    unit: str = Unit.NS
    benchmark: str = ""  # its name; "" where it is the test itself
    higher_is_better: bool = False

    @property
    def subject(self) -> str:
        """Whose history it is, for people."""
        return f"{self.nodeid} ({self.benchmark})" if self.benchmark else self.nodeid
