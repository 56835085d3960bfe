"""`lapwing lint --fix`: what it writes is valid, has no finding, and passes as before."""

import textwrap

import pytest

from lapwing.cli.main import main

MARKED = (
    "import jobs\nimport time\nimport pytest\n\n\n@pytest.mark.slow\ndef test_waits():\n    time.sleep(1)\n"
)
OF_OTHERS = "import jobs\nimport time\n\n\ndef test_waits():\n    time.sleep(1)\n"
CLOSED = """
    import time

    class Cache:
        def __init__(self, lifetime):
            self.lifetime = lifetime
            self.values = {}

        def put(self, key, value):
            self.values[key] = value, time.monotonic() + self.lifetime

        def get(self, key):
            value, end = self.values.get(key, (None, 0))
            return value if time.monotonic() < end else None


    def test_a_value_ends():
        cache = Cache(lifetime=5)
        cache.put("a", 1)
        time.sleep(2)
        assert cache.get("a") == 1
        time.sleep(4)
        assert cache.get("a") is None


    class TestClocks:
        def test_all_move_alike(self):
            before = time.time(), time.perf_counter_ns()
            time.sleep(100)
            assert time.time() - before[0] >= 100
            assert time.perf_counter_ns() - before[1] >= 100 * 10**9
"""


@pytest.fixture
def project(pytester):
    """Writes one test file below tests/ and lints in the folder around it; the file."""
    (pytester.path / "pyproject.toml").write_text("[tool.lapwing]\n")
    file = pytester.path / "tests" / "test_it.py"
    file.parent.mkdir()

    def write(source):
        file.write_text(textwrap.dedent(source))
        return file

    return write


def test_a_test_whose_code_is_all_in_its_file_gets_a_clock_and_passes_at_once(project, pytester):
    project(CLOSED)

    assert main(["lint"]) == 1
    assert main(["lint", "--fix"]) == 0
    assert main(["lint"]) == 0
    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_other_tests_are_marked_and_pytest_imported(project):
    file = project(OF_OTHERS)

    assert main(["lint", "--fix"]) == 0
    assert file.read_text() == MARKED
    assert main(["lint"]) == 0


NOT_CLOSED = {
    "a product that may read any clock": "import time, product\ndef test(): time.sleep(1)\n",
    "a bound clock": "import time\nfrom time import time as now\ndef test(): time.sleep(1)\n",
    "another clock": "import time\ndef test():\n    time.sleep(1)\n    assert time.localtime()\n",
    "a clock handed over": "import time\nclock = time.monotonic\ndef test(): time.sleep(1)\n",
    "the module handed over": "import time\ndef test():\n    use(time)\n    time.sleep(1)\ndef use(x): ...\n",
    "a fixture of others": "import time\ndef test(server): time.sleep(1)\n",
    "a file": "import time\ndef test():\n    open('x').close()\n    time.sleep(1)\n",
    "unittest": "import time, unittest\nclass T(unittest.TestCase):\n    def test(self): time.sleep(1)\n",
    "a thread": "import time, threading\ndef test(): time.sleep(1)\n",
    "a default": "import time\ndef test(n=1): time.sleep(n)\n",
}


@pytest.mark.parametrize("source", NOT_CLOSED.values(), ids=NOT_CLOSED)
def test_where_time_may_be_read_in_another_way_there_is_a_mark_only(project, source):
    file = project(source)

    main(["lint", "--fix"])

    assert "@pytest.mark.slow" in file.read_text()
    assert "fake_clock" not in file.read_text()


def test_a_conftest_file_may_read_time_in_another_way(project):
    file = project(CLOSED)
    (file.parent / "conftest.py").write_text("")

    main(["lint", "--fix"])

    assert "fake_clock" not in file.read_text()


def test_unsafe_fixes_give_a_clock_to_tests_of_code_elsewhere(project, pytester):
    project("""
        import time

        from ttl import Token

        def test_a_token_ends():
            token = Token(1)
            time.sleep(1.5)
            assert token.is_over()
    """)
    pytester.makepyfile(
        ttl="import time\nclass Token:\n    def __init__(self, s): self.end = time.time() + s\n"
        "    def is_over(self): return time.time() > self.end\n"
    )
    pytester.syspathinsert()

    assert main(["lint", "--unsafe-fixes"]) == 0
    assert main(["lint"]) == 0
    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.parametrize("word", ["threading", "subprocess", "datetime", "requests", "asyncio"])
def test_unsafe_fixes_leave_tests_that_wait_for_others(project, word):
    file = project(f"import time, product, {word}\ndef test():\n    product.{word}()\n    time.sleep(1)\n")

    main(["lint", "--unsafe-fixes"])

    assert "fake_clock" not in file.read_text()


def test_imports_below_the_first_test_move_nothing(project, pytester):
    file = project("""
        import json
        import time

        def test_first():
            json.dumps(1)
            time.sleep(0.02)

        import os

        def test_second():
            os.getcwd()
            time.sleep(0.02)
    """)

    main(["lint", "--fix"])

    assert file.read_text().index("import pytest") < file.read_text().index("@pytest.mark.slow")
    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_a_comment_that_allows_nothing_is_removed(project):
    file = project("def test():\n    pass  # lapwing: allow LW101 it sleeps\n")

    assert main(["lint", "--fix"]) == 0
    assert file.read_text() == "def test():\n    pass\n"


def test_line_ends_stay(project):
    file = project("")
    file.write_bytes(OF_OTHERS.replace("\n", "\r\n").encode())

    main(["lint", "--fix"])

    assert file.read_bytes() == MARKED.replace("\n", "\r\n").encode()
