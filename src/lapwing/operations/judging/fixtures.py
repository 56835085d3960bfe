"""Did set-ups of fixtures, or collection, become slower? Wall time alone, which a busy machine spoils."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from lapwing.config.settings import Settings
from lapwing.model.comparison import Comparison
from lapwing.model.metric import COLLECTION, FIXTURE_SETUP, Metric
from lapwing.model.record import Outcome
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.store.protocol import Store

if TYPE_CHECKING:
    from lapwing.analysis.setup_share import Phases

_MOST_RUNS: Final = 7  # of the baseline, whose tests are read for their phases


class Parts(Value):
    """Fixtures and modules, and what half of the suite changed with, as text; "" if that is not known."""

    comparisons: tuple[Comparison, ...]
    why_moved: str


def judged_parts(
    settings: Settings,
    store: Store,
    before: Sequence[str],
    judged: Sequence[str],
    late: Sequence[RunSamples],
    *,
    has_moved: bool,
) -> Parts:
    """Set-up of each fixture and collection of each module. `late` are the tests of the runs `judged`.

    On a busy machine, and where half of the suite changed at once (`has_moved`), only a fixture is called for
    which set-ups compute longer than calls have it.
    """
    from lapwing.analysis.scheduling import scheduling_of
    from lapwing.analysis.setup_share import (
        BY_SET_UPS,
        WITH_OTHERS,
        called_by_set_ups,
        looks_slower,
        newly_set_up,
        reason_by_set_ups,
        set_ups_compute_longer_ns,
    )
    from lapwing.analysis.sums import compare_sums
    from lapwing.analysis.untold import BUSY_MACHINE, untold

    thresholds = settings.change_thresholds

    def compared(name: str, metric: Metric, samples: Sequence[RunSamples]) -> tuple[Comparison, ...]:
        early, late = samples[: len(before)], samples[len(before) :]
        return compare_sums(name, metric, early, late, thresholds, group_of=lambda each: each)

    run_ids = [*before, *judged]
    set_up = store.fixture_samples(run_ids)
    fixtures = compared("fixture", FIXTURE_SETUP, set_up)
    modules = compared("module", COLLECTION, store.collection_samples(run_ids))
    if scheduling_of((), late, None, None).is_busy:
        fixtures = tuple(untold(each, BUSY_MACHINE) for each in fixtures)
        modules = tuple(untold(each, BUSY_MACHINE) for each in modules)
    more_ns = 0.0
    if has_moved or any(map(looks_slower, fixtures)):
        early_phases = [_phases(store, run_id) for run_id in before[:_MOST_RUNS]]
        late_phases = [_phases(store, run_id) for run_id in judged]
        more_ns = set_ups_compute_longer_ns(early_phases, late_phases, thresholds)
        fixtures = called_by_set_ups(fixtures, more_ns, thresholds)
    if has_moved:
        fixtures = tuple(
            each if each.reason == BY_SET_UPS else untold(each, WITH_OTHERS) for each in fixtures
        )
        modules = tuple(untold(each, WITH_OTHERS) for each in modules)
    new = newly_set_up(set_up[: len(before)], set_up[len(before) :]) if has_moved else None
    return Parts(fixtures + modules, reason_by_set_ups(fixtures, more_ns, new))


def _phases(store: Store, run_id: str) -> Mapping[str, "Phases"]:
    """CPU time of set-up and call of the tests that passed."""
    from lapwing.analysis.setup_share import Phases

    return {
        each.nodeid: Phases(each.setup_cpu_ns, each.call_cpu_ns)
        for each in store.read_run(run_id).tests
        if each.outcome == Outcome.PASSED and each.setup_cpu_ns is not None and each.call_cpu_ns is not None
    }
