"""Lapwing makes a test suite's performance visible, keeps it, and says how to make it better."""

from __future__ import annotations

# Pytest reads this file in every run of every user, its slow way: the public names are elsewhere.


def __getattr__(name: str) -> object:
    """A public name. Raises AttributeError for any other."""
    from lapwing._public import find

    return find(name)


def __dir__() -> list[str]:
    return sorted((*globals(), *__getattr__("__all__")))  # type: ignore[misc]
