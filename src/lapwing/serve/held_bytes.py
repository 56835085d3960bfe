"""How many bytes all requests hold together: who comes when that is too much is asked to come later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class HeldBytes:
    """What is held of at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0

    @contextmanager
    def share(self) -> Iterator[Callable[[int], bool]]:
        """What one request holds until the end of the block: a function that takes so many bytes more.

        It says whether they fit; those that do not are not taken.
        """
        own = 0

        def take(size: int) -> bool:
            nonlocal own
            if self._held + size > self._most:
                return False
            own += size
            self._held += size
            return True

        try:
            yield take
        finally:
            self._held -= own
