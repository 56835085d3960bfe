"""Which of two functions is faster? Both in turn, in pairs of random order, in this process."""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from lapwing.analysis.paired import judge_pairs
from lapwing.measure.clock import CLOCKS
from lapwing.measure.process_facts import ProcessFacts
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.paired import Pair, PairedComparison
from lapwing.model.paired_design import Design
from lapwing.model.value import Value
from lapwing.perftest.benchmark import SOURCE
from lapwing.perftest.callee import call_that_runs, is_async, is_loop_running
from lapwing.perftest.rounds import still_collector
from lapwing.perftest.sampling import LEAST_SAMPLE_NS, Timing

PAIRS: Final = 60
FEWEST_PAIRS: Final = 10
NEGLIGIBLE: Final = 0.02
ERROR: Final = 0.01
MOST_NS: Final = 20_000_000_000
_TRIALS: Final = 3
_MOST_LOOPS: Final = 1 << 30

Call = Callable[[], object]
Batch = Callable[[int], None]
"""Makes so many calls."""


class PairedTimes(Value):
    """Pairs and what was made of them; times are those of `loops` calls."""

    loops: tuple[int, int]
    pairs: tuple[Pair, ...]
    judged: PairedComparison


def compare_functions(
    a: Call,
    b: Call,
    *,
    pairs: int = PAIRS,
    negligible: float = NEGLIGIBLE,
    error: float = ERROR,
    most_ns: int = MOST_NS,
    seed: int | None = None,
) -> PairedTimes:
    """`b` against `a`.

    Each pair times both once, the first of the two by a coin; a sample takes at least 5 ms. What slows
    the machine slows both members of a pair, so that their ratio stays. Ends after `most_ns`, if
    FEWEST_PAIRS are there. Wall time is less the time in which the thread was ready and had no
    processor, where the system tells it. Async functions are awaited in an event loop of
    their own. Raises ValueError for fewer than FEWEST_PAIRS pairs, TypeError for what runs nothing when it is
    called, and RuntimeError for async functions where a loop runs already.
    """
    if pairs < FEWEST_PAIRS:
        raise ValueError(f"fewer than {FEWEST_PAIRS} pairs tell nothing, got {pairs}")
    draw = random.Random(seed)
    facts = ProcessFacts()
    try:
        with _event_loop(a, b) as runner, still_collector():
            first, second = _batch(a, runner), _batch(b, runner)
            loops = _loops(first, facts), _loops(second, facts)
            calls = max(loops)  # equally many of both, for their ratio to be one of single calls
            made = _pairs(first, second, calls, pairs, most_ns, draw, facts)
    finally:
        facts.close()
    design = Design(pairs=len(made), most_pairs=len(made), error=error, negligible=negligible)
    return PairedTimes((calls, calls), tuple(made), judge_pairs("b against a", made, design))


def ratio_record(compared: PairedTimes, name: str, nodeid: str) -> BenchmarkRecord:
    """What is kept of a comparison: the ratio of wall times in each pair, `b` by `a`."""
    ratios = tuple(
        pair.b_wall_ns / pair.a_wall_ns for pair in compared.pairs if pair.a_wall_ns and pair.b_wall_ns
    )
    return BenchmarkRecord(
        name=name,
        nodeid=nodeid,
        source=SOURCE,
        unit="times",
        samples=ratios,
        iterations=compared.loops[1],
        metric="ratio",
    )


def _event_loop(a: Call, b: Call) -> AbstractContextManager[asyncio.Runner | None]:
    """An event loop of its own where one of the two is to be awaited."""
    if not any([is_async(a), is_async(b)]):
        return nullcontext()
    if is_loop_running():
        raise RuntimeError(
            "async functions are compared in a loop of their own: do it in a test that is not async"
        )
    return asyncio.Runner()


def _batch(function: Call, runner: asyncio.Runner | None) -> Batch:
    if runner is None or not is_async(function):
        call_that_runs(function)

        def call(calls: int) -> None:
            for _ in range(calls):
                function()

        return call
    loop = runner.get_loop()

    async def awaited(calls: int) -> None:
        for _ in range(calls):
            await function()  # type: ignore[misc]

    return lambda calls: loop.run_until_complete(awaited(calls))


def _pairs(
    a: Batch, b: Batch, calls: int, count: int, most_ns: int, draw: random.Random, facts: ProcessFacts
) -> Sequence[Pair]:
    made: list[Pair] = []
    until = CLOCKS.wall() + most_ns
    while len(made) < count and (len(made) < FEWEST_PAIRS or CLOCKS.wall() < until):
        if draw.random() < 0.5:
            first = _timed(a, calls, facts)
            second = _timed(b, calls, facts)
        else:
            second = _timed(b, calls, facts)
            first = _timed(a, calls, facts)
        made.append(Pair(first.wall_ns, second.wall_ns, first.cpu_ns, second.cpu_ns))
    return made


def _loops(batch: Batch, facts: ProcessFacts) -> int:
    """Calls for a sample; finding out warms up."""
    loops = 1
    while True:
        took = min(_timed(batch, loops, facts).wall_ns for _ in range(_TRIALS))
        if took >= LEAST_SAMPLE_NS or loops >= _MOST_LOOPS:
            return loops
        loops = loops * 10 if took * 10 < LEAST_SAMPLE_NS else round(loops * 1.2 * LEAST_SAMPLE_NS / took) + 1


def _timed(batch: Batch, calls: int, facts: ProcessFacts) -> Timing:
    is_main = threading.current_thread() is threading.main_thread()
    wall, cpu = CLOCKS.wall, CLOCKS.process_cpu
    waited = facts.run_delay() if is_main else None
    cpu_begin, begin = cpu(), wall()
    batch(calls)
    end, cpu_end = wall(), cpu()
    delay = facts.run_delay() if waited is not None else None
    lost = delay - waited if delay is not None and waited is not None else 0
    took, spent = max(1, end - begin), max(1, cpu_end - cpu_begin)
    # Some systems tell more waiting than there was time: what was computed was not waited for.
    return Timing(max(took - lost, min(took, spent)), spent)
