"""A pipeline for GitLab, as a file to include: tests on every version, one audit of them all. Pure.

The baseline of the default branch travels in a cache, which only the default branch writes.
"""

from collections.abc import Sequence
from typing import Final

from lapwing.operations.init.ci_runners import Runner

PIPELINE: Final = ".gitlab/test-performance.yml"
MAIN_FILE: Final = ".gitlab-ci.yml"
INCLUDE: Final = f"include:\n  - local: {PIPELINE}\n"

_HEAD: Final = """\
# Written by 'lapwing init --ci gitlab'; yours to change. Included by .gitlab-ci.yml.

.lapwing-baseline:
  variables:
    GIT_DEPTH: "0" # the baseline is looked for among the commits of the default branch
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      variables:
        LAPWING_CACHE_POLICY: pull-push
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" || $CI_PIPELINE_SOURCE == "schedule" || $CI_COMMIT_TAG
      variables:
        LAPWING_CACHE_POLICY: pull
    - when: never
"""

_PYTEST: Final = """
test-performance-pytest:
  extends: .lapwing-baseline
  stage: test
  image: python:$PYTHON_VERSION
  parallel:
    matrix:
      - PYTHON_VERSION: [@VERSIONS@]
  cache:
    key: performance-baselines-py$PYTHON_VERSION
    paths: [.lapwing/store.sqlite]
    policy: $LAPWING_CACHE_POLICY
    unprotect: true # or merge requests would not see what the protected branch keeps
  script:
@INSTALL@    - pytest --track-performance --junit-xml=pytest.xml
  after_script:
    - mkdir -p "results/test-results-pytest-py$PYTHON_VERSION"
    - cp .lapwing/store.sqlite "results/test-results-pytest-py$PYTHON_VERSION/" || true
  artifacts:
    when: always
    name: test-results-pytest-py$PYTHON_VERSION
    paths: [results/]
    reports:
      junit: pytest.xml
    expire_in: 14 days
"""

_OTHER: Final = """
test-performance-@NAME@:
  extends: .lapwing-baseline
  stage: test
  image: @IMAGE@
  cache:
    key: performance-baselines-@NAME@
    paths: [.lapwing/store.sqlite]
    policy: $LAPWING_CACHE_POLICY
    unprotect: true
  before_script:
    - apt-get update -q && apt-get install -qy python3-venv
    - python3 -m venv /opt/lapwing && /opt/lapwing/bin/pip install lapwing
  script:
@INSTALL@    - /opt/lapwing/bin/lapwing run --reports @REPORT@ -- @COMMAND@
  after_script:
    - mkdir -p results/test-results-@NAME@
    - cp .lapwing/store.sqlite results/test-results-@NAME@/ || true
  artifacts:
    when: always
    name: test-results-@NAME@
    paths: [results/]
    expire_in: 14 days
"""

_AUDIT: Final = """
test-performance-audit:
  extends: .lapwing-baseline
  stage: .post
  image: python:@NEWEST@
  needs: [@NEEDS@]
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: always
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" || $CI_PIPELINE_SOURCE == "schedule" || $CI_COMMIT_TAG
      when: always
    - when: never
  script:
    - python -m pip install 'lapwing[remote]'
    - mkdir -p lapwing-report
    - |
      failed=0
      for store in results/*/store.sqlite; do
        [ -e "$store" ] || { echo "no job left results"; exit 2; }
        name=$(basename "$(dirname "$store")")
        lapwing report --store "$store" --format junit --output "lapwing-report/$name.xml"
        lapwing check --store "$store" --format gitlab > "lapwing-report/$name.json" || true
        lapwing report --store "$store" --format openmetrics --output "lapwing-report/$name.txt"
        lapwing check --store "$store" || failed=1
      done
    # CI_JOB_TOKEN may not write notes: the comment needs LAPWING_TOKEN, an access token with the scope api.
    - if [ -n "$LAPWING_TOKEN" ] && [ -n "$CI_MERGE_REQUEST_IID" ]; then lapwing comment results; fi
    - exit "$failed"
  artifacts:
    when: always
    paths: [lapwing-report/]
    reports:
      junit: lapwing-report/*.xml
      codequality: lapwing-report/*.json
      metrics: lapwing-report/@METRICS@.txt
"""


def pipeline(
    *,
    versions: Sequence[str],
    install: Sequence[str],
    runners: Sequence[Runner] = (),
    has_pytest: bool = True,
) -> str:
    """The pipeline: a job for pytest on each of `versions`, one for each of `runners`, and the audit."""
    parts, names, results = [_HEAD], [], []
    if has_pytest:
        listed = ", ".join(f'"{version}"' for version in versions)
        parts.append(_filled(_PYTEST, VERSIONS=listed, INSTALL=_script(install)))
        names.append("test-performance-pytest")
        results.append(f"test-results-pytest-py{versions[-1]}")
    for runner in runners:
        parts.append(
            _filled(
                _OTHER,
                NAME=runner.name,
                IMAGE=runner.image,
                INSTALL=_script(runner.setup),
                REPORT=runner.report,
                COMMAND=runner.command,
            )
        )
        names.append(f"test-performance-{runner.name}")
        results.append(f"test-results-{runner.name}")
    parts.append(_filled(_AUDIT, NEEDS=", ".join(names), NEWEST=versions[-1], METRICS=results[0]))
    return "".join(parts)


def _filled(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    return template


def _script(lines: Sequence[str]) -> str:
    return "".join(f"    - {line}\n" for line in lines)
