"""Tokens that are brought: looked up in the store, but not for whoever guesses.

Behind a proxy, and on one machine, many ask from one address. Whoever tries wrong tokens there keeps nobody
out whose token has been worth something lately.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from lapwing.model.access import Token
from lapwing.serve.limits import Buckets

_BAD_FOR_S: Final = 10.0  # so long a wrong token is not looked up again: it may be made meanwhile
_GOOD_FOR_S: Final = 86_400.0
_MOST: Final = 10_000


class TokenCheck:
    """What tokens are worth. `look` asks the store; `now` gives seconds that never go back."""

    def __init__(
        self,
        look: Callable[[str], Awaitable[Token | None]],
        failures_a_minute: int,
        now: Callable[[], float],
    ) -> None:
        self._look = look
        self._failed = Buckets(failures_a_minute, now)
        self._now = now
        self._good: dict[bytes, float] = {}  # when they were last worth something, the latest last
        self._bad: dict[bytes, float] = {}

    def wait_s(self, text: str, address: str) -> float:
        """0 where `text` may be looked up for somebody at `address`; else the seconds until it may."""
        digest = _digest(text)
        if self._is_lately(self._good, digest, _GOOD_FOR_S) or self._is_lately(self._bad, digest, _BAD_FOR_S):
            return 0.0
        return self._failed.wait_s(address, take=False)

    async def token(self, text: str, address: str) -> Token | None:
        """The token that `text` is the secret of; one that is none is counted. Raises what `look` raises."""
        digest = _digest(text)
        if self._is_lately(self._bad, digest, _BAD_FOR_S):
            return None
        found = await self._look(text)
        if found is None:
            self._good.pop(digest, None)
            self._failed.wait_s(address)
        self._note(self._bad if found is None else self._good, digest)
        return found

    def _is_lately(self, seen: dict[bytes, float], digest: bytes, for_s: float) -> bool:
        then = seen.get(digest)
        return then is not None and self._now() - then < for_s

    def _note(self, seen: dict[bytes, float], digest: bytes) -> None:
        seen.pop(digest, None)
        seen[digest] = self._now()
        while len(seen) > _MOST:
            del seen[next(iter(seen))]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
