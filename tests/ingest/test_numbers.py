import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.ingest.numbers import LONGEST_NS, Style, decide, read_duration, resolution_ns

MS = 1_000_000
S = 1_000 * MS


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1.5", 1_500 * MS),
        (" 0.25 ", 250 * MS),
        ("3", 3 * S),
        ("5.9e-05", 59_000),
        ("1E-3", MS),
        ("0.", 0),
        (".5", 500 * MS),
        ("-0.000000", 0),
        ("2,120.532", 2_120_532 * MS),
        ("1,234,567.8", 1_234_567_800 * MS),
        ("1.234,5", 1_234_500 * MS),
        ("1.234.567,5", 1_234_567_500 * MS),
        ("0,160", 160 * MS),
        ("12,5", 12_500 * MS),
        ("1,234,567", 1_234_567 * S),
        ("1'234.5", None),
        ("1 234", 1_234 * S),
        ("0.5s", 500 * MS),
        ("12ms", 12 * MS),
        ("7 µs", 7_000),
        ("2 min", 120 * S),
        ("00:00:01.5000000", 1_500 * MS),
        ("1.02:03:04", 93_784 * S),
        ("02:30", 9_000 * S),
        ("", None),
        ("NaN", None),
        ("Infinity", None),
        ("-345345", None),
        ("1e400", None),
        ("99999999999", None),
        ("1_000", None),
        ("٣", None),
        ("12,34.56,78", None),
        ("abc", None),
    ],
)
def test_durations_as_reports_write_them(text, ns):
    assert read_duration(text).ns == ns


@pytest.mark.parametrize("text", ["-1", "NaN", "1e400", "soon"])
def test_what_is_no_duration_is_told_with_its_text(text):
    assert text in read_duration(text).warning


def test_a_lone_group_of_three_is_in_doubt_and_both_readings_are_told():
    read = read_duration("1,250")

    assert read.ns is None
    assert read.candidates == (1_250 * MS, 1_250 * S)
    assert "1.25 s or 1250 s" in read.warning
    assert read_duration("1,250", style=Style.DECIMAL).ns == 1_250 * MS
    assert read_duration("1,250", style=Style.THOUSANDS).ns == 1_250 * S


def test_the_total_of_a_suite_decides_what_a_comma_is():
    pairs = [(1_250 * MS, 1_250 * S), (2_000 * MS, 2_000 * S)]

    assert decide(pairs, S, read_duration("4.25")) is Style.DECIMAL
    assert decide(pairs, S, read_duration("3251.0")) is Style.THOUSANDS
    assert decide(pairs, S, read_duration("99")) is None
    assert decide(pairs, S, read_duration("")) is None


@pytest.mark.parametrize(
    ("text", "ns"), [("7", MS), ("0.1", MS), ("0.123", MS), ("0.12345", 10_000), ("", MS)]
)
def test_the_step_of_a_clock_is_told_by_digits_beyond_three(text, ns):
    assert resolution_ns(text) == ns


@given(st.text(max_size=30))
def test_any_text_is_a_duration_in_range_or_none(text):
    ns = read_duration(text).ns

    assert ns is None or 0 <= ns <= LONGEST_NS


@given(st.integers(0, 10**12))
def test_seconds_with_nanoseconds_are_read_exactly(ns):
    assert read_duration(f"{ns // 10**9}.{ns % 10**9:09}").ns == pytest.approx(ns, abs=ns * 2e-16 + 0.5)
