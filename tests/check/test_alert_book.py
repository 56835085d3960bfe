"""Alerts: each cause is told once per level, and once when it has recovered, whatever order runs come in."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lapwing.check.alert_book import HOUR_NS, after_sending, messages_left, raise_alerts
from lapwing.model.alert import Alert, AlertBook, AlertLevel, CauseKind, Condition

SLOW = Condition(CauseKind.REGRESSION, "tests/a.py::t", title="Slower: t")
CRITICAL = SLOW._replace(level=AlertLevel.CRITICAL)
WARNING = SLOW._replace(level=AlertLevel.WARNING)
BETWEEN = SLOW
RECOVERED = SLOW._replace(is_recovered=True)

states = st.sampled_from((CRITICAL, WARNING, BETWEEN, RECOVERED, None))


def told(*conditions: Condition | None) -> list[list[AlertLevel]]:
    """The levels told after each run; None is a run in which the test did not run."""
    book, found = AlertBook(), []
    for at, condition in enumerate(conditions):
        given_now = () if condition is None else (condition,)
        book, alerts = raise_alerts(book, given_now, run_id=str(at), now_ns=at)
        found.append([alert.level for alert in alerts])
    return found


def test_a_lasting_cause_is_told_once() -> None:
    assert told(WARNING, WARNING, WARNING) == [[AlertLevel.WARNING], [], []]


def test_a_cause_that_becomes_critical_is_told_again() -> None:
    assert told(WARNING, CRITICAL) == [[AlertLevel.WARNING], [AlertLevel.CRITICAL]]


def test_a_cause_that_falls_back_to_a_warning_is_not_told() -> None:
    assert told(CRITICAL, WARNING, CRITICAL) == [[AlertLevel.CRITICAL], [], []]


def test_recovery_has_a_level_of_its_own_so_that_a_value_near_the_limit_does_not_flap() -> None:
    assert told(WARNING, BETWEEN, WARNING, BETWEEN) == [[AlertLevel.WARNING], [], [], []]


def test_recovery_is_told_once_and_then_the_cause_can_come_again() -> None:
    warned, recovered = [AlertLevel.WARNING], [AlertLevel.RECOVERED]

    assert told(WARNING, RECOVERED, RECOVERED, WARNING) == [warned, recovered, [], warned]


def test_a_run_without_the_test_changes_nothing() -> None:
    assert told(WARNING, None, WARNING) == [[AlertLevel.WARNING], [], []]


@given(st.lists(states, max_size=30))
def test_a_recovery_follows_an_alarm_and_is_never_told_twice_in_a_row(
    given_states: list[Condition | None],
) -> None:
    levels = [level for alerts in told(*given_states) for level in alerts]

    assert not levels or levels[0] is not AlertLevel.RECOVERED
    recovered = AlertLevel.RECOVERED
    assert all(one is not recovered or next_ is not recovered for one, next_ in itertools.pairwise(levels))


@given(st.lists(states, max_size=30))
def test_the_same_run_told_twice_says_nothing_new(given_states: list[Condition | None]) -> None:
    twice = [each for state in given_states for each in (state, state)]

    assert all(not alerts for alerts in told(*twice)[1::2])


def test_the_worst_comes_first() -> None:
    other = Condition(CauseKind.BUDGET, "tests/b.py::t", level=AlertLevel.CRITICAL, title="Over budget: t")

    _, alerts = raise_alerts(AlertBook(), (WARNING, other), run_id="1", now_ns=1)

    assert [alert.level for alert in alerts] == [AlertLevel.CRITICAL, AlertLevel.WARNING]


def test_messages_of_the_last_hour_count_and_older_ones_do_not() -> None:
    book = after_sending(AlertBook(), "chat", waiting=(), sent=2, now_ns=HOUR_NS)
    book = after_sending(book, "chat", waiting=(), sent=1, now_ns=HOUR_NS + 10)

    assert messages_left(book, "chat", per_hour=5, now_ns=2 * HOUR_NS - 1) == 2
    assert messages_left(book, "chat", per_hour=5, now_ns=2 * HOUR_NS + 5) == 4
    assert messages_left(book, "mail", per_hour=5, now_ns=HOUR_NS) == 5


def test_what_waits_for_one_channel_is_no_other_channels() -> None:
    alert = Alert("cause", AlertLevel.WARNING, "title", "body", "run", 1)

    book = after_sending(AlertBook(), "chat", waiting=(alert,), sent=0, now_ns=1)

    assert book.waiting == {"chat": (alert,)}
    assert after_sending(book, "chat", waiting=(), sent=1, now_ns=2).waiting == {}
