"""Student's t and the gamma derivatives, against scipy."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.gamma_functions import digamma, inverse_trigamma, trigamma
from lapwing.stats.incomplete_beta import incomplete_beta
from lapwing.stats.student_t import t_quantile, t_upper_tail

scipy_stats = pytest.importorskip("scipy.stats")
scipy_special = pytest.importorskip("scipy.special")

FREEDOM = st.floats(0.5, 500)


@given(t=st.floats(-60, 60), freedom=FREEDOM)
def test_upper_tail_of_t_agrees_with_scipy(t, freedom):
    assert t_upper_tail(t, freedom) == pytest.approx(scipy_stats.t.sf(t, freedom), rel=1e-8, abs=1e-300)


@given(p=st.floats(1e-9, 1 - 1e-9), freedom=FREEDOM)
def test_quantile_of_t_agrees_with_scipy(p, freedom):
    assert t_quantile(p, freedom) == pytest.approx(scipy_stats.t.ppf(p, freedom), rel=1e-6, abs=1e-7)


@given(t=st.floats(-30, 30), freedom=FREEDOM)
def test_both_tails_of_t_make_one(t, freedom):
    assert t_upper_tail(t, freedom) + t_upper_tail(-t, freedom) == pytest.approx(1)


def test_t_with_infinite_freedom_is_normal():
    assert t_upper_tail(1.959964, math.inf) == pytest.approx(0.025, rel=1e-6)


@given(x=st.floats(0.01, 1e4))
def test_digamma_and_trigamma_agree_with_scipy(x):
    assert digamma(x) == pytest.approx(scipy_special.digamma(x), rel=1e-9, abs=1e-9)
    assert trigamma(x) == pytest.approx(scipy_special.polygamma(1, x), rel=1e-9)


@given(x=st.floats(1e-4, 1e5))
def test_inverse_trigamma_undoes_trigamma(x):
    assert inverse_trigamma(trigamma(x)) == pytest.approx(x, rel=1e-6)


@given(a=st.floats(0.1, 200), b=st.floats(0.1, 200), x=st.floats(0, 1))
def test_incomplete_beta_agrees_with_scipy(a, b, x):
    assert incomplete_beta(a, b, x) == pytest.approx(scipy_special.betainc(a, b, x), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (t_upper_tail, (1.0, 0.0)),
        (t_quantile, (0.0, 3.0)),
        (t_quantile, (1.0, 3.0)),
        (digamma, (0.0,)),
        (trigamma, (-1.0,)),
        (inverse_trigamma, (0.0,)),
        (incomplete_beta, (1.0, 1.0, 1.5)),
    ],
)
def test_arguments_outside_the_domain_are_refused(call, arguments):
    with pytest.raises(ValueError):
        call(*arguments)
