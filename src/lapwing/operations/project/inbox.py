"""What wants a decision? Regressions of the newest run with what somebody said of them."""

import hashlib
import json
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, NoDataError
from lapwing.measure.clock import CLOCKS
from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.model.inbox import Inbox, InboxItem, ItemNote, ItemState, Regressions
from lapwing.model.metric import WALL
from lapwing.model.run import Run
from lapwing.model.state_change import StateChange
from lapwing.operations.fixture_causes import by_fixture
from lapwing.operations.judge_run import judge_run
from lapwing.store.protocol import RunQuery, Store

SETTABLE: Final = tuple(state for state in ItemState if state not in (ItemState.NEW, ItemState.FIXED))
"""States that somebody may give an item."""

_OF_A_LEVEL: Final = (ItemState.ACCEPTED, ItemState.NOISE, ItemState.ENVIRONMENT)
_GROWN: Final = 1.2  # so many times as slow it is another regression, as it is worth an alert


def find_regressions(settings: Settings, store: Store) -> Regressions:
    """What the newest complete run of the settings' project shows against its baseline."""
    digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=1))
    if not digests:
        return Regressions()
    run = digests[0].run
    judgment = judge_run(settings, store, [run], is_brief=False)
    if judgment is None:
        return Regressions(run.run_id)
    return Regressions(run.run_id, tuple(by_fixture(store, judgment, run, _items(judgment, run))))


def read_inbox(project: str, store: Store, regressions: Regressions) -> Inbox:
    """The inbox of `project`: its regressions with what was said of them."""
    notes = _notes(store, project)
    now = CLOCKS.epoch()
    items = tuple(
        item._replace(note=_note(notes.get(_name(item.nodeid)), item, now)) for item in regressions.items
    )
    open_tests = {item.nodeid for item in items}
    fixed = [
        note._replace(state=ItemState.FIXED)
        for note in notes.values()
        if note.nodeid not in open_tests and note.state in (ItemState.ACKNOWLEDGED, ItemState.INVESTIGATING)
    ]
    return Inbox(regressions.run_id, items, tuple(sorted(fixed, key=lambda note: -note.at_ns)))


def set_state(
    settings: Settings,
    store: Store,
    nodeid: str,
    state: str,
    *,
    actor: str,
    until_ns: int = 0,
    took_ns: float = 0,
) -> None:
    """Say of the regression of a test what it is; `took_ns` is what the test takes with it.

    Raises ConfigurationError for a state nobody can set and for a mute without an end to come, NoDataError
    for a test without runs.
    """
    if state not in SETTABLE:
        raise ConfigurationError(
            f"no item of the inbox can be set to {state!r}", mend=f"Choose one of {', '.join(SETTABLE)}."
        )
    now = CLOCKS.epoch()
    if state == ItemState.MUTED and until_ns <= now:
        raise ConfigurationError(
            "it is not said until when it is to be muted", mend="Name a day to come, as 2027-01-31."
        )
    points = store.history(nodeid, project=settings.project, limit=1)
    if not points:
        raise NoDataError(f"no run of {nodeid} is recorded", mend="The page of tests lists them.")
    took = took_ns or points[0].wall_ns or 0
    note = ItemNote(ItemState(state), actor, now, until_ns, nodeid, took)
    store.put_entry(_kind(settings.project), _name(nodeid), json.dumps(note._asdict()))
    store.add_state_change(
        StateChange(note.at_ns, actor, f"inbox.{state}", nodeid, settings.project, str(until_ns or ""))
    )


def _note(note: ItemNote | None, item: InboxItem, now_ns: int) -> ItemNote:
    """What was said of `item`, as far as it still holds."""
    if note is None or (note.state == ItemState.MUTED and note.until_ns <= now_ns):
        return ItemNote()
    # Who took ten milliseconds more for noise has said nothing of a second more.
    if note.state in _OF_A_LEVEL and note.took_ns and item.after_ns > _GROWN * note.took_ns:
        return ItemNote()
    return note


def _items(judgment: RunComparison, run: Run) -> list[InboxItem]:
    items = []
    for each in judgment.comparisons:
        if each.verdict != ChangeVerdict.REGRESSED or each.metric != WALL.name:
            continue
        items.append(
            InboxItem(
                nodeid=each.nodeid,
                before_ns=each.before,
                after_ns=each.after,
                ratio=each.ratio,
                severity=each.severity.value,
                cause=_cause(judgment, run),
                reason=each.reason,
            )
        )
    return sorted(items, key=lambda item: -(item.after_ns - item.before_ns))


def _cause(judgment: RunComparison, run: Run) -> str:
    if not judgment.same_machine_class:
        return "another machine"
    commit = run.revision.commit
    return f"up to commit {commit[:10]}" if commit else "unknown revision"


def _notes(store: Store, project: str) -> dict[str, ItemNote]:
    notes = {}
    for name, document in store.entries(_kind(project)).items():
        fields = json.loads(document)
        notes[name] = ItemNote(**{**fields, "state": ItemState(fields["state"])})
    return notes


def _kind(project: str) -> str:
    return f"inbox {project}"


def _name(nodeid: str) -> str:
    return hashlib.blake2b(nodeid.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
