"""Changes that were seen and that the evidence cannot carry."""

from typing import Final

from lapwing.model.comparison import ChangeVerdict, Comparison, Severity

OTHER_MACHINE: Final = "the baseline comes from another class of machine"
BUSY_MACHINE: Final = "wall time is all there is of it, and other work kept the processors busy"


def untold(comparison: Comparison, why: str) -> Comparison:
    """The comparison with `cannot_tell` in place of a change; one for the worse stays worth a look."""
    if comparison.verdict not in (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED):
        return comparison
    return comparison._replace(
        verdict=ChangeVerdict.CANNOT_TELL,
        severity=Severity.NONE,
        worth_a_look=comparison.verdict is ChangeVerdict.REGRESSED,
        reason=why,
    )
