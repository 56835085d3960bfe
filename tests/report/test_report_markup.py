"""Elements as text."""

import pytest

from lapwing.report.markup import element


def test_an_element_that_has_no_content_has_no_end():
    assert element("input", {"name": "a"}) == '<input name="a">'
    assert element("p", {}) == "<p></p>"


def test_content_in_such_an_element_is_refused():
    with pytest.raises(ValueError, match="no content"):
        element("br", {}, "text")
