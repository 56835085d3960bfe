"""`lapwing init`: shows, asks, writes, and writes nothing twice."""

import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lapwing.cli.commands import init
from lapwing.cli.main import main
from lapwing.cli.output import Output
from lapwing.config.load import load_settings
from lapwing.store.open_store import open_store

PYPROJECT = """\
# ours
[project]
name = "shop"  # a name
requires-python = ">=3.11"

[project.optional-dependencies]
test = [
    "pytest",  # the runner
]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of another name, with tests."""
    root = tmp_path / "checkout"
    (root / "tests").mkdir(parents=True)
    (root / "tests" / "test_a.py").write_text("def test_a(): pass\n")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / ".gitignore").write_text("*.pyc\n")
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*") if each.is_file()}


def lapwing_init(root: Path, *arguments: str) -> int:
    return main(["init", "--root", str(root), *arguments])


class TestAsking:
    @pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
    def test_where_nobody_can_be_asked_it_only_shows(
        self, project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
    ) -> None:
        before = contents(project)

        code = lapwing_init(project, *arguments)

        said = capsys.readouterr().out
        assert ": 1 test file in tests" in said
        assert (code, contents(project)) == (0, before)
        assert "+++ b/pyproject.toml\n" in said
        assert "+[tool.lapwing]\n" in said
        assert "Nothing was written." in said
        assert ("--yes" in said) == (arguments == ())

    def test_the_next_step_names_the_folder_where_one_is_elsewhere(
        self, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lapwing_init(project, "--yes")
        elsewhere = capsys.readouterr().out
        (project / "pyproject.toml").write_text(PYPROJECT)
        monkeypatch.chdir(project)
        lapwing_init(project, "--yes")
        here = capsys.readouterr().out

        assert f"Next, in {project}: pytest --track-performance" in elsewhere
        assert "Next: pytest --track-performance" in here

    @pytest.mark.parametrize("answer", [True, False])
    def test_on_a_terminal_the_answer_decides(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, answer: bool
    ) -> None:
        before = contents(project)
        monkeypatch.setattr(Output, "is_terminal", True)
        monkeypatch.setattr(init, "confirms", lambda question: answer)

        assert lapwing_init(project) == 0

        assert (contents(project) != before) == answer

    def test_a_second_time_changes_nothing(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        wishes = ("--yes", "--make", "--scripts", "--checklist")
        lapwing_init(project, *wishes)
        before = contents(project)
        capsys.readouterr()

        assert lapwing_init(project, *wishes) == 0

        assert contents(project) == before
        assert "Already set up: nothing to write." in capsys.readouterr().out

    def test_a_missing_root_is_told(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert lapwing_init(tmp_path / "none") == 2

        assert "there is no such folder" in capsys.readouterr().err


class TestConfiguration:
    def test_the_table_is_added_and_all_else_stays(self, project: Path) -> None:
        lapwing_init(project, "--yes")

        text = (project / "pyproject.toml").read_text()
        assert text.startswith(PYPROJECT.replace("runner\n", 'runner\n    "lapwing[parallel,timeouts]",\n'))
        assert tomllib.loads(text)["tool"]["lapwing"]["project"] == "shop"

    def test_what_is_written_can_be_loaded(self, project: Path) -> None:
        lapwing_init(project, "--yes")

        settings = load_settings(project, environ={})

        assert settings.individual_test_threshold == 0.2
        assert settings.suite_threshold == 0.15
        assert settings.slow_test_ns == 30 * 10**9

    def test_without_pyproject_toml_one_is_made_of_the_table_alone(self, tmp_path: Path) -> None:
        lapwing_init(tmp_path, "--yes")

        assert list(tomllib.loads((tmp_path / "pyproject.toml").read_text())) == ["tool"]

    def test_a_new_pyproject_toml_beside_setup_py_is_explained(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "setup.py").touch()

        lapwing_init(tmp_path)

        assert "setup.py" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "written",
        ["[tool.lapwing]\ntrack = true\n", "[tool.lapwing.categories.unit]\nmarkers = ['u']\n"],
    )
    def test_a_table_that_is_there_is_left_alone(self, tmp_path: Path, written: str) -> None:
        (tmp_path / "pyproject.toml").write_text(written)

        lapwing_init(tmp_path, "--yes")

        assert (tmp_path / "pyproject.toml").read_text() == written

    def test_options_of_the_other_table_are_not_overridden(self, tmp_path: Path) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.performance]\nsuite_threshold = 40\n")

        lapwing_init(tmp_path, "--yes")

        assert load_settings(tmp_path, environ={}).suite_threshold == 0.4

    def test_broken_toml_is_named_with_its_line(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "pyproject.toml").write_text("[project]\nname =\n")

        assert lapwing_init(project) == 2

        assert "pyproject.toml:2: the file is not valid TOML" in capsys.readouterr().err

    def test_a_table_that_cannot_be_added_to_is_left_to_people(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "pyproject.toml").write_text("tool = { black = { line-length = 80 } }\n")

        assert lapwing_init(tmp_path) == 0

        said = capsys.readouterr().out
        assert "by hand" in said
        assert "[tool.lapwing]" in said

    def test_files_go_where_the_tests_are(self, tmp_path: Path) -> None:
        (tmp_path / "src" / "pkg" / "test").mkdir(parents=True)
        (tmp_path / "src" / "pkg" / "test" / "test_a.py").touch()
        (tmp_path / ".gitignore").touch()

        lapwing_init(tmp_path, "--yes")

        settings = load_settings(tmp_path, environ={})
        folder = tmp_path / "src" / "pkg" / "test"
        assert settings.data_file == folder / ".performance_data.json"
        assert settings.baseline_file == folder / ".performance_baseline.json"
        assert settings.results_dir == folder / "performance_results"
        assert "src/pkg/test/.performance_data.json" in (tmp_path / ".gitignore").read_text().splitlines()

    def test_markers_and_folders_by_other_names_join_their_category(self, project: Path) -> None:
        (project / "tests" / "acceptance").mkdir()
        (project / "tests" / "test_a.py").write_text("@pytest.mark.django_db\n@pytest.mark.parametrize\n")

        lapwing_init(project, "--yes")

        categories = load_settings(project, environ={}).categories
        assert categories["integration"].markers == ("django_db",)
        assert categories["e2e"].paths == ("*e2e*", "tests/acceptance")


class TestFiles:
    def test_line_ends_and_byte_order_mark_are_kept(self, project: Path) -> None:
        (project / "pyproject.toml").write_bytes(PYPROJECT.replace("\n", "\r\n").encode())
        (project / ".gitignore").write_bytes(b"\xef\xbb\xbf.lapwing\r\n*.pyc\xff")

        lapwing_init(project, "--yes")

        for name in ("pyproject.toml", ".gitignore"):
            content = (project / name).read_bytes()
            assert content.count(b"\n") == content.count(b"\r\n")
        ignored = (project / ".gitignore").read_bytes()
        assert ignored.startswith(b"\xef\xbb\xbf.lapwing\r\n*.pyc\xff\r\n\r\n#")
        assert ignored.count(b".lapwing") == 1

    def test_a_read_only_file_is_named_and_nothing_is_written(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = contents(project)
        (project / ".gitignore").chmod(0o444)

        assert lapwing_init(project, "--yes") == 2

        assert contents(project) == before
        assert ".gitignore: cannot be written: it is read-only" in capsys.readouterr().err

    def test_a_link_out_of_the_project_is_not_followed(
        self, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        outside = tmp_path / "outside"
        outside.write_text("")
        (project / ".gitignore").unlink()
        (project / ".gitignore").symlink_to(outside)
        (project / "scripts").symlink_to(tmp_path)

        assert lapwing_init(project, "--yes", "--scripts") == 0

        assert outside.read_text() == ""
        assert {each.name for each in tmp_path.iterdir()} == {"checkout", "outside"}
        assert ".gitignore: a link that leaves the project; left alone." in capsys.readouterr().out

    def test_a_link_inside_the_project_stays_a_link(self, project: Path) -> None:
        (project / ".gitignore").rename(project / "ignored")
        (project / ".gitignore").symlink_to("ignored")

        lapwing_init(project, "--yes")

        assert (project / ".gitignore").is_symlink()
        assert ".lapwing/" in (project / "ignored").read_text()

    @pytest.mark.parametrize("content", ["*.pyc\n".encode("utf-16"), b"a\0b"])
    def test_what_is_no_utf_8_is_left_alone(
        self, project: Path, capsys: pytest.CaptureFixture[str], content: bytes
    ) -> None:
        (project / ".gitignore").write_bytes(content)

        assert lapwing_init(project, "--yes") == 0

        assert (project / ".gitignore").read_bytes() == content
        assert ".gitignore: not UTF-8" in capsys.readouterr().out

    def test_hostile_names_cannot_steer_the_terminal_or_the_file(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        name = 'a"\\u001b[31m\\n[tool.x]'
        (project / "pyproject.toml").write_text(f"[project]\nname = '{name}'\n")
        (project / ".gitignore").write_text("\x1b[31m\n")

        lapwing_init(project, "--yes")

        tables = tomllib.loads((project / "pyproject.toml").read_text())
        assert tables["tool"]["lapwing"]["project"] == name
        assert list(tables["tool"]) == ["lapwing"]
        assert "\x1b" not in capsys.readouterr().out

    def test_the_rights_of_a_file_stay(self, project: Path) -> None:
        (project / "pyproject.toml").chmod(0o640)

        lapwing_init(project, "--yes")

        assert (project / "pyproject.toml").stat().st_mode & 0o777 == 0o640


class TestGitignore:
    def test_a_baseline_stays_visible(self, project: Path) -> None:
        lapwing_init(project, "--yes")

        lines = (project / ".gitignore").read_text().splitlines()
        assert lines[0] == "*.pyc"
        assert lines[-4:] == [
            ".lapwing/",
            "tests/.performance_data.json",
            ".performance_data_worker_*.json",
            "tests/performance_results/",
        ]

    def test_none_is_made_outside_git(self, tmp_path: Path) -> None:
        lapwing_init(tmp_path, "--yes")

        assert not (tmp_path / ".gitignore").exists()


class TestMake:
    def test_targets_are_added_below_what_is_there(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        own = "all:\n\ttrue\n\nperformance-report:\n\techo mine"
        (project / "Makefile").write_text(own)

        lapwing_init(project, "--yes", "--make")

        text = (project / "Makefile").read_text()
        assert text.startswith(own + "\n\n")
        assert "\ntest-performance: " in text
        assert text.count("\nperformance-report:") == 1
        assert "Makefile: has performance-report already; left alone." in capsys.readouterr().out

    @pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
    def test_a_baseline_without_data_asks_for_a_run(self, project: Path) -> None:
        lapwing_init(project, "--yes", "--make")
        environ = {name: value for name, value in os.environ.items() if name != "LAPWING_STORE"}

        answer = subprocess.run(
            ["make", "--silent", "performance-baseline"],
            cwd=project,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

        error = "Error: No performance data found. Run 'make test-performance' first."
        assert error in answer.stderr.splitlines()
        assert "Error 1" in answer.stderr
        assert answer.stdout == ""

    def test_another_recipe_prefix_is_left_alone(self, project: Path) -> None:
        (project / "Makefile").write_text(".RECIPEPREFIX = >\n")

        lapwing_init(project, "--yes", "--make")

        assert (project / "Makefile").read_text() == ".RECIPEPREFIX = >\n"


class TestScriptsAndChecklist:
    def test_scripts_can_be_run_and_do_not_replace_others(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "scripts").mkdir()
        mine = project / "scripts" / "generate_performance_report.py"
        mine.write_text("mine")

        lapwing_init(project, "--yes", "--scripts")

        assert mine.read_text() == "mine"
        assert os.access(project / "scripts" / "check-performance-regression.sh", os.X_OK)
        assert "generate_performance_report.py: is there already; left alone." in capsys.readouterr().out

    def test_the_checklist_is_added_to_the_template_that_is_there(self, project: Path) -> None:
        (project / "docs").mkdir()
        template = project / "docs" / "pull_request_template.md"
        template.write_text("Thank you!\n")

        lapwing_init(project, "--yes", "--checklist")

        assert template.read_text().startswith("Thank you!\n\n## Performance of the tests\n")
        assert not (project / ".github").exists()

    def test_a_project_on_gitlab_gets_a_template_for_merge_requests(self, project: Path) -> None:
        (project / ".gitlab-ci.yml").touch()

        lapwing_init(project, "--yes", "--checklist")

        assert (project / ".gitlab" / "merge_request_templates" / "Default.md").is_file()


class TestDeadlines:
    """Deadlines are set where the recorded tests are known to end in time."""

    @pytest.fixture
    def record(self, project: Path, make_run: Any) -> Callable[..., None]:
        """Put a run in which test 1 (category api) takes so many times 100 ms into the store."""

        def record(number: int, **facts: Any) -> None:
            factors = {1: facts.pop("factor", 1.0)}
            run = make_run(
                number, factors=factors, project=load_settings(project, environ={}).project, **facts
            )
            with open_store(str(project / ".lapwing" / "store.sqlite"), create=True) as store:
                store.write_run(run)

        return record

    def deadlines(self, project: Path) -> Any:
        return tomllib.loads((project / "pyproject.toml").read_text())["tool"]["lapwing"].get("timeouts")

    def test_they_are_proposed_where_all_recorded_tests_end_in_time(self, project: Path, record: Any) -> None:
        record(1)

        lapwing_init(project, "--yes")

        assert self.deadlines(project) is True

    @pytest.mark.parametrize("facts", [{"is_complete": False}, {"runner": "jest"}])
    def test_a_run_that_says_nothing_of_all_tests_proposes_none(
        self, project: Path, record: Any, facts: Any
    ) -> None:
        record(1, **facts)

        lapwing_init(project, "--yes")

        assert self.deadlines(project) is None

    def test_a_test_that_would_be_stopped_is_named_and_they_wait(
        self, project: Path, record: Any, name_of: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record(1, factor=600.0)  # a minute

        lapwing_init(project, "--yes")

        assert self.deadlines(project) is None
        said = " ".join(capsys.readouterr().out.split())
        assert "1 of 40 recorded tests would be stopped" in said
        assert f"{name_of(1)} took" in said

    def test_a_later_call_sets_what_was_left_open(self, project: Path, record: Any) -> None:
        lapwing_init(project, "--yes")
        before = (project / "pyproject.toml").read_text()
        record(1)

        lapwing_init(project, "--yes")

        assert "\n# timeouts = true" in before
        assert (project / "pyproject.toml").read_text() == before.replace("\n# timeout", "\ntimeout")

    def test_who_took_the_comment_out_is_not_asked_again(self, project: Path, record: Any) -> None:
        lapwing_init(project, "--yes")
        path = project / "pyproject.toml"
        kept = [line for line in path.read_text().splitlines(True) if not line.startswith("# timeout")]
        path.write_text("".join(kept))
        record(1)

        lapwing_init(project, "--yes")

        assert path.read_text() == "".join(kept)


def test_a_project_that_another_runner_tests_is_told_nothing_of_pytest(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "go.mod").write_text("module example.com/m\n")

    assert lapwing_init(tmp_path, "--yes") == 0

    out = capsys.readouterr().out
    assert "Next: lapwing run --reports go-test.json -- sh -c 'go test -json ./... > go-test.json'" in out
    assert "pytest" not in out.partition("Wrote ")[2]
    assert "by hand" not in out
    assert "-n auto" not in out
