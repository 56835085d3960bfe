"""A loop that sleeps until something has happened, without a deadline.

## What it sees

A sleep inside `while` whose end hangs on a condition, where neither the condition nor the loop looks at
a clock, counts its rounds, or fails. Such a sleep is reported here and not by LW101.

## Why it costs time

Each round waits its whole span although the thing has often happened right after the last look: half a span
is lost on average, a whole one often. And when it never happens, the suite hangs until somebody kills it.

## Bad

```python
while not server.ready:
    time.sleep(0.1)
```

## Better

```python
assert server.ready_event.wait(timeout=5)
```

Where there is no event to wait for, poll with a deadline and short, growing steps.

## Options

`sleep_threshold`, `strict`, `slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.view import Seen, View, of_site
from lapwing.model.finding import Confidence
from lapwing.units import format_duration

CODE = "LW105"
NAME = "polling-loop"
ADVICE = "Wait for an event with a deadline; where there is none, give the loop one."


def check(view: View) -> Iterator[Seen]:
    """Sleeps in loops that end by a condition only."""
    for site in view.sites:
        wait = site.wait
        if wait is None or not wait.is_polling or wait.has_deadline:
            continue
        if wait.seconds is None:
            yield of_site(
                site, "sleep", Confidence.MEDIUM, True, f"polls with {site.call} without a deadline"
            )
        elif wait.seconds > 0 and wait.seconds * wait.rounds >= view.options.threshold_s:
            step = format_duration(round(wait.seconds * 1e9))
            message = f"polls with {site.call} every {step} without a deadline"
            yield of_site(site, "sleep", Confidence.HIGH, True, message)
