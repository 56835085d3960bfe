"""A retry that waits for real between its attempts while tests run.

## What it sees

`tenacity.retry` and `Retrying`, `backoff.on_exception` and `on_predicate`, and `Retry` of urllib3 with a
wait, in test files, where no sleep of its own is given.

## Why it costs time

A test of the failing case goes through all attempts: exponential waits from one second make half a minute
of it.

## Bad

```python
@tenacity.retry(wait=tenacity.wait_fixed(2), stop=tenacity.stop_after_attempt(5))
def fetch(): ...
```

## Better

```python
@tenacity.retry(wait=tenacity.wait_none(), stop=tenacity.stop_after_attempt(5))
def fetch(): ...
```

For a retry in the code under test, replace its sleep: `fetch.retry.sleep = lambda seconds: None`.

Since 0.2.
"""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.chains import chain
from lapwing.lint.constant import number
from lapwing.lint.place import Place
from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence

CODE = "LW111"
NAME = "sleeping-retry"
ADVICE = "Give the retry no wait in tests, or a sleep that returns at once."

WORDS: Final = ("tenacity", "backoff", "Retry(")
_TENACITY: Final = frozenset({"tenacity.retry", "tenacity.Retrying", "tenacity.AsyncRetrying"})
_BACKOFF: Final = frozenset({"backoff.on_exception", "backoff.on_predicate"})
_RETRY: Final = frozenset({"urllib3.Retry", "urllib3.util.Retry", "urllib3.util.retry.Retry"})


def check(view: View) -> Iterator[Seen]:
    """Retries that wait."""
    names = {
        name
        for name, bound in view.module.scope.bindings.items()
        if bound[0].dotted.startswith(("tenacity", "backoff"))
    }
    for definition, body in view.bodies_with((*WORDS, *sorted(names))):
        for call in body.calls:
            place = view.place_of(call, body)
            name = place.dotted(call.func) or ""
            options = {each.arg: each.value for each in call.keywords}
            if _waits(name, options, place) and not view.is_exempt(definition):
                message = f"{name} waits for real between its attempts"
                where = definition.qualified_name if definition else ""
                yield Seen(call, "retry", Confidence.MEDIUM, False, message, name, where)


def _waits(name: str, options: dict[str | None, ast.expr], place: Place) -> bool:
    if name in _TENACITY:
        wait = options.get("wait")
        if wait is None or "sleep" in options or chain(wait).endswith("wait_none"):
            return False
        first = wait.args[0] if isinstance(wait, ast.Call) and wait.args else None
        return number(first, place) not in (0, 0.0) and (number(first, place) or 1) >= 0.01
    if name in _BACKOFF:
        interval = options.get("interval")
        return interval is None or (number(interval, place) or 1) >= 0.01
    return name in _RETRY and (number(options.get("backoff_factor"), place) or 0) >= 0.01
