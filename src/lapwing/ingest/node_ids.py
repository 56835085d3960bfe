"""Tests of pytest, named in reports by their node ids."""

from collections.abc import Iterable
from typing import Any

from lapwing.ingest.json_fields import one_line, whole_text
from lapwing.ingest.reader import Problem
from lapwing.model.ids import normalize_node_id, split_node_id
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome


def test_of_node_id(nodeid: str, status: Outcome, **fields: Any) -> ReadTest:
    """A test named by `nodeid`, with more `fields`; its class name is dotted as in pytest's JUnit XML."""
    parts = split_node_id(normalize_node_id(whole_text(nodeid)))
    name = parts.function or parts.file
    module = parts.file.removesuffix(".py").replace("/", ".")
    return ReadTest(
        name=name if parts.params is None else f"{name}[{parts.params}]",
        status=status,
        classname=".".join((module, *parts.classes)) if parts.function else "",
        file=parts.file,
        parameters=parts.params or "",
        **fields,
    )


def marks_among(keywords: Iterable[str], nodeid: str) -> tuple[str, ...]:
    """Those of pytest's keywords of a test that are not parts of its name and path."""
    return tuple(
        whole_text(word) for word in keywords if word and word not in nodeid and word != "pytestmark"
    )


def not_collected(nodeid: str, outcome: str) -> ReadTest | Problem:
    """What became of a module whose collection ended with `outcome`: skipped as a whole, or failed."""
    if outcome == "skipped":
        return test_of_node_id(nodeid, Outcome.SKIPPED)
    return Problem(
        f"{one_line(whole_text(nodeid))} could not be collected: its tests are missing", loses_tests=True
    )
