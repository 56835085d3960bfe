"""Replacing an attribute and putting back exactly what was there."""

from __future__ import annotations

from typing import Any, Final

_ABSENT: Final = object()


class Patch:
    """One replaced attribute. `restore` leaves alone what someone else has put there since."""

    __slots__ = ("_name", "_own", "_owner", "_replacement")

    def __init__(self, owner: Any, name: str, replacement: Any) -> None:
        self._owner = owner
        self._name = name
        self._own = vars(owner).get(name, _ABSENT)  # an inherited one is not the owner's
        self._replacement = replacement
        setattr(owner, name, replacement)

    def restore(self) -> None:
        """Put back what was there."""
        if vars(self._owner).get(self._name) is not self._replacement:
            return
        if self._own is _ABSENT:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self._own)
