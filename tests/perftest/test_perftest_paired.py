"""Two functions in turn: their order, their number, what is made of them."""

import pytest

from lapwing.model.comparison import ChangeVerdict
from lapwing.perftest.paired import compare_functions


def test_a_function_that_computes_twice_as_much_is_found():
    compared = compare_functions(lambda: sum(range(2_000)), lambda: sum(range(4_000)), pairs=15, seed=1)

    assert compared.judged.verdict is ChangeVerdict.REGRESSED
    cpu = next(each for each in compared.judged.comparisons if each.metric == "cpu")
    assert 1.5 < cpu.ratio < 2.6
    assert len(compared.pairs) == 15


def test_few_pairs_are_refused():
    with pytest.raises(ValueError, match="fewer than 10 pairs"):
        compare_functions(lambda: None, lambda: None, pairs=9)
