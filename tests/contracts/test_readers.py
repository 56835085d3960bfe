"""One suite over all readers: what real tools wrote is read as `expected.json` says."""

import io
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect
from lapwing.ingest.plain_tests import each_test
from lapwing.ingest.reader import Problem, ReportFacts
from lapwing.ingest.repeats import Entry, entries
from lapwing.ingest.to_run import named_tests
from lapwing.model.read_test import ReadTest

FOREIGN = Path(__file__).parent.parent / "foreign"
PUBLIC = Path(os.environ.get("LAPWING_SAMPLES", "nowhere")) / "reports" / "public"
COUNTED_OTHERWISE = {
    "no-cases-but-tests": "the reader believes the suite's own counts",
    "latex-utensils": "the reader counts tests of one name once",
    "NUnit-issue44527": "the runner labels its failures errors",
    "NUnit-sec1752-file": "it declares entities",
    "fixie": "the reader counts tests of one method once",
    "pickles": "the reader counts tests of one method once",
    "yami_YAMILEX_2015-10-24_04_18_59": "the reader takes errors for tests that were skipped",
}
"""Public samples whose counts by another reader differ from ours, and why."""

READ_OTHERWISE = {"t?st": "tést"}
"""Bytes that are no UTF-8 are read as windows-1252."""


def read_file(path: Path) -> tuple[list[Any], list[Problem], str]:
    """The tests of a file with their attempts together, the problems, and the tool."""
    with path.open("rb") as stream:
        content = Content(stream)
        reader = detect(content.head)
        if reader is None:
            return [], [Problem("not a known test result")], ""
        items = list(entries(reader.read(content, str(path)), window=None))
    tool = next((item.tool for item in items if isinstance(item, ReportFacts) and item.tool), "")
    tests = named_tests([item for item in items if isinstance(item, Entry)], tool)
    return [named.test for named in tests], [item for item in items if isinstance(item, Problem)], tool


def samples() -> list[Any]:
    """Every file of `expected.json` that holds cases, with what it says."""
    found = []
    for expected in sorted(FOREIGN.glob("*/expected.json")):
        document = json.loads(expected.read_text(encoding="utf-8"))
        files = document.get("files", document)
        for name, said in files.items():
            path = expected.parent / name
            if path.suffix in (".xml", ".gz") and path.is_file() and "cases" in said:
                found.append(pytest.param(path, said, id=f"{expected.parent.name}/{name}"))
    return found


def seconds(ns: int | None) -> float | None:
    return None if ns is None else ns / 1e9


def wanted_rows(said: dict[str, Any]) -> list[tuple[str, str, float | None]]:
    """Name, status and duration of each case. Cases without a name are counted one by one."""
    rows = []
    for case in said["cases"]:
        name = READ_OTHERWISE.get(case["name"], case["name"] or "")
        times = 1 if case["name"] else case.get("entries", 1)
        rows += [(name, case["status"], case["duration_s"])] * times
    return sorted(rows, key=str)


@pytest.mark.parametrize(("path", "said"), samples())
def test_a_sample_is_read_as_expected(path, said):
    tests, _, _ = read_file(path)

    rows = sorted(
        [(test.name, test.status.value, seconds(test.shown_duration_ns)) for test in tests], key=str
    )

    if path.name == "duplicates.xml":  # three executions of one test: listed there, attempts here
        assert [attempt.status.value for attempt in tests[0].attempts] == [
            case["status"] for case in said["cases"]
        ]
        return
    wanted = wanted_rows(said)
    assert [row[:2] for row in rows] == [row[:2] for row in wanted]
    assert [row[2] for row in rows] == [
        pytest.approx(row[2], abs=1e-9) if row[2] is not None else None for row in wanted
    ]


@pytest.mark.parametrize(("path", "said"), samples())
def test_attempts_are_counted_as_expected(path, said):
    tests, _, _ = read_file(path)
    wanted = {
        (case["name"], case.get("classname") or ""): case["attempts"]
        for case in said["cases"]
        if case.get("attempts")  # null: one entry that hides them
    }

    found = {(test.name, test.classname): len(test.attempts) for test in tests if test.attempts}

    assert found == ({("t", "c"): 3} if path.name == "duplicates.xml" else wanted)


def counted() -> list[Any]:
    """Public samples beside which another reader's counts lie (`NAME.results.json`)."""
    found = []
    for counts in sorted(PUBLIC.glob("*/*.results.json")):
        name = counts.name.removesuffix(".results.json")
        for suffix in (".xml", ".trx"):
            path = counts.with_name(name + suffix)
            if path.exists() and not (name in COUNTED_OTHERWISE and (name, suffix) != ("pickles", ".trx")):
                found.append(pytest.param(path, counts, id=f"{counts.parent.name}/{name}"))
    reason = "LAPWING_SAMPLES names no folder with reports/public"
    return found or [pytest.param(None, None, marks=pytest.mark.skip(reason))]


@pytest.mark.parametrize(("path", "counts"), counted())
def test_a_public_sample_has_the_counts_another_reader_found(path, counts):
    stats = json.loads(counts.read_text(encoding="utf-8"))["stats"]

    tests, _, _ = read_file(path)

    found = Counter(test.status.value for test in tests)
    assert stats["tests"] == len(tests)
    assert stats["tests_succ"] == found["passed"] + found["flaky"]
    assert stats["tests_skip"] == found["skipped"] + found["notrun"] + found["xfailed"]
    assert (stats["tests_fail"], stats["tests_error"]) == (found["failed"], found["error"])


def public_files() -> list[Any]:
    """All public samples."""
    found = [path for path in sorted(PUBLIC.rglob("*")) if path.is_file()]
    reason = "LAPWING_SAMPLES names no folder with reports/public"
    return [pytest.param(path, id=str(path.relative_to(PUBLIC))) for path in found] or [
        pytest.param(None, marks=pytest.mark.skip(reason))
    ]


@pytest.mark.parametrize("path", public_files())
def test_a_public_sample_is_read_or_named(path):
    """Nothing raises; XML reports of tests hold tests, or say why not."""
    tests, problems, _ = read_file(path)

    holds_tests = re.search(rb"<(?:testcase|test-case|UnitTestResult|test)\s", path.read_bytes())
    assert tests or problems or path.suffix not in (".xml", ".trx") or not holds_tests


def small_samples() -> list[Any]:
    """One small sample of each folder and kind."""
    paths = [path for path in sorted(FOREIGN.glob("*/*")) if path.suffix in (".xml", ".gz", ".trx")]
    return [
        pytest.param(path, id=f"{path.parent.name}/{path.name}")
        for path in paths
        if path.stat().st_size < 9_000
    ]


@pytest.mark.parametrize("path", small_samples())
def test_a_sample_cut_at_any_byte_keeps_what_was_finished(path):
    """The later the cut the more tests, up to all, and never an exception; a cut is told."""
    data = path.read_bytes()
    before = 0
    for length in range(0, len(data), max(1, len(data) // 400)):
        count, _ = count_tests(data[:length])
        assert count >= before
        before = count
    assert count_tests(data)[0] >= before
    assert count_tests(data[:-3])[1] is False


def count_tests(data: bytes) -> tuple[int, bool]:
    """How many tests some bytes hold, and whether nothing is said to be lost."""
    content = Content(io.BytesIO(data))
    reader = detect(content.head)
    if reader is None:
        return 0, False
    items = list(each_test(reader.read(content, "x")))
    lost = any(isinstance(item, Problem) and item.loses_tests for item in items)
    return sum(isinstance(item, ReadTest) for item in items), not (lost or content.fault)
