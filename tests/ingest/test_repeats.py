import pytest

from lapwing.ingest.reader import Repeats, ReportFacts
from lapwing.ingest.repeats import Entry, entries
from lapwing.ingest.to_run import named_tests
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

OUTCOMES = {"p": Outcome.PASSED, "f": Outcome.FAILED, "e": Outcome.ERROR, "s": Outcome.SKIPPED}
MS = 1_000_000


def read(letters: str, repeats: Repeats | None, tool: str = "") -> list[Entry]:
    items = [ReportFacts(tool=tool, repeats=repeats)]
    items += [
        ReadTest(name="t", status=OUTCOMES[letter], duration_ns=at * MS, shown_duration_ns=at * MS)
        for at, letter in enumerate(letters, start=1)
    ]
    return [item for item in entries(items) if isinstance(item, Entry)]


@pytest.mark.parametrize(
    ("letters", "repeats", "tool", "outcomes"),
    [
        ("pp", Repeats.BY_OUTCOME, "", ["passed", "passed"]),
        ("fp", Repeats.BY_OUTCOME, "", ["flaky"]),
        ("fpp", Repeats.BY_OUTCOME, "", ["flaky"]),
        ("pf", Repeats.BY_OUTCOME, "", ["failed"]),
        ("ff", Repeats.BY_OUTCOME, "", ["failed"]),
        ("fp", Repeats.OCCURRENCES, "jest", ["failed", "passed"]),
        ("pp", Repeats.ATTEMPTS, "go test", ["passed"]),
        ("ppp", Repeats.ATTEMPTS, "pytest", ["flaky"]),
        ("pf", Repeats.ATTEMPTS, "pytest", ["failed"]),
        ("fe", Repeats.ATTEMPTS, "pytest", ["failed"]),
    ],
)
def test_entries_of_one_name_are_attempts_or_tests(letters, repeats, tool, outcomes):
    read_entries = read(letters, repeats, tool)

    assert [named.test.status.value for named in named_tests(read_entries, tool)] == outcomes
    # The stream comes to the same end as the whole: each entry says what it replaces.
    streamed: list[str] = []
    for entry in read_entries:
        if entry.before is not None:
            streamed.remove(entry.before.value)
        streamed.append(entry.outcome.value)
    assert sorted(streamed) == sorted(outcomes)


def test_the_last_attempt_is_judged_and_all_are_kept():
    (named,) = named_tests(read("fp", None))

    assert named.test.duration_ns == 2 * MS
    assert named.test.duration_kind == "last"
    assert [(each.status.value, each.duration_ns) for each in named.test.attempts] == [
        ("failed", MS),
        ("passed", 2 * MS),
    ]


def test_a_failure_and_the_error_of_its_tear_down_are_one_attempt_of_both_times():
    (named,) = named_tests(read("fe", Repeats.ATTEMPTS, "pytest"), "pytest")

    assert named.test.attempts == ()
    assert named.test.duration_ns == 3 * MS


def test_tests_that_share_a_name_are_numbered():
    assert [named.nodeid for named in named_tests(read("ppp", Repeats.OCCURRENCES))] == ["t", "t #2", "t #3"]


def test_names_far_back_are_forgotten_so_that_memory_stays_flat():
    items = [ReadTest(name=f"t{at % 30}", status=Outcome.FAILED) for at in range(60)]

    near = [item for item in entries(items, window=40) if isinstance(item, Entry)]
    far = [item for item in entries(items, window=10) if isinstance(item, Entry)]

    assert sum(entry.is_attempt for entry in near) == 30
    assert sum(entry.is_attempt for entry in far) == 0
