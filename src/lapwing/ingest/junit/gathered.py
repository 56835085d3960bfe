"""Cases of one suite that have the same attributes, row by row, until they become tests.

Where such cases stand one after the other and hold nothing, or only that they failed or were skipped, they
are read past the parser: one match of a regular expression a case, which costs a third of what the parser's
events cost. It is asked only between two elements, and takes only what is well-formed there without doubt:
known attributes in the order of the cases before, double quotes, printable ASCII without `<` and, but for
what a failure says, `&`; what such a one means is not asked there.

Cases that hold nothing mostly look alike to the blank between values. Such are found by a pattern of just
that text, with anything but quotes between; what no value may hold is looked for afterwards, in all values
at once. It takes half the time of a pattern that asks what each character is.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from lapwing.ingest.junit.cases import Case
from lapwing.ingest.junit.outcomes import Mark

PLAIN_NAMES: Final = frozenset({"name", "time", "classname", "file", "line", "lineno", "assertions"})
"""The attributes of cases that may be kept as columns."""

_BLANK: Final = "[ \t\r\n]"
_VALUE: Final = '"([ !#-%\'-;=-~]*+)"'
_MESSAGE: Final = f'{_BLANK}++message="[ !#-;=-~]*+"'
_TYPE: Final = f"{_BLANK}++type={_VALUE.replace('(', '').replace(')', '')}"
_MARK_ATTRIBUTES: Final = f"{_MESSAGE}(?:{_TYPE})?+|(?:{_TYPE}(?:{_MESSAGE})?+)?+"
_MARK_TEXT: Final = "[\t\n\r -;=?-~]*+"
_NOT_IN_VALUES: Final = "<&\n\t\r"
"""What `_VALUE` leaves out of ASCII, but for quotes, and controls, which are taken out before."""

_MOST_LOOKS: Final = 8
"""Texts around values that are tried in one file: each is a pattern to be made."""

_ASKED: Final = re.compile(f"{_BLANK}(type)={_VALUE}")
"""What bears on the outcome; the message and the text of a failure are kept nowhere."""


class Gathered:
    """Cases that wait; those that hold something keep their places among the others."""

    def __init__(self) -> None:
        self.names: list[str] = []  # of the attributes of each
        self.rows: list[Sequence[str]] = []  # the values of each, in that order
        self.marks: dict[int, Mark] = {}  # what some of them hold, by their places
        self.fuller: dict[int, Case] = {}  # those that hold more, by their places
        self._text = ""  # the piece that was looked at last
        self._piece = b""
        self._careful_to = 0  # in the piece: before it cases that look alike are not taken all at once
        self._look: Any = None  # the pattern of such cases
        self._looks_left = _MOST_LOOKS

    def begin(self, names: list[str]) -> None:
        """The cases that come have the attributes `names`."""
        self.names = names
        self._look = None

    def take(self) -> tuple[list[str], list[Sequence[str]], dict[int, Mark], dict[int, Case]]:
        """Names, rows, marks and fuller cases, which are forgotten; the list of rows stays the same one."""
        rows, marks, fuller = list(self.rows), self.marks, self.fuller
        self.rows.clear()
        self.marks, self.fuller = {}, {}
        return self.names, rows, marks, fuller

    def keep(self, case: Case) -> None:
        """Gather a case with the present attributes that holds something."""
        if (mark := case.only_mark) is not None:
            self.marks[len(self.rows)] = mark
        else:
            self.fuller[len(self.rows)] = case
        self.rows.append(tuple(case.attributes.values()))

    def read_on(self, piece: bytes, at: int) -> int:
        """Gather the cases that stand at `at` of `piece`. Returns where the last of them ends."""
        patterns = _cases(tuple(self.names))
        if patterns is None:
            return at
        if piece is not self._piece:
            self._piece, self._text = piece, piece.decode("latin-1")
            self._careful_to = 0 if self._text.isascii() else len(piece)
        (empty, marked), text = patterns, self._text
        while True:
            if (end := self._take_alike(empty, at)) > at:
                at = end
                continue
            at = self._take_all(empty, at)
            case = marked.match(text, at)
            if case is None:
                return at
            *values, mark, attributes = case.groups()
            self.marks[len(self.rows)] = (mark, dict(_ASKED.findall(attributes)))
            self.rows.append(values)
            at = case.end()

    def _take_all(self, empty: Any, at: int) -> int:
        """Gather the cases at `at` that `empty` finds. Returns where the last of them ends."""
        found: list[re.Match[str]] = [*iter(empty.scanner(self._text, at).match, None)]
        self.rows += [match.groups() for match in found]
        return found[-1].end() if found else at

    def _take_alike(self, empty: Any, at: int) -> int:
        """As `_take_all`, of cases that look like the one at `at`; none where one of them may hold more."""
        if at < self._careful_to:
            return at
        text, count, look = self._text, len(self.rows), self._look
        end = at if look is None else self._take_all(look, at)
        if end == at:
            first = empty.match(text, at) if self._looks_left else None
            if first is None:
                return at
            self._looks_left -= 1
            self._look = look = _alike(_around(first))
            end = self._take_all(look, at)
        values = "".join(chain.from_iterable(self.rows[count:]))
        if not any(each in values for each in _NOT_IN_VALUES):
            return end
        del self.rows[count:]
        self._careful_to = end
        return at


@lru_cache(maxsize=64)
def _cases(names: tuple[str, ...]) -> tuple[Any, re.Pattern[str]] | None:
    """What matches a case with these attributes that holds nothing, and one that holds one mark: both give
    the values, this one then the mark and its attributes. None where they are not plain ones.

    The first is a pattern whose `scanner` is asked for, which matches where its last match ended, all in C:
    `re.Scanner` stands on it, and the stubs do not know it.
    """
    if not PLAIN_NAMES.issuperset(names) or not {"name", "time"}.issubset(names):
        return None
    attributes = "".join(f"{_BLANK}++{name}={_VALUE}" for name in names)
    opened = f"{_BLANK}*+<testcase{attributes}{_BLANK}*+"
    empty = re.compile(f"{opened}(?:/>|>{_BLANK}*+</testcase>)")
    mark = f"<(failure|error|skipped)({_MARK_ATTRIBUTES}){_BLANK}*+(?:/>|>{_MARK_TEXT}</\\{len(names) + 1}>)"
    marked = re.compile(f"{opened}>{_BLANK}*+{mark}{_BLANK}*+</testcase>")
    return empty, marked


@lru_cache(maxsize=64)
def _alike(around: tuple[str, ...]) -> Any:
    """What matches a case that has this text around its values: a pattern with a `scanner`, as above."""
    return re.compile('([^"]*+)'.join(map(re.escape, around)))


def _around(case: re.Match[str]) -> tuple[str, ...]:
    """What stands before, between and after the groups of `case`."""
    ends = [case.start(), *map(case.end, range(1, case.re.groups + 1))]
    starts = [*map(case.start, range(1, case.re.groups + 1)), case.end()]
    return tuple([case.string[end:start] for end, start in zip(ends, starts, strict=True)])
