"""How many cases stacked parametrize decorators make, however the lists are written.

Most test files are told by words alone to hold nothing; each of these has no other word that leads a rule
into the file.
"""

import pytest

STACKS = {
    "two lists": ("[1, 2, 3, 4]", "[1, 2, 3]", 12),
    "a list of tuples": ("[(1, 2), (3, 4)]", "[\n    (5, 6),\n    (7, 8),\n    (9, 0),\n]", 6),
    "a range": ("range(5)", "['x', 'y']", 10),
    "a name": ("SIZES", "('x', 'y')", 8),
    "a product": ("list(product('ab', 'cd'))", "[1, 2, 3]", 3),  # letters of texts are not counted
    "a product of lists": ("product([1, 2, 3], [4, 5])", "[1, 2]", 12),
}


def _source(first: str, second: str) -> str:
    return (
        "import pytest\nfrom itertools import product\nSIZES = [1, 2, 3, 4]\n"
        f"@pytest.mark.parametrize('a', {first})\n@pytest.mark.parametrize('b', argvalues={second})\n"
        "def test(a, b): ...\n"
    )


@pytest.mark.parametrize(("first", "second", "cases"), STACKS.values(), ids=STACKS)
def test_a_stack_is_told_of_from_one_case_too_many(findings_in, first, second, cases):
    source = _source(first, second)

    assert findings_in(source, max_cases=cases) == ()
    (finding,) = findings_in(source, max_cases=cases - 1)
    assert finding.code == "LW110"


def test_lists_of_different_functions_do_not_multiply(findings_in):
    one = "@pytest.mark.parametrize('a', [1, 2, 3, 4])\n@pytest.mark.skipif(FLAG)\ndef test_{}(a): ...\n"

    assert findings_in("import pytest\n" + one.format("a") + one.format("b"), max_cases=5) == ()


def test_a_long_range_needs_no_second_list(findings_in):
    source = "import pytest\n@pytest.mark.parametrize('a', range(201))\ndef test(a): ...\n"

    assert [each.code for each in findings_in(source)] == ["LW110"]
