from pathlib import Path

import pytest

from lapwing.environment.project import ProjectShape, RequirementsPlace, make_targets, read_project

NOTHING = ProjectShape(
    test_paths=(),
    test_files=0,
    markers=(),
    pytest_config="",
    ci_files=(),
    makefile="",
    make_targets=(),
    requirements=(),
    has_pyproject=False,
    has_gitignore=False,
)


def lay(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def test_an_empty_or_missing_folder_is_no_project(tmp_path: Path) -> None:
    assert read_project(tmp_path) == read_project(tmp_path / "missing") == NOTHING


def test_a_whole_project_is_seen(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["checks"]\n'
            '[project.optional-dependencies]\ntest = ["pytest"]\n[dependency-groups]\ndev = []\n',
            "checks/test_a.py": "@pytest.mark.slow\n@pytest.mark.parametrize('a', [])\n",
            "checks/deep/b_test.py": "pytestmark = pytest.mark.api",
            ".github/workflows/ci.yml": "",
            ".gitlab-ci.yml": "",
            "Makefile": "test: build\n\tpytest\n",
            ".gitignore": "",
        },
    )

    assert read_project(tmp_path) == ProjectShape(
        test_paths=("checks",),
        test_files=2,
        markers=("api", "parametrize", "slow"),
        pytest_config="pyproject.toml [tool.pytest.ini_options]",
        ci_files=(".github/workflows/ci.yml", ".gitlab-ci.yml"),
        makefile="Makefile",
        make_targets=("test",),
        requirements=(
            RequirementsPlace("pyproject.toml", "dependency-groups.dev"),
            RequirementsPlace("pyproject.toml", "project.optional-dependencies.test"),
        ),
        has_pyproject=True,
        has_gitignore=True,
    )


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        (["tests/test_a.py", "tests/unit/test_b.py"], ("tests",)),
        (["src/pkg/tests/test_a.py", "src/pkg/tests/deep/tests/test_b.py"], ("src/pkg/tests",)),
        (["test_a.py"], (".",)),
        (["a/test_a.py", "b/test_b.py"], ("a", "b")),
        (["a/helper.py", "a/testing.py"], ()),
        ([".venv/tests/test_a.py", "node_modules/x/test_a.py", "build/test_a.py"], ()),
    ],
)
def test_tests_are_found_where_they_lie(tmp_path: Path, files: list[str], folders: tuple[str, ...]) -> None:
    lay(tmp_path, dict.fromkeys(files, ""))

    assert read_project(tmp_path).test_paths == folders


def test_virtual_environments_of_any_name_are_left_out(tmp_path: Path) -> None:
    lay(tmp_path, {"env/pyvenv.cfg": "", "env/lib/test_a.py": ""})

    assert read_project(tmp_path).test_files == 0


@pytest.mark.parametrize(
    ("files", "config", "paths"),
    [
        ({"pytest.ini": "", "tox.ini": "[pytest]\n"}, "pytest.ini", ()),
        ({"pytest.ini": "[pytest]\ntestpaths = a b\n"}, "pytest.ini", ("a", "b")),
        ({"pytest.toml": '[pytest]\ntestpaths = ["a"]\n'}, "pytest.toml", ("a",)),
        ({"pytest.toml": "pytest = 3\n"}, "pytest.toml", ()),
        ({"pyproject.toml": "[tool.pytest]\nminversion = '9'\n"}, "pyproject.toml [tool.pytest]", ()),
        ({"tox.ini": "[pytest]\ntestpaths =\n  a\n  b\n"}, "tox.ini [pytest]", ("a", "b")),
        ({"setup.cfg": "[tool:pytest]\ntestpaths\n"}, "setup.cfg [tool:pytest]", ()),
        ({"setup.cfg": "[metadata]\nname = x\n"}, "", ()),
        ({"setup.cfg": "no section\n", "pyproject.toml": "= broken"}, "", ()),
    ],
)
def test_the_configuration_of_pytest_is_found(
    tmp_path: Path, files: dict[str, str], config: str, paths: tuple[str, ...]
) -> None:
    project = read_project(lay(tmp_path, files))

    assert (project.pytest_config, project.test_paths) == (config, paths)


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"requirements-dev.txt": ""}, [RequirementsPlace("requirements-dev.txt")]),
        (
            {"setup.cfg": "[options.extras_require]\ntests = pytest\n"},
            [RequirementsPlace("setup.cfg", "options.extras_require.tests")],
        ),
        ({"tox.ini": "[testenv]\ndeps = pytest\n"}, [RequirementsPlace("tox.ini", "testenv.deps")]),
        ({"tox.ini": "[testenv]\n", "requirements.txt": ""}, []),
    ],
)
def test_the_place_of_test_requirements_is_found(
    tmp_path: Path, files: dict[str, str], places: list[RequirementsPlace]
) -> None:
    assert list(read_project(lay(tmp_path, files)).requirements) == places


def test_targets_of_a_makefile_are_listed() -> None:
    text = (
        "VERSION := 1\nNAME ?= a\n.PHONY: test\n%.o: %.c\n"
        "test lint: build\n\techo a: b\nbuild::\ntest:\nclean-all :\n# not: this\n"
    )

    assert make_targets(text) == ("test", "lint", "build", "clean-all")
