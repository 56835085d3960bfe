"""Exact benchmarks: instructions in place of time."""

from collections.abc import Callable
from typing import Any, Final

from lapwing.api.place import keep, running_test
from lapwing.api.tester import name_of
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.perftest.benchmark import SOURCE
from lapwing.perftest.instructions import instructions_per_call

_METRIC: Final = "instructions"


def count_instructions(function: Callable[[], Any], *, name: str | None = None) -> float:
    """How many instructions one call of `function` takes, kept with the test that runs.

    The function stands in a module by itself and takes no argument: valgrind calls it in processes of its
    own, 25 to 50 times slower. Raises like `lapwing.perftest.instructions.instructions_per_call`.
    """
    count = instructions_per_call(function)
    keep(
        [
            BenchmarkRecord(
                name=name or name_of(function),
                nodeid=running_test(),
                source=SOURCE,
                unit=Unit.COUNT.value,
                samples=(max(0.0, count),),
                metric=_METRIC,
            )
        ]
    )
    return count
