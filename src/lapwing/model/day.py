"""What is left of the runs of a day once they were removed."""

from lapwing.model.value import Value

DAY_NS = 86_400 * 10**9


class DaySummary(Value):
    """Wall time of one test, or of the whole suite, over the removed runs of a day."""

    day: int  # days since 1970-01-01, UTC
    runs: int
    total_ns: int  # sum over them
    least_ns: int
    most_ns: int

    @property
    def mean_ns(self) -> int:
        """Mean of the runs."""
        return round(self.total_ns / self.runs)

    @property
    def begin_ns(self) -> int:
        """Its beginning, in nanoseconds since the epoch."""
        return self.day * DAY_NS
