"""Long reading is told on a terminal, and only there; the line is gone when the answer comes."""

import io
import sys

import pytest

from lapwing.cli.main import main


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def aside(monkeypatch):
    """What a command writes to standard error where that is a terminal."""
    monkeypatch.setenv("TERM", "xterm")

    def aside(*words):
        terminal = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", terminal)
            main(words)
        return terminal.getvalue()

    return aside


COMMANDS = [
    (("history", "test_7"), "reading the runs of tests/api/test_shop.py::test_7"),
    (("history", "nothing", "--benchmark"), "reading the benchmarks of all runs"),
    (("trend",), "reading the runs"),
    (("flaky",), "reading the runs"),
]


@pytest.mark.parametrize(("words", "said"), COMMANDS)
def test_what_is_done_is_told_in_a_line_that_goes_away(with_history, aside, words, said):
    shown = aside(*words)

    assert f"\r\x1b[K{said}" in shown
    # Whatever follows stands on an empty line.
    assert shown.rpartition(said)[2].startswith("\r\x1b[K")


@pytest.mark.parametrize(("words", "said"), COMMANDS)
def test_a_pipe_hears_nothing_of_it(with_history, words, said):
    with_history.run(*words)

    assert said not in with_history.err
    assert "\x1b" not in with_history.err


def test_a_dumb_terminal_hears_nothing_of_it(with_history, aside, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")

    assert "reading" not in aside("trend")


def test_a_name_with_control_characters_does_not_reach_the_terminal(shop, make_run, aside):
    run = make_run(0)
    shop.record(run._replace(tests=(run.tests[0]._replace(nodeid="tests/test_a.py::t[\x1b]0;x\x07]"),)))

    shown = aside("history", "tests/test_a.py::t[\x1b]0;x\x07]")

    assert "\x1b]0;x" not in shown
    assert "reading the runs of tests/test_a.py::t" in shown
