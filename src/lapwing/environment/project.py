"""A project as it lies in its folder: what setting it up must know. Broken files tell nothing."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lapwing.environment.django_tests import DjangoTests, untold_tests
from lapwing.environment.pytest_config import find_pytest_config
from lapwing.environment.test_files import find_test_files, markers_in, test_folders
from lapwing.environment.text_files import is_file, read_ini, read_text, read_toml, table_at
from lapwing.model.value import Value


class RequirementsPlace(Value):
    """Where a project lists what its tests need."""

    file: str  # relative to the root
    table: str = ""  # "project.optional-dependencies.test"; "" for a file of nothing else


class ProjectShape(Value):
    """What was found; paths are relative to the root, with `/`."""

    test_paths: tuple[str, ...]  # as configured, else where test files are
    test_files: int  # how many; not more than are looked at
    markers: tuple[str, ...]  # names used in test files
    pytest_config: str  # file, and table where the file has others; "" if there is none
    ci_files: tuple[str, ...]
    makefile: str  # "" if there is none
    make_targets: tuple[str, ...]
    requirements: tuple[RequirementsPlace, ...]  # the fittest first
    has_pyproject: bool
    has_gitignore: bool
    packages: tuple[str, ...] = ()  # folders of tests with a configuration of pytest of their own
    django: DjangoTests | None = None  # where pytest is not told of them


_CI_PATTERNS: Final = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    ".buildkite/pipeline.yml",
    "azure-pipelines.yml",
    "Jenkinsfile",
    ".travis.yml",
    "bitbucket-pipelines.yml",
    "appveyor.yml",
    ".appveyor.yml",
    ".drone.yml",
    ".woodpecker.yml",
    ".woodpecker/*.yml",
    ".woodpecker/*.yaml",
)
_TEST_EXTRAS: Final = ("test", "tests", "testing", "dev")
_REQUIREMENTS_FILES: Final = (
    "requirements-test.txt",
    "requirements-tests.txt",
    "requirements-dev.txt",
    "requirements/test.txt",
    "requirements/tests.txt",
    "requirements/dev.txt",
    "test-requirements.txt",
    "dev-requirements.txt",
)


def read_project(root: Path) -> ProjectShape:
    """What lies in `root`. Reads at most some thousand test files; never raises."""
    pyproject = read_toml(root / "pyproject.toml")
    files = find_test_files(root)
    pytest_config = find_pytest_config(root)
    folders = test_folders(files)
    makefile = next((name for name in ("GNUmakefile", "Makefile", "makefile") if is_file(root / name)), "")
    return ProjectShape(
        test_paths=pytest_config.test_paths or folders,
        test_files=len(files),
        markers=markers_in(root, files),
        pytest_config=pytest_config.place,
        ci_files=tuple(_ci_files(root)),
        makefile=makefile,
        make_targets=make_targets(read_text(root / makefile)) if makefile else (),
        requirements=tuple(_requirements(root, pyproject)),
        has_pyproject=is_file(root / "pyproject.toml"),
        has_gitignore=is_file(root / ".gitignore"),
        django=untold_tests(root, pytest_config, folders, os.environ),
        packages=() if pytest_config.place else tuple(_packages(root, folders)),
    )


def _packages(root: Path, folders: Iterable[str]) -> Iterator[str]:
    """The folders, around those of tests and below the root, that pytest takes for a root of its own."""
    around = {
        parent for folder in folders for parent in (PurePosixPath(folder), *PurePosixPath(folder).parents)
    }
    for each in sorted(around - {PurePosixPath(".")}):
        if find_pytest_config(root / each).place:
            yield each.as_posix()


def make_targets(text: str) -> tuple[str, ...]:
    """Names of the targets of the makefile `text`, in its order, patterns and `.PHONY` left out."""
    targets: dict[str, None] = {}
    for line in re.findall(r"(?m)^([A-Za-z0-9][\w./ -]*?)\s*::?(?!=)", text):
        targets.update(dict.fromkeys(line.split()))
    return tuple(targets)


def _requirements(root: Path, pyproject: Mapping[str, Any]) -> Iterator[RequirementsPlace]:
    for table in ("dependency-groups", "project.optional-dependencies"):
        names = table_at(pyproject, table)
        for extra in _TEST_EXTRAS:
            if extra in names:
                yield RequirementsPlace("pyproject.toml", f"{table}.{extra}")
    for name in _REQUIREMENTS_FILES:
        if is_file(root / name):
            yield RequirementsPlace(name)
    extras = read_ini(root / "setup.cfg").get("options.extras_require", {})
    for extra in _TEST_EXTRAS:
        if extra in extras:
            yield RequirementsPlace("setup.cfg", f"options.extras_require.{extra}")
    if "deps" in read_ini(root / "tox.ini").get("testenv", {}):
        yield RequirementsPlace("tox.ini", "testenv.deps")


def _ci_files(root: Path) -> Iterator[str]:
    for pattern in _CI_PATTERNS:
        try:
            found = sorted(root.glob(pattern))
        except OSError:
            continue
        yield from (path.relative_to(root).as_posix() for path in found)
