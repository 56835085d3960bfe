"""Cases with nothing inside, and no attribute but names, place and time, made tests by the column."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from lapwing.ingest.junit.dialects import Dialect
from lapwing.ingest.junit.suites import Suite
from lapwing.ingest.plain_tests import PlainTests

Ordered = list[str]
"""The attributes of an element, each name before its value: half the cost of a dictionary."""

_LONGEST_S: Final = 1e7
_FIRST_OF_A_NAME: Final = "!"
"""What sorts before it may begin with a blank, or be empty."""

_MAY_BE_THERE: Final = frozenset({"name", "time", "classname", "file", "line", "lineno", "assertions"})


def plain_tests(
    cases: Sequence[Ordered], suite: Suite, dialect: Dialect
) -> Iterator[PlainTests | Sequence[Ordered]]:
    """The tests that `cases` of `suite` are, in their order; and as they came those of which one tells more.

    Cases are taken together as long as they have the same attributes in the same order.
    """
    tests = _of_one_form(cases, suite, dialect)
    if tests is not None:
        yield tests
        return
    forms = [list(group) for _, group in groupby(cases, key=lambda case: case[::2])]
    for group in forms if len(forms) > 1 else ():
        yield _of_one_form(group, suite, dialect) or group
    if len(forms) == 1:
        yield cases


def _of_one_form(cases: Sequence[Ordered], suite: Suite, dialect: Dialect) -> PlainTests | None:
    count = len(cases)
    try:
        rows = list(zip(*cases, strict=True))
        columns = {
            keys[0]: values
            for keys, values in zip(rows[::2], rows[1::2], strict=True)
            if keys.count(keys[0]) == count
        }
        texts, names = columns["time"], columns["name"]
        seconds = list(map(float, texts))
    except (KeyError, ValueError):
        return None
    if len(columns) * 2 < len(rows) or not columns.keys() <= _MAY_BE_THERE:
        return None
    total = sum(seconds)
    least = min(seconds)
    if (
        not total < _LONGEST_S  # nor is a time that is no number
        or least < 0
        or (least == 0 and dialect.zero_is_none)
        or min(names) < _FIRST_OF_A_NAME
    ):
        return None
    suite.seen += count
    suite.certain_ns += int(total * 1e9)
    return PlainTests._make(
        (
            names,
            columns.get("classname") or ("",) * count,
            seconds,
            texts,
            suite.path,
            suite.package,
            dialect.kind,
            dialect.resolution_ns,
            columns.get("file", ()),
            columns.get("line") or columns.get("lineno", ()),
            dialect.first_line,
        )
    )
