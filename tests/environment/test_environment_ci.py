import pytest

from lapwing.environment.ci import ci_branch, ci_commit, detect_ci
from lapwing.model.run import CiJob

SHA = "a" * 40

JOBS = {
    "github": (
        {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_RUN_ID": "77",
            "GITHUB_JOB": "tests",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_REF": "refs/pull/12/merge",
            "GITHUB_HEAD_REF": "topic",
            "GITHUB_SHA": SHA,
        },
        CiJob("github", "77", "tests", "https://github.com/o/r/actions/runs/77", "12"),
        "topic",
    ),
    "gitlab": (
        {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_PIPELINE_ID": "5",
            "CI_JOB_NAME": "unit",
            "CI_JOB_URL": "https://gitlab.example/j/1",
            "CI_MERGE_REQUEST_IID": "3",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic",
            "CI_COMMIT_SHA": SHA,
        },
        CiJob("gitlab", "5", "unit", "https://gitlab.example/j/1", "3"),
        "topic",
    ),
    "buildkite": (
        {
            "CI": "true",
            "BUILDKITE": "true",
            "BUILDKITE_BUILD_ID": "b",
            "BUILDKITE_LABEL": "tests",
            "BUILDKITE_BUILD_URL": "https://buildkite.com/o/p/builds/1",
            "BUILDKITE_JOB_ID": "j",
            "BUILDKITE_PULL_REQUEST": "false",
            "BUILDKITE_BRANCH": "main",
            "BUILDKITE_COMMIT": SHA,
        },
        CiJob("buildkite", "b", "tests", "https://buildkite.com/o/p/builds/1#j", None),
        "main",
    ),
    "circleci": (
        {
            "CI": "true",
            "CIRCLECI": "true",
            "CIRCLE_WORKFLOW_ID": "w",
            "CIRCLE_JOB": "build",
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/o/r/1",
            "CIRCLE_PULL_REQUEST": "https://github.com/o/r/pull/8",
            "CIRCLE_BRANCH": "topic",
            "CIRCLE_SHA1": SHA,
        },
        CiJob("circleci", "w", "build", "https://circleci.com/gh/o/r/1", "8"),
        "topic",
    ),
    "azure": (
        {
            "TF_BUILD": "True",
            "BUILD_BUILDID": "9",
            "AGENT_JOBNAME": "Job",
            "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.com/o/",
            "SYSTEM_TEAMPROJECT": "my project",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "4",
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/topic/x",
            "BUILD_SOURCEVERSION": SHA,
        },
        CiJob("azure", "9", "Job", "https://dev.azure.com/o/my%20project/_build/results?buildId=9", "4"),
        "topic/x",
    ),
    "jenkins": (
        {
            "JENKINS_URL": "https://ci.example/",
            "BUILD_TAG": "jenkins-a-3",
            "JOB_NAME": "a",
            "BUILD_URL": "https://ci.example/job/a/3/",
            "GIT_BRANCH": "origin/main",
            "GIT_COMMIT": SHA,
        },
        CiJob("jenkins", "jenkins-a-3", "a", "https://ci.example/job/a/3/", None),
        "main",
    ),
    "travis": (
        {
            "CI": "true",
            "TRAVIS": "true",
            "TRAVIS_BUILD_ID": "1",
            "TRAVIS_JOB_NUMBER": "1.2",
            "TRAVIS_JOB_WEB_URL": "https://travis-ci.com/j/2",
            "TRAVIS_PULL_REQUEST": "6",
            "TRAVIS_PULL_REQUEST_BRANCH": "topic",
            "TRAVIS_BRANCH": "main",
            "TRAVIS_PULL_REQUEST_SHA": SHA,
        },
        CiJob("travis", "1", "1.2", "https://travis-ci.com/j/2", "6"),
        "topic",
    ),
    "bitbucket": (
        {
            "CI": "true",
            "BITBUCKET_BUILD_NUMBER": "2",
            "BITBUCKET_PIPELINE_UUID": "{p}",
            "BITBUCKET_STEP_UUID": "{s}",
            "BITBUCKET_REPO_FULL_NAME": "o/r",
            "BITBUCKET_PR_ID": "1",
            "BITBUCKET_BRANCH": "topic",
            "BITBUCKET_COMMIT": SHA,
        },
        CiJob("bitbucket", "{p}", "{s}", "https://bitbucket.org/o/r/pipelines/results/2", "1"),
        "topic",
    ),
    "teamcity": (
        {
            "TEAMCITY_VERSION": "2024.1",
            "BUILD_NUMBER": "10",
            "TEAMCITY_BUILDCONF_NAME": "Build",
            "BUILD_VCS_NUMBER": SHA,
        },
        CiJob("teamcity", "10", "Build", None, None),
        None,
    ),
    "appveyor": (
        {
            "CI": "True",
            "APPVEYOR": "True",
            "APPVEYOR_BUILD_ID": "3",
            "APPVEYOR_JOB_ID": "j",
            "APPVEYOR_URL": "https://ci.appveyor.com",
            "APPVEYOR_ACCOUNT_NAME": "o",
            "APPVEYOR_PROJECT_SLUG": "r",
            "APPVEYOR_PULL_REQUEST_NUMBER": "2",
            "APPVEYOR_REPO_BRANCH": "main",
            "APPVEYOR_REPO_COMMIT": SHA,
        },
        CiJob("appveyor", "3", "j", "https://ci.appveyor.com/project/o/r/builds/3", "2"),
        "main",
    ),
    "drone": (
        {
            "CI": "true",
            "DRONE": "true",
            "DRONE_BUILD_NUMBER": "4",
            "DRONE_STEP_NAME": "test",
            "DRONE_BUILD_LINK": "http://drone.example/4",
            "DRONE_PULL_REQUEST": "7",
            "DRONE_SOURCE_BRANCH": "topic",
            "DRONE_COMMIT_SHA": SHA,
        },
        CiJob("drone", "4", "test", "http://drone.example/4", "7"),
        "topic",
    ),
    "woodpecker": (
        {
            "CI": "woodpecker",
            "CI_PIPELINE_NUMBER": "4",
            "CI_WORKFLOW_NAME": "test",
            "CI_PIPELINE_URL": "https://wood.example/4",
            "CI_COMMIT_PULL_REQUEST": "7",
            "CI_COMMIT_SOURCE_BRANCH": "topic",
            "CI_COMMIT_SHA": SHA,
        },
        CiJob("woodpecker", "4", "test", "https://wood.example/4", "7"),
        "topic",
    ),
}


@pytest.mark.parametrize(("environ", "job", "branch"), JOBS.values(), ids=JOBS)
def test_each_provider_is_known_by_its_variables(environ, job, branch) -> None:
    assert detect_ci(environ) == job
    assert ci_branch(environ) == branch
    assert ci_commit(environ) == SHA


@pytest.mark.parametrize("value", ["true", "1", "yes"])
def test_an_unknown_provider_is_called_ci(value: str) -> None:
    assert detect_ci({"CI": value}) == CiJob("ci")
    assert ci_branch({"CI": value}) is None


@pytest.mark.parametrize("environ", [{}, {"CI": ""}, {"CI": "false"}, {"CI": "0", "GITHUB_ACTIONS": "false"}])
def test_outside_ci_there_is_no_job(environ) -> None:
    assert detect_ci(environ) is None
    assert ci_branch(environ) is None
    assert ci_commit(environ) is None


@pytest.mark.parametrize(
    ("ref", "branch", "pull_request"),
    [
        ("refs/heads/main", "main", None),
        ("refs/heads/release-12", "release-12", None),
        ("refs/heads/pull/12", "pull/12", None),
        ("refs/tags/v1", None, None),
        ("refs/pull/12/merge", None, "12"),
        ("", None, None),
    ],
)
def test_refs_of_github_are_told_apart(ref: str, branch: str | None, pull_request: str | None) -> None:
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_REF": ref}

    job = detect_ci(environ)

    assert job is not None
    assert (ci_branch(environ), job.pull_request) == (branch, pull_request)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.org/",
        "https://user:password@example.org/",
        "https://example.org/\nSet-Cookie: a",
        "https://example.org/\x1b[31m",
        'https://example.org/"onclick=',
        "https://example.org/<script>",
        "https://",
    ],
)
def test_an_address_that_is_not_plain_http_is_dropped(url: str) -> None:
    job = detect_ci({"JENKINS_URL": "x", "BUILD_URL": url})

    assert job is not None
    assert job.url is None


def test_braces_in_values_are_just_text() -> None:
    environ = {"GITLAB_CI": "true", "CI_JOB_NAME": "{0.__class__} {CI}"}

    job = detect_ci(environ)

    assert job is not None
    assert job.job == "{0.__class__} {CI}"


def test_values_of_no_unicode_can_be_written_as_text() -> None:
    assert ci_branch({"CIRCLECI": "true", "CIRCLE_BRANCH": "caf\udce9"}) == "caf?"


def test_a_commit_that_is_none_is_dropped() -> None:
    assert ci_commit({"BUILDKITE": "true", "BUILDKITE_COMMIT": "HEAD"}) is None
