"""A badge: two words and a color for a README."""

from enum import StrEnum

from lapwing.model.value import Value


class BadgeKind(StrEnum):
    """What a badge tells."""

    REGRESSIONS = "regressions"
    BUDGETS = "budgets"
    TIME = "time"
    SLOW = "slow"


class BadgeColor(StrEnum):
    """How it is meant. The words tell it, too."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    PLAIN = "plain"
    UNKNOWN = "unknown"


class Badge(Value):
    """What is on it."""

    label: str
    message: str
    color: BadgeColor
