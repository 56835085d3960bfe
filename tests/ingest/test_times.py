import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.ingest.times import epoch_ns, moment_ns


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-20T18:22:37+00:00", 1_795_198_957),
        ("2026-11-20T19:22:37+01:00", 1_795_198_957),
        ("2026-11-20T18:22:37Z", 1_795_198_957),
        ("2026-11-20 18:22:37 UTC", 1_795_198_957),
        ("Fri, 20 Nov 2026 18:22:37 GMT", 1_795_198_957),
        ("2026-11-20T18:22:37", None),
        ("1970-01-01T00:00:00.000Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        ("yesterday", None),
    ],
)
def test_moments_with_a_zone_are_known_others_are_not(text, seconds):
    assert moment_ns(text) == (None if seconds is None else seconds * 10**9)


def test_fractions_finer_than_microseconds_are_cut():
    assert moment_ns("2021-04-20T08:31:32.9669698+02:00") == 1_618_900_292_966_969_000


def test_numbers_that_cannot_be_a_moment_are_none():
    assert epoch_ns(0, 1_000_000) is None
    assert epoch_ns(float("nan"), 1) is None
    assert epoch_ns(1_795_198_957_000, 1_000_000) == 1_795_198_957 * 10**9


@given(st.text(max_size=40))
def test_no_text_raises(text):
    moment_ns(text)
