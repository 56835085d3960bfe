"""What may be said of a change when the baseline comes from another class of machine."""

from lapwing.model.comparison import ChangeVerdict, Comparison, Severity


def of_another_machine(comparison: Comparison) -> Comparison:
    """The comparison with `cannot_tell` in place of a change; one for the worse stays worth a look."""
    if comparison.verdict not in (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED):
        return comparison
    return comparison._replace(
        verdict=ChangeVerdict.CANNOT_TELL,
        severity=Severity.NONE,
        worth_a_look=comparison.verdict is ChangeVerdict.REGRESSED,
        reason="the baseline comes from another class of machine",
    )
