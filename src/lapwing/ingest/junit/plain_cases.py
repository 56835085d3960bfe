"""Cases that tell nothing but names, place, time and how they ended, made tests by the column.

Cases with more inside are read alone and keep their places among the others: a batch of thousands would
else fall into as many as there are such cases.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.ingest.junit.cases import Case, is_no_zero, read_case
from lapwing.ingest.junit.dialects import Dialect
from lapwing.ingest.junit.gathered import PLAIN_NAMES
from lapwing.ingest.junit.outcomes import Mark, outcome_of
from lapwing.ingest.junit.suites import Suite
from lapwing.ingest.plain_tests import PlainTests

_LONGEST_S: Final = 1e7
_ZERO_S: Final = 5e-10
"""What is no longer is a zero: it rounds to no nanosecond."""
_FIRST_OF_A_NAME: Final = "!"
"""What sorts before it may begin with a blank, or be empty."""


def plain_tests(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    marks: Mapping[int, Mark],
    fuller: Mapping[int, Case],
    suite: Suite,
    dialect: Dialect,
) -> PlainTests | None:
    """The tests that the cases of `suite` with these attributes are; None where one of them tells more.

    `marks` are what some of them hold, by place; `fuller` are those that hold more.
    """
    if not PLAIN_NAMES.issuperset(names):
        return None
    columns: dict[str, tuple[str, ...]] = dict(zip(names, zip(*rows, strict=True), strict=True))
    try:
        texts, titles = columns["time"], columns["name"]
        seconds = list(map(float, texts))
    except (KeyError, ValueError):
        return None
    written = "".join(texts)
    if "_" in written or not written.isascii():  # Python reads 1_000 and digits of other scripts, we do not
        return None
    count = len(rows)
    total = sum(seconds)
    least = min(seconds)
    if (
        not total < _LONGEST_S  # nor is a time that is no number
        or least < 0
        or (least <= _ZERO_S and dialect.zero_is_none)
        or min(titles) < _FIRST_OF_A_NAME
    ):
        return None
    outcomes = {at: outcome_of({}, [mark]) for at, mark in marks.items()}
    others = {at: read_case(case, suite, dialect, None)[0] for at, case in fuller.items()}
    if least <= _ZERO_S:
        for at in [at for at, status in outcomes.items() if seconds[at] <= _ZERO_S and is_no_zero(status)]:
            case = Case(dict(zip(names, rows[at], strict=True)), marks[at])
            others[at] = read_case(case, suite, dialect, None)[0]
            del outcomes[at]
    suite.seen += count + sum(len(test.attempts) - 1 for test in others.values() if test.attempts)
    suite.certain_ns += int(total * 1e9)
    return PlainTests._make(
        (
            titles,
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
            outcomes,
        )
    )
