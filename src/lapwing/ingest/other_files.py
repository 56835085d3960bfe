"""Files of JSON and text that lie beside reports and are none, in the words of people who meet them.

Where the tool can write a report, how to get it is said.
"""

import re
from typing import Any, Final

from lapwing.ingest.head import Head

_BY_KEYS: Final = (
    ({"meta", "files", "totals"}, "a coverage report"),
    ({"lockfileVersion"}, "a lock file of npm"),
    ({"name", "dependencies"}, "a package description (package.json)"),
    ({"name", "devDependencies"}, "a package description (package.json)"),
    ({"name", "version", "scripts"}, "a package description (package.json)"),
    ({"compilerOptions"}, "settings of the TypeScript compiler"),
    ({"$schema", "runs"}, "findings of a linter (SARIF)"),
    ({"filePath", "messages"}, "findings of a linter"),
    ({"traceEvents"}, "a trace for a browser"),
    ({"nbformat", "cells"}, "a notebook"),
    ({"message", "documentation_url"}, "the answer of a server that met an error"),
    ({"jmhVersion"}, "results of JMH, which are not read"),
    ({"HostEnvironmentInfo", "Benchmarks"}, "results of BenchmarkDotNet, which are not read"),
    (
        {"group_id", "function_id", "full_id"},
        "a part of criterion's results; estimates.json beside it has the times",
    ),
    (
        {"sampling_mode", "iters", "times"},
        "a part of criterion's results; estimates.json beside it has the times",
    ),
)
_OF_ISTANBUL: Final = {"statementMap", "fnMap", "branchMap"}
_BY_TEXT: Final = (
    (
        re.compile(r"^={3,} test session starts ={3,}", re.MULTILINE),
        "pytest's text output; --junit-xml=FILE writes a report",
    ),
    (
        re.compile(r"^(?:=== RUN |\s*--- (?:PASS|FAIL|SKIP): )", re.MULTILINE),
        "go test's text output; go test -json writes a report",
    ),
    (
        re.compile(r"^test \S.* \.\.\. (?:ok|FAILED|ignored)", re.MULTILINE),
        "cargo test's text output, without times; cargo nextest writes a report with them",
    ),
    (re.compile(r"^Traceback \(most recent call last\):", re.MULTILINE), "a log with a traceback"),
    (re.compile(r"^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.MULTILINE), "a log"),
)


def known_json(head: Head) -> str:
    """What the JSON that begins so is; "" for what is not known."""
    keys = set(head.json_keys)
    for needed, said in _BY_KEYS:
        if needed <= keys:
            return said
    return "a coverage report (Istanbul)" if _is_istanbul(head.json_value) else ""


def known_text(head: Head) -> str:
    """What the text that begins so is; "" for what is not known."""
    return next((said for pattern, said in _BY_TEXT if pattern.search(head.text)), "")


def _is_istanbul(beginning: Any) -> bool:
    first = next(iter(beginning.values()), None) if isinstance(beginning, dict) else None
    return isinstance(first, dict) and first.keys() >= _OF_ISTANBUL
