"""The quickest run of a test: what other work has disturbed least."""

import math
from collections.abc import Sequence
from typing import Self

from lapwing.model.series import RunSamples
from lapwing.model.value import Value


class Quickest(Value):
    """The quickest of some runs, beside the median of the baseline."""

    runs: int
    change: float  # ln
    rise: float  # in the metric's unit

    def or_as_measured(self, subject: str, runs: Sequence[RunSamples], before_ns: float) -> Self:
        """The larger of this change, of wall time less waits, and that of wall time as measured in `runs`.

        The wait for a processor is read once a test and holds that of pytest's own work between two tests:
        taken out, it makes some run of a test that sleeps shorter than the sleep. `before_ns` is the
        median of the baseline as measured.
        """
        measured = [wall for run in runs if (wall := _wall_ns(run, subject)) is not None]
        if not measured:
            return self
        least = max(1, min(measured))
        change = max(self.change, math.log(least / before_ns))
        return self._replace(change=change, rise=max(self.rise, least - before_ns))


def _wall_ns(run: RunSamples, subject: str) -> int | None:
    try:
        return run.wall_ns[run.subjects.index(subject)]
    except ValueError:  # it is not among the tests of this run
        return None
