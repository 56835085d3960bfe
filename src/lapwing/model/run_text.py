"""A recorded run as text of JSON, its tests by columns: a fourth of what a dictionary of each test takes."""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from lapwing.model.codec import recorded_run_dict, test_dict
from lapwing.model.columned_tests import columns_of
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun

_WHOLE: Final[frozenset[type]] = frozenset({int})
_MAYBE_WHOLE: Final[frozenset[type]] = frozenset({int, type(None)})
_TEXT: Final[frozenset[type]] = frozenset({str})
_NOTHING: Final[frozenset[type]] = frozenset({type(None)})


def recorded_run_text(recorded: RecordedRun) -> str:
    """What `recorded_run_dict` gives, as JSON of ASCII; the tests come last."""
    fields = recorded_run_dict(recorded._replace(tests=()))
    del fields["tests"]
    return f'{_dumped(fields)[:-1]},"tests":{_tests_text(recorded.tests)}}}'


def _tests_text(tests: Sequence[TestRecord]) -> str:
    if not tests:
        return "[]"
    varying: list[Sequence[Any]] = []
    pieces = []
    for name, column in _columns(tests).items():
        is_nothing = column[0] is None and column.count(None) == len(tests)  # most often
        kinds = _NOTHING if is_nothing else frozenset(map(type, column))
        if len(kinds) == 1 and column.count(column[0]) == len(tests):
            piece = _dumped(column[0]).replace("%", "%%")
        else:
            piece = "%s"
            varying.append(_texts(column, kinds))
        pieces.append(f'"{name}":{piece}')
    row = f"{{{','.join(pieces)}}}"
    rows = zip(*varying, strict=True) if varying else [()] * len(tests)
    return f"[{','.join(map(row.__mod__, rows))}]"


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
    return [
        None
        if set_up is None and call is None and tear_down is None
        else (set_up or 0) + (call or 0) + (tear_down or 0)
        for set_up, call, tear_down in zip(*phases, strict=True)
    ]


def _texts(column: Sequence[Any], kinds: frozenset[type]) -> Sequence[Any]:
    """What `%s` makes JSON of, for values of these types."""
    if kinds == _WHOLE:
        return column
    if kinds == _MAYBE_WHOLE:
        return ["null" if value is None else value for value in column]
    if kinds == _TEXT:
        return list(map(encode_basestring_ascii, column))
    return list(map(_dumped, column))


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
