"""Run ids sort by the time they were made and are UUIDs of version 7."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.ids import is_run_id
from lapwing.record.run_id import new_run_id

MOMENTS = st.integers(0, 2**47 * 10**6)
NOISE = st.binary(min_size=10, max_size=10)


@given(MOMENTS, NOISE)
def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond(moment, noise):
    made = uuid.UUID(new_run_id(moment, noise))

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == moment // 10**6
    assert is_run_id(str(made))


@given(MOMENTS, st.integers(1_000, 10**12), NOISE, NOISE)
def test_a_later_id_sorts_later(moment, later, one, other):
    assert new_run_id(moment, one) < new_run_id(moment + later, other)


def test_ids_made_at_once_differ():
    assert len({new_run_id(5) for _ in range(100)}) == 100
