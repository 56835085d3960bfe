"""Keep what is known of tests that were renamed: in the store, and in the baseline file."""

from collections.abc import Mapping
from typing import TypeVar

from lapwing.analysis.baseline_entries import group_name
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, NoDataError
from lapwing.model.baseline import BaselineFile, GroupEntry
from lapwing.model.value import Value
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file
from lapwing.store.protocol import Store
from lapwing.store.rename import renamed
from lapwing.units import format_count

_Entry = TypeVar("_Entry")


class Renamed(Value):
    """How many tests have another name now."""

    in_store: int
    in_baseline: int


def rename_tests(
    settings: Settings, store: Store | None, old: str, new: str, *, may_merge: bool = False
) -> Renamed:
    """Give the history of `old` to `new`, and its entry in the baseline file.

    Both are node ids, or beginnings of many that end at a `/`, `::` or `[`. Raises NoDataError
    where nobody is called `old`, ConfigurationError where the two are the same or do not end alike and,
    unless `may_merge`, where runs hold tests under both names: these are two tests, not one renamed.
    """
    if old == new:
        raise ConfigurationError("the new name is that of now", where="rename", mend="Write another one.")
    # First, for a file that cannot be read has to stop this before anything is changed.
    baseline = read_baseline_file(settings.baseline_file, thresholds=settings.change_thresholds)
    shared = 0 if store is None or may_merge else store.shared_runs(old, new, project=settings.project)
    if shared:
        raise ConfigurationError(
            f"{format_count(shared, 'run')} hold both {old!r} and {new!r}: these are two tests, and nothing "
            "was renamed",
            where="rename",
            mend="To make one history of both all the same: --merge. Where a run holds both, NEW counts.",
        )
    in_store = 0 if store is None else store.rename(old, new, project=settings.project)
    in_baseline = 0 if baseline is None else _rename_in_baseline(settings, baseline, old, new)
    if not in_store and not in_baseline:
        raise NoDataError(
            f"no recorded test is called {old!r} or begins with it",
            mend="'lapwing show' lists the tests of a run; a folder ends with /, a file or class with ::",
        )
    return Renamed(in_store=in_store, in_baseline=in_baseline)


def _rename_in_baseline(settings: Settings, baseline: BaselineFile, old: str, new: str) -> int:
    rename = renamed(old, new)
    names = {name: to for name in baseline.tests if (to := rename(name)) is not None and to != name}
    if names:
        tests = {name: entry._replace(nodeid=name) for name, entry in _moved(baseline.tests, names).items()}
        measured = tuple(
            each._replace(nodeid=names.get(each.nodeid, each.nodeid)) for each in baseline.measured
        )
        moved = baseline._replace(tests=tests, groups=_groups(baseline, names), measured=measured)
        write_baseline_file(settings.baseline_file, moved, thresholds=settings.change_thresholds)
    return len(names)


def _groups(baseline: BaselineFile, names: Mapping[str, str]) -> dict[str, GroupEntry]:
    """The sums, under another name where all their tests have gone to one new place."""
    places: dict[str, set[str]] = {}
    for nodeid in baseline.tests:
        places.setdefault(group_name(nodeid), set()).add(group_name(names.get(nodeid, nodeid)))
    moves = {name: next(iter(to)) for name, to in places.items() if name in baseline.groups and len(to) == 1}
    moves = {name: to for name, to in moves.items() if to != name and to not in baseline.groups}
    return {name: entry._replace(name=name) for name, entry in _moved(baseline.groups, moves).items()}


def _moved(entries: Mapping[str, _Entry], names: Mapping[str, str]) -> dict[str, _Entry]:
    """`entries` under their names by `names`; who has such a name already keeps it."""
    stayed = {name: entry for name, entry in entries.items() if name not in names}
    return {to: entries[name] for name, to in names.items()} | stayed
