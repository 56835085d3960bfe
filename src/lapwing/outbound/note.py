"""A comment of ours beside a change: what every place for one can do."""

from typing import Any, Protocol

from lapwing.errors import RemoteError
from lapwing.model.value import Value
from lapwing.outbound.http import Answer


class Note(Value):
    """A comment that is there."""

    note_id: str
    body: str


class NotePlace(Protocol):
    """A pull request or merge request. Every method may raise RemoteError, or DeniedError for the token."""

    def find(self, marker: str) -> Note | None:
        """Our comment: the first whose author is the token's and whose text begins with `marker`."""

    def create(self, body: str) -> None:
        """Write a comment."""

    def edit(self, note: Note, body: str) -> None:
        """Give a comment another text."""


class DeniedError(RemoteError):
    """The token may not do it, as with a fork's."""

    slug = "remote-denied"


def checked(answer: Answer, what: str) -> Any:
    """The body of an answer that worked. Raises DeniedError or RemoteError, which say `what` was asked.

    Only 403 is what a fork's token gets: it is known, and may only read. One that sent too many requests
    may get it, too.
    """
    if answer.status < 300:
        return answer.body
    if answer.status == 403 and not answer.is_rate_limit:
        raise DeniedError(f"the token may not {what} (status 403)")
    raise RemoteError(f"could not {what}: status {answer.status}", mend=_mend(answer))


def _mend(answer: Answer) -> str:
    status = answer.status
    if answer.is_rate_limit:
        return "The server wants fewer requests for a while: run the job again later."
    if status == 401:
        return "The server does not know the token: it is wrong, has expired, or was made for another server."
    if status == 404:
        return "See that the number of the request is right, and that the token may read the repository."
    if status >= 500:
        return "The server is busy or in trouble: run the job again later."
    return ""


def rows(answer: Answer, what: str) -> list[dict[str, Any]]:
    """The objects of a list in an answer."""
    body = checked(answer, what)
    return [each for each in body if isinstance(each, dict)] if isinstance(body, list) else []


def text_at(value: Any, *keys: str) -> str:
    """The text at a path of an object, "" for anything else."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
