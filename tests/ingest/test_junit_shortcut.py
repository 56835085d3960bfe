"""Cases that hold nothing, or one mark, are read past the parser: the same tests come out as by it."""

import io
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.ingest.plain_tests import each_test
from lapwing.ingest.reader import Problem
from lapwing.ingest.readers.junit import JUnitReader
from lapwing.model.read_test import ReadTest

PLAIN = '<testcase classname="c" name="n{}" time="0.5"/>'
MANY = "".join(PLAIN.format(at) for at in range(9))

KINDS = ["", "AssertionError", "todo", "pytest.xfail", "test timeout", "a & b"]
names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


@st.composite
def cases(draw, name=names):
    attributes = [
        ("classname", draw(st.sampled_from(["c", "d.e", "é"]))),
        ("name", draw(name)),
        ("time", draw(st.sampled_from(["0.5", "1e-3", "0", "12"]))),
        ("file", "tests/a.py"),
    ]
    attributes = attributes[: draw(st.sampled_from([3, 3, 3, 4]))]
    if draw(st.integers(0, 5)) == 0:
        attributes.reverse()
    blank = draw(st.sampled_from([" ", " ", "\n  "]))
    head = "<testcase" + "".join(f"{blank}{key}={quoteattr(value)}" for key, value in attributes)
    empty = ["/>", "/>", "/>", " />\n", "></testcase>", ">\n</testcase>"]
    return head + draw(st.one_of(st.sampled_from(empty), marks().map(">{}</testcase>".format)))


@st.composite
def marks(draw):
    name = draw(st.sampled_from(["failure", "error", "skipped"]))
    kind = f"type={quoteattr(draw(st.sampled_from(KINDS)))}"
    message = f"message={quoteattr(draw(names))}"
    told = draw(st.permutations([kind, message, "other='x'"]))[: draw(st.integers(0, 3))]
    head = " ".join((f"<{name}", *told))
    said = draw(
        st.sampled_from(["", "a &lt; b", "a > b &amp;\n\tc", "<![CDATA[</testcase>]]>", "]]&gt;", "é"])
    )
    after = draw(st.sampled_from(["", "\n", "<system-out>x</system-out>", "<failure/>"]))
    return f"{head}>{said}</{name}>{after}" if said else f"{head} />{after}"


def outcome(case):
    """As a reader by element tree would tell it."""
    found = {child.tag for child in case}
    for child in case.iter("skipped"):
        if child.get("type") in ("todo", "pytest.xfail"):
            return {"todo": "todo", "pytest.xfail": "xfailed"}[child.get("type")]
    for tag, word in (("error", "error"), ("failure", "failed"), ("skipped", "skipped")):
        if tag in found:
            is_timeout = word == "failed" and case.find(tag).get("type") == "test timeout"
            return "timeout" if is_timeout else word
    return "passed"


between = st.sampled_from(
    [
        "",
        "",
        "\n",
        "text",
        f"<!-- {MANY} -->",
        f"<system-out><![CDATA[ {MANY} ]]></system-out>",
        f"<![CDATA[{MANY}]]>",
        "<properties><property name='a' value='b>'/></properties>",
        "<?note <testcase?>",
        "</testsuite><testsuite name='t'>",
    ]
)


@given(st.lists(st.tuples(cases(), between), min_size=1, max_size=60))
def test_the_same_cases_are_read_as_by_element_tree(parts):
    inner = "".join(case + after for case, after in parts)
    text = f"<testsuites><testsuite name='s'>{PLAIN.format('first')}{inner}</testsuite></testsuites>"

    read = list(each_test(JUnitReader().read(io.BytesIO(text.encode()), "x.xml")))

    assert not [item for item in read if isinstance(item, Problem)]
    assert [
        (test.name, test.classname, test.file, test.shown_duration_ns, test.status)
        for test in read
        if isinstance(test, ReadTest)
    ] == [
        (
            case.get("name", "").strip(),
            case.get("classname"),
            case.get("file", ""),
            round(float(case.get("time", "0")) * 1e9),
            outcome(case),
        )
        for case in ElementTree.fromstring(text).iter("testcase")
    ]


@pytest.mark.parametrize(
    "broken", ["<testcase name='cut' ti", "<testcase name='a' name='b'/>", "]]>", "</testcase>", "<a></b>"]
)
def test_the_byte_of_a_break_counts_what_was_read_past_the_parser(broken):
    data = f"<testsuite>{MANY}{MANY}\n{broken}".encode()

    items = list(each_test(JUnitReader().read(io.BytesIO(data), "x.xml")))

    problem = next(item for item in items if isinstance(item, Problem))
    assert sum(isinstance(item, ReadTest) for item in items) == 18
    assert problem.offset is not None
    assert problem.offset >= data.index(broken.encode())


def test_defaults_that_a_document_declares_are_kept():
    rules = '<!DOCTYPE testsuite [<!ATTLIST testcase name NMTOKENS "" time CDATA "7">]>'
    odd = '<testcase name="a  b" time="0.5"/>' * 6
    data = f'{rules}<testsuite><testcase name="first" time="1"/>{odd}</testsuite>'

    items = each_test(JUnitReader().read(io.BytesIO(data.encode()), "x.xml"))

    assert {test.name for test in items if isinstance(test, ReadTest)} == {"first", "a b"}


LINES = [f'\n<testcase classname="c" name="n{at}" time="0.5" />' for at in range(40)]


@pytest.mark.parametrize(
    "odd", ["a\nb", "a\n <testc", "\ta", "a\r\nb", "a&lt;b", "&#65;", "é", "a>b", "a'b", "\x7f", "\n name="]
)
def test_an_odd_value_among_cases_that_look_alike_is_read_as_by_element_tree(odd):
    odd = odd.replace("<", "&lt;")
    inner = "".join([*LINES[:30], f'\n<testcase classname="c" name="x{odd}" time="0.5" />', *LINES[30:]])
    text = f"<testsuite name='s'>{inner}</testsuite>"

    read = each_test(JUnitReader().read(io.BytesIO(text.encode()), "x.xml"))

    assert [test.name for test in read if isinstance(test, ReadTest)] == [
        case.get("name") for case in ElementTree.fromstring(text).iter("testcase")
    ]


@pytest.mark.parametrize("odd", ["1_0", "１", "٣", "0x5", "inf", "nan", "-1"])
def test_an_odd_time_among_cases_that_look_alike_is_none(odd):
    bad = f'\n<testcase classname="c" name="odd" time="{odd}" />'
    text = "".join(["<testsuite name='s'>", *LINES[:30], bad, *LINES[30:], "</testsuite>"])

    read = each_test(JUnitReader().read(io.BytesIO(text.encode()), "x.xml"))

    assert [test.name for test in read if isinstance(test, ReadTest) and test.duration_ns is None] == ["odd"]


@pytest.mark.parametrize("zero", ["0", "0.00000000001", "4e-10"])
def test_a_failure_in_no_time_at_all_has_none_among_cases_that_look_alike(zero):
    bad = f'\n<testcase classname="c" name="odd" time="{zero}"><failure/></testcase>'
    text = "".join(["<testsuite name='s'>", *LINES[:30], bad, *LINES[30:], "</testsuite>"])

    read = each_test(JUnitReader().read(io.BytesIO(text.encode()), "x.xml"))

    assert [test.name for test in read if isinstance(test, ReadTest) and test.duration_ns is None] == ["odd"]


@pytest.mark.parametrize("odd", ["<", "\n<testcase classname=", "a & b<"])
def test_a_tag_in_a_value_among_cases_that_look_alike_breaks_there(odd):
    bad = f'\n<testcase classname="c" name="{odd}" time="0.5" />'
    data = "".join(["<testsuite name='s'>", *LINES[:30], bad, *LINES[30:], "</testsuite>"]).encode()

    items = list(each_test(JUnitReader().read(io.BytesIO(data), "x.xml")))

    problem = next(item for item in items if isinstance(item, Problem))
    assert sum(isinstance(item, ReadTest) for item in items) == 30
    assert problem.offset is not None
    assert data[problem.offset : problem.offset + 1] == b"<"


def test_cases_each_with_other_blanks_are_read_too():
    inner = "".join(f'<testcase{" " * (at + 1)}name="n{at}" time="1"/>' for at in range(300))

    read = each_test(JUnitReader().read(io.BytesIO(f"<testsuite>{inner}</testsuite>".encode()), "x.xml"))

    assert [test.name for test in read if isinstance(test, ReadTest)] == [f"n{at}" for at in range(300)]
