"""A test that recorded runs know to be slow, and that no mark says so of.

## What it sees

With `--with-history`: a test whose 95th percentile of duration over recorded runs is above the limit of its
category, and which has no mark of a slower one.

## Why it costs time

Whoever wants the fast tests only (`-m "not slow"`) gets this one, too.

## Bad

```python
def test_whole_catalogue(): ...  # 14 s
```

## Better

```python
@pytest.mark.slow
def test_whole_catalogue(): ...
```

Or make it faster: `lapwing show` tells where its time goes.

## Options

Limits of categories: `performance_budgets`; see `lapwing doctor`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence
from lapwing.units import format_duration

CODE = "LW113"
NAME = "slow-test-without-mark"
ADVICE = "Mark it as slow, or make it faster: 'lapwing lint --fix' sets the mark."


def check(view: View) -> Iterator[Seen]:
    """Tests over the limit of their category without a mark."""
    slowest: dict[str, int] = {}
    limits: dict[str, tuple[int, str]] = {}
    for test in view.tests:
        if test.p95_ns > test.limit_ns and not test.is_marked:
            slowest[test.function] = max(test.p95_ns, slowest.get(test.function, 0))
            limits[test.function] = (test.limit_ns, test.category)
    for definition in view.module.definitions if slowest else ():
        p95_ns = slowest.get(definition.qualified_name)
        if p95_ns is None or view.is_exempt(definition):
            continue
        limit_ns, category = limits[definition.qualified_name]
        message = (
            f"takes {format_duration(p95_ns)} (95th percentile of recorded runs), "
            f"over the {format_duration(limit_ns)} of category {category}, and has no mark"
        )
        yield Seen(definition.node, "test", Confidence.HIGH, True, message, "", definition.qualified_name)
