"""The door to pytest-benchmark: takes the results of its `benchmark` fixture into the run."""

from collections.abc import Callable
from typing import Any

import pytest

from lapwing.model.measurement import BenchmarkRecord
from lapwing.record.recorder import Recorder
from lapwing.store.run_files.line import measurement_line
from lapwing.units import NS_PER_S

SOURCE = "pytest-benchmark"


class PytestBenchmarkHooks:
    """Registered where pytest-benchmark is active."""

    def __init__(self, recorder: Recorder, fault: Callable[[Exception], None]) -> None:
        self._recorder = recorder
        self._fault = fault

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: Any) -> None:
        """Take the result before the fixture is torn down."""
        benchmark = getattr(item, "funcargs", {}).get("benchmark")
        if benchmark is None or self._recorder.current is None:
            return
        try:
            record = _record_of(benchmark, item.nodeid)
            if record is not None:
                self._recorder.spool.write(measurement_line(record))
        except Exception as error:
            self._fault(error)


def _record_of(benchmark: Any, nodeid: str) -> BenchmarkRecord | None:
    """The result of a `benchmark` fixture; None where the test did not use it or it is disabled."""
    metadata = getattr(benchmark, "stats", None)
    stats = getattr(metadata, "stats", None)
    if stats is None or not stats.data:
        return None
    return BenchmarkRecord(
        name=str(metadata.name),  # type: ignore[union-attr]
        nodeid=nodeid,
        source=SOURCE,
        unit="ns",
        samples=tuple(seconds * NS_PER_S for seconds in stats.data),
        iterations=int(metadata.iterations),  # type: ignore[union-attr]
        group=metadata.group and str(metadata.group),  # type: ignore[union-attr]
        metadata={str(key): str(value) for key, value in (metadata.extra_info or {}).items()},  # type: ignore[union-attr]
    )
