"""What a baseline keeps of counters: the most of its runs."""

from lapwing.analysis.baseline_counts import most_counted
from lapwing.model.record import Count


def test_the_most_of_any_run_counts_and_none_is_left_out():
    runs = [
        {"a": {"leaks": Count(1), "sleep": Count(9)}, "b": {"leaks": Count(0)}},
        {"a": {"leaks": Count(3)}, "c": {"leak": Count(1)}},
        {"a": {"leaks": Count(2)}},
    ]

    assert most_counted(runs, ["leak", "leaks"]) == {"a": {"leaks": 3}, "c": {"leak": 1}}
