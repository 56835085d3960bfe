"""Samples are found in one block after another as they lie in each of them."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.store.packed_columns import pack_columns
from lapwing.store.result_blocks import BLOCK_WIDTH, SAMPLE_COLUMNS, SIZE
from lapwing.store.samples_finder import SamplesFinder

NUMBERS = st.sampled_from([None, 0, 7, -1, 2**40])


@st.composite
def blocks(draw):
    """Blocks of one place, most of them with the same tests, as columns."""
    usual = sorted(draw(st.sets(st.integers(SIZE, 2 * SIZE - 1), min_size=1, max_size=8)))
    made = []
    for _ in range(draw(st.integers(1, 6))):
        tests = usual
        if draw(st.integers(0, 3)) == 0:
            tests = sorted(draw(st.sets(st.integers(SIZE, 2 * SIZE - 1), min_size=1, max_size=8)))
        values = st.lists(
            NUMBERS if draw(st.booleans()) else st.integers(0, 9), min_size=len(tests), max_size=len(tests)
        )
        made.append([tests, *(draw(values) for _ in range(BLOCK_WIDTH - 1))])
    return made


@given(blocks(), st.data())
def test_each_block_gives_the_samples_of_the_tests_that_it_holds(made, data):
    known = sorted({test for columns in made for test in columns[0]})
    wanted = data.draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
    find = SamplesFinder(wanted)

    for columns in made:
        rows = zip(*columns[: len(SAMPLE_COLUMNS)], strict=True)
        expected = [row for row in rows if row[0] in wanted]
        assert list(map(tuple, find(1, pack_columns(columns)))) == expected


def test_places_are_those_of_the_tests():
    assert SamplesFinder([5 * SIZE + 1, 3, 5 * SIZE]).places == [0, 5]
