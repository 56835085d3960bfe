"""A step in a test's history that somebody meant, and from where its history counts since."""

from lapwing.model.value import Value


class AcceptedStep(Value):
    """The first run of a new level of one test, and of what it measures: the benchmarks in it.

    Runs before it are no baseline of these any more.
    """

    nodeid: str
    run_id: str  # first run of the new level
    from_ns: int  # its start, since the epoch
    commit: str | None = None  # that it ran, where known
    ratio: float | None = None  # new level by the old one, machine taken out; None if not measured
    reason: str = ""
    accepted_by: str = ""
    accepted_at_ns: int = 0  # since the epoch
