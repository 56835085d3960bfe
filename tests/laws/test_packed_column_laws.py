"""What is packed into a block comes back, whole or one row of it."""

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.store.packed_arrays import pack_stretches
from lapwing.store.packed_columns import head_of, pack_columns, row_form, unpack_columns, unpack_row

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


@given(tables(), tables(), st.data())
def test_the_form_of_a_row_serves_all_that_begins_alike(table, other, data):
    row = data.draw(st.integers(0, len(table[0]) - 1))
    most = data.draw(st.integers(0, len(table)))
    packed = pack_columns(table)

    form = row_form(packed, len(table), most, row)

    if form is None:
        assert any(None in column for column in table[:most])
        return
    for each in (table, other):
        again = pack_columns(each)
        if len(each) == len(table) and head_of(again, most) == head_of(packed, most):
            assert list(form.unpack_from(again)) == [column[row] for column in each[:most]]


@given(tables(), st.data())
def test_stretches_of_arrays_are_packed_as_those_of_other_columns(table, data):
    edges = sorted({0, *data.draw(st.lists(st.integers(1, len(table[0])))), len(table[0])})
    stretches = list(pairwise(edges))
    mixed = [data.draw(st.sampled_from([column, as_array(column)])) for column in table]

    packed = pack_stretches(mixed, stretches)

    assert packed == [pack_columns([column[first:end] for column in table]) for first, end in stretches]


def as_array(column):
    """The column as it comes in where it was sent as numbers."""
    for kind in "iq":
        try:
            return array(kind, column)
        except (OverflowError, TypeError):
            continue
    return column


@pytest.mark.parametrize("column", [[2**63], [0, 2**63], [None, -(2**63) - 1]])
def test_a_number_beyond_64_bits_is_refused(column):
    with pytest.raises(OverflowError, match="64 bits"):
        pack_columns([column])
