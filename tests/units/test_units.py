"""Text with units becomes numbers, and numbers become text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.errors import ConfigurationError
from lapwing.units import (
    exact_duration,
    exact_size,
    format_change,
    format_count,
    format_duration,
    format_share,
    format_size,
    parse_duration,
    parse_percent,
    parse_size,
)

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1.5s", 1_500_000_000),
        ("200ms", 200_000_000),
        (" 200 MS ", 200_000_000),
        ("3us", 3_000),
        ("3µs", 3_000),
        ("7ns", 7),
        ("5min", 300 * SECOND),
        ("5m", 300 * SECOND),
        ("1h 30m", 5400 * SECOND),
        ("1h30min", 5400 * SECOND),
        ("2d", 172_800 * SECOND),
        (".5s", SECOND // 2),
        ("0", 0),
        (0, 0),
        ("0ms", 0),
    ],
)
def test_a_duration_is_read(text, ns):
    assert parse_duration(text) == ns


@pytest.mark.parametrize(
    "text",
    ["", "s", "1", 1.5, "1 parsec", "1s2", "-1s", "1..5s", "1e3s", "nan", "inf", "1s nonsense", "1,5s"],
)
def test_what_is_no_duration_is_refused_with_its_place(text):
    with pytest.raises(ConfigurationError) as caught:
        parse_duration(text, where="pyproject.toml limit")

    assert caught.value.where == "pyproject.toml limit"
    assert repr(text) in str(caught.value)
    assert caught.value.mend


@pytest.mark.parametrize(("bare_unit", "ns"), [("ms", 2_500_000), ("s", 2_500_000_000)])
def test_a_bare_number_is_taken_in_the_unit_that_is_allowed(bare_unit, ns):
    assert parse_duration("2.5", bare_unit=bare_unit) == parse_duration(2.5, bare_unit=bare_unit) == ns


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e300"])
def test_a_bare_number_out_of_range_is_refused(text):
    with pytest.raises(ConfigurationError, match="out of range"):
        parse_duration(text, bare_unit="s")


@pytest.mark.parametrize(
    ("text", "size"),
    [("10MB", 10_000_000), ("512 KiB", 524_288), ("1.5gb", 1_500_000_000), ("1GiB", 1 << 30), ("7b", 7)],
)
def test_a_size_is_read(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "10", 10, "MB", "-1MB", "1 MB 2 kB", "10 megs"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ConfigurationError, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize(("text", "share"), [("80%", 0.8), ("80", 0.8), (80, 0.8), (12.5, 0.125), ("0", 0.0)])
def test_a_percentage_is_read(text, share):
    assert parse_percent(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "%", "-1", "nan", "inf", "much"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(ConfigurationError, match="is not a percentage"):
        parse_percent(text)


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0 s"),
        (1, "1 ns"),
        (999, "999 ns"),
        (1_000, "1.00 µs"),
        (15_340, "15.3 µs"),
        (999_499, "999 µs"),
        (999_500, "1.00 ms"),
        (204_000_000, "204 ms"),
        (999_400_000, "999 ms"),
        (999_500_000, "1.00 s"),
        (1_530_000_000, "1.53 s"),
        (59_940_000_000, "59.9 s"),
        (59_960_000_000, "1 min 00 s"),
        (61 * SECOND, "1 min 01 s"),
        (3599.6 * SECOND, "1 h 00 min"),
        (5_430 * SECOND, "1 h 30 min"),
        (-204_000_000, "-204 ms"),
    ],
)
def test_a_duration_is_shown_with_three_digits(ns, text):
    assert format_duration(ns) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (999_400, "999 kB"),
        (999_600, "1.00 MB"),
        (1_200_000, "1.20 MB"),
        (999_999_999, "1.00 GB"),
        (-300_000, "-300 kB"),
        (2.5e9, "2.50 GB"),
    ],
)
def test_a_size_is_shown(size, text):
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.43, "+43%"),
        (0.9999, "+0.0%"),
        (2.5, "+150%"),
        (12, "×12"),
        (0.5, "-50%"),
        (1.0, "+0.0%"),
        (1.034, "+3.4%"),
        (math.inf, "new"),
        (math.nan, "new"),
    ],
)
def test_a_change_is_shown_with_its_sign(ratio, text):
    assert format_change(ratio) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (0.0004, "<0.1%"),
        (0.0005, "0.1%"),
        (0.004, "0.4%"),
        (0.43, "43%"),
        (0.9949, "99%"),
        (305 / 306, "99.7%"),
        (0.99999, "99.9%"),
        (1, "100%"),
    ],
)
def test_a_share_is_shown(share, text):
    assert format_share(share) == text


@given(st.floats(0, 1))
def test_only_the_whole_is_shown_as_all_and_only_nothing_as_none(share):
    text = format_share(share)

    assert (text == "100%") is (share == 1)
    assert (text == "0%") is (share == 0)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs"), (1_000, "1,000 runs")]
)
def test_a_count_says_its_noun_in_the_right_number(count, text):
    assert format_count(count, "run") == text


@given(st.integers(0, 10**15))
def test_a_duration_that_was_shown_can_be_read_and_is_about_the_same(ns):
    again = parse_duration(format_duration(ns))

    assert again == pytest.approx(ns, rel=0.02, abs=31 * SECOND if ns >= 3599 * SECOND else 0)


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_a_longer_duration_is_never_shown_as_a_shorter_one(one, other):
    shorter, longer = sorted((one, other))

    assert parse_duration(format_duration(shorter)) <= parse_duration(format_duration(longer))


@given(st.integers(0, 10**17))
def test_a_size_that_was_shown_can_be_read_and_is_about_the_same(size):
    assert parse_size(format_size(size)) == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0ns"),
        (250_000_000, "250ms"),
        (1_500_000_000, "1.5s"),
        (90 * SECOND, "90s"),
        (300 * SECOND, "5min"),
        (1, "1ns"),
    ],
)
def test_a_duration_for_a_file_is_short(ns, text):
    assert exact_duration(ns) == text


@given(st.integers(min_value=0, max_value=10**15))
def test_texts_for_files_are_read_as_what_they_were_made_of(amount):
    assert parse_duration(exact_duration(amount)) == amount
    assert parse_size(exact_size(amount)) == amount
