"""Test files of a project."""

from pathlib import Path, PurePosixPath

import pytest

from lapwing.environment.test_files import find_test_files


def test_a_folder_that_may_not_be_looked_into_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").touch()
    (tmp_path / "secret").mkdir()
    is_file = Path.is_file

    def refusing(path: Path) -> bool:
        if "secret" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refusing)

    assert find_test_files(tmp_path) == [PurePosixPath("tests/test_a.py")]
