"""A test that fails when the machine is slow: it asserts that something took less than a short time.

## What it sees

`assert` and `assertLess` on a difference of two readings of the wall clock, against a limit under
`wall_limit` (1 s).

## Why it costs time

A busy machine takes ten times as long at any moment, so that the test fails by chance, is run again, and in
the end gets a limit that finds nothing.

## Bad

```python
started = time.perf_counter()
index.search("word")
assert time.perf_counter() - started < 0.05
```

## Better

```python
@pytest.mark.perf_budget("50ms")
def test_search(index): ...
```

A budget judges by what the test took in earlier runs on this machine. Or count what matters: queries,
calls, bytes.

## Options

`wall_limit`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.constant import number
from lapwing.lint.elapsed import is_elapsed, upper_limits
from lapwing.lint.view import Seen, View
from lapwing.lint.words import CLOCKS
from lapwing.model.finding import Confidence
from lapwing.units import format_duration

CODE = "LW112"
NAME = "real-clock-timeout"
ADVICE = "Set a budget that knows the machine, or count calls instead of time."


def check(view: View) -> Iterator[Seen]:
    """Upper limits on elapsed time."""
    if "assert" not in view.text:
        return
    for definition, body in view.bodies_with(CLOCKS):
        for node, measured, limit in upper_limits(body):
            place = view.place_of(measured, body)
            seconds = number(limit, place)
            if seconds is None or not 0 < seconds * 1e9 < view.options.wall_limit_ns:
                continue
            if is_elapsed(measured, place) and not view.is_exempt(definition):
                passed = format_duration(seconds * 1e9)
                message = f"fails when {passed} of wall time have passed, which a busy machine needs"
                where = definition.qualified_name if definition else ""
                yield Seen(node, "clock", Confidence.MEDIUM, False, message, "", where)
