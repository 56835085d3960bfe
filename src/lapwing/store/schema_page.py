"""The reference pages of the stores' tables, made from their schemas and comments."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from lapwing.store.migrations import STEPS
from lapwing.store.postgresql_schema import STEPS as POSTGRESQL_STEPS

_ADDED: Final = re.compile(
    r"-- (?P<comment>.+)\nALTER TABLE (?P<table>\w+) ADD COLUMN (?P<name>\w+) (?P<type>.+)"
)
_COLUMN: Final = re.compile(r"^    (?P<name>[a-z_]+) (?P<type>[^,]+?),? -- (?P<comment>.+)$")


def schema_markdown() -> str:
    """Every table with its columns, then every version with what it changed, as Markdown."""
    lines = [
        "# Tables of the embedded store",
        "",
        "Facts (the tables whose names end in `result`) refer to metadata by number. Times are",
        "nanoseconds, sizes bytes. A text with lone surrogates or NUL is a BLOB of UTF-8 with surrogates",
        "passed through.",
        "",
    ]
    lines += _sections(step.sql for step in STEPS)
    lines += ["## Versions", "", "| version | step | what it changed |", "| --- | --- | --- |"]
    lines += [f"| {version} | `{step.name}` | {step.what} |" for version, step in enumerate(STEPS, 1)]
    return "\n".join(lines) + "\n"


def postgresql_markdown() -> str:
    """Every table of a store in PostgreSQL with its columns, as Markdown."""
    lines = [
        "# Tables of a store in PostgreSQL",
        "",
        "They hold what the [tables of the embedded store](store.md) hold. `result` is partitioned by the",
        "week in which a run started. NUL, lone surrogates and the character SUBSTITUTE stand in a text as",
        "SUBSTITUTE and four hexadecimal digits.",
        "",
        *_sections(sql for _, sql in POSTGRESQL_STEPS),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _sections(scripts: Iterable[str]) -> Iterator[str]:
    statements = [text.strip() for script in scripts for text in script.split(";\n")]
    added: dict[str, list[str]] = {}
    for column in filter(None, map(_ADDED.match, statements)):
        row = f"| `{column['name']}` | {column['type']} | {column['comment']} |"
        added.setdefault(column["table"], []).append(row)
    for statement in statements:
        yield from _section(statement.splitlines(), added)


def _section(statement: list[str], added: Mapping[str, Sequence[str]]) -> Iterator[str]:
    comments = [line.removeprefix("-- ") for line in statement if line.startswith("-- ")]
    heads = [line for line in statement if line.startswith("CREATE ")]
    if not heads:
        return
    kind, name = heads[0].split()[1:3]
    yield f"## {'Index' if kind == 'INDEX' else 'Table'} `{name}`"
    yield ""
    yield " ".join(comments)
    yield ""
    if kind == "INDEX":
        yield f"`{heads[0].split(' ON ')[1]}`"
    else:
        yield "| column | type | meaning |"
        yield "| --- | --- | --- |"
        for column in filter(None, map(_COLUMN.match, statement)):
            yield f"| `{column['name']}` | {column['type']} | {column['comment']} |"
        yield from added.get(name, ())
    yield ""
