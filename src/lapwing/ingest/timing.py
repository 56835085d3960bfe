"""What a report says of a test's time, and what of it is a measurement."""

from typing import Any, Final

from lapwing.ingest.json_fields import is_number
from lapwing.ingest.times import epoch_ns
from lapwing.model.record import Outcome
from lapwing.model.value import Value

# A test that crashed, timed out or never began is reported with a zero that nobody measured.
_ZERO_IS_MEASURED: Final = {
    Outcome.PASSED,
    Outcome.FLAKY,
    Outcome.XFAILED,
    Outcome.XPASSED,
    Outcome.BENCHMARK,
}
_LONGEST_NS: Final = 2**63 - 1


class Timing(Value):
    """The time of one test in nanoseconds: as told, and as it may be judged."""

    shown_ns: int | None = None
    duration_ns: int | None = None
    warnings: tuple[str, ...] = ()


def timing(told: Any, unit_ns: int, status: Outcome) -> Timing:
    """The time of a test with outcome `status` whose report says `told`, in units of `unit_ns`.

    None is no time; a negative or absurd one (over 292 years, NaN, a text) is kept as a warning.
    """
    if told is None:
        return Timing()
    if not is_number(told) or abs(told) * unit_ns > _LONGEST_NS:
        return Timing(warnings=(f"the duration {str(told)[:40]!r} is not readable",))
    shown_ns = round(told * unit_ns)
    if shown_ns < 0:
        return Timing(shown_ns, None, (f"the duration {told} is negative",))
    if shown_ns == 0 and told == 0 and status not in _ZERO_IS_MEASURED:
        return Timing(0)
    return Timing(shown_ns, shown_ns)


def nanoseconds(told: Any, unit_ns: int) -> int | None:
    """A measured time of `told` units; None where that is no number from 0 or absurd."""
    return timing(told, unit_ns, Outcome.PASSED).duration_ns


def began_ns(told: Any, unit_ns: int) -> int | None:
    """The moment that is `told` units after 1970, in nanoseconds; None for what is no moment."""
    return epoch_ns(told, unit_ns) if is_number(told) else None
