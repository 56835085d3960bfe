"""Our comment among others: on GitHub and on GitLab."""

import pytest

from lapwing.errors import ConfigurationError, RemoteError
from lapwing.outbound.github import GitHubPullRequest, find_pull_request
from lapwing.outbound.gitlab import GitLabMergeRequest
from lapwing.outbound.http import Http
from lapwing.outbound.note import DeniedError

MARK = "<!-- mark -->"


@pytest.fixture(params=["github", "gitlab"])
def place(request, remote):
    remote.is_bot = False
    http = Http(remote.url, {}, sleep=lambda _: None)
    if request.param == "github":
        return GitHubPullRequest(http, "o/r", 7)
    return GitLabMergeRequest(http, "5", 7)


def test_nothing_is_found_where_nothing_is(place):
    assert place.find(MARK) is None


def test_a_comment_is_written_found_and_edited(place, remote):
    place.create(f"{MARK}\none")
    place.edit(place.find(MARK), f"{MARK}\ntwo")

    assert [each["body"] for each in remote.comments] == [f"{MARK}\ntwo"]


def test_it_is_found_behind_hundreds_of_others(place, remote):
    for at in range(250):
        remote.add("someone", f"talk {at}")
    remote.add("lapwing-bot", f"{MARK}\nours")

    assert place.find(MARK).body == f"{MARK}\nours"


def test_the_mark_in_the_comment_of_another_is_not_ours(place, remote):
    remote.add("mallory", f"{MARK}\nforged")

    assert place.find(MARK) is None


def test_the_mark_in_the_middle_is_a_quotation(place, remote):
    remote.add("lapwing-bot", f"> {MARK}\nquoted")

    assert place.find(MARK) is None


def test_what_may_not_be_written_is_told_as_such(place, remote):
    remote.is_read_only = True

    with pytest.raises(DeniedError):
        place.create("x")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, "API rate limit exceeded"),
        ({"Retry-After": "3600"}, ""),
        ({}, "You have exceeded a secondary rate limit."),
    ],
)
def test_a_limit_of_the_rate_is_no_matter_of_the_token(place, remote, headers, message):
    remote.planned = [(403, headers, {"message": message})] * 9

    with pytest.raises(RemoteError, match="status 403") as told:
        place.create("x")

    assert not isinstance(told.value, DeniedError)
    assert "fewer requests" in told.value.mend


def test_a_strange_answer_is_an_empty_list(place, remote):
    remote.planned = [(200, {}, {"login": "a", "username": "a"}), (200, {}, {"no": "list"})]

    assert place.find(MARK) is None


def test_the_token_of_a_job_is_known_by_the_name_of_its_bot(remote):
    remote.add("github-actions[bot]", MARK)

    assert GitHubPullRequest(Http(remote.url, {}), "o/r", 7).find(MARK) is not None


@pytest.mark.parametrize("name", ["", "o", "o/../x", "o/r/issues", "o/r?x=", "../.."])
def test_a_repository_has_an_owner_and_a_name(remote, name):
    with pytest.raises(ConfigurationError):
        GitHubPullRequest(Http(remote.url, {}), name, 7)


def test_the_pull_request_of_a_fork_is_found_by_branch_and_commit(remote):
    remote.pulls = [
        {"label": "fork:topic", "number": 6, "head": {"sha": "old"}},
        {"label": "fork:topic", "number": 7, "head": {"sha": "new"}},
    ]
    http = Http(remote.url, {})

    assert find_pull_request(http, "o/r", owner="fork", branch="topic", commit="new") == 7
    assert find_pull_request(http, "o/r", owner="fork", branch="topic", commit="none") is None
