"""One suite over the readers of JSON, TAP, subunit and benchmarks: real reports are read as expected."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect
from lapwing.ingest.head import Head
from lapwing.ingest.known_readers import readers
from lapwing.ingest.reader import Problem
from lapwing.model.read_test import ReadTest

FOREIGN = Path(__file__).parent.parent / "foreign"
OTHERWISE = {
    "b.TimeSuite.time_range": "a benchmark per combination of parameters",
    "b.time_sleep": "asv: `values` instead of a duration",
    "b.mem_list": "asv",
    "b.peakmem_x": "asv",
    "b.track_x": "asv",
    "BM_Str/8_cv": "a ratio is no duration",
    "BM_Str/4096_cv": "a ratio is no duration",
    "BM_Ms_cv": "a ratio is no duration",
    "test_ut.B.test_never": "listed and not run: a row of its own",
}
FEW_BYTES = 5_000


def read(content, place="report"):
    """The reader, the tests and the problems of a content."""
    stream = Content(io.BytesIO(content))
    reader = detect(stream.head)
    if reader is None:
        return None, [], []
    items = list(reader.read(stream, place))
    tests = [item for item in items if isinstance(item, ReadTest)]
    return reader, tests, [item for item in items if isinstance(item, Problem)]


def samples():
    """Every sample that is no XML and whose tests `expected.json` lists."""
    for expected in sorted(FOREIGN.glob("*/expected.json")):
        document = json.loads(expected.read_text(encoding="utf-8"))
        for name, said in document.get("files", document).items():
            path = expected.parent / name
            is_wanted = path.suffix in (".json", ".jsonl", ".tap", ".subunit") and path.is_file()
            if is_wanted and "cases" in said:
                yield pytest.param(path, said, id=f"{expected.parent.name}/{name}")


def all_files():
    for path in sorted(FOREIGN.rglob("*")):
        if path.is_file() and path.name not in ("expected.json", "README.md"):
            yield pytest.param(path, id=str(path.relative_to(FOREIGN)))


def short_samples():
    return [each for each in samples() if each.values[0].stat().st_size <= FEW_BYTES]


def row(test):
    shown = test.shown_duration_ns
    return test.name, test.status.value, None if shown is None else shown / 1e9


@pytest.mark.parametrize(("path", "said"), list(samples()))
def test_a_sample_is_read_as_expected(path, said):
    _, tests, _ = read(path.read_bytes(), str(path))

    found = sorted((row(test) for test in tests if test.name.partition("(")[0] not in OTHERWISE), key=str)
    wanted = sorted(
        ((case["name"], case["status"], case.get("duration_s")) for case in said["cases"]), key=str
    )
    wanted = [each for each in wanted if each[0] not in OTHERWISE]
    assert [each[:2] for each in found] == [each[:2] for each in wanted]
    assert [each[2] for each in found] == [
        None if each[2] is None else pytest.approx(each[2], abs=1e-9) for each in wanted
    ]


@pytest.mark.parametrize(("path", "said"), list(samples()))
def test_attempts_parents_and_lines_are_as_expected(path, said):
    _, tests, _ = read(path.read_bytes(), str(path))
    left = list(tests)

    for case in said["cases"]:
        if case["name"] in OTHERWISE:
            continue
        fitting = [
            test
            for test in left
            if test.name == case["name"]
            and test.line == case.get("line", test.line)
            and (len(test.attempts) or 1) == case.get("attempts", len(test.attempts) or 1)
            and test.is_parent == case.get("is_parent", test.is_parent)
            and test.package == case.get("package", test.package)
        ]
        assert fitting, case
        left.remove(fitting[0])


@pytest.mark.parametrize("path", list(all_files()))
def test_no_file_is_taken_for_two_formats(path):
    head = Content(io.BytesIO(path.read_bytes())).head

    assert len([reader.name for reader in readers() if reader.recognizes(head)]) <= 1


@pytest.mark.parametrize(("path", "said"), short_samples())
def test_a_sample_cut_at_any_byte_keeps_the_tests_before(path, said):
    content = path.read_bytes()
    reader, whole, _ = read(content)

    for length in range(0, len(content), 7):
        items = list(reader.read(io.BytesIO(content[:length]), "cut"))
        tests = [item for item in items if isinstance(item, ReadTest)]
        assert len(tests) <= len(whole) + 1
        # All but the last are those of the whole; how the last ended may not be known.
        settled = [test for test in tests[:-1] if test.status.value not in ("unknown", "notrun")]
        names = [test.name for test in whole]
        assert all(test.name in names for test in settled)


@pytest.mark.parametrize("reader", list(readers()), ids=lambda reader: reader.name)
@settings(max_examples=20, deadline=None)
@given(
    content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_end_in_tests_or_problems(reader, content):
    reader.recognizes(Head(content))

    for item in reader.read(io.BytesIO(content), "noise"):
        assert not isinstance(item, Problem) or item.text
