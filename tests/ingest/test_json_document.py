import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.ingest import json_document
from lapwing.ingest.json_document import JsonDocument, object_pieces
from lapwing.ingest.reader import Problem

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
TESTS = ("results", "tests", "[]")


def document(before, tests, after):
    return {"before": before, "results": {"x": before, "tests": tests, "y": after}, "after": after}


@settings(max_examples=60, deadline=None)
@given(
    before=VALUES,
    tests=st.lists(VALUES, max_size=5),
    after=VALUES,
    indent=st.sampled_from([None, 1]),
    chunk=st.integers(1, 40),
)
def test_wanted_pieces_are_those_of_the_whole_document(trickle_class, before, tests, after, indent, chunk):
    content = json.dumps(document(before, tests, after), indent=indent, ensure_ascii=chunk % 2 == 0)

    pieces = list(JsonDocument(trickle_class(content.encode(), chunk), TESTS, ("after",)).pieces())

    assert pieces == [*((TESTS, test) for test in tests), (("after",), after), ((), None)]


@settings(max_examples=15, deadline=None)
@given(tests=st.lists(VALUES, min_size=1, max_size=4), chunk=st.integers(1, 40))
def test_what_came_before_a_cut_is_kept_and_the_cut_told(trickle_class, tests, chunk):
    content = json.dumps(document("é", tests, "ü"), ensure_ascii=False).encode()

    for length in range(1, len(content)):
        *pieces, last = JsonDocument(trickle_class(content[:length], chunk), TESTS).pieces()
        assert isinstance(last, Problem)
        assert last.loses_tests
        assert 0 <= (last.offset or 0) <= length
        values = [value for _, value in pieces]
        # A number may be cut into a shorter one.
        assert values[:-1] == tests[: len(values)][:-1]


def test_the_place_of_a_piece_is_its_first_byte(trickle_class):
    content = '{"é": "ü", "a": [ {"n": 1},  {"n": 2}]}'.encode()
    document = JsonDocument(trickle_class(content, 5), ("a", "[]"))

    places = [document.place for path, _ in document.pieces() if path]

    assert places == [content.index(b'{"n": 1'), content.index(b'{"n": 2')]


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_documents_follow_each_other_behind_and_before_other_text(trickle_class, chunk):
    content = b'> npm run\n[INFO] {not json}\n {"a": [1]}\n Done in 3s\n{"a": [2]}{"a": [3]}\nbye'

    pieces = list(JsonDocument(trickle_class(content, chunk), ("a", "[]")).pieces())

    assert [value for path, value in pieces if path] == [1, 2, 3]


def test_every_member_of_an_object_can_be_wanted(trickle_class):
    content = b'{"tests": {"a": 1, "b": {"c": 2}}, "c": 3}'

    pieces = list(JsonDocument(trickle_class(content, 100), ("tests", "*")).pieces())

    assert pieces[:-1] == [(("tests", "a"), 1), (("tests", "b"), {"c": 2})]


@pytest.mark.parametrize(
    ("content", "said", "offset"),
    [
        (b'{"a": [1, 2', "the file ends", 11),
        (b'{"a": [1, x]}', "not JSON", 10),
        (b'{"a": [1 2]}', "expected ',' or ']', found '2'", 9),
        (b'{"a" 1}', "expected ':', found '1'", 5),
        (b'{"b": "x', "the file ends inside a string", 8),
        (b'{"b": [[1, "\\', "the file ends inside a string", 12),
    ],
)
def test_a_break_is_named_with_its_byte(trickle_class, content, said, offset):
    *_, problem = JsonDocument(trickle_class(content, 4), ("a", "[]")).pieces()

    assert problem.text.startswith(said)
    assert problem.offset == offset


@pytest.mark.parametrize("wanted", [("a", "[]"), ("b",)])
def test_nesting_without_end_is_refused(trickle_class, wanted):
    content = b'{"b": ' + b"[" * 100_000

    *_, problem = JsonDocument(trickle_class(content, 1 << 16), wanted).pieces()

    assert problem.text == "nested too deeply"


def test_a_value_that_would_fill_the_memory_is_refused(trickle_class, monkeypatch):
    monkeypatch.setattr(json_document, "LARGEST_VALUE", 1 << 20)
    content = b'{"a": [1, "' + b"x" * (3 << 20) + b'", 2]}'

    first, problem = JsonDocument(trickle_class(content, 1 << 18), ("a", "[]")).pieces()

    assert first == (("a", "[]"), 1)
    assert problem.text.startswith("one value is larger than 1 MiB")
    assert problem.offset == 10


def test_a_value_of_millions_of_small_ones_is_refused_before_they_are_made(trickle_class, monkeypatch):
    monkeypatch.setattr(json_document, "MOST_VALUES", 100_000)
    content = b'{"a": [1, [' + b"[]," * 200_000 + b"[]], 2]}"

    first, problem = JsonDocument(trickle_class(content, 1 << 16), ("a", "[]")).pieces()

    assert first == (("a", "[]"), 1)
    assert problem.text == "one value holds more than 100,000 others; the rest is not read"
    assert problem.offset == 10


def test_many_small_values_are_read_one_after_another(trickle_class, monkeypatch):
    monkeypatch.setattr(json_document, "MOST_VALUES", 100_000)
    content = b'{"a": [' + b"[1]," * 200_000 + b"[1]]}"

    pieces = list(JsonDocument(trickle_class(content, 1 << 16), ("a", "[]")).pieces())

    assert len(pieces) == 200_002


def test_what_nobody_wants_may_be_larger(trickle_class, monkeypatch):
    monkeypatch.setattr(json_document, "LARGEST_VALUE", 1 << 18)
    content = b'{"map": {"\\"}": "' + b'x\\"' * (1 << 20) + b'"}, "a": [1]}'

    pieces = list(JsonDocument(trickle_class(content, 1 << 16), ("a", "[]")).pieces())

    assert pieces == [(("a", "[]"), 1), ((), None)]


def test_numbers_that_python_refuses_end_the_reading(trickle_class):
    digits = b"1" * (sys.get_int_max_str_digits() + 1)

    *_, problem = JsonDocument(trickle_class(b'{"a": [' + digits + b"]}", 1 << 16), ("a", "[]")).pieces()

    assert problem.text == "a number is too long"


def test_an_element_that_is_no_object_is_a_problem_and_the_rest_goes_on(trickle_class):
    content = b'{"a": [{"n": 1}, 7, {"n": 2}]}'

    pieces = list(object_pieces(JsonDocument(trickle_class(content, 100), ("a", "[]"))))

    assert [type(piece).__name__ for piece in pieces] == ["tuple", "Problem", "tuple", "tuple"]
    assert pieces[1] == Problem("an entry of a is no object", 17)
