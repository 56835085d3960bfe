"""Planning the set-up of a project, and writing the plan."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.options import CATEGORY_OPTIONS, OPTIONS_BY_NAME
from lapwing.errors import ProjectError
from lapwing.operations.init.file_edit import FileEdit
from lapwing.operations.init.ignored_files import ignored_entries, with_ignored
from lapwing.operations.init.kinds_of_tests import recognize
from lapwing.operations.init.layout import Layout
from lapwing.operations.init.line_ends import with_block
from lapwing.operations.init.make_targets import with_targets
from lapwing.operations.init.project_files import write_edits
from lapwing.operations.init.settings_table import read_pyproject, table_text
from lapwing.operations.init_project import SetupPlan, apply_setup, plan_setup


def planned(root: Path) -> SetupPlan:
    return plan_setup(load_settings(root, environ={}))


def test_planning_writes_nothing(tmp_path: Path) -> None:
    assert planned(tmp_path).edits

    assert not list(tmp_path.iterdir())


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    (tmp_path / "pyproject.toml").write_text("# new\n")

    with pytest.raises(ProjectError, match="has changed"):
        apply_setup(plan)

    assert (tmp_path / "pyproject.toml").read_text() == "# new\n"


def test_a_link_that_leaves_the_project_is_refused_when_writing_too(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "scripts").symlink_to(tmp_path)

    with pytest.raises(ProjectError, match="leaves the project"):
        write_edits(root, [FileEdit("scripts/a", None, "text")])

    assert not (tmp_path / "a").exists()


def test_a_file_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    (tmp_path / "scripts").touch()

    with pytest.raises(ProjectError, match="cannot be"):
        write_edits(tmp_path, [FileEdit("scripts/a", None, "text")])


def test_every_option_of_the_table_exists() -> None:
    kinds = recognize(["db"], ["tests/acceptance"])
    names = read_pyproject(table_text([("project", "x")], [], kinds))["tool"]["lapwing"]

    assert set(names) <= set(OPTIONS_BY_NAME)
    entries = {entry for category in names["categories"].values() for entry in category}
    assert entries <= {option.name for option in CATEGORY_OPTIONS}


def test_history_under_the_name_of_the_folder_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\n')
    (tmp_path / ".lapwing").mkdir()
    (tmp_path / ".lapwing" / "store.sqlite").touch()

    assert "other" not in planned(tmp_path).edits[0].after.partition("[tool.lapwing]")[2]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_base_branch_of_an_unusual_name_is_set(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch=trunk")
    git("commit", "--allow-empty", "--message=first")

    assert 'base_branch = "trunk"\n' in planned(tmp_path).edits[0].after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "new\n"),
        ("\ufeff", "\ufeffnew\n"),
        ("a", "a\n\nnew\n"),
        ("a\n", "a\n\nnew\n"),
        ("a\n\n", "a\n\nnew\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n\r\nnew\r\n"),
        ("a\r\n\r\n", "a\r\n\r\nnew\r\n"),
    ],
)
def test_a_block_is_parted_by_one_empty_line(text: str, after: str) -> None:
    assert with_block(text, "new\n") == after


@pytest.mark.parametrize("written", [".lapwing", "/.lapwing/", "**/.lapwing/", "  .lapwing/  "])
def test_an_entry_in_another_spelling_counts(written: str) -> None:
    assert with_ignored(f"{written}\n", [".lapwing/"]) is None


def test_names_that_git_would_read_as_patterns_are_written_out() -> None:
    layout = Layout(data_file="#a [b]*.json", baseline_file=None, results_dir="x\ny")

    assert ignored_entries(layout) == (
        ".lapwing/",
        r"/\#a \[b]\*.json",
        ".performance_data_worker_*.json",
    )


@pytest.mark.parametrize(
    ("store", "shown"),
    [
        (".lapwing/store.sqlite", "test -e .lapwing/store.sqlite "),
        ("a $b'c/s", "test -e 'a $$b'\\''c/s' "),
    ],
)
def test_the_store_is_named_safely_in_the_makefile(store: str, shown: str) -> None:
    assert shown in (with_targets(None, (), store).text or "")


def test_a_word_that_globs_replace_is_kept_among_them() -> None:
    (kind,) = recognize(["slow", "skipif"], ["tests/functional", "tests/unit", "tests/a*/system"])

    assert (kind.category, kind.markers, kind.paths) == (
        "integration",
        (),
        ("*integration*", "tests/functional"),
    )


def test_packages_that_configure_pytest_themselves_are_told_how_to_share_a_history(tmp_path: Path) -> None:
    for name in ("packages/cart", "packages/mail", "plain"):
        (tmp_path / name / "tests").mkdir(parents=True)
        (tmp_path / name / "tests" / "test_a.py").write_text("def test_a(): pass\n")
    (tmp_path / "packages/cart/pytest.ini").write_text("[pytest]\n")
    (tmp_path / "packages/mail/pyproject.toml").write_text(
        "[tool.pytest.ini_options]\ntestpaths = ['tests']\n"
    )

    notes = [note for note in planned(tmp_path).notes if "packages/" in note]

    assert len(notes) == 1
    assert notes[0].startswith("packages/cart, packages/mail: ")
    assert "lapwing --root packages/cart init\n" in notes[0]
    assert 'store = "../../.lapwing/store.sqlite" and package = "packages/cart"' in notes[0]


def test_packages_below_a_root_that_configures_pytest_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "cart/tests").mkdir(parents=True)
    (tmp_path / "cart/tests/test_a.py").write_text("def test_a(): pass\n")
    (tmp_path / "cart/pytest.ini").write_text("[pytest]\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    assert not any("lapwing --root" in note for note in planned(tmp_path).notes)


MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'


def django_notes(root: Path) -> list[str]:
    return [note for note in planned(root).notes if "pytest-django" in note]


def test_tests_of_django_are_told_what_pytest_needs(tmp_path: Path) -> None:
    (tmp_path / "cart").mkdir()
    (tmp_path / "cart" / "tests.py").write_text("import django.test\n")
    (tmp_path / "manage.py").write_text(MANAGE)

    (note,) = django_notes(tmp_path)

    assert (
        'pyproject.toml [tool.pytest.ini_options]: DJANGO_SETTINGS_MODULE = "shop.settings" '
        'and python_files = ["test_*.py", "tests.py"]'
    ) in note


def test_an_ini_file_of_pytest_is_told_the_settings_of_django_in_its_own_form(tmp_path: Path) -> None:
    (tmp_path / "runtests.py").write_text('environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")

    (note,) = django_notes(tmp_path)

    assert note.endswith("write into pytest.ini: DJANGO_SETTINGS_MODULE = tests.settings")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings\n"),
        ("pytest.ini", "[pytest]\naddopts = --ds=shop.settings\n"),
        ("conftest.py", "from django.conf import settings\nsettings.configure()\n"),
        ("tests/conftest.py", "import django\ndjango.setup()\n"),
    ],
)
def test_where_pytest_knows_the_settings_of_django_nothing_is_said(
    tmp_path: Path, path: str, text: str
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_a(): pass\n")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / path).write_text(text)

    assert django_notes(tmp_path) == []


def test_deadlines_are_proposed_and_end_no_test_unasked() -> None:
    calm, noisy = (table_text([], [], [], is_noisy=each) for each in (False, True))

    assert "# timeouts = true" in calm
    assert "timeout_factor" not in calm
    assert "# timeout_factor = 2.0" in noisy
    assert "timeouts" not in tomllib.loads(noisy)["tool"]["lapwing"]


@pytest.mark.parametrize(
    ("options", "is_told"),
    [
        ("--nomigrations --strict-markers", True),
        ("-q -n auto", False),
        ("-n4", False),
        ("--numprocesses=2", False),
        ("--dist worksteal", False),
    ],
)
def test_how_to_run_in_parallel_is_told_where_pytest_is_not_told_of_workers(
    tmp_path: Path, options: str, is_told: bool
) -> None:
    (tmp_path / "test_a.py").write_text("def test_a(): pass\n")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {options}\n")

    notes = planned(tmp_path).notes

    assert any(note.startswith("To run in parallel") for note in notes) == is_told
