"""Entries of a baseline file that move to an accepted level."""

from lapwing.analysis.accepted_entries import moved_entries
from lapwing.model.baseline import BaselineEntry, BaselineFile, GroupEntry
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.thresholds import ChangeThresholds

FILE = BaselineFile(
    date="2026-11-01",
    tests={
        "tests/a.py::one": BaselineEntry("tests/a.py::one", 100, 120, quiet_ns=90, cpu_ns=80),
        "tests/a.py::two": BaselineEntry("tests/a.py::two", 100, 500, threshold_is_manual=True),
        "tests/a.py::three": BaselineEntry("tests/a.py::three", 100, 120),
    },
    groups={"tests": GroupEntry("tests", 300, 345)},
)


def comparison(nodeid: str, ratio: float, metric: str = "wall") -> Comparison:
    return Comparison(nodeid, metric, "ns", 1, ratio, ratio, None, None, None, ChangeVerdict.REGRESSED)


def moved(*nodeids: str) -> BaselineFile:
    comparisons = [comparison(name, 2.0) for name in FILE.tests]
    comparisons.append(comparison("tests/a.py::one", 1.5, "cpu"))
    return moved_entries(FILE, nodeids, comparisons, ChangeThresholds())


def test_times_and_limit_of_an_accepted_test_move_along():
    entry = moved("tests/a.py::one").tests["tests/a.py::one"]

    assert (entry.duration_ns, entry.quiet_ns, entry.cpu_ns, entry.threshold_ns) == (200, 180, 120, 240)


def test_the_sum_of_its_folder_grows_by_as_much():
    assert moved("tests/a.py::one").groups["tests"] == GroupEntry("tests", 400, 460)


def test_a_limit_set_by_hand_stays():
    entry = moved("tests/a.py::two").tests["tests/a.py::two"]

    assert (entry.duration_ns, entry.threshold_ns) == (200, 500)


def test_all_other_tests_stay():
    after = moved("tests/a.py::one")

    assert after.tests["tests/a.py::three"] == FILE.tests["tests/a.py::three"]
    assert moved("nobody") == FILE
