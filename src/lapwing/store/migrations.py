"""Named steps that bring a store to the form of today, each applied with its record at once.

A step, once released, is never changed: a later form is a new step at the end.
"""

from __future__ import annotations

import sqlite3
import time
from importlib import import_module
from typing import Final

from lapwing.model.value import Value
from lapwing.store.transaction import transaction


class Step(Value):
    """One change of the schema."""

    name: str
    what: str  # one sentence for the reference page
    statements: str = ""  # each ending with a semicolon at the end of a line
    schema: str = ""  # in place of them: the module beside this one that holds them under its name

    @property
    def sql(self) -> str:
        """The statements. Most runs find a store that has been through all steps and need none."""
        if self.statements:
            return self.statements
        text: str = getattr(import_module(f"lapwing.store.{self.schema}"), self.schema.upper())
        return text


STEPS: Final = (
    Step("first_tables", "Runs, tests and fixtures by name, and four tables of facts.", schema="schema"),
    Step("accepted_steps", "Steps of a test's history that were accepted.", schema="accepted_schema"),
    Step("limits", "Limits that tests carry, and tests that were stopped.", schema="limit_schema"),
    Step("measured", "Metrics of benchmarks beside their wall time.", schema="measured_schema"),
    Step("load_results", "Results of load and stress tests.", schema="load_schema"),
    Step(
        "server", "What a server keeps besides runs, and the log of who changed it.", schema="server_schema"
    ),
    Step("profiles", "What profilers saw of tests.", schema="profile_schema"),
    Step("imports", "Slow imports of collection.", schema="import_schema"),
    Step("days", "Sums by day of runs that were removed.", schema="day_schema"),
    Step("summed_runs", "Which removed runs are in those sums.", schema="summed_schema"),
)


def migrate(connection: sqlite3.Connection, *, where: str, steps: tuple[Step, ...] = STEPS) -> None:
    """Apply the steps that the store at `where` lacks.

    Safe when several processes do it at once: each step looks again once it holds the lock.
    Raises StoreError for a store that is newer than these steps, or is not ours.
    """
    for step in missing_steps(connection, where=where, steps=steps):
        with transaction(connection):
            applied = _applied(connection)
            if step.name in applied:
                continue
            for statement in _without_comments(step.sql).split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(
                "INSERT INTO migration (version, name, applied_at_ns) VALUES (?, ?, ?)",
                (len(applied) + 1, step.name, time.time_ns()),
            )


def _without_comments(sql: str) -> str:
    """What SQLite need not read each time a store is opened. No text in a step holds two dashes."""
    return "\n".join([line.partition("--")[0].strip() for line in sql.split("\n")])


def missing_steps(
    connection: sqlite3.Connection, *, where: str, steps: tuple[Step, ...] = STEPS
) -> tuple[Step, ...]:
    """The steps that the store at `where` has not been through. Raises like `migrate`."""
    applied = _applied(connection)
    names = [step.name for step in steps]
    if applied == names or not applied:
        return steps[len(applied) :]
    from lapwing.store.steps_left import steps_left

    left = steps_left(applied, names, where=where, mend="Name another store with --store.")
    return steps[len(steps) - left :]


def _applied(connection: sqlite3.Connection) -> list[str]:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return []
    if "migration" not in tables:
        return [f"table {name}" for name in sorted(tables)]
    return [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY version")]
