"""By which path a test's category is told."""


def category_path(nodeid: str) -> str:
    """The file in `nodeid`; where a runner names suites and classes in its place, all of these as a path.

    `tests/test_a.py::TestB::test_c` is `tests/test_a.py`, `gradle::com.acme.api.UserTest::adds` is
    `gradle/com.acme.api.UserTest`.
    """
    first, *rest = nodeid.split("::")
    if first.endswith(".py"):
        return first
    return "/".join((first, *rest[:-1]))
