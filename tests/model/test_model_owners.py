"""Patterns of CODEOWNERS: which files they mean, and whose those are."""

import pytest

from lapwing.model.owners import parse_owners

FILE = """\
# everybody's
*                       @shop/everybody
/tests/api/             @shop/api @ann   # both
tests/web/*             @shop/web
payments                @shop/payments
*.snap.py
docs/**/test_*.py       @shop/writers
with\\ space/            @shop/odd
[Section]
"""


@pytest.mark.parametrize(
    ("nodeid", "names"),
    [
        ("tests/unit/test_a.py::test_b", ["@shop/everybody"]),
        ("tests/api/deep/test_a.py::test_b[x/payments]", ["@shop/api", "@ann"]),
        ("other/tests/api/test_a.py::test_b", ["@shop/everybody"]),
        ("tests/web/test_a.py::test_b", ["@shop/web"]),
        ("tests/web/deep/test_a.py::test_b", ["@shop/everybody"]),
        ("tests/payments/test_a.py::test_b", ["@shop/payments"]),
        ("tests/payments_old/test_a.py::test_b", ["@shop/everybody"]),
        ("tests/web/a.snap.py::test_b", []),
        ("docs/test_a.py::test_b", ["@shop/writers"]),
        ("docs/a/b/test_a.py::test_b", ["@shop/writers"]),
        ("with space/test_a.py::test_b", ["@shop/odd"]),
    ],
)
def test_the_last_rule_that_fits_tells_the_owners(nodeid, names):
    assert list(parse_owners(FILE.splitlines()).of(nodeid)) == names


def test_without_rules_nobody_is_named():
    assert parse_owners([]).of("tests/test_a.py::test_b") == ()
