"""What would have saved most of this run? A line or two for the end of it, where it is worth that."""

from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.run import RecordedRun
from lapwing.model.suggestion import Confidence, Suggestion
from lapwing.operations.advise import advice_of
from lapwing.store.open_store import open_store
from lapwing.units import NS_PER_S, format_duration, format_share

MOST_LINES: Final = 2
LEAST_SHARE: Final = 0.1
"""Of the run's time, from which a gain is told unasked."""

LEAST_NS: Final = NS_PER_S


def advice_lines(settings: Settings, recorded: RecordedRun) -> tuple[str, ...]:
    """At most two lines, the largest expected gain first; none where nothing likely to help gains much.

    A store that cannot be read gives none: what is wrong with it has been told.
    """
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            advice = advice_of(settings, store, recorded)
    except LapwingError:
        return ()
    worthy = [
        each
        for each in advice.suggestions
        if each.confidence is not Confidence.LOW
        and each.gain_ns >= max(LEAST_NS, LEAST_SHARE * advice.wall_ns)
    ][:MOST_LINES]
    lines = [_line(each, advice.wall_ns) for each in worthy]
    return (*lines[:-1], f"{lines[-1]}; more: lapwing advise") if lines else ()


def _line(suggestion: Suggestion, wall_ns: int) -> str:
    where = f" ({suggestion.where})" if suggestion.where and suggestion.where not in suggestion.title else ""
    gain = f"{format_duration(suggestion.gain_ns)} ({format_share(suggestion.gain_ns / max(1, wall_ns))})"
    return f"could take about {gain} less: {suggestion.title}{where}"
