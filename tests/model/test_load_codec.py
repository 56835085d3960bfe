"""The JSON form of a load test, there and back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.load import LoadResult, LoadStep, LoadUnit
from lapwing.model.load_codec import load_dict, load_of

times = st.none() | st.integers(0, 10**13)
rates = st.floats(0, 1e6, allow_nan=False)
steps = st.builds(
    LoadStep,
    load=rates,
    users=st.integers(0, 10**6),
    duration_ns=st.integers(0, 10**13),
    offered_rps=st.none() | rates,
    achieved_rps=rates,
    requests=st.integers(0, 10**9),
    failures=st.integers(0, 10**9),
    p50_ns=times,
    p95_ns=times,
    p99_ns=times,
    max_ns=times,
    lateness_ns=times,
    generator_cpu=st.none() | rates,
    errors=st.dictionaries(st.text(), st.integers(1, 9), max_size=3),
    broken=st.lists(st.text(), max_size=2).map(tuple),
)


@given(st.lists(steps, max_size=3).map(tuple), st.sampled_from(LoadUnit))
def test_a_result_comes_back_as_it_was(played, unit):
    result = LoadResult("shop", "GET /", unit, 20.0, steps=played, started_at_ns=7, duration_ns=10**12)

    assert load_of(json.loads(json.dumps(load_dict(result)))) == result
