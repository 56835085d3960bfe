"""A test file that imports a heavy package as it is collected.

## What it sees

Imports of packages that are known to take long (tensorflow, torch, pandas, matplotlib and their like, and
those of `heavy_imports`) at the top of a conftest file, or of a test file most of whose functions do not use
them. With `--with-history` also files whose collection takes half a second and more in recorded runs,
whatever they import, and what it takes stands beside each finding.

## Why it costs time

Collection imports every test file before the first test runs, in every process, also for a run of one test.
Such an import takes from a tenth of a second to several seconds.

## Bad

```python
import tensorflow as tf  # at the top of conftest.py
```

## Better

```python
def test_saves_model():
    import tensorflow as tf

    ...
```

`lapwing show` lists what collection of each file took, `lapwing why --imports` what each import took.

## Options

`heavy_imports`.

Since 0.2.
"""

import ast
import sys
from collections.abc import Iterator
from typing import Final

from lapwing.lint.view import Seen, View
from lapwing.lint.words import has_line_between, lines_with
from lapwing.model.finding import Confidence
from lapwing.units import format_duration

CODE = "LW109"
NAME = "heavy-import"
ADVICE = "Import it in the functions that use it, or in a fixture."

_SHARE_OF_USERS: Final = 1 / 3
_LONG_NS: Final = 500_000_000
"""Collection of a file that takes longer is worth a look, whatever the file imports."""


def check(view: View) -> Iterator[Seen]:
    """Heavy imports at the top of conftest files, and of test files that hardly use them, and files that take
    long to collect.
    """
    took_ns = view.collection_ns
    recorded = f"; recorded runs take {format_duration(took_ns)} to collect this file" if took_ns else ""
    found = [*_known(view, recorded)]
    yield from found
    first = None if found or took_ns is None or took_ns < _LONG_NS else _first_foreign(view)
    if first is not None and took_ns is not None:
        message = f"collection of this file takes {format_duration(took_ns)} (median of recorded runs)"
        yield Seen(first, "import", Confidence.LOW, False, message)


def _first_foreign(view: View) -> ast.stmt | None:
    """The first import of a file that is not of the standard library: what takes long begins there."""
    for statement in view.module.tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.level:
            return statement
        if isinstance(statement, ast.Import | ast.ImportFrom):
            packages = [package for package, _ in _imported(statement)]
            if any(package not in sys.stdlib_module_names for package in packages):
                return statement
    return None


def _known(view: View, recorded: str) -> Iterator[Seen]:
    heavy = view.heavy_packages
    for statement in view.module.tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        if isinstance(statement, ast.ImportFrom) and statement.level:
            continue
        for package, names in _imported(statement):
            if package not in heavy:
                continue
            users, functions = _users(view, names)
            if view.module.stem == "conftest":
                why = "at the start of every run, also of one test"
            elif functions >= 3 and users <= functions * _SHARE_OF_USERS:
                why = f"for {users} of {functions} functions here"
            else:
                continue
            message = f"collection imports {package} {why}{recorded}"
            yield Seen(statement, "import", Confidence.LOW, False, message, package)
            break


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, list[str]]]:
    """Top packages of an import and the names it binds."""
    if isinstance(statement, ast.ImportFrom):
        names = [each.asname or each.name for each in statement.names]
        yield (statement.module or "").partition(".")[0], names
        return
    for each in statement.names:
        package = each.name.partition(".")[0]
        yield package, [each.asname or package]


def _users(view: View, names: list[str]) -> tuple[int, int]:
    """How many functions of the file use one of `names`, and how many there are."""
    lines = lines_with(view.text, names)
    nodes = [each.node for each in view.module.definitions]
    return sum(has_line_between(lines, node.lineno, node.end_lineno or node.lineno) for node in nodes), len(
        nodes
    )
