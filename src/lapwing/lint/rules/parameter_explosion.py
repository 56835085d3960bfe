"""A test that parametrize multiplies into too many cases.

## What it sees

The product of all `parametrize` decorators of a function and its classes, where each list, tuple or `range`
stands in the code, over `max_cases` (200).

## Why it costs time

Lists multiply: three of ten values are a thousand tests, of which hardly more than thirty differ in what
they can find.

## Bad

```python
@pytest.mark.parametrize("codec", CODECS)  # 12
@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("size", [0, 1, 10, 1_000])
def test_round_trip(codec, level, size): ...  # 480 cases
```

## Better

```python
@pytest.mark.parametrize(("codec", "level", "size"), [("gzip", 1, 0), ("gzip", 9, 1_000), ...])
def test_round_trip(codec, level, size): ...
```

Choose pairs that cover every two values together, or let hypothesis draw them.

## Options

`max_cases`.

Since 0.2.
"""

import ast
from collections.abc import Iterator
from math import prod
from typing import Final

from lapwing.lint.chains import chain
from lapwing.lint.constant import number
from lapwing.lint.meanings import meanings
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence

CODE = "LW110"
NAME = "parameter-explosion"
ADVICE = "Name the cases that matter, cover pairs instead of all combinations, or draw them."

_ONE: Final = 1  # a list whose length cannot be told multiplies by nothing


def check(view: View) -> Iterator[Seen]:
    """Functions with more cases than allowed."""
    for definition in view.module.definitions if "parametrize" in view.text else ():
        node = definition.node
        decorators = [
            *node.decorator_list,
            *(each for owner in definition.classes for each in owner.decorator_list),
        ]
        lists = [
            each
            for each in decorators
            if isinstance(each, ast.Call) and chain(each.func).endswith("parametrize")
        ]
        if not lists:
            continue
        place = Place(view.module, definition.scope, node.lineno, nothing_given)
        sizes = [_size(each, place) for each in lists]
        cases = prod(sizes)
        if cases <= view.options.max_cases or view.is_exempt(definition):
            continue
        shown = " × ".join(str(size) for size in sizes if size != _ONE)
        message = f"parametrize makes {shown} = {cases} cases of this test, over {view.options.max_cases}"
        yield Seen(node, "parameters", Confidence.HIGH, True, message, "", definition.qualified_name)


def _size(call: ast.Call, place: Place) -> int:
    values = call.args[1] if len(call.args) > 1 else None
    for keyword in call.keywords:
        if keyword.arg == "argvalues":
            values = keyword.value
    return _length(values, place) or _ONE


def _length(values: ast.AST | None, place: Place, steps: int = 0) -> int | None:
    if steps > 4 or values is None:
        return None
    if isinstance(values, ast.List | ast.Tuple | ast.Set):
        return None if any(isinstance(each, ast.Starred) for each in values.elts) else len(values.elts)
    if isinstance(values, ast.Dict):
        return len(values.keys)
    if isinstance(values, ast.Call):
        name = chain(values.func)
        if name in ("list", "tuple", "sorted", "enumerate") and values.args:
            return _length(values.args[0], place, steps + 1)
        if name == "range" and 1 <= len(values.args) <= 3:
            limits = [number(each, place) for each in values.args]
            known = [int(each) for each in limits if each is not None]
            return len(range(*known)) if len(known) == len(limits) and 0 not in known[2:] else None
        if name in ("itertools.product", "product") and not values.keywords:
            lengths = [_length(each, place, steps + 1) for each in values.args]
            known_lengths = [each for each in lengths if each is not None]
            return prod(known_lengths) if known_lengths and len(known_lengths) == len(lengths) else None
        return None
    found = [_length(each, where, steps + 1) for each, where in meanings(values, place)]
    return found[0] if len(found) == 1 else None
