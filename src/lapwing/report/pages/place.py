"""Places in source files as people read them."""

import re
from typing import Final

_INSTALLED: Final = re.compile(r".*/(?:site|dist)-packages/|.*/lib/python3\.\d+t?/(?=[^/])")


def short_place(location: str) -> str:
    """`file:line` with a file of an installed package, or of Python itself, as it is called there."""
    return _INSTALLED.sub("", location, count=1)
