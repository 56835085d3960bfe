"""A document of JSON whose one long list is written while it is made."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lapwing.cli.output import Output


def write_document(
    output: Output,
    before: Mapping[str, Any],
    name: str,
    values: Iterable[Any],
    after: Callable[[], Mapping[str, Any]],
) -> None:
    """Print `before`, the list `name` of `values`, and what `after` then gives, as one object.

    It reads like what `Output.json` prints. Nothing is printed before the first value is there, or it is
    known that there is none: what goes wrong until then leaves no half of a document.
    """
    is_first = True
    for value in values:
        output.text(f"{_opened(before, name)}\n  " if is_first else ",\n  ")
        output.text(_indented(value, 2))
        is_first = False
    output.text(f"{_opened(before, name)}]" if is_first else "\n ]")
    for key, value in after().items():
        output.text(f",\n {json.dumps(key)}: {_indented(value, 1)}")
    output.text("\n}\n")


def _opened(before: Mapping[str, Any], name: str) -> str:
    members = "".join(f"\n {json.dumps(key)}: {_indented(value, 1)}," for key, value in before.items())
    return f"{{{members}\n {json.dumps(name)}: ["


def _indented(value: Any, columns: int) -> str:
    # No line break of a text is one of the document: they are escaped in it.
    return json.dumps(value, indent=1).replace("\n", "\n" + " " * columns)
