"""Which of two commits is a third one like?"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.paired_cut import side_of_cut
from lapwing.analysis.paired_looks import p_over_looks
from lapwing.model.paired import Pair
from lapwing.model.paired_design import Design
from lapwing.stats.paired import signed_rank_p

MS = 1_000_000


def pairs_of(ratio, *, count=10, noise=0.02, seed=1):
    rng = random.Random(seed)
    return [
        Pair(
            a_wall_ns=20 * MS,
            b_wall_ns=20 * MS,
            a_cpu_ns=round(10 * MS * rng.lognormvariate(0, noise)),
            b_cpu_ns=round(10 * MS * ratio * rng.lognormvariate(0, noise)),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize(("ratio", "is_over"), [(1.0, False), (1.15, False), (1.3, True), (1.5, True)])
def test_the_side_is_told_with_little_doubt(ratio, is_over):
    found = side_of_cut(pairs_of(ratio), "cpu", 1.22, Design())

    assert found.is_over is is_over
    assert found.p < 0.01
    assert found.ratio == pytest.approx(ratio, rel=0.05)


def test_a_commit_on_the_cut_is_told_with_doubt():
    assert side_of_cut(pairs_of(1.22, noise=0.1), "cpu", 1.22, Design()).p > 0.05


def test_the_clock_that_was_asked_for_decides():
    assert side_of_cut(pairs_of(1.5), "wall", 1.22, Design()).is_over is False


def test_without_measurements_there_is_no_side():
    assert side_of_cut([Pair(None, None, None, None)], "cpu", 1.2, Design()) is None


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60))
def test_paying_for_the_looks_never_makes_evidence_stronger_than_its_best_look(values):
    design = Design()
    looks = [look for look in design.looks if look <= len(values)] or [design.looks[0]]

    assert p_over_looks(values, design) >= min(signed_rank_p(values[:look]) for look in looks) - 1e-12
    assert p_over_looks(values, design) <= 1.0


def test_of_a_single_look_nothing_has_to_be_paid():
    design = Design(pairs=10, most_pairs=10)
    values = [0.1, 0.2, -0.05, 0.3, 0.12, 0.22, 0.4, 0.15, 0.07, 0.31]

    assert p_over_looks(values, design) == pytest.approx(signed_rank_p(values))
