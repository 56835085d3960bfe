"""Whose code a file is: the project's own, somebody else's, or pytest's, where a test begins."""

import os
from pathlib import Path
from typing import Final

FOREIGN, OWN, PYTEST = 0, 1, 2

_OURS: Final = str(Path(__file__).parents[2]) + os.sep
_LIBRARY: Final = str(Path(os.__file__).parent)
_LIBRARIES: Final = (_LIBRARY + os.sep, os.path.realpath(_LIBRARY) + os.sep)
_PYTEST_FOLDERS: Final = (f"{os.sep}_pytest{os.sep}", f"{os.sep}pluggy{os.sep}")
_INSTALLED: Final = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
KINDS: Final[dict[str, int]] = {}  # by name of the file, filled by `kind_of`


def kind_of(name: str) -> int:
    """FOREIGN, OWN or PYTEST, for the name of a code object's file."""
    kind = KINDS.get(name)
    if kind is None:
        kind = KINDS[name] = _kind(name)
    return kind


def is_own(name: str) -> bool:
    """Whether the file is the project's own."""
    return kind_of(name) == OWN


def _kind(name: str) -> int:
    if any(part in name for part in _PYTEST_FOLDERS):
        return PYTEST
    if not Path(name).is_absolute():  # compiled by Cython, or made of a text
        return FOREIGN
    is_foreign = name.startswith((_OURS, *_LIBRARIES)) or any(part in name for part in _INSTALLED)
    return FOREIGN if is_foreign else OWN
