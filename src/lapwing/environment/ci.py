"""The CI job that a run belongs to, as the environment tells it.

Values are templates over the names of variables; the first whose variables are all set counts.
They are text that strangers may have written (a branch name of a fork): only its form is checked.
"""

import re
from collections.abc import Mapping
from typing import Final

from lapwing.model.run import CiJob
from lapwing.model.value import Value


class _Provider(Value):
    name: str
    sign: str  # variable that is there on this provider only
    pipeline: tuple[str, ...]
    job: tuple[str, ...]
    url: tuple[str, ...]
    pull_request: tuple[str, ...]
    branch: tuple[str, ...]
    commit: tuple[str, ...]
    sign_value: str = ""  # what the variable holds there; "" for anything but "false" and the like


_PROVIDERS: Final = (
    _Provider(
        name="github",
        sign="GITHUB_ACTIONS",
        pipeline=("{GITHUB_RUN_ID}",),
        job=("{GITHUB_JOB}",),
        url=("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",),
        pull_request=("{GITHUB_REF}",),
        branch=("{GITHUB_HEAD_REF}", "{GITHUB_REF}"),
        commit=("{GITHUB_SHA}",),
    ),
    _Provider(
        name="gitlab",
        sign="GITLAB_CI",
        pipeline=("{CI_PIPELINE_ID}",),
        job=("{CI_JOB_NAME}",),
        url=("{CI_JOB_URL}", "{CI_PIPELINE_URL}"),
        pull_request=("{CI_MERGE_REQUEST_IID}",),
        branch=("{CI_MERGE_REQUEST_SOURCE_BRANCH_NAME}", "{CI_COMMIT_BRANCH}"),
        commit=("{CI_COMMIT_SHA}",),
    ),
    _Provider(
        name="buildkite",
        sign="BUILDKITE",
        pipeline=("{BUILDKITE_BUILD_ID}",),
        job=("{BUILDKITE_LABEL}", "{BUILDKITE_STEP_KEY}", "{BUILDKITE_JOB_ID}"),
        url=("{BUILDKITE_BUILD_URL}#{BUILDKITE_JOB_ID}", "{BUILDKITE_BUILD_URL}"),
        pull_request=("{BUILDKITE_PULL_REQUEST}",),
        branch=("{BUILDKITE_BRANCH}",),
        commit=("{BUILDKITE_COMMIT}",),
    ),
    _Provider(
        name="circleci",
        sign="CIRCLECI",
        pipeline=("{CIRCLE_WORKFLOW_ID}", "{CIRCLE_BUILD_NUM}"),
        job=("{CIRCLE_JOB}",),
        url=("{CIRCLE_BUILD_URL}",),
        pull_request=("{CIRCLE_PR_NUMBER}", "{CIRCLE_PULL_REQUEST}"),
        branch=("{CIRCLE_BRANCH}",),
        commit=("{CIRCLE_SHA1}",),
    ),
    _Provider(
        name="azure",
        sign="TF_BUILD",
        pipeline=("{BUILD_BUILDID}",),
        job=("{SYSTEM_JOBDISPLAYNAME}", "{AGENT_JOBNAME}"),
        url=(
            "{SYSTEM_TEAMFOUNDATIONCOLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
        ),
        pull_request=("{SYSTEM_PULLREQUEST_PULLREQUESTNUMBER}", "{SYSTEM_PULLREQUEST_PULLREQUESTID}"),
        branch=("{SYSTEM_PULLREQUEST_SOURCEBRANCH}", "{BUILD_SOURCEBRANCH}"),
        commit=("{BUILD_SOURCEVERSION}",),
    ),
    _Provider(
        name="jenkins",
        sign="JENKINS_URL",
        pipeline=("{BUILD_TAG}", "{BUILD_ID}"),
        job=("{STAGE_NAME}", "{JOB_NAME}"),
        url=("{BUILD_URL}",),
        pull_request=("{CHANGE_ID}",),
        branch=("{CHANGE_BRANCH}", "{BRANCH_NAME}", "{GIT_BRANCH}"),
        commit=("{GIT_COMMIT}",),
    ),
    _Provider(
        name="travis",
        sign="TRAVIS",
        pipeline=("{TRAVIS_BUILD_ID}",),
        job=("{TRAVIS_JOB_NAME}", "{TRAVIS_JOB_NUMBER}"),
        url=("{TRAVIS_JOB_WEB_URL}", "{TRAVIS_BUILD_WEB_URL}"),
        pull_request=("{TRAVIS_PULL_REQUEST}",),
        branch=("{TRAVIS_PULL_REQUEST_BRANCH}", "{TRAVIS_BRANCH}"),
        commit=("{TRAVIS_PULL_REQUEST_SHA}", "{TRAVIS_COMMIT}"),
    ),
    _Provider(
        name="bitbucket",
        sign="BITBUCKET_BUILD_NUMBER",
        pipeline=("{BITBUCKET_PIPELINE_UUID}", "{BITBUCKET_BUILD_NUMBER}"),
        job=("{BITBUCKET_STEP_UUID}",),
        url=("https://bitbucket.org/{BITBUCKET_REPO_FULL_NAME}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",),
        pull_request=("{BITBUCKET_PR_ID}",),
        branch=("{BITBUCKET_BRANCH}",),
        commit=("{BITBUCKET_COMMIT}",),
    ),
    _Provider(
        name="teamcity",
        sign="TEAMCITY_VERSION",
        pipeline=("{BUILD_NUMBER}",),
        job=("{TEAMCITY_BUILDCONF_NAME}",),
        url=("{BUILD_URL}",),
        pull_request=(),
        branch=(),
        commit=("{BUILD_VCS_NUMBER}",),
    ),
    _Provider(
        name="appveyor",
        sign="APPVEYOR",
        pipeline=("{APPVEYOR_BUILD_ID}",),
        job=("{APPVEYOR_JOB_NAME}", "{APPVEYOR_JOB_ID}"),
        url=(
            "{APPVEYOR_URL}/project/{APPVEYOR_ACCOUNT_NAME}/{APPVEYOR_PROJECT_SLUG}/builds/{APPVEYOR_BUILD_ID}",
        ),
        pull_request=("{APPVEYOR_PULL_REQUEST_NUMBER}",),
        branch=("{APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH}", "{APPVEYOR_REPO_BRANCH}"),
        commit=("{APPVEYOR_REPO_COMMIT}",),
    ),
    _Provider(
        name="drone",
        sign="DRONE",
        pipeline=("{DRONE_BUILD_NUMBER}",),
        job=("{DRONE_STEP_NAME}", "{DRONE_STAGE_NAME}"),
        url=("{DRONE_BUILD_LINK}",),
        pull_request=("{DRONE_PULL_REQUEST}",),
        branch=("{DRONE_SOURCE_BRANCH}", "{DRONE_COMMIT_BRANCH}"),
        commit=("{DRONE_COMMIT_SHA}",),
    ),
    _Provider(
        name="woodpecker",
        sign="CI",
        sign_value="woodpecker",
        pipeline=("{CI_PIPELINE_NUMBER}",),
        job=("{CI_STEP_NAME}", "{CI_WORKFLOW_NAME}"),
        url=("{CI_PIPELINE_URL}",),
        pull_request=("{CI_COMMIT_PULL_REQUEST}",),
        branch=("{CI_COMMIT_SOURCE_BRANCH}", "{CI_COMMIT_BRANCH}"),
        commit=("{CI_COMMIT_SHA}",),
    ),
    _Provider(name="ci", sign="CI", pipeline=(), job=(), url=(), pull_request=(), branch=(), commit=()),
)

_OFF: Final = frozenset({"", "0", "false", "no", "off"})
_PULL_REQUEST: Final = r"(?:refs/pull/|https?://\S+/)?(\d+)(?:/(?:merge|head))?"
# No user part before an @, which might hold a password, and nothing that could end an attribute.
_URL: Final = r"https?://[^\s/@?#\"'<>\\^`{|}\x00-\x1f\x7f]+(?:[/?#][^\s\"'<>\\^`{|}\x00-\x1f\x7f]*)?"


def detect_ci(environ: Mapping[str, str]) -> CiJob | None:
    """The CI job that `environ` tells of, None outside CI."""
    provider = _provider(environ)
    if provider is None:
        return None
    pull_request = re.fullmatch(_PULL_REQUEST, _fill(provider.pull_request, environ) or "")
    url = (_fill(provider.url, environ) or "").replace(" ", "%20")
    return CiJob(
        provider=provider.name,
        pipeline=_fill(provider.pipeline, environ),
        job=_fill(provider.job, environ),
        url=url if re.fullmatch(_URL, url) else None,
        pull_request=pull_request[1] if pull_request else None,
    )


def ci_branch(environ: Mapping[str, str]) -> str | None:
    """The branch that CI builds, a pull request's own one; None where it is a tag or not told.

    CI checks out a commit, not a branch, so that the repository does not know it.
    """
    provider = _provider(environ)
    told = _fill(provider.branch, environ) if provider else None
    if told is None:
        return None
    branch = told.removeprefix("refs/heads/").removeprefix("origin/")
    return None if branch.startswith("refs/") else branch


def ci_commit(environ: Mapping[str, str]) -> str | None:
    """The commit that CI builds, for a checkout without a repository."""
    provider = _provider(environ)
    told = _fill(provider.commit, environ) if provider else None
    return told if told and re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", told) else None


def _provider(environ: Mapping[str, str]) -> _Provider | None:
    return next((each for each in _PROVIDERS if _is_there(each, environ.get(each.sign, ""))), None)


def _is_there(provider: _Provider, value: str) -> bool:
    return value == provider.sign_value if provider.sign_value else value.lower() not in _OFF


def _fill(templates: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    set_variables = {name: value for name, value in environ.items() if value}
    for template in templates:
        try:
            return template.format_map(set_variables).encode("utf-8", "replace").decode()
        except KeyError:
            continue
    return None
