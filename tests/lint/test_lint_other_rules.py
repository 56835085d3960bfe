"""Each of the further rules: one place that it finds, and the nearest that it does not."""

import pytest

from lapwing.model.lint_options import LintOptions
from lapwing.operations.lint_files import lint_files

FOUND = {
    "LW106": "import threading\ndef test(f):\n    t = threading.Thread(target=f)\n    t.join()\n",
    "LW107": (
        "import pytest, subprocess\n@pytest.fixture\ndef server():\n"
        "    p = subprocess.Popen(['x'])\n    yield p\n"
    ),
    "LW108": "import pytest, time\n@pytest.fixture(autouse=True)\ndef calm():\n    time.sleep(1)\n",
    "LW109": "import torch\n\ndef test_a(): ...\ndef test_b(): ...\ndef test_c(): torch.ones(1)\n",
    "LW110": (
        "import pytest\nN = [1, 2, 3]\n@pytest.mark.parametrize('a', N)\n"
        "@pytest.mark.parametrize('b', range(100))\ndef test(a, b): ...\n"
    ),
    "LW111": "import tenacity\n@tenacity.retry(wait=tenacity.wait_fixed(2))\ndef fetch(): ...\n",
    "LW112": "import time\ndef test(f):\n    t = time.time()\n    f()\n    assert time.time() - t < 0.1\n",
    "LW114": "import time\ndef test(): time.monotonic()  # lapwing: allow LW101 waits\n",
}
NOT_FOUND = {
    "LW106": "import threading\ndef test(f):\n    t = threading.Thread(target=f)\n    t.join(5)\n",
    "LW107": (
        "import pytest, subprocess\n@pytest.fixture(scope='session')\ndef server():\n"
        "    yield subprocess.Popen(['x'])\n"
    ),
    "LW108": (
        "import pytest, time\n@pytest.fixture(autouse=True, scope='session')\n"
        "def calm():\n    time.sleep(1)\n"
    ),
    "LW109": "import torch\n\ndef test_a(): torch.ones(1)\ndef test_b(): torch.ones(2)\ndef test_c(): ...\n",
    "LW110": (
        "import pytest\n@pytest.mark.parametrize('a', [1, 2])\n"
        "@pytest.mark.parametrize('b', range(100))\ndef test(a, b): ...\n"
    ),
    "LW111": "import tenacity\n@tenacity.retry(wait=tenacity.wait_none())\ndef fetch(): ...\n",
    "LW112": "import time\ndef test(f):\n    t = time.time()\n    f()\n    assert time.time() - t < 60\n",
    "LW114": "import time\ndef test(): time.sleep(1)  # lapwing: allow LW101 waits\n",
}
GATES = {"LW110", "LW114"}


@pytest.mark.parametrize("code", FOUND)
def test_a_rule_finds_its_bad_example(findings_in, code):
    found = [each for each in findings_in(FOUND[code]) if each.code == code]

    assert [each.gate for each in found] == [code in GATES]


@pytest.mark.parametrize("code", NOT_FOUND)
def test_a_rule_passes_over_the_better_one(findings_in, code):
    assert code not in {each.code for each in findings_in(NOT_FOUND[code])}


@pytest.mark.parametrize(
    "limit",
    [
        "assert time.time() - t < 0.1",
        "assert 0.1 >= time.time() - t",
        "assert (\n        time.time() - t\n        < 0.1\n    )",
        "assert time.time() \\\n        - t < 0.1",
        "case.assertLess(time.time() - t, 0.1)",
    ],
)
def test_a_limit_on_wall_time_is_found_however_it_is_written(findings_in, limit):
    source = f"import time\ndef test(f, case):\n    t = time.time()\n    f()\n    {limit}\n"

    assert [each.code for each in findings_in(source)] == ["LW112"]


def test_a_request_is_found_where_a_connection_object_is_used(places_in):
    unused = "import http.client\ndef test(): http.client.HTTPSConnection('www.python.org')\n"
    used = (
        "import http.client\ndef test():\n    c = http.client.HTTPSConnection('www.python.org')\n"
        "    c.request('GET', '/')\n"
    )

    assert (places_in(unused), places_in(used)) == ([], [("LW102", 3)])


BROKEN = {
    "syntax": b"def test(:\n",
    "null bytes": b"import time\0\ntime.sleep(1)\n",
    "deep nesting": b"import time\nx = " + b"(" * 5_000 + b")" * 5_000 + b"\n",
    "long sum": b"import time\nx = " + b"+".join([b"1"] * 50_000) + b"\n",
    "wrong encoding": b"# coding: utf-8\nimport time  # \xff\n",
    "unknown encoding": b"# coding: klingon\nimport time\ntime.sleep(1)\n",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_parsed_is_a_finding(findings_in, tmp_path, content):
    (tmp_path / "test_x.py").write_bytes(content)

    findings = lint_files(["test_x.py"], LintOptions(), working_folder=tmp_path).findings

    assert {each.code for each in findings} <= {"LW100"}
    assert not any(each.gate for each in findings)


@pytest.mark.parametrize(
    "content",
    [
        "# -*- coding: latin-1 -*-\nimport time\ndef test(): time.sleep(1)  # \xe9\n".encode("latin-1"),
        b"\xef\xbb\xbfimport time\ndef test(): time.sleep(1)\n",
        b"import time\r\ndef test():\r\n    time.sleep(1)\r\n",
        b"import time\rdef test():\r    time.sleep(1)\r",
        b"import time\n\x0cdef test(): time.sleep(1)\n",
    ],
    ids=["latin-1", "mark of order", "CRLF", "CR", "form feed"],
)
def test_any_encoding_and_line_end_is_read(tmp_path, content):
    (tmp_path / "test_x.py").write_bytes(content)

    findings = lint_files(["test_x.py"], LintOptions(), working_folder=tmp_path).findings

    assert [each.code for each in findings] == ["LW101"]


def test_twenty_thousand_lines_are_read_and_places_stay_exact(places_in):
    filler = "def test_{0}():\n    assert {0}\n"
    source = "import time\n" + "".join(filler.format(at) for at in range(10_000)) + "time.sleep(1)\n"

    assert places_in(source) == [("LW101", 20_002)]


def test_columns_count_characters(findings_in):
    (finding,) = findings_in("import time\ndef test():\n    'ééé'; time.sleep(1)\n")

    assert (finding.col, finding.length) == (12, 13)


def test_a_caller_of_a_slow_helper_is_told_the_way_to_it(findings_in):
    source = "import time\ndef settle():\n    time.sleep(1)\ndef test():\n    settle()\n"

    definition, caller = findings_in(source)

    assert (definition.line, definition.gate) == (3, True)
    assert (caller.line, caller.gate) == (5, False)
    assert "calls settle, where time.sleep waits 1.00 s of real time (tests/test_it.py:3)" in caller.message


def test_a_caller_of_a_slow_helper_in_another_file_is_told_the_way_to_it(findings_in):
    helper = "import time\ndef settle():\n    time.sleep(1)\n"
    source = "import time\nfrom .waiting import settle\ndef test():\n    settle()  # no sleep\n"

    (caller,) = findings_in(source, {"tests/waiting.py": helper, "tests/__init__.py": ""})

    assert (caller.code, caller.line, caller.gate) == ("LW101", 4, False)
    assert "(tests/waiting.py:3)" in caller.message


@pytest.mark.parametrize("first", ["tests/test_it.py", "tests/waiting.py", "tests/back.py"])
def test_files_that_import_each_other_are_told_the_same_in_any_order(tmp_path, first):
    sources = {
        "tests/__init__.py": "",
        "tests/test_it.py": "from .waiting import settle\ndef test():\n    settle()\n",
        "tests/waiting.py": "import time\nfrom .back import rest\ndef settle():\n    time.sleep(1)\n",
        "tests/back.py": "import time\nfrom .waiting import settle\ndef rest():\n    time.sleep(2)\n",
    }
    (tmp_path / "setup.cfg").touch()
    (tmp_path / "tests").mkdir()
    for path, text in sources.items():
        (tmp_path / path).write_text(text)

    findings = lint_files([first, *sources], LintOptions(), working_folder=tmp_path).findings

    assert [(each.file, each.line, each.gate) for each in findings] == [
        ("tests/back.py", 4, True),
        ("tests/test_it.py", 3, False),
        ("tests/waiting.py", 4, True),
    ]


@pytest.mark.parametrize(
    ("imported", "called"),
    [
        ("from tests.waiting import settle", "settle"),
        ("from tests.waiting import (\n    other,\n    settle as rest)", "rest"),
        ("from .waiting import settle", "settle"),
        ("from . import waiting", "waiting.settle"),
        ("import tests.waiting as w", "w.settle"),
    ],
)
def test_a_caller_in_a_file_that_names_nothing_known_is_told_too(findings_in, imported, called):
    helper = "import time\ndef other(): ...\ndef settle():\n    time.sleep(1)\n"
    beside = {"tests/waiting.py": helper, "tests/__init__.py": ""}

    (caller,) = findings_in(f"{imported}\ndef test():\n    {called}()\n", beside)

    assert (caller.code, caller.gate) == ("LW101", False)
    assert "calls settle" in caller.message


def test_a_caller_that_replaces_what_the_helper_calls_is_no_finding(findings_in):
    source = (
        "import time\nfrom unittest import mock\ndef settle():\n    time.sleep(1)\n"
        "@mock.patch('time.sleep')\ndef test_a(m):\n    settle()\ndef test_b():\n    settle()\n"
    )

    assert [each.line for each in findings_in(source)] == [4, 9]


HEAVY = {
    "container": (
        "from testcontainers.postgres import PostgresContainer",
        "with PostgresContainer() as made: yield made",
    ),
    "array": ("import numpy as np", "return np.load('noise.npy')"),
    "server": ("from http.server import HTTPServer", "return HTTPServer(('127.0.0.1', 0), None)"),
    "asynchronous server": ("import asyncio", "return await asyncio.start_server(print)"),
}


@pytest.mark.parametrize(("imported", "body"), HEAVY.values(), ids=HEAVY)
def test_containers_arrays_and_servers_of_each_test_are_heavy(findings_in, imported, body):
    source = f"import pytest\n{imported}\n@pytest.fixture\nasync def thing():\n    {body}\n"

    assert [(each.code, each.line) for each in findings_in(source)] == [("LW107", 4)]
    assert not findings_in(source.replace("fixture\n", "fixture(scope='module')\n"))


@pytest.mark.parametrize("lock", ["Lock", "RLock", "BoundedSemaphore"])
def test_a_lock_that_is_taken_without_limit_is_told(findings_in, lock):
    source = f"import threading\ndef test():\n    lock = threading.{lock}()\n    lock.acquire()\n"

    assert [(each.code, each.line) for each in findings_in(source)] == [("LW106", 4)]
    assert not findings_in(source.replace("acquire()", "acquire(timeout=1)"))
