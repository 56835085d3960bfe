"""Taking time out of tests."""

from collections.abc import Mapping

from lapwing.model.what_if import SuiteTimes


def cut(suite: SuiteTimes, times: Mapping[str, int], *, computing: bool) -> SuiteTimes:
    """`suite` with so many ns less in tests by node id, at most all of their own time.

    What is cut has computed, or waited.
    """
    tests = []
    for test in suite.tests:
        less = min(test.own_ns, times.get(test.nodeid, 0))
        if less > 0:
            busy = test.own_ns * test.cpu_share - (less if computing else 0)
            left = test.own_ns - less
            test = test._replace(own_ns=left, cpu_share=max(0.0, busy / left) if left else 0.0)
        tests.append(test)
    return suite._replace(tests=tuple(tests))
