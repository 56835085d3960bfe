"""What stands around pages: where cells lead to, and who sees the navigation."""

import pytest

from lapwing.report.page import Page
from lapwing.serve.frame import LOGIN, framed, linker


@pytest.mark.parametrize(
    ("title", "cell", "target"),
    [
        ("test", "a.py::b", "/test?project=shop&nodeid=a.py%3A%3Ab"),
        ("test", "a.py::b (peak memory)", "/test?project=shop&nodeid=a.py%3A%3Ab"),
        ("test", "a.py::b[(1)]", "/test?project=shop&nodeid=a.py%3A%3Ab%5B%281%29%5D"),
        ("run", "01a1", "/run?project=shop&id=01a1"),
        ("what", "tests/unit", None),  # a sum of tests has no page
    ],
)
def test_cells_lead_to_the_page_of_what_they_name(title, cell, target):
    assert linker("shop")(title, cell) == target


def test_who_is_not_signed_in_is_offered_no_pages():
    page = Page(title="Sign in", verdict="")

    assert "<nav" not in framed(page, path=LOGIN, project="", projects=())
    assert "<nav" in framed(page, path="/", project="", projects=())


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", 'aria-current="page">Overview<'),
        ("/what-if", 'aria-current="page">What if<'),
        ("/run", 'aria-current="true">Runs<'),
        ("/why", 'aria-current="true">Runs<'),
        ("/test", 'aria-current="true">Tests<'),
    ],
)
def test_one_link_of_the_navigation_says_where_one_is(path, marked):
    markup = framed(Page(title="Here", verdict=""), path=path, project="", projects=())

    assert marked in markup
    assert markup.count("aria-current=") == 1
