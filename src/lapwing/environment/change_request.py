"""Which pull request or merge request a CI job is for, and which API tells of it.

Taken from the environment and from the event that GitHub hands over, never from an artifact, which the
author of a fork may have written.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lapwing.model.value import Value

_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LARGEST_EVENT: Final = 20_000_000


class ChangeRequest(Value):
    """Where to comment."""

    provider: str  # github, gitlab or buildkite
    api_url: str = ""
    repository: str = ""  # owner/name, or GitLab's project id
    number: int | None = None
    commit: str = ""  # of its head
    owner: str = ""  # of the head's repository, where `number` has to be looked up
    branch: str = ""  # likewise


def detect_change_request(environ: Mapping[str, str], number: int | None = None) -> ChangeRequest | None:
    """What `environ` tells, with `number` where that is given; None outside the known CI systems."""
    if environ.get("GITHUB_ACTIONS") == "true":
        return _github(environ, number)
    if environ.get("GITLAB_CI") == "true":
        return ChangeRequest(
            provider="gitlab",
            api_url=environ.get("CI_API_V4_URL", ""),
            repository=environ.get("CI_PROJECT_ID", ""),
            number=number or _number(environ.get("CI_MERGE_REQUEST_IID", "")),
            commit=environ.get("CI_COMMIT_SHA", ""),
        )
    if environ.get("BUILDKITE") == "true":
        return ChangeRequest(provider="buildkite")
    return None


def _github(environ: Mapping[str, str], number: int | None) -> ChangeRequest:
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    ref = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", environ.get("GITHUB_REF", ""))
    triggered = event.get("workflow_run")
    pull = event.get("pull_request")
    commit = _text(pull, "head", "sha") or _text(triggered, "head_sha") or environ.get("GITHUB_SHA", "")
    return ChangeRequest(
        provider="github",
        api_url=environ.get("GITHUB_API_URL", "https://api.github.com"),
        repository=environ.get("GITHUB_REPOSITORY", ""),
        number=number or (int(ref[1]) if ref else _number(_pull_number(pull))),
        commit=commit if _COMMIT.fullmatch(commit) else "",
        owner=_text(triggered, "head_repository", "owner", "login"),
        branch=_text(triggered, "head_branch"),
    )


def _event(path: str) -> dict[str, Any]:
    try:
        if not path or Path(path).stat().st_size > _LARGEST_EVENT:
            return {}
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _text(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _pull_number(pull: Any) -> str:
    """As the event tells it: where a workflow runs on the base (`pull_request_target`), the ref does not."""
    number = pull.get("number") if isinstance(pull, dict) else None
    return str(number)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None
