"""Shared values that become one."""

from collections.abc import Collection

from lapwing.model.what_if import SuiteTimes


def merged(suite: SuiteTimes, names: Collection[str]) -> SuiteTimes:
    """`suite` with the values of all fixtures of these names as one in each place that shares them."""
    firsts: dict[str, int] = {}
    instead = {
        at: firsts.setdefault(each.place, at) for at, each in enumerate(suite.fixtures) if each.name in names
    }
    tests = tuple(
        test._replace(fixtures=tuple(dict.fromkeys(instead.get(at, at) for at in test.fixtures)))
        for test in suite.tests
    )
    return suite._replace(tests=tests)
