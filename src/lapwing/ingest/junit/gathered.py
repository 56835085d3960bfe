"""Cases of one suite that have the same attributes, row by row, until they become tests.

Where such cases stand one after the other and hold nothing, their rows are read past the parser: one
match of a regular expression a case, which costs a third of what the parser's events cost. It is asked
only between two elements, and takes only what is well-formed there without doubt: known attributes in
the order of the cases before, double quotes, printable ASCII without `<` and `&`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from lapwing.ingest.junit.cases import Case

PLAIN_NAMES: Final = frozenset({"name", "time", "classname", "file", "line", "lineno", "assertions"})
"""The attributes of cases that may be kept as columns."""

_BLANK: Final = "[ \t\r\n]"
_VALUE: Final = '"([ !#-%\'-;=-~]*+)"'


class Gathered:
    """Cases that wait; those that hold something keep their places among the others."""

    def __init__(self) -> None:
        self.names: list[str] = []  # of the attributes of each
        self.rows: list[Sequence[str]] = []  # the values of each, in that order
        self.fuller: dict[int, Case] = {}  # those that hold something, by their places
        self._text = ""  # the piece that was looked at last
        self._piece = b""

    def take(self) -> tuple[list[str], list[Sequence[str]], dict[int, Case]]:
        """Names, rows and fuller cases, which are forgotten here; the list of rows stays the same one."""
        rows, fuller = list(self.rows), self.fuller
        self.rows.clear()
        self.fuller = {}
        return self.names, rows, fuller

    def read_on(self, piece: bytes, at: int) -> int:
        """Gather the empty cases that stand at `at` of `piece`. Returns where the last of them ends."""
        pattern = _empty_case(tuple(self.names))
        if pattern is None:
            return at
        if piece is not self._piece:
            self._piece, self._text = piece, piece.decode("latin-1")
        match, text, keep = pattern.match, self._text, self.rows.append
        while found := match(text, at):
            keep(found.groups())
            at = found.end()
        return at


@lru_cache(maxsize=64)
def _empty_case(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """What matches a case with these attributes that holds nothing; None where they are not plain ones."""
    if not PLAIN_NAMES.issuperset(names) or not {"name", "time"}.issubset(names):
        return None
    attributes = "".join(f"{_BLANK}++{name}={_VALUE}" for name in names)
    return re.compile(f"{_BLANK}*+<testcase{attributes}{_BLANK}*+(?:/>|>{_BLANK}*+</testcase>)")
