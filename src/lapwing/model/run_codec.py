"""A run's facts as a plain dictionary of JSON and back; `codec` has the other values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lapwing.model.run import CiJob, Machine, Revision, Run, WorkerFacts


def run_dict(run: Run) -> dict[str, Any]:
    """A run's facts; `run_of` reads them back."""
    fields = run._asdict()
    fields["revision"] = run.revision._asdict()
    fields["machine"] = run.machine._asdict()
    fields["ci"] = run.ci._asdict() if run.ci else None
    fields["processes"] = [process._asdict() for process in run.processes]
    fields["packages"] = dict(run.packages)
    fields["command"] = list(run.command)
    return fields


def run_of(fields: Mapping[str, Any]) -> Run:
    """The run in `fields`, as `run_dict` wrote it. Raises KeyError, TypeError."""
    known = {name: value for name, value in fields.items() if name in Run._fields}
    known["revision"] = Revision(**known["revision"])
    known["machine"] = Machine(**known["machine"])
    known["ci"] = CiJob(**known["ci"]) if known["ci"] else None
    known["processes"] = tuple(WorkerFacts(**facts) for facts in known["processes"])
    known["command"] = tuple(known["command"])
    return Run(**known)
