"""By which rules budgets are judged."""

from lapwing.model.word import Word


class Phase(Word):
    """Which time of a test a budget is about."""

    ALL = "all"
    CALL = "call"


class Basis(Word):
    """Whether time is judged as it was, or as it would have been on the baseline's machine."""

    RAW = "raw"
    NORMALIZED = "normalized"
