"""XML as it comes: broken, hostile, huge."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.ingest.plain_tests import each_test
from lapwing.ingest.reader import Problem
from lapwing.ingest.readers.junit import JUnitReader
from lapwing.ingest.xml.clean import Cleaner
from lapwing.model.read_test import ReadTest

CASE = b'<testcase classname="c" name="n%d" time="0.5"/>'


def read(data: bytes) -> tuple[list[ReadTest], list[Problem]]:
    items = list(each_test(JUnitReader().read(io.BytesIO(data), "x.xml")))
    tests = [item for item in items if isinstance(item, ReadTest)]
    return tests, [item for item in items if isinstance(item, Problem)]


class Endless(io.RawIOBase):
    """A stream of pieces that are never all in memory."""

    def __init__(self, pieces):
        self.pieces = pieces

    def read(self, size=-1):
        return next(self.pieces, b"")


def test_a_break_tells_its_byte_and_keeps_what_came_before():
    data = b"<testsuite>" + CASE % 1 + b"<testcase name='cut' ti"

    tests, problems = read(data)

    assert [test.name for test in tests] == ["n1"]
    assert problems[0].loses_tests
    assert problems[0].offset == data.index(b"<testcase name='cut'")


def test_a_case_cut_short_counts_where_its_outcome_is_told():
    tests, _ = read(b"<testsuite><testcase name='a'><skipped>because of so")

    assert [(test.name, test.status.value) for test in tests] == [("a", "skipped")]


def test_an_error_of_a_suite_is_told_on_one_line():
    _, problems = read(b"<testsuite name='s'><error message='first&#10;second'/></testsuite>")

    assert problems[0].text == "suite 's' has an error outside its cases: first second"


def test_the_byte_of_a_break_counts_what_was_taken_out_before_it():
    data = b"<testsuite name='\x01\x02\x1b'>&#27;&#xFFFE; \x07 & " + CASE % 1 + b"<a></b>"

    _, problems = read(data)

    assert problems[0].offset == data.index(b"</b>") + 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_byte_of_a_break_counts_references_wherever_they_were_read(encoding):
    """Some stand where the parser never comes, some cut in two where it pauses, and some in its way."""
    failed = '<testcase name="f" time="0.5"><failure message="&#27;">a & b &#1;</failure></testcase>'
    told = '<testcase name="t" time="0.5"><system-out>&#27;>& and &am>p; &#xFFFF;</system-out></testcase>'
    plain = '<testcase name="n" time="0.5"/>\n'
    cases = "".join(plain + (failed if at % 9 == 4 else "") for at in range(20_000))
    text = f"<testsuite>{cases}{told}{cases}{told}<a></b>"
    data = text.encode(encoding)

    tests, problems = read(data)

    assert len(tests) == 2 * (20_000 + 2_222 + 1)
    assert problems[0].offset == len(text[: text.index("</b>") + 2].encode(encoding))


def test_the_byte_of_a_break_in_utf_16_is_one_of_the_file():
    text = "<testsuite name='é'>" + (CASE % 1).decode() + "<a></b>"
    data = text.encode("utf-16")

    _, problems = read(data)

    assert problems[0].offset == 2 + 2 * (text.index("</b>") + 2)


def test_documents_after_a_broken_one_are_read():
    whole = b"<?xml version='1.0'?><testsuite>" + CASE % 2 + b"</testsuite>"

    tests, problems = read(b"<testsuite>" + CASE % 1 + b"<x></y>" + whole + whole)

    assert [test.name for test in tests] == ["n1", "n2", "n2"]
    assert len(problems) == 1


def test_text_between_documents_is_told_and_passed_over():
    one = b"<testsuite>" + CASE % 1 + b"</testsuite>"

    tests, problems = read(one + b"\nPASS ok\n" + one)

    assert len(tests) == 2
    assert "text after the end" in problems[0].text
    assert not problems[0].loses_tests


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!ENTITY a "b">',
        b'<!ENTITY x SYSTEM "file:///etc/passwd">',
        b'<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;',
        b'<!ATTLIST testcase a CDATA "' + b"x" * 1000 + b'">',
    ],
)
def test_declarations_that_expand_are_refused(declaration):
    tests, problems = read(b"<!DOCTYPE t [" + declaration + b"]><testsuite>" + CASE % 1 + b"</testsuite>")

    assert tests == []
    assert "refused" in problems[0].text


def test_a_doctype_that_declares_nothing_is_read():
    tests, problems = read(b"<!DOCTYPE t SYSTEM 'x.dtd'><testsuite>" + CASE % 1 + b"</testsuite>")

    assert len(tests) == 1
    assert problems == []


def test_an_attribute_over_16_mib_is_refused_with_its_byte_and_little_memory():
    start = b"<testsuite>" + CASE % 1

    def pieces():
        yield start + b"<testcase name='"
        for _ in range(200):
            yield b"x" * (1 << 20)

    tracemalloc.start()
    items = list(each_test(JUnitReader().read(Endless(pieces()), "x.xml")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [item.name for item in items if isinstance(item, ReadTest)] == ["n1"]
    (problem,) = [item for item in items if isinstance(item, Problem)]
    assert "16 MiB" in problem.text
    assert problem.offset == len(start)
    assert peak < 100 << 20


def test_long_attributes_in_a_file_over_16_mib_are_read():
    long = b"<testcase name='long" + b"x" * (1 << 20) + b"'/>"

    tests, problems = read(b"<testsuite>" + (CASE % 1 + long) * 20 + b"</testsuite>")

    assert [len(test.name) > 1 << 20 for test in tests] == [False, True] * 20
    assert problems == []


def test_a_hundred_megabytes_of_text_in_one_element_keep_nothing():
    def pieces():
        yield b"<testsuite>" + CASE % 1 + b"<system-out>"
        for _ in range(100):
            yield b"y" * (1 << 20)
        yield b"</system-out>" + CASE % 2 + b"</testsuite>"

    tracemalloc.start()
    items = list(each_test(JUnitReader().read(Endless(pieces()), "x.xml")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [item.name for item in items] == ["n1", "n2"]
    assert peak < 20 << 20


def test_nesting_without_end_is_refused():
    items = list(each_test(JUnitReader().read(Endless(iter([b"<a>" * 300_000] * 3)), "x.xml")))

    assert "deep" in items[0].text


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_encodings_are_read_by_mark_shape_or_declaration(encoding):
    declared = {"latin-1": "iso-8859-1", "cp1252": "windows-1252"}.get(encoding, encoding[:6].rstrip("-"))
    text = f"<?xml version='1.0' encoding='{declared}'?><testcase name='tést'/>"

    tests, _ = read(text.encode(encoding))

    assert [test.name for test in tests] == ["tést"]


def test_an_unknown_encoding_is_told():
    tests, problems = read(b"<?xml version='1.0' encoding='klingon'?><testcase name='a'/>")

    assert [test.name for test in tests] == ["a"]
    assert "klingon" in problems[0].text


def cleaned(cleaner: Cleaner, data: bytes, *, is_last: bool = False) -> bytes:
    return cleaner.without_suspects(cleaner.feed(data, is_last=is_last), 0)


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_pieces_of_any_size_are_cleaned_alike(data, sizes):
    """Cutting a file elsewhere changes nothing: references and characters are kept whole."""
    data = (
        data.replace(b"?", b"&#27;").replace(b"A", "é€".encode()).replace(b"B", b"&amp;").replace(b"C", b"&")
    )
    whole = cleaned(Cleaner(data), data, is_last=True)
    cleaner = Cleaner(data)
    parts, at = [], 0
    for size in [*sizes, len(data)]:
        parts.append(cleaned(cleaner, data[at : at + size]))
        at += size
    parts.append(cleaned(cleaner, b"", is_last=True))

    assert b"".join(parts) == whole


@given(st.binary(max_size=400))
def test_no_bytes_are_too_broken(data):
    """Random content ends in tests and problems, never in an exception."""
    read(data)
    read(b"<testsuite><testcase name='" + data)
    read(b"<?xml version='1.0'?><testsuite>" + data + b"<testcase name='z'/></testsuite>")
