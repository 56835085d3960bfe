"""Test files in the syntax of Pythons that may be newer than the running one."""

import pytest

SLEEP = "    time.sleep(1)\n"
TEST = "def test():\n"
SOURCES = {
    "3.11 exception groups": TEST + "    try: f()\n    except* OSError: pass\n",
    "3.12 type parameters of a function": "def one[T: (int, str), *Ts](x: list[T]) -> T: ...\n" + TEST,
    "3.12 type parameters of a class": "class Box[T]:\n    x: T\n" + TEST,
    "3.12 type statement": "type Pair[T] = tuple[T, T]\ntype Name = str\n" + TEST,
    "3.12 quotes inside an f-string": TEST + """    f"{d["a"]} {d["b"]}"\n""",
    "3.12 the same quotes in a formatted string": TEST
    + "    f'{f'{1}'}' + rf'{d['a']:>{w['b']}} it{{s}} '\n",
    "3.12 lines in a formatted string": TEST + "    f'{\n    1  # one's\n    }'\n    x = 'it'\n",
    "3.12 backslashes in a formatted string": TEST + "    f\"{'\\n'.join(a)} {b!r:'>9}\"\n",
    "3.13 defaults of type parameters": "class Box[T = int]:\n    x: T\n" + TEST,
    "3.14 template strings": TEST + '    t"hello {n}"\n',
    "3.14 except without parentheses": TEST + "    try: f()\n    except OSError, ValueError: pass\n",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_newer_syntax_is_read(places_in, source):
    source = "import time\n" + source + SLEEP

    assert places_in(source) == [("LW101", source.count("\n"))]


def test_a_text_that_is_wrong_in_every_python_is_told_as_it_stands(findings_in):
    (finding,) = findings_in("import time\ntype Pair[T] = int\ndef test(: time.sleep(1)\n")

    assert (finding.code, finding.line) == ("LW100", 3)


@pytest.mark.parametrize("depth", [200, 100_000])
def test_strings_nested_too_deeply_are_told(findings_in, depth):
    (finding,) = findings_in("type X = int\nfrom time import sleep\n" + "f'{" * depth + "1" + "}'" * depth)

    assert finding.code == "LW100"
