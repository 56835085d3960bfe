"""Tests whose parameters changed: some of their cases are new, others gone."""

from collections.abc import Sequence


def renewed_tests(new: Sequence[str], gone: Sequence[str]) -> tuple[str, ...]:
    """The node ids, without parameters and in order, of the tests that have cases among both."""
    return tuple(sorted(_functions(new) & _functions(gone)))


def _functions(nodeids: Sequence[str]) -> set[str]:
    return {nodeid.partition("[")[0] for nodeid in nodeids if "[" in nodeid}
