import os
from pathlib import Path

import pytest

from lapwing.config.root import find_root, home_path, prepare_home, spool_path, store_path
from lapwing.errors import StoreError


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    folder = tmp_path / "a/b/c"
    folder.mkdir(parents=True)
    return folder


def test_the_nearest_home_wins_over_tables_and_git(deep: Path) -> None:
    (deep.parent.parent / ".lapwing").mkdir()
    (deep.parent / "pyproject.toml").write_text("[tool.lapwing]\n")
    (deep / ".git").mkdir()

    assert find_root(deep) == deep.parent.parent


def test_the_nearest_table_wins_over_git(deep: Path) -> None:
    (deep.parent / "pyproject.toml").write_text("[tool.lapwing.categories.api]\n")
    (deep / "pyproject.toml").write_text("[tool.other]\n")
    (deep / ".git").mkdir()

    assert find_root(deep) == deep.parent


def test_the_top_of_a_worktree_is_a_git_top(deep: Path) -> None:
    (deep.parent / ".git").write_text("gitdir: /elsewhere\n")

    assert find_root(deep) == deep.parent


def test_a_file_stands_for_its_folder(deep: Path) -> None:
    file = deep / "test_a.py"
    file.touch()
    (deep / ".lapwing").mkdir()

    assert find_root(file) == deep


def test_nothing_upward_leaves_the_start(tmp_path: Path) -> None:
    top = Path(tmp_path.anchor)

    assert find_root(top) == top


def test_a_relative_start_is_taken_from_the_working_folder(
    deep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deep)
    (deep / ".lapwing").mkdir()

    assert find_root(Path()) == deep


def test_the_home_is_made_with_its_folders_and_ignores_itself(tmp_path: Path) -> None:
    home = prepare_home(tmp_path)

    assert home == home_path(tmp_path) == tmp_path / ".lapwing"
    assert (home / ".gitignore").read_text() == "*\n"
    assert spool_path(tmp_path).is_dir()
    assert store_path(tmp_path).parent == home


def test_a_home_that_is_there_keeps_its_ignore_file(tmp_path: Path) -> None:
    (prepare_home(tmp_path) / ".gitignore").write_text("*\n!keep\n")

    prepare_home(tmp_path)

    assert (home_path(tmp_path) / ".gitignore").read_text() == "*\n!keep\n"


def test_a_home_that_cannot_be_made_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / ".lapwing").write_text("a file")

    with pytest.raises(StoreError, match="cannot be made"):
        prepare_home(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_folders_that_may_not_be_read_are_passed_over(deep: Path) -> None:
    (deep.parent / ".git").mkdir()
    deep.chmod(0)

    try:
        assert find_root(deep) == deep.parent
    finally:
        deep.chmod(0o700)
