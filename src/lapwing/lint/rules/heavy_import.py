"""A test file that imports a heavy package as it is collected.

## What it sees

Imports of packages that are known to take long (tensorflow, torch, pandas, matplotlib and their like, and
those of
`heavy_imports`) at the top of a conftest file, or of a test file most of whose functions do not use them.

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

`lapwing show` lists what collection of each file took.

## Options

`heavy_imports`.

Since 0.2.
"""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.view import Seen, View
from lapwing.lint.words import has_line_between, lines_with
from lapwing.model.finding import Confidence

CODE = "LW109"
NAME = "heavy-import"
ADVICE = "Import it in the functions that use it, or in a fixture."

_SHARE_OF_USERS: Final = 1 / 3


def check(view: View) -> Iterator[Seen]:
    """Heavy imports at the top of conftest files, and of test files that hardly use them."""
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
            message = f"collection imports {package} {why}"
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
