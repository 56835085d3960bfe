"""A suggestion: what to change, what it gains, how sure that is, and what it risks."""

from enum import StrEnum

from lapwing.model.value import Value


class Confidence(StrEnum):
    """How likely the change can be made and gains what is said."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Suggestion(Value):
    """One piece of advice. Gains are wall time of the whole run, with the workers it had."""

    advisor: str
    title: str
    change: str  # what to do
    gain_ns: int
    low_ns: int
    high_ns: int
    confidence: Confidence
    evidence: tuple[str, ...] = ()
    where: str = ""  # file:line, a file, or a node id
    risk: str = ""  # what the change may do to behavior; empty where it does nothing


class Advice(Value):
    """All suggestions about a run, the largest expected gain first."""

    run_id: str
    wall_ns: int
    workers: int
    dist: str
    suggestions: tuple[Suggestion, ...]
