"""A file is replaced whole or not at all."""

import pytest

from lapwing.errors import StoreError
from lapwing.store.atomic_file import replace_file


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "page.md"
    path.write_bytes(b"old")
    return path


def test_text_is_written_in_its_encoding_with_the_line_ends_it_has(path):
    replace_file(path, ["drei → vier\r\n", "fünf\n"], encoding="utf-8")

    assert path.read_bytes() == "drei → vier\r\nfünf\n".encode()


def test_folders_are_made(tmp_path):
    replace_file(tmp_path / "a" / "b.json", ["{}"])

    assert (tmp_path / "a" / "b.json").read_text() == "{}"


def test_the_rights_of_the_old_file_are_kept(path):
    path.chmod(0o640)

    replace_file(path, ["new"])

    assert path.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_keeps_pointing_to_the_file(path):
    link = path.with_name("link.md")
    link.symlink_to(path.name)

    replace_file(link, ["new"])

    assert link.is_symlink()
    assert path.read_text() == "new"


def test_text_that_breaks_off_leaves_the_old_file_and_no_draft(path):
    def text():
        yield "new"
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        replace_file(path, text())

    assert path.read_bytes() == b"old"
    assert [each.name for each in path.parent.iterdir()] == ["page.md"]


def test_a_place_that_cannot_be_written_is_named(path):
    with pytest.raises(StoreError, match="cannot be written") as caught:
        replace_file(path / "below" / "a file", ["new"])

    assert str(path) in str(caught.value)
