"""What a search for leaks asks next of whoever makes the calls."""

from contextlib import AbstractContextManager, nullcontext

from lapwing.model.value import Value


class Batch(Value):
    """So many calls, made inside of something."""

    calls: int
    inside: AbstractContextManager[object] = nullcontext()
