"""Marks whose tests a conftest file skips unless an option of their name is given, such as `--release`."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from lapwing.lint.module import Module

_OPTION: Final = re.compile(r"addoption\(\s*['\"]--(?:(?:run|with|enable|only)[-_]?)?([\w-]+)['\"]")
_SKIPS: Final = re.compile(r"\bpytest\.skip\(|\bmark\.skip\b|\bmark\.skip\(")


def marks_asked_for(conftests: Iterable[Module]) -> Iterator[str]:
    """The names of options, without `run` and the like, that a conftest file adds which skips tests and names
    them as marks, too.
    """
    for conftest in conftests:
        if "addoption" in conftest.text:
            yield from _marks_of(conftest.text)


@lru_cache(maxsize=32)
def _marks_of(text: str) -> tuple[str, ...]:
    if _SKIPS.search(text) is None:
        return ()
    names = [option.replace("-", "_") for option in _OPTION.findall(text)]
    return tuple(name for name in names if f'"{name}"' in text or f"'{name}'" in text)
