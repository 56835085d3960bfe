"""Another tree is imported where the checkout was."""

import os
import sys
from pathlib import Path

import pytest

from lapwing.environment.worktree_imports import (
    ImportFacts,
    import_facts,
    import_roots,
    is_installed,
    python_path,
)
from lapwing.errors import ProjectError

TOP = Path("/home/me/shop")


def test_folders_of_the_checkout_are_roots_and_its_environment_is_not(tmp_path):
    top = tmp_path / "shop"
    for folder in ("src", ".venv/lib/python3.11/site-packages"):
        (top / folder).mkdir(parents=True)
    paths = (tmp_path, top / "src", top / ".venv/lib/python3.11/site-packages", top / "gone")

    roots = import_roots(ImportFacts(paths=paths, prefix=top / ".venv"), top)

    assert roots == (Path("src"),)


def test_the_other_trees_folders_come_before_anything_installed():
    given = os.pathsep.join([str(TOP / "lib"), "/elsewhere"])

    path = python_path({"PYTHONPATH": given}, TOP, Path("/tmp/tree"), (Path("src"),))

    assert path.split(os.pathsep) == ["/tmp/tree/lib", "/elsewhere", "/tmp/tree/src"]


@pytest.mark.parametrize(
    ("file", "prefix", "installed"),
    [
        ("/home/me/shop/src/shop/__init__.py", "/usr", False),
        ("/home/me/shop/.venv/lib/shop.py", "/home/me/shop/.venv", True),
        ("/usr/lib/python3/dist-packages/shop.py", "/usr", True),
        ("/home/me/shop/src/shop.py", "/home/me", False),  # a checkout inside of the environment's folder
    ],
)
def test_what_is_installed_is_told_from_what_is_worked_on(file, prefix, installed):
    assert is_installed(Path(file), TOP, Path(prefix)) is installed


def test_an_interpreter_tells_what_it_imports_from_editable_installations_of_both_kinds(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    for name in ("flat", "hooked", "redirected/src"):
        (tmp_path / name).mkdir(parents=True)
    (site / "__editable___hooked_finder.py").write_text(
        f"MAPPING = {{'hooked': {str(tmp_path / 'hooked' / 'hooked')!r}}}\n"
    )
    (site / "sitecustomize.py").write_text(
        "import sys, __editable___hooked_finder\n"
        "class Finder:\n"
        f"    _redirections = {{'redirected': {str(tmp_path / 'redirected/src/redirected/__init__.py')!r}}}\n"
        "    @staticmethod\n"
        "    def find_spec(*_): return None\n"
        "sys.meta_path.append(Finder)\n"
    )
    path = os.pathsep.join([str(site), str(tmp_path / "flat")])

    facts = import_facts(sys.executable, tmp_path, {"PYTHONPATH": path})

    assert {tmp_path / "flat", tmp_path / "hooked", tmp_path / "redirected/src"} <= set(facts.paths)


def test_an_interpreter_that_is_none_is_an_error(tmp_path):
    with pytest.raises(ProjectError, match="does not answer"):
        import_facts(str(tmp_path / "python"), tmp_path, {})
