"""Which tests would a deadline stop? The newest recorded run tells, before anybody sets one."""

from lapwing.config.deadlines import deadline_ns
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError, StoreError
from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import NEVER_RAN
from lapwing.model.value import Value
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery
from lapwing.units import format_count, format_duration

NOISY_FACTOR = 2.0
"""What deadlines are multiplied by on a machine that is busy or uneven."""

_MOST_NAMES = 3
_ENOUGH_RUNS = 20


class LateTest(Value):
    """A test that comes near its deadline or passes it."""

    nodeid: str
    took_ns: int
    category: str
    deadline_ns: int


class KnownTests(Value):
    """The tests of the newest complete run of pytest."""

    tests: int
    late: tuple[LateTest, ...]  # the worst first

    @property
    def sentence(self) -> str:
        """What keeps deadlines from being set, and what to do; "" where nothing does."""
        if not self.late:
            return ""
        named = "; ".join(
            f"{each.nodeid} took {format_duration(each.took_ns)} "
            f"({each.category}: {format_duration(each.deadline_ns)})"
            for each in self.late[:_MOST_NAMES]
        )
        more = f"; and {len(self.late) - _MOST_NAMES} more" if len(self.late) > _MOST_NAMES else ""
        return (
            f"timeouts are not proposed: {len(self.late)} of {format_count(self.tests, 'recorded test')} "
            f"would be stopped, or nearly so: {named}{more}. Mark them slow or raise their category's "
            "budget, record a run, and call 'lapwing init' again."
        )


def known_tests(settings: Settings, timeout_factor: float) -> KnownTests | None:
    """The recorded tests, and those that took more of their deadline than is warned at; None: no run."""
    try:
        with open_store(settings.store, create=False) as store:
            query = RunQuery(project=settings.project, is_complete=True, limit=_ENOUGH_RUNS)
            run = next((each.run for each in store.runs(query) if each.run.runner == "pytest"), None)
            if run is None:
                return None
            records = last_attempts(store.read_run(run.run_id).tests)
    except (NoDataError, StoreError):
        return None
    late = []
    for record in records:
        category = settings.categories.get(record.category)
        if category is None or record.duration_ns is None or record.outcome in NEVER_RAN:
            continue
        deadline = deadline_ns(category, timeout_factor)
        if deadline and record.duration_ns > settings.warn_at * deadline:
            late.append(LateTest(record.nodeid, record.duration_ns, category.name, deadline))
    late.sort(key=lambda each: each.deadline_ns / each.took_ns)
    return KnownTests(len(records), tuple(late))
