"""Arithmetic on columns: the same with numpy, value by value."""

import math
import statistics

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lapwing.stats import columns
from lapwing.stats.arrays import columns as arrays

NUMBERS = st.floats(-1e6, 1e6)
VECTORS = st.lists(NUMBERS, max_size=60)


@given(st.lists(st.floats(0, 1e12), max_size=20), st.floats(0.001, 1e3))
def test_logarithms_agree(values, least):
    assert list(arrays.logs(values, least)) == pytest.approx(list(columns.logs(values, least)), abs=1e-9)


@settings(deadline=None)
@given(VECTORS, st.sampled_from([(9, 5), (9, 1), (3, 3), (25, 5)]))
def test_running_medians_agree(values, window):
    assert list(arrays.running_median(values, *window)) == pytest.approx(
        list(columns.running_median(values, *window))
    )


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=20))
def test_differences_and_products_agree(pairs):
    values, others = [one for one, _ in pairs], [other for _, other in pairs]

    assert list(arrays.less(values, others)) == list(columns.less(values, others))
    assert list(arrays.times(values, others)) == list(columns.times(values, others))


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.data())
def test_values_of_some_rows_agree(values, data):
    rows = data.draw(st.lists(st.integers(0, len(values) - 1), unique=True))

    assert list(arrays.at(values, arrays.places(rows))) == list(columns.at(values, columns.places(rows)))
    assert list(arrays.at(values, range(len(values)))) == list(values)


@given(st.dictionaries(st.integers(0, 9), NUMBERS))
def test_a_row_that_is_not_there_has_no_value(values):
    rows, beside = list(values), list(values.values())
    pure, twin = columns.lookup(rows, beside, 10), arrays.lookup(rows, beside, 10)

    assert [twin(row) for row in range(10)] == [pure(row) for row in range(10)]
    assert [pure(row) for row in range(10)] == [values.get(row) for row in range(10)]


@given(st.lists(st.dictionaries(st.integers(0, 7), NUMBERS), max_size=6), st.booleans())
def test_rows_of_whole_and_of_partial_columns_agree(runs, with_whole):
    table = [(list(run), list(run.values())) for run in runs]
    if with_whole:
        table.append((range(8), [float(row) for row in range(8)]))

    found = columns.sorted_rows(table, 8)

    assert [*arrays.sorted_rows(table, 8)] == found
    assert [arrays.sorted_rows(table, 8)[row] for row in range(8)] == found
    assert all(row == sorted(row) for row in found)
    assert sum(map(len, found)) == sum(len(values) for _, values in table)


RUNS = st.lists(st.dictionaries(st.integers(0, 7), st.floats(-20, 20)), max_size=5)


def rows_of(module, runs):
    """Eight rows: a value each of a whole run, and more of runs that lack some."""
    columns_of_runs = [(list(run), list(run.values())) for run in runs]
    return module.sorted_rows([*columns_of_runs, (range(8), [0.5 * row for row in range(8)])], 8)


@given(RUNS, st.integers(1, 4))
def test_counts_medians_and_ends_of_rows_agree(runs, count):
    pure, twin = rows_of(columns, runs), rows_of(arrays, runs)

    assert arrays.counts(twin) == columns.counts(pure) == [len(row) for row in pure]
    assert arrays.medians(twin) == columns.medians(pure) == [statistics.median(row) for row in pure]
    assert arrays.ends(twin, count) == columns.ends(pure, count) == [row[-count:] for row in pure]


@given(RUNS, st.lists(st.floats(-20, 20), min_size=8, max_size=8), st.floats(0.001, 1e6))
def test_what_lies_far_over_the_center_of_its_row_agrees(runs, centers, least):
    pure, twin = rows_of(columns, runs), rows_of(arrays, runs)
    over = [
        (math.exp(value) - math.exp(center), center)
        for row, center in zip(pure, centers, strict=True)
        for value in row
        if len(row) > 1
    ]
    assume(all(size != pytest.approx(least, rel=1e-6, abs=1e-6) for size, _ in over))
    wanted = sorted(pair for pair in over if pair[0] > least)

    for module, rows in ((columns, pure), (arrays, twin)):
        found = sorted(zip(*module.excesses(rows, centers, least), strict=True))
        assert [size for size, _ in found] == pytest.approx([size for size, _ in wanted])
        assert sorted(center for _, center in found) == sorted(center for _, center in wanted)


@given(
    st.lists(
        st.tuples(st.integers(-999, 999), st.integers(-9, 9)), max_size=20, unique_by=lambda pair: pair[0]
    )
)
def test_values_rise_with_the_others_beside_them(pairs):
    values, others = [float(value) for value, _ in pairs], [float(other) for _, other in pairs]

    assert list(zip(*columns.rising(values, others), strict=True)) == sorted(zip(values, others, strict=True))
    assert list(zip(*arrays.rising(values, others), strict=True)) == sorted(zip(values, others, strict=True))


@given(st.lists(VECTORS, min_size=1, max_size=4))
def test_parts_are_joined_in_their_order(parts):
    whole = [value for part in parts for value in part]

    assert columns.plain(columns.joined(parts)) == arrays.plain(arrays.joined(parts)) == whole
