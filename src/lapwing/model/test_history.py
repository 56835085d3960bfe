"""What recorded runs know of a test and its file, for those who look at the code."""

from lapwing.model.value import Value


class TestHistory(Value):
    """One test over its recorded runs. Durations in nanoseconds of one run, parameters of a test apart."""

    nodeid: str
    p95_ns: int  # of its duration
    limit_ns: int  # of its category
    category: str
    is_marked: bool  # has the mark of a category that may be slow
    sleep_ns: float  # mean wall time in sleeps
    process_ns: float  # mean wall time in child processes
    network_ns: float  # mean wall time in sockets

    @property
    def function(self) -> str:
        """Name of the function in its file, such as `TestCase.test_x`; parameters left out."""
        return ".".join(self.nodeid.partition("[")[0].split("::")[1:])


class FileHistory(Value):
    """One test file or conftest file over its recorded runs."""

    tests: tuple[TestHistory, ...] = ()
    collection_ns: int | None = None  # median wall time to import it and make its tests; None: unknown


TestHistory.__test__ = False  # type: ignore[attr-defined]
