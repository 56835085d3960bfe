"""Places of worktrees: gone at the end, however the command ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.environment.worktree import worktree_paths
from lapwing.errors import ProjectError
from lapwing.operations.checkup.worktrees import check_worktrees
from lapwing.operations.paired.place import clean_places, open_place

# A shell's background job, and what it starts, ignores SIGINT from the beginning.
HOLDER = """\
import signal, sys, time
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)
from lapwing.operations.paired.place import open_place

root = Path(sys.argv[1])
with open_place(root, root) as place:
    place.add("tree", "HEAD")
    print(place.folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "one"]):
        (folder / "file.txt").write_text("one")
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], cwd=folder, check=True
        )
    return folder


@pytest.fixture
def held(project):
    """A process that has a worktree, and its folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    folder = Path(child.stdout.readline().strip())
    assert folder.is_dir()
    yield child, folder
    child.kill()
    child.communicate()
    clean_places(project)


def is_clean(project: Path, folder: Path) -> bool:
    markers = project / ".lapwing" / "worktrees"
    return not folder.exists() and worktree_paths(project) == (project,) and not any(markers.iterdir())


def test_nothing_is_left_after_an_error(project):
    with pytest.raises(ProjectError), open_place(project, project) as place:
        place.add("nowhere", "no commit")

    assert is_clean(project, place.folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_after_a_signal(project, held, number):
    child, folder = held

    child.send_signal(number)
    child.wait(20)

    assert is_clean(project, folder)


def test_what_a_killed_command_left_is_cleaned_by_the_next(project, held):
    child, folder = held
    child.kill()
    child.wait()
    assert folder.exists()

    with open_place(project, project):
        pass

    assert is_clean(project, folder)


def test_the_doctor_cleans_what_a_killed_command_left_and_tells_it(project, held):
    child, folder = held
    child.kill()
    child.wait()

    (finding,) = check_worktrees(project)

    assert finding.what == "removed: the git worktrees of 1 command killed in the middle"
    assert is_clean(project, folder)
    assert list(check_worktrees(project)) == []


def test_what_a_running_command_has_is_left_alone(project, held):
    _, folder = held

    assert clean_places(project) == 0

    assert (folder / "tree" / "file.txt").exists()


def test_a_marker_that_names_a_folder_of_the_users_removes_nothing(project, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    marker = project / ".lapwing" / "worktrees" / "lapwing-0"
    marker.mkdir(parents=True)
    (marker / "place").write_text(f"{project}\n{precious}\n")

    clean_places(project)

    assert precious.is_dir()
    assert not marker.exists()


def test_the_place_lies_outside_of_the_checkout(project):
    with open_place(project, project) as place:
        assert not place.folder.is_relative_to(project)
        assert place.folder.stat().st_mode & 0o777 == 0o700


def test_signals_are_handled_as_before_afterwards(project):
    before = signal.getsignal(signal.SIGTERM)

    with open_place(project, project):
        assert signal.getsignal(signal.SIGTERM) is not before

    assert signal.getsignal(signal.SIGTERM) is before
