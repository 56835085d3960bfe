"""Marks that a project describes as those of tests which take their time, where it registers them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from lapwing.lint.module import Module

_DESCRIPTION: Final = re.compile(r"\s*(\w+)\s*(?:\([^)]*\))?\s*:(.*)", re.DOTALL)
_LEFT_OUT: Final = re.compile(r"(?i)\bdeselect(?:ed)? (?:\w+ )?(?:with|by|using)\b")
"""As in pytest's documentation: `slow: marks tests as slow (deselect with '-m "not slow"')`."""

_NOT_FOR_TIME: Final = re.compile(
    r"(?i)\b(?:needs?|needing|requires?|requiring)\b[^.;]{0,200}\binstalled\b|\bin parallel\b"
)
"""What a mark may be for whose tests take no longer than others: a program they need, or how they are run."""

_TAKES_TIME: Final = re.compile(
    r"(?i)\btests? (?:as|(?:that|which) (?:are|is)) (?:\w+ )?slow\b"
    r"|\b(?:needs?|requires?|requiring)\b[^.;]{0,200}\b(?:network|internet|to download)\b"
)
_TEXT: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_ADDED: Final = re.compile(
    rf"addinivalue_line\(\s{{0,99}}['\"]markers['\"]\s{{0,99}},\s{{0,99}}\(?"
    rf"((?:\s{{0,99}}(?:{_TEXT.pattern}))+)\s{{0,99}}[,)]"
)  # with bounds: a file that is all spaces or one word must not take minutes
_CONTRARY: Final = re.compile(r"(?i)\b(?:not|no|without|never)\b|n't\b")


def described_as_slow(lines: Iterable[str]) -> Iterator[str]:
    """The names of the marks in `lines`, each `name: description`, whose tests one leaves out, are slow or
    need a network by what is said of them.
    """
    for line in lines:
        found = _DESCRIPTION.match(line)
        if found is None:
            continue
        name, said = found.groups()
        takes_time = _TAKES_TIME.search(said) is not None
        if _LEFT_OUT.search(said):  # with the `not` of an expression
            is_named = takes_time or not _NOT_FOR_TIME.search(said)
        else:
            is_named = takes_time and not _CONTRARY.search(said)
        if is_named:
            yield name


def registered_as_slow(conftests: Iterable[Module]) -> Iterator[str]:
    """Such marks that conftest files register: `config.addinivalue_line("markers", "name: …")`."""
    for conftest in conftests:
        if "addinivalue_line" in conftest.text:
            yield from _registered(conftest.text)


@lru_cache(maxsize=32)
def _registered(text: str) -> tuple[str, ...]:
    written = ("".join(part[1:-1] for part in _TEXT.findall(each)) for each in _ADDED.findall(text))
    return tuple(described_as_slow(written))
