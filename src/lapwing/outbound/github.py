"""A pull request on GitHub: its comments and the checks of its commit.

https://docs.github.com/rest/issues/comments, https://docs.github.com/rest/checks/runs
"""

import re
from typing import Final

from lapwing.errors import ConfigurationError
from lapwing.outbound.http import Http
from lapwing.outbound.note import DeniedError, Note, checked, rows, text_at

_BOT: Final = "github-actions[bot]"
_PAGE: Final = 100
_MOST_PAGES: Final = 100
_MOST_TEXT: Final = 65_000


def github_headers(token: str) -> dict[str, str]:
    """What each request carries."""
    return {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token}",
        "X-GitHub-Api-Version": "2022-11-28",
    }


class GitHubPullRequest:
    """Pull request `number` of `repository` (owner/name). Raises ConfigurationError for other names."""

    def __init__(self, http: Http, repository: str, number: int) -> None:
        self._http = http
        self._repository = checked_repository(repository)
        self._number = number

    def find(self, marker: str) -> Note | None:
        """See `NotePlace`. A job's own token has no user, but a bot's name."""
        author = self._author()
        for page in range(1, _MOST_PAGES + 1):
            path = f"{self._comments}?per_page={_PAGE}&page={page}"
            found = rows(self._http.ask("GET", path), "read the comments")
            for each in found:
                if text_at(each, "user", "login") == author and text_at(each, "body").startswith(marker):
                    return Note(note_id=str(int(each["id"])), body=text_at(each, "body"))
            if len(found) < _PAGE:
                break
        return None

    def create(self, body: str) -> None:
        """See `NotePlace`."""
        checked(self._http.ask("POST", self._comments, {"body": body}), "write a comment")

    def edit(self, note: Note, body: str) -> None:
        """See `NotePlace`."""
        path = f"/repos/{self._repository}/issues/comments/{note.note_id}"
        checked(self._http.ask("PATCH", path, {"body": body}), "edit the comment")

    def write_check(self, *, name: str, commit: str, conclusion: str, title: str, summary: str) -> None:
        """Write a check of `commit`; `conclusion` is success, neutral or failure."""
        checked(
            self._http.ask(
                "POST",
                f"/repos/{self._repository}/check-runs",
                {
                    "name": name[:255],
                    "head_sha": commit,
                    "status": "completed",
                    "conclusion": conclusion,
                    "output": {"title": title[:255], "summary": summary[:_MOST_TEXT]},
                },
            ),
            "write a check",
        )

    @property
    def _comments(self) -> str:
        return f"/repos/{self._repository}/issues/{self._number}/comments"

    def _author(self) -> str:
        try:
            return text_at(checked(self._http.ask("GET", "/user"), "read its own name"), "login") or _BOT
        except DeniedError:
            return _BOT


def find_pull_request(http: Http, repository: str, *, owner: str, branch: str, commit: str) -> int | None:
    """The open pull request of `branch` of `owner` whose head is `commit`; None where there is none."""
    from urllib.parse import quote

    head = quote(f"{owner}:{branch}", safe="")
    path = f"/repos/{checked_repository(repository)}/pulls?state=open&per_page={_PAGE}&head={head}"
    for each in rows(http.ask("GET", path), "read the pull requests"):
        if text_at(each, "head", "sha") == commit and isinstance(each.get("number"), int):
            return int(each["number"])
    return None


def checked_repository(name: str) -> str:
    """`name`, if it is owner/name. Raises ConfigurationError."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name, re.ASCII) or ".." in name:
        raise ConfigurationError(f"{name!r} is no repository", where="GITHUB_REPOSITORY")
    return name
