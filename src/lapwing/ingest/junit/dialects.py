"""Who wrote a JUnit file, and what that writer means by what it writes."""

import re
from collections.abc import Mapping
from typing import Final

from lapwing.ingest.reader import Repeats
from lapwing.model.read_test import DurationKind
from lapwing.model.value import Value


class Dialect(Value):
    """What differs from writer to writer."""

    tool: str = ""
    repeats: Repeats = Repeats.BY_OUTCOME
    kind: DurationKind = DurationKind.SINGLE  # of a case that tells no attempts
    resolution_ns: int | None = None  # None: as the digits tell
    first_line: int = 1  # what the writer calls the first line of a file
    zero_is_none: bool = False  # a time of zero was not measured
    hostname_is_project: bool = False
    may_have_parents: bool = False  # parents are listed beside their subtests, as Name and Name/sub


UNKNOWN: Final = Dialect()
_MS: Final = 1_000_000

_DIALECTS: Final = {
    dialect.tool: dialect
    for dialect in (
        Dialect("pytest", Repeats.ATTEMPTS, resolution_ns=_MS, first_line=0),
        Dialect("go test", Repeats.ATTEMPTS, resolution_ns=10 * _MS, may_have_parents=True),
        Dialect("jest", Repeats.OCCURRENCES, DurationKind.LAST),
        Dialect("vitest", Repeats.OCCURRENCES, DurationKind.SUM),
        Dialect("mocha", Repeats.OCCURRENCES, DurationKind.LAST),
        Dialect("node", Repeats.OCCURRENCES),
        Dialect("playwright", Repeats.OCCURRENCES, DurationKind.SUM, hostname_is_project=True),
        Dialect("rspec", Repeats.OCCURRENCES),
        Dialect("googletest", Repeats.ATTEMPTS, resolution_ns=_MS),
        Dialect("doctest", Repeats.OCCURRENCES, zero_is_none=True),
        Dialect("bazel", Repeats.ATTEMPTS, resolution_ns=1_000 * _MS),
        Dialect("cargo-nextest", Repeats.ATTEMPTS),
        Dialect("surefire"),
        Dialect("ctest", Repeats.ATTEMPTS),
        Dialect("phpunit", Repeats.OCCURRENCES),
        Dialect("exunit", Repeats.OCCURRENCES),
        Dialect("swift"),
        Dialect("xunit.net"),
    )
}
_BY_ROOT_NAME: Final = {
    "pytest tests": "pytest",
    "jest tests": "jest",
    "vitest tests": "vitest",
    "mocha tests": "mocha",
    "alltests": "googletest",
    "nextest-run": "cargo-nextest",
}
_BY_SUITE_NAME: Final = {"pytest": "pytest", "rspec": "rspec", "mocha tests": "mocha"}
_GO_NAME: Final = re.compile(r"(?:Test|Example|Fuzz|Benchmark)(?![a-z])")


def dialect_of(tool: str) -> Dialect:
    """The dialect of `tool`, or the unknown one."""
    return _DIALECTS.get(tool, UNKNOWN)


def tool_of_root(attributes: Mapping[str, str]) -> str:
    """The writer that the attributes of a `testsuites` element give away, "" for none."""
    name = attributes.get("name", "").lower()
    if name in _BY_ROOT_NAME:
        return _BY_ROOT_NAME[name]
    if attributes.keys() >= {"id", "name", "tests", "time"} and not name and not attributes["id"]:
        return "playwright"
    return "cargo-nextest" if "uuid" in attributes else ""


def tool_of_suite(attributes: Mapping[str, str]) -> str:
    """The writer that the attributes of a `testsuite` element give away, "" for none."""
    name = attributes.get("name", "").lower()
    if "doctest_version" in attributes:
        return "doctest"
    if "surefire" in attributes.get("noNamespaceSchemaLocation", ""):
        return "surefire"
    if name.startswith("elixir."):
        return "exunit"
    return _BY_SUITE_NAME.get(name, "")


def tool_of_property(name: str) -> str:
    """The writer that a suite's property gives away, "" for none."""
    if name == "go.version":
        return "go test"
    return "surefire" if name.startswith("surefire.") else ""


def tool_of_case(attributes: Mapping[str, str], suite: str) -> str:
    """The writer that a file's first case gives away, "" for none."""
    classname = attributes.get("classname", "")
    name = attributes.get("name", "")
    if "duration" in attributes:
        return "bazel"
    if "result" in attributes and "status" in attributes:
        return "googletest"
    if "assertions" in attributes and ("class" in attributes or "line" in attributes):
        return "phpunit"
    if _GO_NAME.match(name) and classname and suite.endswith(classname) and "file" not in attributes:
        return "go test" if "/" in classname or "." not in classname else ""
    return "node" if classname == "test" and "file" not in attributes else ""
