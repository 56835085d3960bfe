"""`lapwing baseline`: written, shown, copied, and never overwritten unasked on a terminal."""

import json

import pytest

from lapwing.cli.output import Output


@pytest.fixture
def baseline_file(shop):
    return shop.root / "tests" / ".performance_baseline.json"


@pytest.fixture
def on_a_terminal(monkeypatch):
    monkeypatch.setattr(Output, "is_terminal", property(lambda self: True))
    monkeypatch.setenv("NO_COLOR", "1")


class TestUpdate:
    def test_the_newest_complete_run_is_taken(self, with_history, make_run, baseline_file):
        with_history.record(make_run(6, is_complete=False))

        assert with_history.run("baseline", "update") == 0

        assert "wrote the baseline of 40 tests" in with_history.out
        assert "from 1 run\n" in with_history.out
        assert json.loads(baseline_file.read_text())["baseline_date"] == "2026-09-26"

    def test_without_a_complete_run_nothing_is_written(self, shop, make_run, baseline_file):
        shop.record(make_run(0, is_complete=False))

        assert shop.run("baseline", "update") == 2

        assert "no complete run" in shop.err
        assert not baseline_file.exists()

    def test_words_for_pytest_without_a_run_of_it_are_refused(self, with_history, baseline_file):
        assert with_history.run("baseline", "update", "01a1fd3a") == 2

        assert "01a1fd3a would go to pytest" in with_history.err
        assert "--runs N" in with_history.err
        assert not baseline_file.exists()

    def test_without_a_test_that_passed_nothing_is_written(self, shop, make_run, baseline_file):
        shop.record(make_run(0)._replace(tests=()))

        assert shop.run("baseline", "update") == 2

        assert "no test passed" in shop.err
        assert not baseline_file.exists()

    def test_the_suite_is_run_as_often_as_asked_for(self, shop, make_run, monkeypatch):
        handed_over = []

        def run_suite(settings, arguments, *, environ, with_store):
            handed_over.append(list(arguments))
            shop.record(make_run(len(handed_over)))
            return 0

        monkeypatch.setattr("lapwing.cli.commands.baseline.run_suite", run_suite)

        assert shop.run("baseline", "update", "--runs", "3", "--", "-k", "cart") == 0

        assert handed_over == [["-k", "cart"]] * 3
        assert "from 3 runs" in shop.out

    def test_runs_that_did_not_end_well_leave_the_baseline_as_it_is(self, with_history, monkeypatch):
        monkeypatch.setattr("lapwing.cli.commands.baseline.run_suite", lambda *_, **__: 2)

        assert with_history.run("baseline", "update", "--runs", "2") == 2

        assert "pytest ended with 2" in with_history.err

    def test_runs_from_before_do_not_stand_in_for_runs_that_were_cut_short(
        self, with_history, make_run, monkeypatch, baseline_file
    ):
        left = [make_run(7), make_run(8, is_complete=False)]

        def run_suite(*_, **__):
            with_history.record(left.pop(0))
            return 0

        monkeypatch.setattr("lapwing.cli.commands.baseline.run_suite", run_suite)

        assert with_history.run("baseline", "update", "--runs", "2") == 2

        assert "1 of 2 runs are complete" in with_history.err
        assert not baseline_file.exists()

    @pytest.mark.parametrize("count", ["0", "-1", "few"])
    def test_a_count_that_is_none_is_refused(self, shop, capsys, count):
        with pytest.raises(SystemExit) as caught:
            shop.run("baseline", "update", "--runs", count)

        assert caught.value.code == 2
        assert "is not a whole number of 1 or more" in capsys.readouterr().err

    def test_a_run_of_a_part_of_the_suite_does_not_replace_the_baseline(
        self, with_history, make_run, baseline_file
    ):
        with_history.run("baseline", "update")
        before = baseline_file.read_text()
        part = make_run(6)
        with_history.record(part._replace(tests=part.tests[:35]))

        assert with_history.run("baseline", "update") == 2

        assert "only 35 of the 40 tests in the baseline" in with_history.err
        assert "--yes" in with_history.err
        assert baseline_file.read_text() == before

    def test_a_run_of_nearly_the_whole_suite_replaces_the_baseline(
        self, with_history, make_run, baseline_file
    ):
        with_history.run("baseline", "update")
        nearly = make_run(6)
        with_history.record(nearly._replace(tests=nearly.tests[:36]))

        assert with_history.run("baseline", "update") == 0

        assert len(json.loads(baseline_file.read_text())["tests"]) == 36

    def test_with_yes_a_part_replaces_the_baseline(self, with_history, make_run, baseline_file):
        with_history.run("baseline", "update")
        part = make_run(6)
        with_history.record(part._replace(tests=part.tests[:3]))

        assert with_history.run("baseline", "update", "--yes") == 0

        assert len(json.loads(baseline_file.read_text())["tests"]) == 3


class TestBroken:
    """The baseline that stands there cannot be read."""

    def test_update_takes_its_place_and_keeps_it_beside(self, with_history, baseline_file):
        baseline_file.write_text('{"tests": ')

        assert with_history.run("baseline", "update") == 0

        assert "in the place of a broken one" in with_history.out
        assert "kept as .performance_baseline.json.corrupt" in with_history.out
        assert len(json.loads(baseline_file.read_text())["tests"]) == 40
        assert baseline_file.with_name(f"{baseline_file.name}.corrupt").read_text() == '{"tests": '

    def test_the_marks_of_a_merge_are_named_with_the_way_to_mend(self, with_history, baseline_file):
        with_history.run("baseline", "update")
        half = baseline_file.read_text()
        baseline_file.write_text(f"<<<<<<< HEAD\n{half}=======\n{half}>>>>>>> theirs\n")

        assert with_history.run("baseline", "show") == 2

        assert f"{baseline_file}:1: git has left the marks of an unfinished merge" in with_history.err
        assert f"git checkout --ours -- {baseline_file}" in with_history.err
        assert "lapwing baseline update" in with_history.err
        assert with_history.run("baseline", "update") == 0

    def test_that_of_a_newer_version_is_left_alone(self, with_history, baseline_file):
        baseline_file.write_text('{"format_version": 99}')

        assert with_history.run("baseline", "update") == 2

        assert "format version 99" in with_history.err
        assert baseline_file.read_text() == '{"format_version": 99}'


@pytest.mark.usefixtures("on_a_terminal")
class TestAsking:
    @pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 2)])
    def test_a_person_is_asked_before_a_baseline_is_overwritten(
        self, with_history, make_run, baseline_file, monkeypatch, answer, code
    ):
        with_history.run("baseline", "update")
        before = baseline_file.read_text()
        with_history.record(make_run(6))
        questions = []
        monkeypatch.setattr("lapwing.cli.desk.confirms", lambda text: questions.append(text) or answer)

        assert with_history.run("baseline", "update") == code

        assert questions == [f"Overwrite {baseline_file}?"]
        assert (baseline_file.read_text() != before) is answer

    @pytest.mark.parametrize(("words", "code"), [((), 2), (("--yes",), 0)])
    def test_a_report_asks_before_it_makes_another_baseline(self, with_history, monkeypatch, words, code):
        with_history.run("report", "--create-baseline")
        monkeypatch.setattr("lapwing.cli.desk.confirms", lambda text: False)

        assert with_history.run("report", "latest~1", "--create-baseline", *words) == code

    def test_with_yes_nobody_is_asked(self, with_history, baseline_file):
        with_history.run("baseline", "update")

        assert with_history.run("baseline", "update", "--yes") == 0


class TestShow:
    def test_the_longest_tests_stand_first_with_their_limits(self, with_history, name_of):
        with_history.run("baseline", "update")

        assert with_history.run("baseline") == 0

        assert "40 tests from 1 run of" in with_history.out
        assert "the 20 longest of 40" in with_history.out
        assert name_of(39) in with_history.out
        assert "fewer than 5 runs" in with_history.out

    def test_json_holds_all_of_it(self, with_history):
        with_history.run("baseline", "update")

        document = with_history.json("baseline", "show")

        assert len(document["tests"]) == 40
        assert {group["name"] for group in document["groups"]} == {"tests/api", "tests/unit"}

    def test_an_old_baseline_is_called_old(self, shop, make_run):
        shop.record(make_run(0, started_at_ns=1_000_000_000 * 10**9))
        shop.run("baseline", "update")

        shop.run("baseline", "show")

        assert "days old; renew it" in shop.out

    def test_tests_that_it_misses_are_counted(self, with_history, make_run, name_of):
        with_history.run("baseline", "update")
        run = make_run(6)
        new = tuple(run.tests[at]._replace(nodeid=f"tests/new.py::test_{at}") for at in range(20))
        with_history.record(run._replace(tests=run.tests + new))

        document = with_history.json("baseline", "show")
        with_history.run("baseline", "show")

        said = " ".join(with_history.out.split())
        assert (
            "it misses 20 of 60 tests of the newest complete run, such as tests/new.py::test_0; renew" in said
        )
        assert len(document["missing_tests"]) == 20

    def test_without_a_baseline_the_way_to_one_is_told(self, shop):
        assert shop.run("baseline", "show") == 2

        assert "lapwing baseline update" in shop.err


class TestCopies:
    def test_export_prints_the_file_as_it_is(self, with_history, baseline_file):
        with_history.run("baseline", "update")

        assert with_history.run("baseline", "export") == 0

        assert with_history.out == baseline_file.read_text()

    def test_without_a_baseline_there_is_nothing_to_export(self, shop):
        assert shop.run("baseline", "export") == 2

    def test_of_a_folder_of_artifacts_the_newest_baseline_is_taken(self, with_history, baseline_file):
        for folder, run in (("old", "0"), ("new", "3")):
            with_history.run("report", f"0192f3a1-7c11-7d2e-9f00-00000000000{run}", "--create-baseline")
            with_history.run("baseline", "export", f"artifacts/{folder}/{baseline_file.name}")
        baseline_file.unlink()

        assert with_history.run("baseline", "import", "artifacts") == 0

        assert "artifacts/new" in with_history.out
        assert json.loads(baseline_file.read_text())["baseline_date"] == "2026-09-24"

    @pytest.mark.parametrize("text", ["no JSON", '{"tests": [{"nodeid": "a", "duration": 1}]}'])
    def test_a_file_that_is_no_baseline_is_said_and_not_copied(self, shop, text):
        (shop.root / "other.json").write_text(text)

        assert shop.run("baseline", "import", "other.json") == 2

        assert "Expected is a baseline file" in shop.err
        assert not list(shop.root.glob("*.corrupt"))

    def test_a_folder_without_a_baseline_is_said(self, shop):
        assert shop.run("baseline", "import", "tests") == 2

        assert ".performance_baseline.json" in shop.err
