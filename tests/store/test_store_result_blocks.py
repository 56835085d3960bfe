"""Which results of a run lie in blocks, and that none is lost on the way there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.record import Count, Outcome, TestRecord
from lapwing.store.result_blocks import split

PHASES = (
    "setup_ns",
    "call_ns",
    "teardown_ns",
    "setup_cpu_ns",
    "call_cpu_ns",
    "teardown_cpu_ns",
    "child_cpu_ns",
)
USUAL = TestRecord(nodeid="", outcome=Outcome.PASSED, **dict.fromkeys(PHASES, 7))
ODD = {
    "failed": {"outcome": Outcome.FAILED},
    "again": {"attempt": 2},
    "counted": {"counters": {"sql": Count(1, 2)}},
    "unmeasured": {"child_cpu_ns": None},
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
@given(odd=st.sets(st.integers(0, 99)))
def test_every_result_goes_one_way_in_its_order(change: dict[str, object], odd: set[int]) -> None:
    recorded = [
        USUAL._replace(nodeid=f"t{place}", **(change if place in odd else {})) for place in range(100)
    ]

    usual, other = split(recorded, range(5, 105), first_ordinal=5)

    assert other == [(5 + place, recorded[place]) for place in sorted(odd)]
    left = [place for place in range(100) if place not in odd]
    assert list(usual["ordinal"]) == [5 + place for place in left]
    assert list(usual["nodeid"]) == [f"t{place}" for place in left]
    assert all(len(column) == len(left) for column in usual.values())


def test_an_attempt_that_is_not_the_last_has_a_row() -> None:
    usual, other = split([USUAL, USUAL], {1})

    assert [place for place, _ in other] == [0]
    assert list(usual["ordinal"]) == [1]
