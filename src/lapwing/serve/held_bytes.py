"""How many bytes all requests hold together: who comes when that is too much is asked to come later.

Where one of them holds more than a fair share and is still sending, it is they who are.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager


class Share:
    """What one request of `holder` holds."""

    def __init__(self, holder: Hashable, room: Callable[["Share", int], bool]) -> None:
        self.holder = holder
        self.size = 0
        self.is_lost = False
        self.give_up: Callable[[], object] | None = None
        """Ends the sending at once; None while it cannot be ended."""
        self._room = room

    def take(self, size: int) -> bool:
        """Hold so many bytes more; whether they fit. Those that do not are not held."""
        if self.is_lost or not self._room(self, size):
            return False
        self.size += size
        return True


class HeldBytes:
    """What is held of at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._shares: dict[Share, None] = {}

    @contextmanager
    def share(self, holder: Hashable) -> Iterator[Share]:
        """What one request holds until the end of the block."""
        share = Share(holder, self._has_room)
        self._shares[share] = None
        try:
            yield share
        finally:
            self._shares.pop(share, None)

    def _has_room(self, asking: Share, size: int) -> bool:
        while sum(share.size for share in self._shares) + size > self._most:
            leaving = self._over_its_share(asking)
            if leaving is None:
                return False
            del self._shares[leaving]
            leaving.is_lost = True
            assert leaving.give_up is not None
            leaving.give_up()
        return True

    def _over_its_share(self, asking: Share) -> Share | None:
        """The oldest of whoever holds most of what is being sent, and more than would be fair."""
        held: Counter[Hashable] = Counter()
        for share in self._shares:
            held[share.holder] += share.size
        fair = self._most / len(held)
        sending = [each for each in self._shares if each.give_up is not None and each.holder != asking.holder]
        greedy = [each for each in sending if each.size and held[each.holder] > fair]
        return max(greedy, key=lambda each: held[each.holder], default=None)
