import pytest

from lapwing.ingest.head import Head


def test_root_and_first_elements_are_seen_past_declaration_comment_and_prefix():
    head = Head(b"\xef\xbb\xbf<?xml version='1.0'?><!-- <a> --><x:suite n='1'><case t=\"2\"/>")

    assert head.root == "suite"
    assert head.root_attributes == {"n": "1"}
    assert head.element_names == {"suite", "case"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_text_is_decoded_by_mark_or_shape(encoding):
    assert Head("<rööt/>".encode(encoding)).root == "rööt"


def test_keys_of_the_first_json_object_are_seen_though_it_is_cut():
    head = Head(b'> banner\n{"a": {"no": 1}, "b": [{"no": 2}], "c\\u00e9": "x: {", "d": [1, 2')

    assert head.json_keys == ("a", "b", "cé", "d")


def test_keys_of_an_array_are_those_of_its_first_object():
    head = Head(b'[{"id": 1, "elements": []}, {"other": 2}]')

    assert head.is_json_array
    assert head.json_keys == ("id", "elements")


def test_json_lines_between_prints_are_seen():
    head = Head(b'{"Action": "run"}\nprinted\n{"Action": "pass"}\n{"cut')

    assert [line["Action"] for line in head.json_lines] == ["run", "pass"]


def test_a_string_that_does_not_end_is_looked_at_once():
    head = Head(b'{"a": 1, "' + b'\\"' * 30_000)  # each quote once began a string up to the end: 12 s

    assert head.json_keys == ("a",)
