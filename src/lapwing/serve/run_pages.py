"""Pages of certain runs: what they are made of never changes much, whatever runs come after them.

A run is laid beside those before it. So its page holds as long as these are the same, and it may be kept for
long; and where it takes seconds to make, whoever asks is told so at once.
"""

import hashlib
from typing import Final

from lapwing.errors import LapwingError
from lapwing.model.run import Run
from lapwing.model.value import Value
from lapwing.operations.find_run import BASELINE
from lapwing.operations.find_stored_run import find_stored_run
from lapwing.serve.answer import Parameters
from lapwing.serve.desk import ServerDesk
from lapwing.serve.forms import AFTER, BEFORE
from lapwing.store.protocol import RunQuery

LARGE: Final = 2_000
"""Tests of a run whose comparison and simulation take a second or more."""

ONE_RUN: Final = ("/run", "/why")
"""Paths whose answer is that of the newest run where the address names no other."""

KEPT: Final = {"project", "id", "a", "b"}
"""What may be asked of a page that is kept in the store."""

_OF_RUNS: Final = (*ONE_RUN, "/what-if", "/compare")
_QUICK: Final = ("/why",)
_BEFORE: Final = 30  # runs up to one that its page reads, for its baseline and trend


class AskedRuns(Value):
    """Which runs a page is asked of."""

    parameters: dict[str, str]  # of the question, with the whole id of the run where that is one
    stamp: str  # changes whenever the page does
    is_slow: bool  # to make
    newest_of: str  # the state of the project where it is its newest run, otherwise empty


def names_runs(question: str, path: str, parameters: Parameters) -> bool:
    """Whether a page of certain runs is asked for, as the address says."""
    return question == "page" and path in _OF_RUNS and not parameters.keys() <= {"project"}


def asked_runs(desk: ServerDesk, path: str, parameters: Parameters) -> AskedRuns | None:
    """The runs that the page at `path` is asked of, None where one is not there. Raises StoreError."""
    project = desk.project(parameters.get("project"))
    # The newest first: a run that comes meanwhile makes the state another than that of any older page.
    newest = desk.store.runs(RunQuery(project=project, limit=1))
    state = desk.stamp(project)
    try:
        runs = [find_stored_run(desk.store, project, name) for name in _names(path, parameters)]
    except LapwingError:
        return None
    asked, run_id = parameters.get("id"), runs[0].run_id
    is_of_one = path in ONE_RUN
    is_newest = is_of_one and bool(newest) and newest[0].run.run_id == run_id
    is_beginning = asked is not None and run_id.startswith(asked)
    return AskedRuns(
        parameters={**parameters, "id": run_id} if is_of_one or is_beginning else dict(parameters),
        stamp=_stamp(desk, project, runs),
        is_slow=path not in _QUICK and max(_tests(desk, run) for run in runs) >= LARGE,
        newest_of=state if is_newest else "",
    )


def _names(path: str, parameters: Parameters) -> list[str]:
    if path != "/compare":
        return [parameters.get("id", "latest")]
    sides = parameters.get("a") or BEFORE, parameters.get("b") or AFTER
    return [name for number, name in enumerate(sides) if number or name != BASELINE]


def _tests(desk: ServerDesk, run: Run) -> int:
    (digest,) = desk.store.runs(RunQuery(project=run.project, id_prefix=run.run_id, limit=1))
    return digest.tests


def _stamp(desk: ServerDesk, project: str, runs: list[Run]) -> str:
    parts = [desk.said_stamp(project)]
    for run in runs:
        until = RunQuery(project=project, before_ns=run.started_at_ns + 1, limit=_BEFORE)
        parts += [run.run_id, str(len(desk.store.confirm_attempts(run.run_id)))]
        parts += [digest.run.run_id for digest in desk.store.runs(until)]
    return f"runs {hashlib.blake2b(' '.join(parts).encode(), digest_size=12).hexdigest()}"
