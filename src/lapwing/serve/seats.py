"""Who watches: so many at once, and where there are more, whoever takes the most seats gives one up."""

from collections.abc import Callable, Hashable
from typing import Final

from lapwing.serve.giving_way import who_gives_way


class Seat:
    """The place of one watcher, until it is left."""

    def __init__(self, holder: Hashable, give_up: Callable[[], object]) -> None:
        self.holder = holder
        self.give_up = give_up


class Seats:
    """Places for `most` watchers, the oldest first."""

    def __init__(self, most: int) -> None:
        self._most: Final = most
        self._taken: dict[Seat, None] = {}

    def take(self, holder: Hashable, give_up: Callable[[], object]) -> Seat | None:
        """A seat for `holder`, to be left in the end; None where there is none.

        Where all are taken, whoever has at least two more than `holder` loses the oldest of theirs: its
        `give_up` is called, and it is free from then on.
        """
        if len(self._taken) >= self._most:
            greediest = who_gives_way((seat.holder for seat in self._taken), holder)
            if greediest is None:
                return None
            oldest = next(seat for seat in self._taken if seat.holder == greediest)
            self.leave(oldest)
            oldest.give_up()
        seat = Seat(holder, give_up)
        self._taken[seat] = None
        return seat

    def leave(self, seat: Seat) -> None:
        """It is free; may be told again."""
        self._taken.pop(seat, None)
