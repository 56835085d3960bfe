"""Elements as text."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.report.harmless import harmless
from lapwing.report.markup import element, escaped


def test_an_element_that_has_no_content_has_no_end():
    assert element("input", {"name": "a"}) == '<input name="a">'
    assert element("p", {}) == "<p></p>"


def test_content_in_such_an_element_is_refused():
    with pytest.raises(ValueError, match="no content"):
        element("br", {}, "text")


@given(st.text() | st.text("a1.:,/%+()[]=–-#&<>\"' \x1b\u202e\ud800é", max_size=12))
def test_a_text_that_is_left_as_it_is_has_nothing_to_escape(text):
    assert escaped(text) == escape(harmless(text), quote=True)
