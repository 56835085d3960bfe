"""Which regressions are those of a fixture? Where its set-up, which became slower, makes up the loss."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.model.fixture_subject import fixture_subject
from lapwing.model.inbox import InboxItem
from lapwing.model.metric import FIXTURE_SETUP
from lapwing.model.run import Run
from lapwing.store.protocol import Store

_LEAST_SHARE: Final = 0.5  # of what a test lost that set-ups of the fixture must have taken


def by_fixture(
    store: Store, judgment: RunComparison, run: Run, items: Sequence[InboxItem]
) -> list[InboxItem]:
    """`items` with the fixture as cause where one that became slower explains them."""
    slower = {
        each.nodeid
        for each in judgment.suite
        if each.metric == FIXTURE_SETUP.name
        and (each.verdict is ChangeVerdict.REGRESSED or (each.worth_a_look and each.after > each.before))
    }
    if not slower or not items:
        return list(items)
    took: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for record in store.read_run(run.run_id).fixtures:
        name = fixture_subject(record.name, record.location)
        if name in slower and not record.failed:
            took[record.requester][name] += record.setup_ns
    return [_with_cause(item, took.get(item.nodeid, {})) for item in items]


def _with_cause(item: InboxItem, took: dict[str, int]) -> InboxItem:
    name = max(took, key=took.__getitem__, default="")
    if not name or took[name] < _LEAST_SHARE * (item.after_ns - item.before_ns):
        return item
    return item._replace(cause=f"fixture {name}")
