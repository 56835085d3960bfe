"""Proposed limits as an edit of pyproject.toml; written when told to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lapwing.config.settings import Settings
from lapwing.errors import ProjectError
from lapwing.model.budget import MEMORY, SUITE_TIME, TIME
from lapwing.model.budget_use import BudgetUse, BudgetUses, Scope
from lapwing.model.metric import Unit
from lapwing.operations.init.file_edit import FileEdit
from lapwing.operations.init.project_files import read_project_file, write_edits
from lapwing.operations.init.settings_table import PYPROJECT, read_pyproject
from lapwing.operations.init.toml_value import table_lines, with_value
from lapwing.units import exact_duration, exact_size, format_count

_OURS: Final = ("tool", "lapwing")
_Place = tuple[tuple[str, ...], str]  # table, key


def budget_edits(settings: Settings, uses: BudgetUses) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
    """The edit that puts what `uses` proposes into pyproject.toml, and what a person has to do by hand.

    Raises ProjectError for a file that cannot be read or is no TOML.
    """
    before = read_project_file(settings.root, PYPROJECT)
    text = before or ""
    notes = []
    marks = 0
    for use in uses.proposals:
        if use.scope is Scope.TEST:
            marks += 1
            continue
        if not use.is_in_config:
            notes.append(f"{use.name}: {_limit(use)} would do; it is set by {use.budget.origin}")
            continue
        table, key = _place(read_pyproject(text), use)
        after = with_value(text, table, key, _limit(use))
        if after is None:
            notes.append(f"Put this into {PYPROJECT} by hand:\n{table_lines(table, key, _limit(use))}")
        else:
            text = after
    if marks:
        notes.append(f"{format_count(marks, 'limit')} on tests can only be changed where they stand.")
    edits = (FileEdit(PYPROJECT, before, text),) if text != (before or "") else ()
    return edits, tuple(notes)


def write_budgets(settings: Settings, edits: tuple[FileEdit, ...]) -> None:
    """Write them. Raises ProjectError where the file cannot be written or has changed meanwhile."""
    try:
        write_edits(settings.root, edits)
    except ProjectError as error:
        mend = error.mend.replace("lapwing init", "lapwing budget")
        raise ProjectError(error.what, where=error.where, mend=mend) from error


def _limit(use: BudgetUse) -> str | int:
    assert use.proposed is not None
    unit = use.budget.unit
    if unit is Unit.COUNT:
        return use.proposed
    return exact_duration(use.proposed) if unit is Unit.NS else exact_size(use.proposed)


def _place(pyproject: Mapping[str, Any], use: BudgetUse) -> _Place:
    """Table and key that set the limit, or that would."""
    if use.budget.metric == SUITE_TIME:
        where = (*_OURS, "packages", use.name) if use.scope is Scope.PACKAGE else _OURS
        return where, "suite_budget"
    key = {TIME: "budget", MEMORY: "memory"}.get(use.budget.metric, use.budget.metric)
    tables = _table(pyproject, (*_OURS, "categories"))
    written = [name for name in _names(use.name) if isinstance(tables.get(name), dict)]
    for name in written:
        if key in tables[name]:
            return (*_OURS, "categories", name), key
        if key in _table(tables[name], ("counters",)):
            return (*_OURS, "categories", name, "counters"), key
    for name in _names(use.name):
        if key == "budget" and name in _table(pyproject, (*_OURS, "performance_budgets")):
            return (*_OURS, "performance_budgets"), name
    return (*_OURS, "categories", written[0] if written else use.name), key


def _names(category: str) -> Iterator[str]:
    yield category
    yield f"{category}_test"


def _table(tables: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    for name in path:
        inner = tables.get(name)
        if not isinstance(inner, dict):
            return {}
        tables = inner
    return tables
