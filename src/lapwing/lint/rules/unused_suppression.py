"""A comment that allows a finding which is not there.

## What it sees

`# lapwing: allow …` and `# noqa: LW…` whose rule was applied and found nothing in the lines they speak for,
and those that name no rule. A comment for a rule that was left out of this run is left alone.

## Why it costs time

The next sleep that somebody writes on that line passes unseen.

## Bad

```python
clock.advance(1)  # lapwing: allow LW101 waits for the cache
```

## Better

```python
clock.advance(1)
```

`lapwing lint --fix` removes such comments.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.view import Seen, View

CODE = "LW114"
NAME = "unused-suppression"
ADVICE = "Remove the comment, or run 'lapwing lint --fix'."


def check(view: View) -> Iterator[Seen]:
    """Nothing by itself: what a comment allows is known only when all other rules have been applied."""
    yield from ()
