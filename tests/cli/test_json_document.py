"""A list that is written while it is made is the same document as one written at once."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.cli.json_document import write_document
from lapwing.cli.output import Output

VALUES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=4), VALUES)
def test_it_reads_like_a_document_written_at_once(values, more):
    out = io.StringIO()

    write_document(Output(out, io.StringIO(), environ={}), {"a": 1}, "list", values, lambda: {"more": more})

    assert out.getvalue() == json.dumps({"a": 1, "list": values, "more": more}, indent=1) + "\n"


def test_what_fails_before_the_first_value_leaves_nothing_behind():
    def values():
        raise ValueError
        yield

    out = io.StringIO()

    with pytest.raises(ValueError):
        write_document(Output(out, io.StringIO(), environ={}), {}, "list", values(), dict)
    assert not out.getvalue()
