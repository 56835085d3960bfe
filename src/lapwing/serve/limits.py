"""How often someone may ask: a bucket of permits per name, refilled evenly over a minute."""

from collections.abc import Callable
from typing import Final

_MOST_NAMES: Final = 10_000  # more than are ever asked for in a minute; then the fullest are forgotten


class Buckets:
    """Permits by name. `now` gives seconds that never go back."""

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}  # name -> permits, when counted

    def wait_s(self, name: str, *, take: bool = True) -> float:
        """0 where there is a permit, which is taken; else the seconds until there is one."""
        now = self._now()
        left, then = self._left.get(name, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - then) * self._per_minute / 60)
        if left < 1:
            return (1 - left) * 60 / self._per_minute
        if take:
            self._left[name] = (left - 1, now)
            if len(self._left) > _MOST_NAMES:
                fullest = sorted(self._left, key=lambda each: -self._left[each][0])
                for each in fullest[: _MOST_NAMES // 2]:
                    del self._left[each]
        return 0.0
