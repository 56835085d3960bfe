"""A recorded run as text of JSON, its tests by columns: a fourth of what a dictionary of each test takes."""

import json
from collections.abc import Sequence
from io import BytesIO
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from lapwing.model.codec import recorded_run_dict, test_dict
from lapwing.model.columned_tests import columns_of
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun

_AT_ONCE: Final = 500  # tests: what is made of them is put together in memory that the next ones use again
_WHOLE: Final[frozenset[type]] = frozenset({int})
_MAYBE_WHOLE: Final[frozenset[type]] = frozenset({int, type(None)})
_TEXT: Final[frozenset[type]] = frozenset({str})


def recorded_run_json(recorded: RecordedRun) -> bytes:
    """What `recorded_run_dict` gives, as JSON of ASCII; the tests come last."""
    fields = recorded_run_dict(recorded._replace(tests=()))
    del fields["tests"]
    tests = recorded.tests
    text = BytesIO()  # gives what was written without copying it
    text.write(f'{_dumped(fields)[:-1]},"tests":['.encode())
    for at in range(0, len(tests), _AT_ONCE):
        text.write(b"," if at else b"")
        text.write(_rows(tests[at : at + _AT_ONCE]).encode())
    text.write(b"]}")
    return text.getvalue()


def _rows(tests: Sequence[TestRecord]) -> str:
    """At least one test, with commas between them."""
    varying: list[Sequence[Any]] = []
    pieces = []
    for name, column in _columns(tests).items():
        if column.count(column[0]) == len(tests):  # of one type, too: a field has whole numbers, texts, ...
            piece = _dumped(column[0]).replace("%", "%%")
        else:
            piece = "%s"
            varying.append(_texts(column))
        pieces.append(f'"{name}":{piece}')
    row = f"{{{','.join(pieces)}}}"
    rows = zip(*varying, strict=True) if varying else [()] * len(tests)
    return ",".join(map(row.__mod__, rows))


def _columns(tests: Sequence[TestRecord]) -> dict[str, Sequence[Any]]:
    """The values of each key of a test's dictionary."""
    columns = columns_of(tests)
    columns["outcome"] = [outcome.value for outcome in columns["outcome"]]
    walls = columns["duration_ns"] = _sums(columns["setup_ns"], columns["call_ns"], columns["teardown_ns"])
    own = _sums(columns["setup_cpu_ns"], columns["call_cpu_ns"], columns["teardown_cpu_ns"])
    cpus = columns["cpu_ns"] = [
        None if cpu is None else cpu + (children or 0)
        for cpu, children in zip(own, columns["child_cpu_ns"], strict=True)
    ]
    columns["waiting_ns"] = [
        None if wall is None or cpu is None else max(0, wall - cpu)
        for wall, cpu in zip(walls, cpus, strict=True)
    ]
    for name in ("counters", "subtests"):
        if any(columns[name]):
            columns[name] = [test_dict(test)[name] for test in tests]
    return columns


def _sums(*phases: Sequence[int | None]) -> list[int | None]:
    """Sums over the phases that were measured, None where none was, as the properties of a test's record."""
    if not any(None in phase for phase in phases):
        return list(map(sum, zip(*phases, strict=True)))
    return [
        None
        if set_up is None and call is None and tear_down is None
        else (set_up or 0) + (call or 0) + (tear_down or 0)
        for set_up, call, tear_down in zip(*phases, strict=True)
    ]


def _texts(column: Sequence[Any]) -> Sequence[Any]:
    """What `%s` makes JSON of."""
    kinds = set(map(type, column))
    if kinds == _WHOLE:
        return column
    if kinds == _MAYBE_WHOLE:
        return ["null" if value is None else value for value in column]
    if kinds == _TEXT:
        return list(map(encode_basestring_ascii, column))
    return list(map(_dumped, column))


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
