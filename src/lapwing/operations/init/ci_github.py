"""Workflows for GitHub: tests on every version, one audit of them all, a strict gate on tags. Pure.

Values of a run (branch, version) reach a script by its environment, never by `${{ }}` inside of it: what
stands there is pasted into the script before the shell reads it.
"""

from collections.abc import Sequence
from typing import Final

from lapwing.operations.init.ci_runners import Runner

WORKFLOW: Final = ".github/workflows/test-performance.yml"
RELEASE_WORKFLOW: Final = ".github/workflows/release-performance.yml"

_HEAD: Final = """\
# Written by 'lapwing init --ci github'; yours to change.
name: Test Performance Monitoring

on:
  push:
    branches: [@BRANCHES@]
  pull_request:
  schedule:
    - cron: "17 3 * * *"
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: ${{ github.workflow }}-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}

env:
  BASE_BRANCH: @BASE@

jobs:
"""

_FETCH: Final = """\
      - name: Fetch the baseline of the base branch
        continue-on-error: true # the first time there is none
        env:
          GH_TOKEN: ${{ github.token }}
          BASELINE: @BASELINE@
        run: |
          # Pushes only: a fork may call its branch like yours, and its artifact like the baseline.
          run_id=$(gh run list --workflow test-performance.yml --branch "$BASE_BRANCH" --event push \\
            --status success --limit 1 --json databaseId --jq '.[0].databaseId // empty')
          test -n "$run_id"
          gh run download "$run_id" --name "$BASELINE" --dir .lapwing
"""

_KEEP: Final = """\
      - name: Report
        if: always()
        run: |
          lapwing check --format github || true # annotations; the audit decides
          lapwing report --format github > /dev/null # the page of the summary
      - name: Keep the results
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: @RESULTS@
          path: .lapwing/store.sqlite
          include-hidden-files: true
          if-no-files-found: warn
          retention-days: 14
      - name: Renew the baseline
        if: success() && github.event_name == 'push' && github.ref_name == env.BASE_BRANCH
        uses: actions/upload-artifact@v4
        with:
          name: @BASELINE@
          path: .lapwing/store.sqlite
          include-hidden-files: true
          retention-days: 90
"""

_PYTEST: Final = """\
  pytest:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
      actions: read
    strategy:
      fail-fast: false
      matrix:
        python-version: [@VERSIONS@]
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the baseline is looked for among the commits of the base branch
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: ${{ matrix.python-version }}
      - name: Install
        run: |
@INSTALL@
@FETCH@      - name: Test
        run: pytest --track-performance
@KEEP@"""

_OTHER: Final = """\
  @NAME@:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
      actions: read
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "@NEWEST@"
@ACTION@      - name: Install
        run: |
@INSTALL@
@FETCH@      - name: Test
        run: lapwing run --reports @REPORT@ -- @COMMAND@
@KEEP@"""

_AUDIT: Final = """\
  test-performance-audit:
    needs: [@NEEDS@]
    if: always()
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      pull-requests: write # for the comment; a fork's token cannot, and the job then goes on without it
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "@NEWEST@"
      - name: Install
        run: python -m pip install 'lapwing[remote]'
      - uses: actions/download-artifact@v4
        with:
          pattern: test-results-*
          path: results
      - name: Summary
        run: lapwing comment results --dry-run >> "$GITHUB_STEP_SUMMARY"
      - name: Comment
        if: github.event_name == 'pull_request'
        env:
          GITHUB_TOKEN: ${{ github.token }}
        run: lapwing comment results
      - name: Check
        if: ${{ !cancelled() }} # whatever became of the comment
        run: |
          failed=0
          for store in results/*/store.sqlite; do
            [ -e "$store" ] || { echo "no job left results"; exit 2; }
            echo "$store"
            lapwing check --store "$store" || failed=1
          done
          exit "$failed"
"""

_RELEASE: Final = """\
# Written by 'lapwing init --ci github'; yours to change. Put your publishing steps into the last job:
# it does not begin where the gate fails.
name: Release Performance Gate

on:
  push:
    tags: ["v*"]

permissions:
  contents: read

env:
  BASE_BRANCH: @BASE@

jobs:
  release-gate:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
      actions: read
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the last release is found by its tag
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "@NEWEST@"
      - name: Install
        run: |
@INSTALL@
@FETCH@      - name: Test
        run: pytest --track-performance
      - name: Gate
        run: lapwing check --release-gate

  publish:
    needs: release-gate
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - name: Publish
        run: echo "Publish here."
"""


def workflow(
    *,
    base_branch: str,
    versions: Sequence[str],
    install: Sequence[str],
    runners: Sequence[Runner] = (),
    has_pytest: bool = True,
) -> str:
    """The workflow: a job for pytest on each of `versions`, one for each of `runners`, and the audit."""
    newest = versions[-1]
    jobs: list[str] = []
    names: list[str] = []
    if has_pytest:
        name = "pytest"
        jobs.append(
            _filled(
                _PYTEST,
                VERSIONS=", ".join(f'"{version}"' for version in versions),
                INSTALL=_script(install),
                FETCH=_FETCH,
                KEEP=_KEEP,
                RESULTS=f"test-results-{name}-py${{{{ matrix.python-version }}}}",
                BASELINE="performance-baselines-py${{ matrix.python-version }}",
            )
        )
        names.append(name)
    for runner in runners:
        jobs.append(
            _filled(
                _OTHER,
                NAME=runner.name,
                ACTION=_action(runner),
                INSTALL=_script(["python -m pip install lapwing", *runner.setup]),
                FETCH=_FETCH,
                KEEP=_KEEP,
                RESULTS=f"test-results-{runner.name}",
                BASELINE=f"performance-baselines-{runner.name}",
                REPORT=runner.report,
                COMMAND=runner.command,
                NEWEST=newest,
            )
        )
        names.append(runner.name)
    audit = _filled(_AUDIT, NEEDS=", ".join(names), NEWEST=newest)
    branches = list(dict.fromkeys([base_branch, "develop"]))
    head = _filled(_HEAD, BRANCHES=", ".join(map(_scalar, branches)), BASE=_scalar(base_branch))
    return head + "\n".join([*jobs, audit])


def release_workflow(*, base_branch: str, versions: Sequence[str], install: Sequence[str]) -> str:
    """The workflow that holds a release back where a budget is broken or a test became slower."""
    return _filled(
        _RELEASE,
        BASE=_scalar(base_branch),
        NEWEST=versions[-1],
        INSTALL=_script(install),
        FETCH=_FETCH,
        BASELINE=f"performance-baselines-py{versions[-1]}",
    )


def _action(runner: Runner) -> str:
    if not runner.action:
        return ""
    inputs = "".join(f"          {name}: {value}\n" for name, value in runner.action_inputs)
    return f"      - uses: {runner.action}\n        with:\n{inputs}"


def _filled(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    return template


def _script(lines: Sequence[str]) -> str:
    return "\n".join(f"          {line}" for line in lines)


def _scalar(text: str) -> str:
    """A name as a YAML scalar in quotes; quotes and backslashes stand for themselves."""
    return "'" + text.replace("'", "''") + "'"
