"""A run to its row of table `run` and back. No SQL, no connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lapwing.model.record import Outcome
from lapwing.model.run import CiJob, Machine, Revision, Run, WorkerFacts
from lapwing.store.result_part import RunCounts
from lapwing.store.sql_text import (
    from_sql,
    json_from_sql,
    json_to_sql,
    optional_from_sql,
    optional_to_sql,
    to_sql,
)

if TYPE_CHECKING:
    from lapwing.store.protocol import RunDigest


def run_columns(run: Run, counts: RunCounts, other_facts: int) -> dict[str, Any]:
    """Column -> value for all columns but those that refer to other tables.

    `counts` are those of all results, `other_facts` is the number of rows in the other tables of facts.
    """
    revision, machine = run.revision, run.machine
    outcomes = [(outcome, counts.outcomes[outcome]) for outcome in Outcome if counts.outcomes[outcome]]
    return {
        "run_id": to_sql(run.run_id),
        "package": to_sql(run.package),
        "root": to_sql(run.root),
        "started_at_ns": run.started_at_ns,
        "duration_ns": run.duration_ns,
        "commit_id": optional_to_sql(revision.commit),
        "branch": optional_to_sql(revision.branch),
        "base_commit": optional_to_sql(revision.base),
        "dirty": revision.dirty,
        "cpu_model": to_sql(machine.cpu_model),
        "cores": machine.cores,
        "memory_bytes": machine.memory_bytes,
        "system": to_sql(machine.system),
        "kernel": to_sql(machine.kernel),
        "cpu_limit": machine.cpu_limit,
        "memory_limit_bytes": machine.memory_limit_bytes,
        "hostname": to_sql(machine.hostname),
        "machine_class": to_sql(run.machine_class),
        "ci": json_to_sql(run.ci),
        "python": to_sql(run.python),
        "implementation": to_sql(run.implementation),
        "command": json_to_sql(run.command),
        "runner": to_sql(run.runner),
        "workers": run.workers,
        "distribution": to_sql(run.distribution),
        "processes": json_to_sql(run.processes),
        "exit_status": run.exit_status,
        "is_complete": run.is_complete,
        "why_incomplete": to_sql(run.why_incomplete),
        "deselected": run.deselected,
        "load_average": run.load_average,
        "startup_ns": run.startup_ns,
        "tests": counts.tests,
        "outcomes": json_to_sql(outcomes) or "[]",
        "worker_ns": counts.worker_ns,
        "results": counts.results,
        "facts": counts.results + other_facts,
    }


def run_digest(row: Mapping[str, Any], packages: Mapping[str, str]) -> RunDigest:
    """The digest of a row by column, with the project's name under `project_name`."""
    from lapwing.store.protocol import RunDigest

    ci = json_from_sql(row["ci"])
    run = Run(
        run_id=from_sql(row["run_id"]),
        started_at_ns=row["started_at_ns"],
        duration_ns=row["duration_ns"],
        project=from_sql(row["project_name"]),
        package=from_sql(row["package"]),
        root=from_sql(row["root"]),
        revision=Revision(
            commit=optional_from_sql(row["commit_id"]),
            branch=optional_from_sql(row["branch"]),
            base=optional_from_sql(row["base_commit"]),
            dirty=None if row["dirty"] is None else bool(row["dirty"]),
        ),
        machine=Machine(
            cpu_model=from_sql(row["cpu_model"]),
            cores=row["cores"],
            memory_bytes=row["memory_bytes"],
            system=from_sql(row["system"]),
            kernel=from_sql(row["kernel"]),
            cpu_limit=row["cpu_limit"],
            memory_limit_bytes=row["memory_limit_bytes"],
            hostname=from_sql(row["hostname"]),
        ),
        ci=None if ci is None else CiJob(*ci),
        python=from_sql(row["python"]),
        implementation=from_sql(row["implementation"]),
        packages=packages,
        command=tuple(json_from_sql(row["command"]) or ()),
        runner=from_sql(row["runner"]),
        workers=row["workers"],
        distribution=from_sql(row["distribution"]),
        processes=tuple(WorkerFacts(*facts) for facts in json_from_sql(row["processes"]) or ()),
        exit_status=row["exit_status"],
        is_complete=bool(row["is_complete"]),
        why_incomplete=from_sql(row["why_incomplete"]),
        deselected=row["deselected"],
        load_average=row["load_average"],
        startup_ns=row["startup_ns"],
    )
    outcomes = tuple((word, count) for word, count in json_from_sql(row["outcomes"]))
    return RunDigest(run=run, tests=row["tests"], outcomes=outcomes, worker_ns=row["worker_ns"])
