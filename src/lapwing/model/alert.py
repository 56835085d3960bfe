"""Alerts: what is wrong, since when, who was told and who waits to be.

A cause is a stable name of one thing that can be wrong, such as a regression of one test. While it lasts it
is told once at each level it reaches, and once when it has recovered.
"""

from collections.abc import Mapping
from enum import StrEnum

from lapwing.model.value import Value


class AlertLevel(StrEnum):
    """How much it matters."""

    RECOVERED = "recovered"
    WARNING = "warning"
    CRITICAL = "critical"


class CauseKind(StrEnum):
    """What a cause is about."""

    BUDGET = "budget"
    DEADLINE = "deadline"
    REGRESSION = "regression"
    SUITE = "suite"
    SLOW_TESTS = "slow-tests"
    N_PLUS_ONE = "n+1"
    LEAK = "leak"
    LOAD = "load"
    FLAKY = "flaky"
    SYSTEM = "system"


class Condition(Value):
    """What is known of a cause now. Between its limit and recovery nothing is told."""

    kind: CauseKind
    subject: str  # a node id, or the name of a sum
    what: str = ""  # of what, where the subject has several
    level: AlertLevel | None = None  # WARNING or CRITICAL; None: not over the limit
    is_recovered: bool = False  # clearly below the limit; only where `level` is None
    title: str = ""
    body: str = ""

    @property
    def cause(self) -> str:
        """Its stable name."""
        return " ".join(filter(None, (self.kind.value, self.subject, self.what)))


class Alert(Value):
    """Something to be told once."""

    cause: str
    level: AlertLevel
    title: str
    body: str
    run_id: str
    at_ns: int  # since the epoch


class OpenAlert(Value):
    """A cause that was told and has not recovered."""

    kind: CauseKind
    subject: str
    what: str
    level: AlertLevel  # the highest that was told
    title: str
    since_run: str
    since_ns: int


class AlertBook(Value):
    """What is open, and by channel what waits and when messages went. Channels are named by a digest."""

    open: Mapping[str, OpenAlert] = {}  # by cause
    waiting: Mapping[str, tuple[Alert, ...]] = {}
    sent_ns: Mapping[str, tuple[int, ...]] = {}
