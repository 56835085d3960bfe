"""A fixture that does heavy work anew for every test.

## What it sees

A fixture of function scope whose body starts a process, a container or a server, sleeps, talks to a host
outside, or loads data from a file or database.

## Why it costs time

What it does costs once per test. With a wider scope it costs once per class, module or session.

## Bad

```python
@pytest.fixture
def server():
    process = subprocess.Popen(["server"])
    yield process
    process.terminate()
```

## Better

```python
@pytest.fixture(scope="session")
def server(): ...
```

If tests change what the fixture gives, keep the heavy part in a session fixture and reset the rest in a
light one.

## Options

`sleep_threshold`, `slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.heavy_work import heavy_work
from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence

CODE = "LW107"
NAME = "heavy-function-fixture"
ADVICE = "Widen the scope of the heavy part: class, module, or session."


def check(view: View) -> Iterator[Seen]:
    """Fixtures of function scope with heavy work; LW108 has those that every test gets."""
    for fixture, work in heavy_work(view):
        if fixture.scope == "function" and not fixture.is_autouse:
            message = f"fixture {fixture.name} has function scope and {work} for every test that asks for it"
            yield Seen(fixture.node, "fixture", Confidence.MEDIUM, False, message, "", fixture.node.name)
