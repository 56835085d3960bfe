"""The base of objects that are registered as plugins in every tracked run."""

from __future__ import annotations

from typing import Any, Self


class HookHolder:
    """Of which pytest sees the hooks only, each bound already.

    It looks at every name of a plugin twice, for hooks and for fixtures, at 40,000 instructions
    each; an object of ours has fifty, most of them Python's own. And it goes through the classes of
    an object for each name that is not in the object itself, at 25,000, three times.
    """

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """An object with its hooks in it."""
        self = super().__new__(cls)
        vars(self).update((name, getattr(self, name)) for name in vars(cls) if name.startswith("pytest_"))
        return self

    def __dir__(self) -> list[str]:
        return [name for name in vars(self) if name.startswith("pytest_")]
