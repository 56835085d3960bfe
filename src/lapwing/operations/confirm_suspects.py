"""Which tests look slower in the newest run? Those that regressed, and those worth a look."""

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.comparison import ChangeVerdict
from lapwing.operations.find_run import find_run
from lapwing.operations.judge_run import judge_run
from lapwing.store.protocol import Store


def suspects_of(settings: Settings, store: Store) -> tuple[str, ...]:
    """Node ids of the newest complete run that look slower than its baseline, the worst first.

    Raises NoDataError where no run, or no baseline, is there to ask.
    """
    found = find_run(settings, store, "latest", must_be_complete=True)
    assert found.run is not None
    judgment = judge_run(settings, store, [found.run])
    if judgment is None:
        raise NoDataError(
            "the newest run has nothing to be compared with, so that no test is suspect",
            mend="Name the tests: lapwing confirm NODEID",
        )
    looks_slower = [
        each
        for each in judgment.comparisons
        if each.ratio > 1 and (each.verdict is ChangeVerdict.REGRESSED or each.worth_a_look)
    ]
    worst = sorted(looks_slower, key=lambda each: each.before - each.after)
    return tuple(dict.fromkeys(each.nodeid for each in worst))
