"""Empirical Bayes moderation recovers what the variances were drawn from."""

import random

import pytest

from lapwing.stats.moderated_variance import (
    MOST_PRIOR_FREEDOM,
    log_variance_excess,
    moderated_variance,
    prior_freedom,
)


def chi_square(rng: random.Random, freedom: int) -> float:
    return rng.gammavariate(freedom / 2, 2)


def test_the_log_of_an_unbiased_variance_loses_its_bias():
    rng = random.Random(3)
    excesses = [log_variance_excess(0.04 * chi_square(rng, 6) / 6, 6) for _ in range(20_000)]

    assert sum(excesses) / len(excesses) == pytest.approx(-3.2189, abs=0.02)


@pytest.mark.parametrize("prior", [4, 12])
def test_the_degrees_of_freedom_of_a_scaled_inverse_chi_square_prior_are_found(prior):
    rng = random.Random(5)
    variances = [chi_square(rng, 8) / 8 * prior / chi_square(rng, prior) for _ in range(20_000)]
    excesses = [log_variance_excess(variance, 8) for variance in variances]
    middle = sorted(excesses)[len(excesses) // 2]

    found = prior_freedom([excess - middle for excess in excesses], 8)

    assert found == pytest.approx(prior, rel=0.2)


def test_variances_that_agree_better_than_chance_get_a_strong_prior():
    assert prior_freedom([0.0] * 50, 8) == MOST_PRIOR_FREEDOM
    assert prior_freedom([], 8) == MOST_PRIOR_FREEDOM


def test_a_moderated_variance_lies_between_prior_and_own():
    assert moderated_variance(1.0, 4, 3.0, 4) == 2.0
