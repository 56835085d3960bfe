"""What goes back to whoever asked, whatever carries it."""

import json
from collections.abc import Mapping
from typing import Any

from lapwing.errors import ConfigurationError
from lapwing.model.value import Value

HTML = "text/html; charset=utf-8"
JSON = "application/json"

Parameters = Mapping[str, str]
"""Of a question: the query of a request, the fields of a form."""


class Answer(Value):
    """Status, kind and content."""

    body: bytes
    kind: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    stamp: str = ""  # the state of the store that it was made of


def json_answer(value: Any, status: int = 200) -> Answer:
    """A document of JSON, ASCII only."""
    return Answer(json.dumps(value, separators=(",", ":")).encode(), JSON, status)


def error_answer(status: int, what: str, mend: str = "") -> Answer:
    """What went wrong, for programs."""
    return json_answer({"error": what, "mend": mend}, status)


def whole_number(parameters: Parameters, name: str, default: int, *, most: int) -> int:
    """A number from 1 to `most` in a query. Raises ConfigurationError for anything else."""
    text = parameters.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise ConfigurationError(
            f"{name} is no number from 1 to {most:,}", where="the request", mend=f"Write {name}={default}."
        )
    return int(text)


def one_of(parameters: Parameters, name: str, words: tuple[str, ...]) -> str:
    """One of `words` in a query, the first by default. Raises ConfigurationError for anything else."""
    text = parameters.get(name, "") or words[0]
    if text not in words:
        raise ConfigurationError(
            f"{name} is none of {', '.join(words)}", where="the request", mend=f"Write {name}={words[0]}."
        )
    return text
