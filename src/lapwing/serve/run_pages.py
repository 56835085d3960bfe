"""Pages of certain runs: what they are made of never changes much, whatever runs come after them.

A run is laid beside those before it. So its page holds as long as these are the same, and it may be kept for
long; and where it takes seconds to make, whoever asks is told so at once. What other workers would change is
told by the newest runs in workers, too, and names of projects stand on every page.
"""

import hashlib
from typing import Final

from lapwing.errors import AmbiguousRunError, NoDataError
from lapwing.model.value import Value
from lapwing.operations.find_run import BASELINE
from lapwing.operations.find_stored_run import find_stored_run
from lapwing.operations.what_if import parallel_run_id
from lapwing.serve.answer import Parameters
from lapwing.serve.desk import ServerDesk
from lapwing.serve.forms import AFTER, BEFORE
from lapwing.store.protocol import RunDigest, RunQuery

LARGE: Final = 2_000
"""Tests of a run whose comparison and simulation take a second or more."""

_LOOKED_AT: Final = 5
"""Newest runs by which it is told whether a run of few tests is laid beside large ones."""

ONE_RUN: Final = ("/run", "/why")
"""Paths whose answer is that of the newest run where the address names no other."""

KEPT: Final = {"project", "id", "a", "b"}
"""What may be asked of a page that is kept in the store."""

_READS: Final = {
    "/run": ("id",),
    "/why": ("id",),
    "/what-if": ("id", "workers"),
    "/compare": ("a", "b"),
}
"""Such pages, and what they read of a question beside the project."""

_QUICK: Final = ("/why",)


class AskedRuns(Value):
    """Which runs a page is asked of."""

    parameters: dict[str, str]  # that the page reads, with the whole id of the run where that is one
    stamp: str  # changes whenever the page does
    is_slow: bool  # to make
    newest_of: str  # the state of the project where it is its newest run, otherwise empty


def names_runs(question: str, path: str, parameters: Parameters) -> bool:
    """Whether a page of certain runs is asked for, as the address says."""
    return question == "page" and path in _READS and not parameters.keys() <= {"project"}


def asked_runs(desk: ServerDesk, path: str, parameters: Parameters) -> AskedRuns | None:
    """The runs that the page at `path` is asked of, None where one is not there. Raises StoreError."""
    # All of one moment: a page that was made of a state may be kept as that of its runs.
    with desk.store.snapshot():
        return _asked_runs(desk, path, parameters)


def _asked_runs(desk: ServerDesk, path: str, parameters: Parameters) -> AskedRuns | None:
    project = desk.project(parameters.get("project"))
    newest = desk.store.runs(RunQuery(project=project, limit=_LOOKED_AT))
    state = desk.stamp(project)
    read = {name: parameters[name] for name in ("project", *_READS[path]) if name in parameters}
    try:
        ids = [find_stored_run(desk.store, project, name).run_id for name in _names(path, read)]
    except (NoDataError, AmbiguousRunError):
        return None
    runs = [run for run_id in ids for run in desk.store.runs(_only(project, run_id))]
    beside = newest if path == "/run" else []  # whose tests are judged, though the run has few of them
    asked, run_id = read.get("id"), ids[0]
    is_of_one = path in ONE_RUN
    is_newest = is_of_one and bool(newest) and newest[0].run.run_id == run_id
    is_beginning = asked is not None and run_id.startswith(asked)
    return AskedRuns(
        parameters={**read, "id": run_id} if is_of_one or is_beginning else read,
        stamp=_stamp(desk, path, project, runs),
        is_slow=path not in _QUICK and max(run.tests for run in (*runs, *beside)) >= LARGE,
        newest_of=state if is_newest else "",
    )


def _names(path: str, parameters: Parameters) -> list[str]:
    if path != "/compare":
        return [parameters.get("id", "latest")]
    sides = parameters.get("a") or BEFORE, parameters.get("b") or AFTER
    return [name for number, name in enumerate(sides) if number or name != BASELINE]


def _only(project: str, run_id: str) -> RunQuery:
    return RunQuery(project=project, id_prefix=run_id, limit=1)


def _stamp(desk: ServerDesk, path: str, project: str, runs: list[RunDigest]) -> str:
    parts = [desk.said_stamp(project), *desk.store.projects()]
    for each in runs:
        until = desk.store.stamp_until(each.run.started_at_ns, project=project)
        parts += [each.run.run_id, until]
    if path == "/what-if":
        settings = desk.settings_of(project)
        parts += [parallel_run_id(settings, desk.store, each.run, each.tests) or "" for each in runs]
    return f"runs {hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"
