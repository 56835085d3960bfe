"""A fixture with heavy work that tests get without asking.

## What it sees

A fixture with `autouse=True` and a scope under session that starts a process, a container or a server,
sleeps, talks to a host outside, or loads data. In a conftest file it reaches all tests below.

## Why it costs time

Every test pays, also those that do not need it.

## Bad

```python
@pytest.fixture(autouse=True)
def database():
    subprocess.run(["createdb", "test"], check=True)
```

## Better

```python
@pytest.fixture(scope="session")
def database():
    subprocess.run(["createdb", "test"], check=True)
```

Let the tests that need it ask for it, by argument or `pytest.mark.usefixtures`.

## Options

`sleep_threshold`, `slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.heavy_work import heavy_work
from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence

CODE = "LW108"
NAME = "heavy-autouse"
ADVICE = "Let the tests that need it ask for it, or make it a session fixture."


def check(view: View) -> Iterator[Seen]:
    """Autouse fixtures under session scope with heavy work."""
    for fixture, work in heavy_work(view):
        if fixture.is_autouse and fixture.scope not in ("session", "package"):
            reach = "every test below this folder" if view.module.stem == "conftest" else "every test here"
            message = f"autouse fixture {fixture.name} {work} for {reach}"
            yield Seen(fixture.node, "fixture", Confidence.MEDIUM, False, message, "", fixture.node.name)
