"""What is packed into a block comes back, whole or one row of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.store.packed_columns import pack_columns, unpack_columns, unpack_row

INT64 = st.integers(-(2**63), 2**63 - 1)
SMALL = st.integers(-(2**31), 2**31 - 1)
CELLS = st.one_of(SMALL, INT64, st.none(), st.just(0))


@st.composite
def tables(draw):
    rows = draw(st.integers(1, 12))
    kinds = st.sampled_from([SMALL, INT64, CELLS, st.none(), st.just(draw(INT64))])
    column = kinds.flatmap(lambda cells: st.lists(cells, min_size=rows, max_size=rows))
    return draw(st.lists(column, min_size=1, max_size=6))


@given(tables())
def test_columns_come_back(table):
    read = unpack_columns(pack_columns(table), len(table), len(table))

    assert [list(column) for column in read] == table


@given(tables(), st.data())
def test_the_first_columns_are_read_without_the_rest(table, data):
    most = data.draw(st.integers(0, len(table)))

    read = unpack_columns(pack_columns(table), len(table), most)

    assert [list(column) for column in read] == table[:most]


@given(tables(), st.data())
def test_one_row_is_that_of_the_columns(table, data):
    row = data.draw(st.integers(0, len(table[0]) - 1))

    assert unpack_row(pack_columns(table), len(table), len(table), row) == [column[row] for column in table]


@pytest.mark.parametrize("column", [[2**63], [0, 2**63], [None, -(2**63) - 1]])
def test_a_number_beyond_64_bits_is_refused(column):
    with pytest.raises(OverflowError, match="64 bits"):
        pack_columns([column])
