"""A merge request on GitLab: its notes. https://docs.gitlab.com/api/notes/"""

from typing import Final
from urllib.parse import quote

from lapwing.outbound.http import Http
from lapwing.outbound.note import Note, checked, rows, text_at

_PAGE: Final = 100
_MOST_PAGES: Final = 100


def gitlab_headers(token: str) -> dict[str, str]:
    """What each request carries: an access token with the scope api. A job's own may not write notes."""
    return {"PRIVATE-TOKEN": token}


class GitLabMergeRequest:
    """Merge request `number` of `project` (its number or path)."""

    def __init__(self, http: Http, project: str, number: int) -> None:
        self._http = http
        self._notes = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"

    def find(self, marker: str) -> Note | None:
        """See `NotePlace`."""
        author = text_at(checked(self._http.ask("GET", "/user"), "read its own name"), "username")
        page = "1"
        for _ in range(_MOST_PAGES):
            path = f"{self._notes}?per_page={_PAGE}&sort=asc&page={page}"
            answer = self._http.ask("GET", path)
            for each in rows(answer, "read the notes"):
                is_ours = each.get("system") is not True and text_at(each, "author", "username") == author
                if is_ours and author and text_at(each, "body").startswith(marker):
                    return Note(note_id=str(int(each["id"])), body=text_at(each, "body"))
            page = answer.headers.get("x-next-page", "")
            if not page.isdigit():
                break
        return None

    def create(self, body: str) -> None:
        """See `NotePlace`."""
        checked(self._http.ask("POST", self._notes, {"body": body}), "write a note")

    def edit(self, note: Note, body: str) -> None:
        """See `NotePlace`."""
        checked(self._http.ask("PUT", f"{self._notes}/{note.note_id}", {"body": body}), "edit the note")
