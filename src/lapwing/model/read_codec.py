"""What was read from reports as plain dictionaries of JSON. Durations are seconds here."""

from collections.abc import Iterable
from typing import Any

from lapwing.model.read_test import ReadFile, ReadTest


def read_test_dict(nodeid: str, test: ReadTest) -> dict[str, Any]:
    """One test. `duration_s` is what the file says, `judged_s` what may be judged."""
    return {
        "name": test.name,
        "nodeid": nodeid,
        "suite_path": list(test.suite_path),
        "classname": test.classname,
        "file": test.file,
        "line": test.line,
        "package": test.package,
        "parameters": test.parameters,
        "status": test.status.value,
        "duration_s": _seconds(test.shown_duration_ns),
        "judged_s": _seconds(test.duration_ns),
        "duration_kind": test.duration_kind.value,
        "setup_s": _seconds(test.setup_ns),
        "call_s": _seconds(test.call_ns),
        "teardown_s": _seconds(test.teardown_ns),
        "resolution_s": _seconds(test.resolution_ns),
        "started_at_ns": test.start_ns,
        "is_parent": test.is_parent,
        "attempts": [
            {"status": attempt.status.value, "duration_s": _seconds(attempt.duration_ns)}
            for attempt in test.attempts
        ],
        "tags": list(test.tags),
        "properties": [list(pair) for pair in test.properties],
        "benchmark": _benchmark(test),
        "warnings": list(test.warnings),
    }


def read_files_list(files: Iterable[ReadFile]) -> list[dict[str, Any]]:
    """The files, in the order read."""
    return [{**file._asdict(), "problems": list(file.problems)} for file in files]


def _benchmark(test: ReadTest) -> dict[str, Any] | None:
    if test.benchmark is None:
        return None
    fields = test.benchmark._asdict()
    return {**fields, "samples": list(fields["samples"]), "metadata": dict(fields["metadata"])}


def _seconds(ns: int | None) -> float | None:
    return None if ns is None else ns / 1_000_000_000
