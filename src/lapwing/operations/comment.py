"""Say beside a change what it did to the tests: one comment, found again and edited in place."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from lapwing.environment.change_request import ChangeRequest, detect_change_request
from lapwing.errors import ConfigurationError, NoDataError
from lapwing.model.value import Value
from lapwing.outbound.note import DeniedError, NotePlace

if TYPE_CHECKING:
    from lapwing.outbound.http import Http

_TOKENS: Final = {"github": ("LAPWING_TOKEN", "GITHUB_TOKEN"), "gitlab": ("LAPWING_TOKEN", "GITLAB_TOKEN")}


class Posted(StrEnum):
    """What became of a comment."""

    CREATED = "wrote a comment"
    EDITED = "edited the comment"
    SAME = "the comment says so already"
    NO_NEWS = "nothing changed: no comment is written; --always writes one"
    DENIED = "the token may not do that, as with a fork's: left out"
    ANNOTATED = "annotated the build"
    CHECKED = "wrote a check"


class Message(Value):
    """What is to be said."""

    markdown: str
    project: str
    title: str  # one sentence
    style: str  # success, info, warning or error
    is_news: bool  # something changed


def post_comment(
    message: Message, environ: Mapping[str, str], *, number: int | None = None, always: bool = False
) -> Posted:
    """Write the comment, edit the one that is there, or leave it where there is nothing new to say.

    Raises ConfigurationError outside CI and without a token, NoDataError where the job is for no pull
    request, RemoteError where the server does not do it.
    """
    place = _detected(environ, number)
    if place.provider == "buildkite":
        from lapwing.outbound.buildkite import annotate

        annotate(message.markdown, style=message.style)
        return Posted.ANNOTATED
    try:
        return _post(_place(place, environ), message, always=always)
    except DeniedError:
        return Posted.DENIED


def post_check(
    message: Message, environ: Mapping[str, str], *, name: str, conclusion: str, number: int | None = None
) -> Posted:
    """Write a check of the commit that the job is for, on GitHub. Raises as `post_comment`."""
    from lapwing.outbound.github import GitHubPullRequest

    place = _detected(environ, number)
    if place.provider != "github":
        raise ConfigurationError("a check is written on GitHub only", where="--check")
    if not place.commit:
        raise NoDataError("the event names no commit", where="GITHUB_SHA")
    target = GitHubPullRequest(_http(place, environ), place.repository, place.number or 0)
    try:
        target.write_check(
            name=name,
            commit=place.commit,
            conclusion=conclusion,
            title=message.title,
            summary=message.markdown,
        )
    except DeniedError:
        return Posted.DENIED
    return Posted.CHECKED


def _post(place: NotePlace, message: Message, *, always: bool) -> Posted:
    marker = f"<!-- lapwing:v1 project={_plain(message.project)} job=aggregate -->"
    body = f"{marker}\n{message.markdown}"
    known = place.find(marker)
    if known is not None:
        if known.body.replace("\r\n", "\n").strip() == body.strip():
            return Posted.SAME
        place.edit(known, body)
        return Posted.EDITED
    if not (message.is_news or always):
        return Posted.NO_NEWS
    place.create(body)
    return Posted.CREATED


def _detected(environ: Mapping[str, str], number: int | None) -> ChangeRequest:
    place = detect_change_request(environ, number)
    if place is None:
        raise ConfigurationError(
            "this is no job of GitHub, GitLab or Buildkite",
            mend="Print the comment with --dry-run, and hand it to your CI system.",
        )
    return place


def _place(place: ChangeRequest, environ: Mapping[str, str]) -> NotePlace:
    http = _http(place, environ)
    number = place.number
    if number is None and place.owner and place.branch and place.commit:
        from lapwing.outbound.github import find_pull_request

        number = find_pull_request(
            http, place.repository, owner=place.owner, branch=place.branch, commit=place.commit
        )
    if number is None:
        raise NoDataError("this job is for no pull request", mend="Name it with --pull-request.")
    if place.provider == "gitlab":
        from lapwing.outbound.gitlab import GitLabMergeRequest

        return GitLabMergeRequest(http, place.repository, number)
    from lapwing.outbound.github import GitHubPullRequest

    return GitHubPullRequest(http, place.repository, number)


def _http(place: ChangeRequest, environ: Mapping[str, str]) -> "Http":
    from lapwing.outbound.github import github_headers
    from lapwing.outbound.gitlab import gitlab_headers
    from lapwing.outbound.http import Http

    names = _TOKENS[place.provider]
    token = next((environ[name] for name in names if environ.get(name)), "")
    if not re.fullmatch(r"[!-~]+", token):
        raise ConfigurationError(
            "there is no token to comment with", where=" or ".join(names), mend="Give it to the step as env."
        )
    headers = github_headers(token) if place.provider == "github" else gitlab_headers(token)
    return Http(place.api_url, headers)


def _plain(name: str) -> str:
    """A name that can stand in a comment of HTML and end nothing."""
    return re.sub(r"[^A-Za-z0-9_.]", "_", name)[:100] or "tests"
