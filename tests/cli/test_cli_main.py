"""The frame of the command line: verbs, faults, interruption, terminal or pipe."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.cli.main import main
from lapwing.cli.output import Output, confirms
from lapwing.errors import UnreadableFileError
from lapwing.report.page import Page


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_without_a_verb_the_verbs_are_listed(capsys):
    assert main([]) == 2

    out = capsys.readouterr().out
    for verb in ("init", "run", "report", "compare", "check", "baseline", "prune", "doctor"):
        assert f"\n    {verb}" in out


def test_an_unknown_verb_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["fly"])

    assert caught.value.code == 2


def test_a_misspelled_verb_is_answered_with_the_nearest(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["chek"])

    said = capsys.readouterr().err
    assert "there is no verb 'chek', did you mean 'check'? ('lapwing --help' lists them)" in said


@pytest.mark.parametrize("words", [("run", "-q"), ("baseline", "update", "-q")])
def test_an_argument_for_pytest_in_the_wrong_place_is_told_where_it_belongs(capsys, words):
    with pytest.raises(SystemExit) as caught:
        main(words)

    assert caught.value.code == 2
    assert "unrecognized arguments: -q; arguments for pytest follow --" in capsys.readouterr().err


def test_another_unknown_argument_is_only_named(capsys):
    with pytest.raises(SystemExit):
        main(["runs", "--nope"])

    assert capsys.readouterr().err.endswith("unrecognized arguments: --nope\n")


@pytest.mark.parametrize("verb", ["runs", "show", "report"])
@pytest.mark.parametrize("limit", ["0", "-1"])
def test_a_limit_under_one_is_refused(capsys, verb, limit):
    with pytest.raises(SystemExit) as caught:
        main([verb, "--limit", limit])

    assert caught.value.code == 2
    assert "is not a whole number of 1 or more" in capsys.readouterr().err


def test_the_help_of_an_act_says_what_it_does_and_where_examples_are(capsys):
    with pytest.raises(SystemExit):
        main(["baseline", "update", "--help"])

    said = capsys.readouterr().out
    assert "Write the baseline file." in said
    assert "'lapwing baseline --help' has examples." in said


def test_a_limit_past_all_numbers_of_a_store_shows_all(with_history):
    assert with_history.run("runs", "--limit", "9" * 30) == 0

    assert "6 runs" in with_history.out


def test_an_interruption_ends_with_130(shop, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lapwing.cli.commands.runs.run", interrupted)

    assert shop.run("runs") == 130

    assert "interrupted" in shop.err


def test_a_fault_in_the_settings_is_told_once_with_its_place_and_the_rest_holds(with_history):
    (with_history.root / "pyproject.toml").write_text("[tool.lapwing]\nkeep_dayz = 3\n")

    assert with_history.run("compare") == 0

    assert with_history.err.count("keep_dayz: there is no such option") == 1
    assert "Did you mean 'keep_days'?" in with_history.err
    assert "pyproject.toml" in with_history.err


def test_a_setting_that_names_no_store_is_told_with_its_place(shop, monkeypatch):
    (shop.root / "pyproject.toml").write_text("[tool.lapwing]\nstore = 'x://y'\n")

    assert shop.run("runs") == 2
    assert "pyproject.toml [tool.lapwing] store: x://... is not a store" in shop.err

    monkeypatch.setenv("LAPWING_STORE", "z://y")

    assert shop.run("runs") == 2
    assert "LAPWING_STORE: z://... is not a store" in shop.err


def test_a_damaged_store_is_moved_away_by_the_command_that_is_told(shop, tmp_path):
    store = shop.root / ".lapwing" / "a store.sqlite"
    store.write_text("garbage " * 100)

    assert shop.run("runs", "--store", str(store)) == 2

    command = next(line.partition(": mv ")[2] for line in shop.err.splitlines() if ": mv " in line)
    subprocess.run(f"mv {command}", shell=True, cwd=tmp_path, check=True)
    assert not store.exists()
    assert "This store is named by --store." in shop.err


class TestReader:
    """The reader of the output has gone, or has no room."""

    @pytest.fixture
    def lapwing(self, with_history):
        def run(*words, out):
            return subprocess.run(
                [sys.executable, "-m", "lapwing", *words, "--root", str(with_history.root)],
                stdout=out,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            )

        return run

    @pytest.mark.parametrize("words", [["runs"], ["show", "--format", "json"]])
    def test_a_full_disk_is_told(self, lapwing, words):
        if not Path("/dev/full").exists():
            pytest.skip("there is no /dev/full here")
        with open("/dev/full", "w") as full:
            done = lapwing(*words, out=full)

        assert done.returncode == 2
        assert "standard output: cannot be written: No space left" in done.stderr
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr

    @pytest.mark.parametrize(("words", "code"), [(["show", "--format", "json"], 0), (["check"], 1)])
    def test_a_reader_that_has_gone_changes_nothing(self, lapwing, with_history, make_run, words, code):
        with_history.record(make_run(6, factors={7: 4.0}))
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = lapwing(*words, out=writing)
        finally:
            os.close(writing)

        assert done.returncode == code
        assert done.stderr == ""

    @pytest.mark.parametrize(("closed", "words", "code"), [(">&-", "runs", 0), ("2>&-", "show nobody", 2)])
    def test_a_closed_stream_leaves_the_exit_code(self, with_history, closed, words, code):
        command = f"'{sys.executable}' -m lapwing {words} {closed}"

        done = subprocess.run(command, shell=True, cwd=with_history.root, capture_output=True, check=False)

        assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_another_project_can_be_named(with_history, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert with_history.run("runs", "--root", str(with_history.root)) == 0


class TestOutput:
    def test_a_terminal_is_drawn_on_and_a_pipe_gets_plain_text(self):
        page = Page(title="runs", verdict="fine")
        drawn, plain = Terminal(), io.StringIO()

        Output(drawn, io.StringIO(), environ={}).page(page)
        Output(plain, io.StringIO(), environ={}).page(page)

        assert "\x1b[" in drawn.getvalue()
        assert "\x1b[" not in plain.getvalue()

    @pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_a_terminal_without_colors_gets_plain_text(self, environ):
        stream = Terminal()

        Output(stream, io.StringIO(), environ=environ).page(Page(title="runs", verdict="fine"))

        assert "\x1b[" not in stream.getvalue()

    def test_what_the_stream_cannot_write_becomes_a_question_mark(self):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding="ascii")

        output = Output(stream, io.StringIO(), environ={})
        output.text("3 → 4")
        output.flush()

        assert raw.getvalue() == b"3 ? 4"

    def test_a_file_that_cannot_be_written_is_named(self, tmp_path):
        with pytest.raises(UnreadableFileError) as caught:
            Output(io.StringIO(), io.StringIO(), environ={}).write_or_say("x", str(tmp_path))

        assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(("answer", "said"), [("y", True), ("YES", True), ("", False), ("no", False)])
def test_only_a_yes_is_a_yes(monkeypatch, answer, said):
    monkeypatch.setattr("os.isatty", lambda descriptor: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)

    assert confirms("Really?") is said


def test_the_end_of_the_input_is_a_no(monkeypatch):
    def ended(question):
        raise EOFError

    monkeypatch.setattr("os.isatty", lambda descriptor: True)
    monkeypatch.setattr("builtins.input", ended)

    assert confirms("Really?") is False


def test_where_nobody_can_answer_the_answer_is_no(monkeypatch):
    monkeypatch.setattr("os.isatty", lambda descriptor: False)

    assert confirms("Really?") is False


def test_the_project_may_be_named_before_the_verb(with_history, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert with_history.run("--root", str(with_history.root), "runs") == 0
    assert with_history.run("--root", "nowhere", "runs", "--root", str(with_history.root)) == 0


def test_a_project_that_is_no_folder_is_said(shop):
    assert shop.run("runs", "--root", "nowhere") == 2

    assert f"{shop.root / 'nowhere'}: there is no such folder" in shop.err
