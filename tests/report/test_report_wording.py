"""Sentences are true and plain."""

import pytest

from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.report.pages.wording import sentence

S = 1_000_000_000


def comparison(**changes):
    made = Comparison(
        nodeid="t",
        metric="wall",
        unit="ns",
        before=2.1 * S,
        after=3.0 * S,
        ratio=3.0 / 2.1,
        interval=(1.35, 1.52),
        p=1e-4,
        q=1e-3,
        verdict=ChangeVerdict.REGRESSED,
    )
    return made._replace(**changes)


def test_a_whole_sentence():
    assert sentence(comparison(), 1.08) == (
        "2.10 s → 3.00 s, +43% (interval +35% to +52%), 1 in 10,000 by chance, "
        "machine 1.08× slower already taken out"
    )


@pytest.mark.parametrize("factor", [None, 1.0, 1.01, 0.99])
def test_an_even_machine_is_not_worth_a_word(factor):
    assert "machine" not in sentence(comparison(), factor)


@pytest.mark.parametrize(("metric", "unit"), [("peak_bytes", "bytes"), ("counter:queries", "count")])
def test_what_no_machine_stretches_has_none_taken_out(metric, unit):
    assert "machine" not in sentence(comparison(metric=metric, unit=unit), 1.08)


def test_a_faster_machine_is_told_as_such():
    assert "machine 1.25× faster already taken out" in sentence(comparison(), 0.8)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.3, "easily by chance"),
        (0.05, "1 in 20 by chance"),
        (0.0034, "1 in 200 by chance"),
        (1e-3, "1 in 1,000 by chance"),
        (1e-9, "under 1 in 1,000,000 by chance"),
    ],
)
def test_chance_is_told_to_one_digit_and_never_flatters(p, words):
    assert words in sentence(comparison(p=p))


def test_what_was_not_computed_is_left_out_and_the_reason_comes_last():
    text = sentence(comparison(interval=None, p=None, reason="it waits longer"))

    assert text == "2.10 s → 3.00 s, +43%; it waits longer"


def test_bytes_and_counts_keep_their_units():
    assert sentence(comparison(unit="bytes", before=5e6, after=1e7, ratio=2.0, interval=None, p=None)) == (
        "5.00 MB → 10.0 MB, +100%"
    )
    assert sentence(comparison(unit="count", before=12, after=1200, ratio=100.0, interval=None, p=None)) == (
        "12 → 1,200, ×100"
    )


def test_a_change_that_the_measured_durations_do_not_show_says_what_it_is_of():
    text = sentence(comparison(before=0.342 * S, after=0.339 * S, ratio=2.16), 1.16)

    assert text.startswith("342 ms → 339 ms as measured, without waits for a processor +116% (interval")


@pytest.mark.parametrize("factor", [None, 1.4])
def test_the_machines_factor_alone_is_no_such_change(factor):
    shown = 1.43 * (factor or 1.0)

    assert "as measured" not in sentence(comparison(before=S, after=shown * S, ratio=1.43), factor)
