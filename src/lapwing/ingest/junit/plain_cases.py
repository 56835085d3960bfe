"""Cases with a name, a class, a time and nothing inside, made tests by the column."""

from collections.abc import Sequence
from typing import Final

from lapwing.ingest.junit.dialects import Dialect
from lapwing.ingest.junit.suites import Suite
from lapwing.ingest.plain_tests import PlainTests

_LONGEST_S: Final = 1e7
_FIRST_OF_A_NAME: Final = "!"
"""What sorts before it may begin with a blank, or be empty."""


def plain_tests(cases: Sequence[dict[str, str]], suite: Suite, dialect: Dialect) -> PlainTests | None:
    """The tests that `cases` of `suite` are; None if one of them tells more, or less, or no plain time."""
    try:
        texts = [case["time"] for case in cases]
        names = [case["name"] for case in cases]
        classnames = [case["classname"] for case in cases]
        seconds = list(map(float, texts))
    except (KeyError, ValueError):
        return None
    total = sum(seconds)
    least = min(seconds)
    if (
        set(map(len, cases)) != {3}
        or not total < _LONGEST_S  # nor is a time that is no number
        or least < 0
        or (least == 0 and dialect.zero_is_none)
        or min(names) < _FIRST_OF_A_NAME
    ):
        return None
    suite.seen += len(cases)
    suite.certain_ns += int(total * 1e9)
    return PlainTests._make(
        (
            names,
            classnames,
            seconds,
            texts,
            suite.path,
            suite.package,
            dialect.kind,
            dialect.resolution_ns,
        )
    )
