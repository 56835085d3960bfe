"""Cases that tell nothing but names, place and time, made tests by the column.

Cases with more inside, such as a failure, are read alone and keep their places among the others: a batch
of thousands would else fall into as many as there are failures.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from lapwing.ingest.junit.cases import Case, Ordered, read_case
from lapwing.ingest.junit.dialects import Dialect
from lapwing.ingest.junit.suites import Suite
from lapwing.ingest.plain_tests import PlainTests

Cases = Sequence[Ordered]

_LONGEST_S: Final = 1e7
_FIRST_OF_A_NAME: Final = "!"
"""What sorts before it may begin with a blank, or be empty."""

_MAY_BE_THERE: Final = frozenset({"name", "time", "classname", "file", "line", "lineno", "assertions"})


def plain_tests(
    cases: Cases, fuller: Mapping[int, Case], suite: Suite, dialect: Dialect
) -> Iterator[PlainTests | list[Case]]:
    """The tests that `cases` of `suite` are, in their order; and as cases those of which one tells more.

    `fuller` are those of them, by place, that hold something. Cases are taken together as long as they
    have the same attributes in the same order.
    """
    tests = _of_one_form(cases, fuller, suite, dialect)
    if tests is not None:
        yield tests
        return
    forms = [list(group) for _, group in groupby(cases, key=lambda case: case[::2])]
    start = 0
    for group in forms:
        inside = {at - start: case for at, case in fuller.items() if start <= at < start + len(group)}
        tests = _of_one_form(group, inside, suite, dialect) if len(forms) > 1 else None
        yield tests or [inside[at] if at in inside else Case(each) for at, each in enumerate(group)]
        start += len(group)


def _of_one_form(
    cases: Cases, fuller: Mapping[int, Case], suite: Suite, dialect: Dialect
) -> PlainTests | None:
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
    total = sum(seconds)
    least = min(seconds)
    if (
        len(columns) * 2 < len(rows)
        or not columns.keys() <= _MAY_BE_THERE
        or not total < _LONGEST_S  # nor is a time that is no number
        or least < 0
        or (least == 0 and dialect.zero_is_none)
        or min(names) < _FIRST_OF_A_NAME
    ):
        return None
    others = {at: read_case(case, suite, dialect, None)[0] for at, case in fuller.items()}
    suite.seen += count + sum(len(test.attempts) - 1 for test in others.values() if test.attempts)
    suite.certain_ns += int(total * 1e9)
    return PlainTests._make(
        (
            names,
            columns.get("classname") or ("",) * count,
            seconds,
            texts,
            suite.path,
            suite.package_in(dialect),
            dialect.kind,
            dialect.resolution_ns,
            columns.get("file", ()),
            columns.get("line") or columns.get("lineno", ()),
            dialect.first_line,
            others,
        )
    )
