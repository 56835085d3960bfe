"""`lapwing report`: forms, files, filters, exit codes."""

import json
from pathlib import Path

import pytest

from lapwing.cli.main import main
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run
from lapwing.model.system_watch import SystemWatch
from lapwing.store.data_file import write_data_file
from lapwing.store.open_store import open_store
from lapwing.store.system_file import write_system_watch

SECOND = 1_000_000_000
HOSTILE = "tests/a.py::t[\x1b[31m|<b>]"


def made_run(number: int, *, is_complete: bool = True) -> RecordedRun:
    return RecordedRun(
        run=Run(
            run_id=f"0192f3a1-7c11-7d2e-9f00-{number:012x}",
            started_at_ns=(1_790_000_000 + number) * SECOND,
            duration_ns=4 * SECOND,
            project="shop",
            is_complete=is_complete,
        ),
        tests=(
            TestRecord(
                nodeid="tests/a.py::slow", outcome=Outcome.PASSED, call_ns=3 * SECOND, markers=("big",)
            ),
            TestRecord(nodeid=HOSTILE, outcome=Outcome.PASSED, call_ns=SECOND // 2, category="api"),
        ),
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without runs, as the working folder."""
    root = tmp_path / "shop"
    (root / ".lapwing").mkdir(parents=True)
    (root / "tests").mkdir()
    monkeypatch.chdir(root)
    monkeypatch.delenv("LAPWING_STORE", raising=False)
    return root


@pytest.fixture
def recorded_project(project: Path) -> Path:
    """A project with two runs."""
    with open_store(str(project / ".lapwing" / "store.sqlite"), create=True) as store:
        for number in range(2):
            store.write_run(made_run(number))
    return project


@pytest.mark.usefixtures("recorded_project")
class TestForms:
    def test_a_pipe_gets_plain_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report"]) == 0

        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "Slowest tests:" in out
        assert r"tests/a.py::t[\x1b[31m|<b>]" in out

    def test_json_is_one_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "latest~1", "--format", "json"]) == 0

        document = json.loads(capsys.readouterr().out)
        assert document["format_version"] == 1
        assert document["run"]["run_id"] == made_run(0).run.run_id

    def test_markdown_goes_to_standard_output_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "--format", "markdown", "--output", "-"]) == 0

        out = capsys.readouterr().out
        assert out.startswith("# Performance report")
        assert "<b>" not in out

    @pytest.mark.parametrize(
        ("form", "beginning"),
        [
            ("terminal", "Performance report:"),
            ("markdown", "# Performance report:"),
            ("json", "{"),
            ("html", "<!DOCTYPE html>"),
        ],
    )
    def test_every_form_can_go_to_a_file(
        self, form: str, beginning: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        target = tmp_path / "new" / "report.out"

        assert main(["report", "--format", form, "--output", str(target)]) == 0

        text = target.read_text(encoding="utf-8")
        assert text.startswith(beginning)
        assert "\x1b" not in text
        assert capsys.readouterr().out == ""

    def test_a_bare_threshold_is_seconds(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["report", "--threshold", "2", "--format", "json"])

        document = json.loads(capsys.readouterr().out)
        assert document["slow_threshold_ns"] == 2 * SECOND
        assert document["summary"]["slow_tests"] == 1

    def test_a_threshold_that_is_no_duration_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "--threshold", "soon"]) == 2

        assert "--threshold" in capsys.readouterr().err

    @pytest.mark.parametrize("flag", [["--marker", "big"], ["--category", "unit"]])
    def test_filters_keep_what_fits(self, flag: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "--format", "json", *flag]) == 0

        assert json.loads(capsys.readouterr().out)["summary"]["tests"] == 1

    def test_without_a_baseline_file_the_sections_say_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "--compare-baseline"]) == 0

        assert "There is no baseline to compare with" in capsys.readouterr().out


class TestNoData:
    def test_without_a_run_every_section_appears_and_the_exit_code_is_2(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report"]) == 2

        captured = capsys.readouterr()
        assert "No run is recorded yet" in captured.out
        assert "Recommendations: Nothing is recorded to advise on." in captured.out
        assert "pytest --track-performance" in captured.err
        assert list((project / ".lapwing").iterdir()) == []

    def test_without_a_run_json_is_a_document_all_the_same(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", "--format", "json"]) == 2

        assert json.loads(capsys.readouterr().out)["run"] is None

    @pytest.mark.usefixtures("recorded_project")
    def test_a_filter_that_fits_no_test_ends_with_2(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "--marker", "nope"]) == 2

        assert "No test with marker nope was recorded" in capsys.readouterr().out

    @pytest.mark.usefixtures("recorded_project")
    def test_a_run_that_does_not_exist_is_an_error_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "nothing-like-it"]) == 2

        captured = capsys.readouterr()
        assert captured.out == ""
        assert "nothing-like-it" in captured.err


class TestFiles:
    def test_a_data_file_needs_no_store(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_data_file(project / "data.json", made_run(0), slow_threshold_ns=SECOND)

        assert main(["report", "data.json", "--format", "json"]) == 0

        document = json.loads(capsys.readouterr().out)
        assert (document["source"], document["summary"]["tests"]) == ("file", 2)

    def test_a_run_becomes_the_baseline_which_can_be_reported(
        self, recorded_project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", "--create-baseline", "--marker", "big"]) == 0
        capsys.readouterr()

        assert main(["report", "baseline", "--format", "json"]) == 0

        document = json.loads(capsys.readouterr().out)
        assert (document["source"], document["summary"]["tests"]) == ("baseline", 2)

    def test_an_incomplete_run_does_not_become_the_baseline(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with open_store(str(project / ".lapwing" / "store.sqlite"), create=True) as store:
            store.write_run(made_run(0, is_complete=False))

        assert main(["report", "--create-baseline"]) == 2

        assert "incomplete" in capsys.readouterr().err
        assert not (project / "tests" / ".performance_baseline.json").exists()

    def test_a_file_that_is_no_data_is_said_and_not_copied(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "tests" / "test_extra.py").write_text("def test_a(): pass\n")

        assert main(["report", "tests/test_extra.py"]) == 2

        assert "is a data file or a baseline file" in capsys.readouterr().err
        assert not list((project / "tests").glob("*.corrupt"))

    def test_the_projects_own_broken_data_file_is_kept_as_a_copy(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "tests" / ".performance_data.json").write_text("{")

        assert main(["report", "tests/.performance_data.json"]) == 2

        assert "kept as .performance_data.json.corrupt" in capsys.readouterr().err

    def test_docs_are_written_to_their_usual_place(self, recorded_project: Path) -> None:
        assert main(["report", "--update-docs"]) == 0

        assert "tests/a.py::slow" in (recorded_project / "tests" / "PERFORMANCE.md").read_text(
            encoding="utf-8"
        )

    def test_docs_can_lie_elsewhere(self, recorded_project: Path) -> None:
        assert main(["report", "latest", "--update-docs", "speed.md"]) == 0

        assert (recorded_project / "speed.md").exists()

    def test_a_run_after_update_docs_is_not_taken_for_a_file(
        self, recorded_project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", "--update-docs", "latest"]) == 2

        assert "no Markdown file" in capsys.readouterr().err
        assert not (recorded_project / "latest").exists()

    def test_without_data_the_docs_stay_as_they_are(self, project: Path) -> None:
        page = project / "tests" / "PERFORMANCE.md"
        page.write_text("ours\n")

        assert main(["report", "--update-docs"]) == 2

        assert page.read_text() == "ours\n"


def test_what_was_seen_of_the_machine_while_the_run_was_made_is_told(with_history, make_run):
    began = make_run(5).run.started_at_ns
    watch = SystemWatch(
        began - 1,
        began + 10**9,
        0.04,
        swap_growth_bytes=3_000_000,
        busiest_ns=2 * 10**9,
        most_tree_bytes=10**9,
    )
    write_system_watch(with_history.root / ".lapwing" / "system.json", watch)

    assert with_history.run("report") == 0
    said = " ".join(with_history.out.split())
    assert (
        "At least 4.0% of the memory was left, 3.00 MB went to swap, processors were busy for 2.00 s" in said
    )
    assert "pytest and what it started held up to 1.00 GB." in said
    assert with_history.json("report")["system"]["watch"]["busiest_ns"] == 2 * 10**9
    assert with_history.json("report", "latest~1")["system"]["watch"] is None


def test_earlier_runs_with_other_workers_are_no_history_and_it_says_so(shop, make_run):
    shop.record(*(make_run(number) for number in range(3)), make_run(3, workers=2))

    trend = shop.json("report")["trend"]
    shop.run("report")

    assert (trend["unlike"], trend["why_unlike"]) == (3, "with no workers, this one with 2")
    said = " ".join(shop.out.split())
    assert (
        "The 3 complete runs before it cannot be laid beside it: they ran with no workers, this one with 2."
        in said
    )
    assert "the last 3 complete runs of main with no workers, this one with 2" in said


def test_an_earlier_run_of_another_machine_is_no_history_and_it_says_so(shop, make_run):
    shop.record(make_run(0, machine=Machine(cpu_model="old")), make_run(1, machine=Machine(cpu_model="new")))

    shop.run("report")

    said = " ".join(shop.out.split())
    assert (
        "The complete run before it cannot be laid beside it: it ran on another machine class (old, " in said
    )
