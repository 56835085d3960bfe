"""In which order should tests go to workers? The longest first, kept together where they share a fixture."""

from collections.abc import Sequence

from lapwing.advice.what_if import longest_units
from lapwing.analysis.suite_times import suite_times
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.ids import normalize_node_id
from lapwing.model.what_if import SuiteTimes, TimedTest
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery

_RUNS = 20  # that are looked at for one with processes of its own


def known_times(settings: Settings) -> SuiteTimes | None:
    """The times of the newest complete run of the suite, None where there is none. Raises StoreError.

    Of the newest few, one with fewer than half of the tests of the largest is taken for a part of the suite.
    """
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            query = RunQuery(project=settings.project, is_complete=True, limit=_RUNS)
            digests = [digest for digest in store.runs(query) if digest.run.processes]
            most = max((digest.tests for digest in digests), default=0)
            for digest in digests:
                if digest.tests * 2 >= most:
                    return suite_times(store.read_run(digest.run.run_id))
    except NoDataError:
        pass
    return None


def longest_first(known: SuiteTimes | None, nodeids: Sequence[str]) -> list[list[str]]:
    """The tests in units that belong to one worker, the longest unit first.

    Tests that share a value of a fixture of a class, module or package are one unit, and so are all that
    carry `xdist_group`. A file with tests that `known` does not have is one unit, each of them as long as the
    median; where nothing is known every file is one.
    """
    times = {} if known is None else {test.nodeid: test for test in known.tests}
    median = sorted(test.own_ns for test in times.values())[len(times) // 2] if times else 1
    named = [str(normalize_node_id(nodeid)) for nodeid in nodeids]
    new_files = {name.partition("::")[0] for name in named if name not in times}
    tests = []
    for name in named:
        file = name.partition("::")[0]
        test = times.get(name) or TimedTest(name, median)
        tests.append(test._replace(group=f"file {file}", fixtures=()) if file in new_files else test)
    units = longest_units(tests, () if known is None else known.fixtures)
    return [[nodeids[at] for at in unit] for unit in units]
