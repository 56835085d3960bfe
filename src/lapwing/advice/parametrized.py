"""Tests of one function that differ in their parameters."""

from collections.abc import Iterable

from lapwing.model.what_if import TimedTest


def by_function(tests: Iterable[TimedTest]) -> dict[str, list[TimedTest]]:
    """The parametrized of `tests` by the node id of their function, in the order given."""
    functions: dict[str, list[TimedTest]] = {}
    for test in tests:
        if test.nodeid.endswith("]"):
            functions.setdefault(test.nodeid.partition("[")[0], []).append(test)
    return functions
