"""Which counters were watched in a run, by the probes of its tests' categories?"""

from lapwing.config.settings import Settings
from lapwing.measure.probes.watched import BY_PROBE, watched_with
from lapwing.model.run import Run
from lapwing.model.watched import Watched


def watched_counters(settings: Settings, run: Run) -> Watched:
    """Those that probes watched in `run`; none in a run of another runner."""
    by_choice = frozenset().union(*BY_PROBE.values())
    if run.runner != "pytest":
        return Watched(by_choice=by_choice)
    return Watched(
        by_category={name: watched_with(each.probes) for name, each in settings.categories.items()},
        others=watched_with(()),
        by_choice=by_choice,
    )
