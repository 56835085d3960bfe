"""A test that really sleeps.

## What it sees

Calls of `time.sleep`, `asyncio.sleep`, and the sleeps of anyio, trio, curio, gevent, eventlet and
tornado, by whatever name they were imported, when nothing around them replaces them; also waits that only
their timeout ends: of an event that nobody sets, of `select` for no files, of Qt (`qtbot.wait`). Sleeps
shorter than `sleep_threshold` (10 ms) are none, counted with the rounds of the loops around them. A sleep
handed to a thread or an executor (`submit(time.sleep, 1)`) counts, one in a helper, or in a function inside
the test, counts as long as the most patient of its callers in the file asks for, and so, with less
confidence, does `thing.sleep(6)` of a thing that the test makes, or of a part of something, unless it is
called a fake, a clock or the like. A name that the project's own package hands on, or a function of it called
`sleep` that sleeps, counts as what it stands for. An asynchronous sleep that is cancelled or under a shorter
timeout does not, nor does one of half a minute and more outside the test's own body, nor one at the end of a
daemon thread that nobody joins or of a process that is killed. A loop that polls without a deadline is
LW105's.

Programs in strings are looked at, too, where the code around shows that they are run: what `makepyfile` and
`makeconftest` are given, `python -c`, `exec`, files that are written and handed to Python, and the examples
of docstrings in a file that speaks of doctest.

## Why it costs time

The whole suite waits. Sleeps are chosen for the slowest machine, so that they are too long everywhere else,
and still too short on the day when the machine is busy.

## Bad

```python
def test_token_expires(cache):
    cache.put("token", "x", ttl=1)
    time.sleep(1.1)
    assert cache.get("token") is None
```

## Better

```python
def test_token_expires(cache, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(cache_module.time, "monotonic", lambda: now)
    cache.put("token", "x", ttl=1)
    now += 1.1
    assert cache.get("token") is None
```

Wait for an event with a deadline instead of a span: `assert done.wait(timeout=5)` ends as soon as `done` is
set.

## Options

`sleep_threshold`, `strict`, `slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.calls import SLEEPS
from lapwing.lint.view import Seen, View, of_site
from lapwing.model.finding import Confidence
from lapwing.units import format_duration

CODE = "LW101"
NAME = "real-sleep"
ADVICE = "Put a clock of your own in its place, or wait for an event with a deadline."


def check(view: View) -> Iterator[Seen]:
    """Sleeps over the threshold that are not the polling of a loop without end."""
    for site in view.sites:
        wait = site.wait
        if wait is None or (wait.is_polling and not wait.has_deadline):
            continue
        if wait.seconds is None:
            message = f"{site.call} waits for real, how long the code does not tell"
            yield of_site(site, "sleep", Confidence.MEDIUM, True, message)
        elif wait.seconds > 0 and wait.seconds * wait.rounds >= view.options.threshold_s:
            shown = format_duration(round(wait.seconds * 1e9))
            rounds = f"{wait.rounds} times " if wait.rounds > 1 else ""
            is_sure = site.call in SLEEPS and not site.is_reference
            confidence = Confidence.HIGH if is_sure else Confidence.MEDIUM
            yield of_site(site, "sleep", confidence, True, f"{site.call} waits {rounds}{shown} of real time")
