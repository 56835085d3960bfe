"""What an advisor proposes, before anybody has computed what it gains."""

from lapwing.model.suggestion import Confidence
from lapwing.model.value import Value
from lapwing.model.what_if import SuiteTimes


class Proposal(Value):
    """A change of the suite or of the way it is run."""

    advisor: str
    title: str
    change: str
    confidence: Confidence
    suite: SuiteTimes | None = None  # as it would be; None: as it is
    takes_out: bool = True  # False: `suite` has the same work in other tests
    workers: int | None = None  # None: as in the run
    dist: str | None = None
    span: tuple[float, float] = (0.8, 1.0)  # of the computed gain: at least, at most
    evidence: tuple[str, ...] = ()
    where: str = ""
    risk: str = ""
    is_gainful: bool = True  # False: told although it gains no time
