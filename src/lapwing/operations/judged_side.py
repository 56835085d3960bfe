"""One side of a comparison."""

from lapwing.model.run import RecordedRun
from lapwing.model.series import RunSamples
from lapwing.model.value import Value


class Side(Value):
    """One side of a comparison: stored runs by their ids, or one that was read from a file."""

    run_ids: tuple[str, ...] = ()
    recorded: RecordedRun | None = None
    samples: tuple[RunSamples, ...] = ()  # of these runs, where they have been read already
