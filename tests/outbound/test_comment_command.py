"""`lapwing comment`: what is said, when, and to whom."""

import json
import stat

import pytest

from lapwing.cli.main import main
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Revision, Run
from lapwing.store.data_file import write_data_file
from lapwing.store.open_store import open_store

MS = 1_000_000
DAY = 86_400 * 1_000 * MS
SHA = "a" * 40
HOSTILE = "tests/a.py::t[<!-- --> @everyone | ::error::x]"


def run_of(number, slower=1.0):
    """A run of 30 tests of about 100 ms; the first takes `slower` times as long."""
    tests = []
    for at in range(30):
        jitter = 1 + ((at * 7 + number * 13) % 5 - 2) / 200
        took = round((100 + at) * MS * jitter * (slower if at == 0 else 1))
        name = HOSTILE if at == 0 else f"tests/a.py::test_{at}"
        tests.append(TestRecord(nodeid=name, outcome=Outcome.PASSED, call_ns=took, call_cpu_ns=took))
    facts = Run(
        run_id=f"0192f3a1-7c11-7d2e-9f00-{number:012x}",
        started_at_ns=1_790_000_000_000 * MS + number * DAY,
        duration_ns=5_000 * MS,
        project="shop",
        revision=Revision(commit=f"{number:040x}", branch="main", dirty=False),
        is_complete=True,
    )
    return RecordedRun(run=facts, tests=tuple(tests))


def record(path, *runs):
    with open_store(str(path), create=True) as store:
        for each in runs:
            store.write_run(each)


def history(slower=1.0):
    return [*(run_of(number) for number in range(7)), run_of(7, slower)]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A project as working folder, outside of any CI."""
    root = tmp_path / "shop"
    (root / ".lapwing").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "pyproject.toml").write_text('[tool.lapwing]\nbase_branch = "main"\nproject = "shop"\n')
    monkeypatch.chdir(root)
    for name in (
        "LAPWING_STORE",
        "LAPWING_TOKEN",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "BUILDKITE",
        "GITHUB_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    return root


@pytest.fixture
def on_github(remote, monkeypatch, tmp_path):
    """The environment of a job for pull request 7."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"sha": SHA}}}))
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": remote.url,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_TOKEN": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    return remote


def test_a_slowdown_is_commented_once_and_then_edited(shop, on_github, capsys):
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 0
    assert main(["comment"]) == 0
    record(shop / ".lapwing/store.sqlite", run_of(8))
    assert main(["comment"]) == 0

    said = capsys.readouterr().err.splitlines()
    assert said == [
        "lapwing: wrote a comment",
        "lapwing: the comment says so already",
        "lapwing: edited the comment",
    ]
    assert len(on_github.comments) == 1


def test_a_workflow_that_runs_on_the_base_comments_on_the_pull_request(
    shop, on_github, monkeypatch, tmp_path
):
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    event = {"pull_request": {"number": 7, "head": {"sha": SHA}}}
    (tmp_path / "event.json").write_text(json.dumps(event))

    assert main(["comment"]) == 0

    assert len(on_github.comments) == 1


def test_the_comment_begins_with_its_mark_and_holds_names_defused(shop, on_github):
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    main(["comment"])

    mark, _, rest = on_github.comments[0]["body"].partition("\n")
    assert mark == "<!-- lapwing:v1 project=shop job=aggregate -->"
    assert rest.startswith("### Test performance\n\n**1 slower")
    assert "<!--" not in rest
    assert "@everyone" not in rest.replace("&#64;everyone", "")
    assert set(on_github.tokens) == {"Bearer secret"}


@pytest.mark.parametrize(
    ("words", "conclusion"),
    [
        ([], "failure"),
        (["--fail-on", "budget,suite"], "failure"),
        (["--fail-on", "regression"], "neutral"),
    ],
)
def test_a_check_fails_for_what_the_gate_is_told_to_fail_on(shop, on_github, words, conclusion):
    (shop / "pyproject.toml").write_text(
        '[tool.lapwing]\nbase_branch = "main"\nproject = "shop"\n'
        '[tool.lapwing.categories.unit]\nbudget = "128ms"\n'
    )
    record(shop / ".lapwing/store.sqlite", *history())

    main(["comment", "--check", "Test performance", *words])

    assert on_github.checks[0]["conclusion"] == conclusion


@pytest.mark.parametrize(("slower", "conclusion"), [(4.0, "failure"), (1.35, "neutral")])
def test_a_check_fails_from_the_severity_it_is_told(shop, on_github, slower, conclusion):
    record(shop / ".lapwing/store.sqlite", *history(slower))

    main(["comment", "--check", "Test performance", "--severity", "critical"])

    assert on_github.checks[0]["conclusion"] == conclusion


def test_a_push_has_a_check_and_no_comment(shop, on_github, monkeypatch, tmp_path, capsys):
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))
    (tmp_path / "event.json").write_text("{}")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    monkeypatch.setenv("GITHUB_SHA", SHA)

    assert main(["comment", "--check", "Test performance"]) == 0

    assert [each["head_sha"] for each in on_github.checks] == [SHA]
    assert on_github.comments == []
    assert "this job is for no pull request" in capsys.readouterr().err


def test_a_data_file_is_checked_without_a_store(shop, on_github):
    write_data_file(shop / "data.json", run_of(7), slow_threshold_ns=MS)

    main(["comment", "data.json", "--always", "--check", "Test performance"])

    assert on_github.checks[0]["conclusion"] == "neutral"  # there is no baseline


def test_tests_over_a_limit_are_named_where_there_is_a_comment(shop, on_github):
    (shop / "pyproject.toml").write_text(
        '[tool.lapwing]\nbase_branch = "main"\nproject = "shop"\n'
        '[tool.lapwing.categories.unit]\nbudget = "128ms"\n'
    )
    record(shop / ".lapwing/store.sqlite", *history())

    main(["comment"])
    assert on_github.comments == []  # it was so before
    main(["comment", "--always"])

    body = on_github.comments[0]["body"]
    assert "over a limit" in body.splitlines()[3]
    assert "128 ms" in body


def test_where_nothing_changed_nothing_is_written(shop, on_github, capsys):
    record(shop / ".lapwing/store.sqlite", *history())

    assert main(["comment"]) == 0

    assert on_github.comments == []
    assert "nothing changed" in capsys.readouterr().err


def test_unless_it_is_asked_for(shop, on_github):
    record(shop / ".lapwing/store.sqlite", *history())

    main(["comment", "--always"])

    assert len(on_github.comments) == 1


def test_a_forks_token_is_said_and_no_failure(shop, on_github, capsys):
    on_github.is_read_only = True
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 0

    assert "as with a fork's" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        (401, "does not know the token"),
        (404, "number of the request"),
        (422, "could not"),
    ],
)
def test_what_a_fork_does_not_explain_is_a_failure_that_says_how_to_mend_it(
    shop, on_github, capsys, status, mend
):
    on_github.planned = [(status, {}, {"message": "no"})] * 9
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 2

    told = " ".join(capsys.readouterr().err.split())
    assert str(status) in told
    assert mend in told


def test_on_gitlab_an_unknown_token_is_a_failure_too(shop, remote, monkeypatch, capsys):
    for name, value in {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": remote.url,
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "7",
        "GITLAB_TOKEN": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    remote.planned = [(401, {}, {"message": "401 Unauthorized"})]
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 2

    assert "does not know the token" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(("slower", "conclusion"), [(4.0, "failure"), (1.0, "success")])
def test_a_check_fails_only_for_what_is_sure(shop, on_github, slower, conclusion):
    record(shop / ".lapwing/store.sqlite", *history(slower))

    main(["comment", "--check", "Test performance"])

    (check,) = on_github.checks
    assert (check["head_sha"], check["conclusion"]) == (SHA, conclusion)


def test_without_a_baseline_a_check_is_neutral(shop, on_github):
    record(shop / ".lapwing/store.sqlite", run_of(0))

    main(["comment", "--check", "Test performance"])

    assert on_github.checks[0]["conclusion"] == "neutral"


def test_all_jobs_share_one_comment_that_names_them(shop, on_github):
    record(shop / "results/test-results-pytest-py3.12/store.sqlite", *history())
    record(shop / "results/test-results-pytest-py3.13/store.sqlite", *history(slower=4.0))

    assert main(["comment", "results"]) == 0

    (comment,) = on_github.comments
    assert "1 of 2 jobs slower: pytest-py3.13." in comment["body"]


def test_a_folder_without_results_says_what_belongs_there(shop, on_github, capsys):
    (shop / "results").mkdir()

    assert main(["comment", "results"]) == 2

    assert "test-results-*" in capsys.readouterr().err


def test_after_a_forks_run_the_number_comes_from_the_event_not_from_the_artifact(
    shop, on_github, monkeypatch, tmp_path
):
    event = {
        "workflow_run": {
            "head_sha": SHA,
            "head_branch": "topic",
            "head_repository": {"owner": {"login": "fork"}},
        }
    }
    (tmp_path / "event.json").write_text(json.dumps(event))
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    on_github.pulls = [{"label": "fork:topic", "number": 7, "head": {"sha": SHA}}]
    record(shop / ".lapwing/store.sqlite", *history()[:-1])
    (shop / "results").mkdir()
    write_data_file(shop / "results" / "data.json", run_of(7, 4.0), slow_threshold_ns=MS)

    assert main(["comment", "results/data.json"]) == 0

    assert len(on_github.comments) == 1


def test_an_artifact_of_another_shape_is_refused(shop, on_github, capsys):
    (shop / "data.json").write_text('{"format_version": 1, "tests": 7}')

    assert main(["comment", "data.json"]) == 2

    assert on_github.asked == []


def test_a_merge_request_of_gitlab_gets_a_note(shop, remote, monkeypatch):
    remote.is_bot = False
    for name, value in {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": remote.url,
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "7",
        "GITLAB_TOKEN": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 0

    assert len(remote.comments) == 1
    assert set(remote.tokens) == {"secret"}


def test_a_build_of_buildkite_is_annotated(shop, monkeypatch, tmp_path):
    agent = tmp_path / "bin" / "buildkite-agent"
    agent.parent.mkdir()
    agent.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/body\n')
    agent.chmod(agent.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(agent.parent), prepend=":")
    monkeypatch.setenv("BUILDKITE", "true")
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 0

    assert (tmp_path / "arguments").read_text() == "annotate --style error --context lapwing\n"
    assert (tmp_path / "body").read_text().startswith("### Test performance")


def test_outside_of_ci_it_says_how_to_go_on(shop, capsys):
    record(shop / ".lapwing/store.sqlite", *history())

    assert main(["comment"]) == 2

    assert "--dry-run" in capsys.readouterr().err


def test_dry_run_prints_and_sends_nothing(shop, on_github, capsys):
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment", "--dry-run"]) == 0

    assert capsys.readouterr().out.startswith("### Test performance\n")
    assert on_github.asked == []


def test_without_a_token_the_variables_are_named(shop, on_github, monkeypatch, capsys):
    monkeypatch.delenv("GITHUB_TOKEN")
    record(shop / ".lapwing/store.sqlite", *history(slower=4.0))

    assert main(["comment"]) == 2

    assert "GITHUB_TOKEN" in capsys.readouterr().err
