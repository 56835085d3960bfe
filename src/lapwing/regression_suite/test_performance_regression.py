"""The newest recorded run, judged by three tests. A run of these tests alone is never recorded."""

import os
from typing import Final

import pytest

from lapwing.operations.ask_gate import GateState, ask_gate

_STATE: Final = pytest.StashKey[GateState]()


@pytest.mark.slow
@pytest.mark.integration
class TestPerformanceRegression:
    """Fails where the gate does."""

    @pytest.fixture
    def gate(self, request: pytest.FixtureRequest) -> GateState:
        """The answer of the gate; skips where there is nothing to judge, or to compare with."""
        stash = request.config.stash
        if _STATE not in stash:
            stash[_STATE] = ask_gate(request.config.rootpath, environ=os.environ)
        if stash[_STATE].why_not:
            pytest.skip(stash[_STATE].why_not)
        return stash[_STATE]

    def test_individual_test_performance(self, gate: GateState) -> None:
        """No test is over its limit, or slower than the baseline allows."""
        _fail_for(gate.individual)

    def test_suite_performance(self, gate: GateState) -> None:
        """Neither the suite nor a folder or category of it is slower than allowed."""
        _fail_for(gate.suite)

    def test_slow_test_count(self, gate: GateState) -> None:
        """There are no more slow tests than in the baseline."""
        _fail_for(gate.slow_tests)


def _fail_for(lines: tuple[str, ...]) -> None:
    __tracebackhide__ = True
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)
