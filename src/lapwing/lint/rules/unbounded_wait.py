"""A wait for a thread, process, event or queue that has no limit.

## What it sees

`join()`, `wait()`, `get()`, `acquire()` and `communicate()` without a timeout on what is known to be a
thread, process, event, condition, barrier, lock, semaphore or queue of the standard library.

## Why it costs time

When what is waited for never comes, the suite stands still until somebody, or CI's limit of an hour, kills
it. A limit turns that into one failing test that says where.

## Bad

```python
worker.join()
```

## Better

```python
worker.join(timeout=5)
assert not worker.is_alive()
```

Since 0.2.
"""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence

CODE = "LW106"
NAME = "unbounded-wait"
ADVICE = "Give the wait a timeout, and assert that it was not reached."

_METHODS: Final = frozenset({"join", "wait", "get", "acquire", "communicate"})
_WAITED_FOR: Final = {
    "threading.Thread()": ("join",),
    "threading.Timer()": ("join",),
    "threading.Event()": ("wait",),
    "threading.Condition()": ("wait",),
    "threading.Barrier()": ("wait",),
    "threading.Semaphore()": ("acquire",),
    "threading.BoundedSemaphore()": ("acquire",),
    "threading.Lock()": ("acquire",),
    "threading.RLock()": ("acquire",),
    "queue.Queue()": ("get", "join"),
    "queue.SimpleQueue()": ("get",),
    "queue.LifoQueue()": ("get", "join"),
    "queue.PriorityQueue()": ("get", "join"),
    "multiprocessing.Process()": ("join",),
    "multiprocessing.Event()": ("wait",),
    "multiprocessing.Queue()": ("get",),
    "multiprocessing.SimpleQueue()": ("get",),
    "subprocess.Popen()": ("wait", "communicate"),
}


def check(view: View) -> Iterator[Seen]:
    """Waits without arguments on things that are known."""
    for definition, body in view.bodies_with(f".{name}()" for name in sorted(_METHODS)):
        for call in body.calls:
            function = call.func
            if not isinstance(function, ast.Attribute) or function.attr not in _METHODS:
                continue
            if call.args or call.keywords:
                continue
            thing = view.place_of(call, body).dotted(function.value)
            if thing is None or function.attr not in _WAITED_FOR.get(thing, ()):
                continue
            if view.is_exempt(definition):
                break
            name = f"{thing.removesuffix('()')}.{function.attr}"
            message = f"{name} waits without a limit: a test that hangs here stops the whole suite"
            where = definition.qualified_name if definition else ""
            yield Seen(call, "wait", Confidence.HIGH, False, message, name, where)
