"""Tests that may be slow."""

import json
import textwrap

import pytest

BODY = "def test():\n    time.sleep(1)\n"
HEAD = "import time, os, sys, unittest\nimport pytest\n"
ALLOWED = {
    "mark": f"@pytest.mark.slow\n{BODY}",
    "another word for integration": f"@pytest.mark.integrative\n{BODY}",
    "mark of the module": f"pytestmark = [pytest.mark.integration]\n{BODY}",
    "mark of the module where it always holds": (
        f"if sys.platform == 'linux':\n    pytestmark = pytest.mark.slow\n{BODY}"
    ),
    "mark of the class": "@pytest.mark.e2e\nclass TestIt:\n    def test(self): time.sleep(1)\n",
    "alias": f"slow = pytest.mark.skipif(not os.environ.get('SLOW'), reason='')\n@slow\n{BODY}",
    "mark by words": f"@pytest.mark.slow_db\n{BODY}",
    "mark of another system": f"@pytest.mark.darwin\n{BODY}",
    "helper of tests for another system": (
        "def settle(): time.sleep(1)\n@pytest.mark.win32\n@pytest.mark.darwin\ndef test(): settle()\n"
    ),
    "skip": f"@pytest.mark.skip(reason='later')\n{BODY}",
    "unittest skip": f"@unittest.skip('later')\n{BODY}",
    "skipUnless environment": f"@unittest.skipUnless('NET' in os.environ, '')\n{BODY}",
    "skip of the module": f"pytest.skip('no', allow_module_level=True)\n{BODY}",
    "skip of other systems": (
        f"if sys.platform != 'win32':\n    pytest.skip('no', allow_module_level=True)\n{BODY}"
    ),
    "skips itself": "def test():\n    pytest.skip('later')\n    time.sleep(1)\n",
    "xfail without run": f"@pytest.mark.xfail(run=False)\n{BODY}",
    "base class unless asked for": (
        "if 'E2E' in os.environ:\n    Base = unittest.TestCase\nelse:\n    Base = object\n"
        "class EndToEndTests(Base):\n    def test(self): time.sleep(1)\n"
    ),
    "main": "if __name__ == '__main__':\n    time.sleep(1)\n",
    "main with a class": (
        "if __name__ == '__main__':\n    class TestIt:\n        def test(self): time.sleep(1)\n"
        "    time.sleep(1)\n"
    ),
    "other system": "def test():\n    if os.name == 'nt':\n        time.sleep(1)\n",
    "other system in a condition": "def test():\n    assert os.name == 'posix' or time.sleep(1)\n",
    "an option that nobody gives": (
        "def pytest_configure(config):\n    wait = config.getoption('--wait')\n"
        "    if wait:\n        time.sleep(1)\ndef test(): pass\n"
    ),
    "a handler that asks for the exception": (
        "def test(retry):\n    def failed():\n        print(sys.exc_info()[1])\n        time.sleep(1)\n"
        "    retry(failed)\n"
    ),
    "a branch that fails in the end": (
        "def test(answer):\n    if answer:\n        time.sleep(1)\n        pytest.fail(answer)\n"
    ),
    "ended by its decorator": (
        "@pool.task(timeout=0.1)\ndef forever(): time.sleep(10)\ndef test(): forever()\n"
    ),
    "old Python": "def test():\n    if sys.version_info < (3,):\n        time.sleep(1)\n",
}
NOT_ALLOWED = {
    "other mark": f"@pytest.mark.database\n{BODY}",
    "mark of a limit": f"@pytest.mark.fail_slow(10)\n{BODY}",
    "cases with a mark of a limit": "@pytest.mark.parametrize('x', [\n"
    "    pytest.param(1, marks=pytest.mark.fail_slow(5)),\n])\ndef test(x):\n    time.sleep(1)\n",
    "mark of this system beside that of another": f"@pytest.mark.darwin\n@pytest.mark.linux\n{BODY}",
    "skipif of a version": f"@pytest.mark.skipif(sys.version_info < (3, 13), reason='')\n{BODY}",
    "skipped in CI": f"@pytest.mark.skipif('CI' in os.environ, reason='')\n{BODY}",
    "skip of a missing library": f"HAS = True\n@pytest.mark.skipif(not HAS, reason='')\n{BODY}",
    "skip in a branch": "def test(x):\n    if x:\n        pytest.skip('later')\n    time.sleep(1)\n",
}


@pytest.mark.parametrize("source", ALLOWED.values(), ids=ALLOWED)
def test_an_exempt_test_has_no_finding(places_in, source):
    assert places_in(HEAD + source) == []


@pytest.mark.parametrize("source", NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_other_marks_and_skips_exempt_nothing(places_in, source):
    assert [code for code, _ in places_in(HEAD + source)] == ["LW101"]


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("integration", True),
        ("integrated", True),
        ("e2e", True),
        ("smoke", True),
        ("integration_tests", True),
        ("cloud_integrationtests", True),
        ("livetest", True),
        ("perf_tests", True),
        ("perfstress_tests", True),
        ("latest", False),
        ("tests", False),
        ("package/integration/tests", True),
        ("unit", False),
        ("integrations", False),
    ],
)
def test_folders_of_slow_tests_are_exempt(places_in, folder, allowed):
    assert (places_in(HEAD + BODY, name=f"tests/{folder}/test_x.py") == []) is allowed


def test_configured_marks_and_folders_are_exempt(places_in):
    marked = HEAD + "@pytest.mark.hardware\n" + BODY

    assert places_in(marked, slow_marks=("hardware",)) == []
    assert places_in(HEAD + BODY, name="tests/lab/test_x.py", slow_folders=("lab",)) == []


@pytest.mark.parametrize(
    "configuration",
    [
        "addopts = -m 'not hardware'",
        "addopts = -m 'not (hardware or lab)'",
        "addopts = -m 'not lab and not hardware'",
        "addopts = --ignore=tests/lab",
        "norecursedirs = lab",
        "norecursedirs = tests/lab",
        "addopts = -k 'not test_motor'",
    ],
)
def test_what_the_configuration_of_pytest_leaves_out_is_exempt(places_in, tmp_path, configuration):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{configuration}\n")
    source = HEAD + "@pytest.mark.hardware\ndef test_motor():\n    time.sleep(1)\n"

    assert places_in(source, name="tests/lab/test_x.py") == []


DESCRIBED = {
    "tests with a motor (deselect with '-m \"not hardware\"')": True,
    "tests that need the tool installed (deselect with '-m \"not hardware\"')": False,
    "tests that must not run in parallel (deselect with '-m \"not hardware\"')": False,
    "tests that need the network and the tool installed (deselect with '-m \"not hardware\"')": True,
    "marks tests as very slow": True,
    "tests that need the network": True,
    "tests that do not need the network": False,
    "stops tests that take too long": False,
    "": False,
}


@pytest.mark.parametrize(("said", "is_exempt"), DESCRIBED.items(), ids=DESCRIBED)
@pytest.mark.parametrize("place", ["pytest.ini", "pyproject.toml", "tests/conftest.py"])
def test_a_mark_whose_description_says_that_it_is_left_out_exempts(places_in, place, said, is_exempt):
    line = f"hardware: {said}" if said else "hardware"
    text = {
        "pytest.ini": f"[pytest]\nmarkers =\n    lab: what it needs\n    {line}\n",
        "pyproject.toml": f"[tool.pytest.ini_options]\nmarkers = ['lab', {json.dumps(line)}]\n",
        "tests/conftest.py": "def pytest_configure(config):\n    config.addinivalue_line(\n"
        f"        'markers',\n        {line[:5]!r}\n        {line[5:]!r},\n    )\n",
    }
    source = HEAD + "@pytest.mark.hardware\ndef test_motor():\n    time.sleep(1)\n"

    assert [code for code, _ in places_in(source, {place: text[place]})] == ([] if is_exempt else ["LW101"])
    assert len(places_in(source.replace("hardware", "lab"), {place: text[place]})) == 1


ENDLESS = {
    "one word": f"config.addinivalue_line('markers', 'hardware: {'needs ' * 30_000}')\n",
    "spaces": f"config.addinivalue_line('markers',{' ' * 100_000}hardware)\n",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_description_that_leads_nowhere_is_read_at_once(places_in, text):
    """Not in half a minute: for each word, or space, all that comes after it was looked through."""
    source = HEAD + "@pytest.mark.hardware\ndef test_motor():\n    time.sleep(1)\n"

    assert len(places_in(source, {"tests/conftest.py": f"def pytest_configure(config):\n    {text}"})) == 1


@pytest.mark.parametrize("words", ["not (hardware and lab)", "hardware", "not hardware(1)", "not ("])
def test_marks_that_alone_leave_nothing_out_exempt_nothing(places_in, tmp_path, words):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = -m '{words}'\n")
    source = HEAD + "@pytest.mark.hardware\ndef test_motor():\n    time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == ["LW101"]


def test_a_script_that_a_test_names_runs_though_it_is_not_collected(places_in):
    script = "import time\ntime.sleep(1)\n"
    beside = {
        "pytest.ini": "[pytest]\nnorecursedirs = scripts\n",
        "tests/test_it.py": "def test(build): build('frozen_main.py')\n",
    }

    assert places_in(script, beside, "tests/scripts/frozen_main.py") == [("LW101", 2)]
    assert places_in(script + "def test_part(): ...\n", beside, "tests/scripts/frozen_main.py") == [
        ("LW101", 2)
    ]
    assert places_in(script, beside, "tests/scripts/other_main.py") == []
    assert places_in("import time\ndef test(): time.sleep(1)\n", beside, "tests/scripts/test_main.py") == []


def test_a_file_that_no_test_imports_informs_only(findings_in):
    (finding,) = findings_in("import time\ndef serve(): time.sleep(1)\n", name="tests/tool.py")

    assert not finding.gate
    assert "no test imports this file" in finding.message


@pytest.mark.parametrize(
    ("owner", "is_found"),
    [("class TestServer:", False), ("class TestServer(Base):", True), ("class Server(TestCase):", True)],
)
def test_a_class_that_is_only_called_like_tests_makes_no_test_file(places_in, owner, is_found):
    helper = f"import time\n{owner}\n    def serve(self): time.sleep(1)\n"

    assert bool(places_in(helper, name="tests/tool.py")) is is_found


@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        ("pytest -m 'not hardware' {posargs}", []),
        ("coverage run -m pytest -k 'not motor'", []),
        ("python -m pip list\n    pytest -m \\\n    'not hardware'", []),
        ("pytest -m 'not hardware'\n    pytest -m hardware", ["LW101"]),
        ("pytest -m 'not", ["LW101"]),
        ("pytest-cov-report -m 'not hardware'", ["LW101"]),
    ],
)
def test_what_the_one_command_of_tox_leaves_out_is_exempt(places_in, tmp_path, commands, codes):
    (tmp_path / "tox.ini").write_text(f"[testenv]\ncommands =\n    {commands}\n")
    source = HEAD + "@pytest.mark.hardware\ndef test_motor():\n    time.sleep(1)\n"

    assert [code for code, _ in places_in(source)] == codes


def test_a_decorator_whose_inner_function_skips_exempts(places_in):
    source = HEAD + (
        "import functools, os\ndef needs_server(test):\n    @functools.wraps(test)\n    def inner(*args):\n"
        "        if not os.environ.get('SERVER'):\n            pytest.skip('none')\n"
        "        return test(*args)\n    return inner\n@needs_server\ndef test_it():\n    time.sleep(1)\n"
    )

    assert places_in(source) == []


EXEMPT = {
    "an attribute of nose": "@attr('slow')\ndef test_it(): time.sleep(1)\n",
    "an attribute of nose by its name": "@attr(speed='slow')\ndef test_it(): time.sleep(1)\n",
    "a tag of Django": "@tag('slow')\nclass TestIt(TestCase):\n    def test_it(self): time.sleep(1)\n",
    "a class that is not collected": (
        "class TestIt:\n    __test__ = False\n    def test_it(self): time.sleep(1)\n"
    ),
    "a module whose set-up skips": (
        "def setUpModule():\n    if not os.environ.get('LIVE'):\n        raise SkipTest('none')\n"
        "def test_it(): time.sleep(1)\n"
    ),
    "a condition in a string": (
        "@pytest.mark.skipif('not config.getoption(\\'--live\\')')\ndef test_it(): time.sleep(1)\n"
    ),
    "a fixture of a plugin that puts something in the place of sleeps": (
        "def test_it(mock_sleep): time.sleep(1)\n"
    ),
}
NOT_EXEMPT = {
    "another tag": "@tag('core')\ndef test_it(): time.sleep(1)\n",
    "a class that others derive from": (
        "class TestBase:\n    __test__ = False\n    def test_it(self): time.sleep(1)\n"
        "class TestIt(TestBase):\n    __test__ = True\n"
    ),
    "a class that is collected": "class TestIt:\n    __test__ = True\n    def test_it(self): time.sleep(1)\n",
    "a condition of another system in a string": (
        "@pytest.mark.skipif('sys.platform == \\'win32\\'')\ndef test_it(): time.sleep(1)\n"
    ),
    "a condition in a string that nobody can tell": (
        "@pytest.mark.skipif('1 +')\ndef test_it(): time.sleep(1)\n"
    ),
    "a fixture of that name that does something else": (
        "@pytest.fixture\ndef mock_sleep(): ...\ndef test_it(mock_sleep): time.sleep(1)\n"
    ),
}


@pytest.mark.parametrize("source", EXEMPT.values(), ids=EXEMPT)
def test_what_says_that_a_test_may_be_slow_or_does_not_run_exempts_it(places_in, source):
    assert places_in(f"import os\n{HEAD}{source}") == []


@pytest.mark.parametrize("source", NOT_EXEMPT.values(), ids=NOT_EXEMPT)
def test_what_says_something_else_exempts_nothing(places_in, source):
    assert [code for code, _ in places_in(f"import os\n{HEAD}{source}")] == ["LW101"]


@pytest.mark.parametrize(("value", "codes"), [("os.environ.get('LIVE')", []), ("True", ["LW101"])])
def test_a_switch_that_a_function_of_another_file_gives_is_read(places_in, value, codes):
    helper = f"import os\ndef has_server():\n    return bool({value})\n"
    source = (
        f"{HEAD}from switches import has_server\n"
        "@pytest.mark.skipif(not has_server(), reason='none')\ndef test_it(): time.sleep(1)\n"
    )

    assert [code for code, _ in places_in(source, {"tests/switches.py": helper})] == codes


def test_what_stands_below_the_guard_of_a_script_counts_where_a_test_runs_it(places_in):
    script = 'import time\nif __name__ == "__main__":\n    time.sleep(1)\n'
    runs = "import shell\ndef test(): shell.run('python tests/it_{name}.py')\n"

    assert places_in(script, {"tests/test_x.py": runs.format(name="x")}, "tests/it_x.py") == [("LW101", 3)]
    assert places_in(script, {"tests/test_x.py": runs.format(name="y")}, "tests/it_x.py") == []


def test_a_helper_that_only_a_helper_names_which_skips_is_exempt(places_in):
    source = (
        "import os, time\nclass TestIt:\n    def helper(self):\n        time.sleep(1)\n"
        "    def _scenario(self):\n        if not os.environ.get('SERVER'):\n"
        "            self.skipTest('none')\n"
        "        self.helper()\n    def test(self): self._scenario()\n"
    )

    assert places_in(source) == []


def test_helpers_in_a_package_are_imported_by_tests_beside_it(places_in):
    helper = "import time\ndef settle():\n    time.sleep(1)\n"
    user = "from package.test.settling import settle\ndef test_it(): settle()\n"

    assert places_in(helper, {"tests/test_it.py": user}, "src/package/test/settling.py") == [("LW101", 3)]
    assert (
        places_in(helper, {"tests/test_it.py": "def test_it(): pass\n"}, "src/package/test/settling.py") == []
    )


def test_a_helper_that_a_test_imports_fails_at_its_definition(places_in):
    helper = "import time\ndef wait(): time.sleep(1)\n"

    places = places_in(helper, {"tests/test_a.py": "from .waiting import wait\n"}, name="tests/waiting.py")

    assert places == [("LW101", 2)]


@pytest.mark.parametrize(("folder", "count"), [("integration", 0), ("lab", 0), ("unit", 1)])
def test_a_helper_counts_where_a_test_imports_it_that_has_to_be_fast(places_in, folder, count):
    helper = "import time\ndef wait(): time.sleep(1)\n"
    beside = {f"tests/{folder}/test_a.py": "from tests.waiting import wait\n"}

    assert len(places_in(helper, beside, name="tests/waiting.py", slow_folders=["lab"])) == count


UNCALLED = {
    "private method of a test class": "class TestIt:\n    def _dont_test(self):\n        time.sleep(1)\n",
    "private method whose name begins another": (
        "class TestIt:\n    def _wait(self):\n        time.sleep(1)\n    def test(self): self._wait_long()\n"
    ),
    "private method that only comments call": (
        "class TestIt:\n    def _wait(self):\n        time.sleep(1)\n"
        "    def test(self):\n        # self._wait()\n        pass\n"
    ),
    "helper": "def helper():\n    time.sleep(1)\n",
    "method of a class nobody makes": (
        "from threading import Thread\nclass Server(Thread):\n    def run(self):\n        time.sleep(1)\n"
    ),
    "method of a test case": (
        "import unittest\nclass TestIt(unittest.TestCase):\n    def step(self): time.sleep(1)\n"
    ),
    "function of a script": "def main():\n    time.sleep(1)\nif __name__ == '__main__':\n    main()\n",
}
CALLED = {
    "method that unittest runs": (
        "import unittest\nclass TestIt(unittest.TestCase):\n    def runTest(self): time.sleep(1)\n"
    ),
    "helper by a computed name": (
        "def helper():\n    time.sleep(1)\ndef test(name):\n    globals()[name]()\n"
    ),
    "script and test": (
        "def main():\n    time.sleep(1)\ndef test():\n    main()\nif __name__ == '__main__':\n    main()\n"
    ),
    "private method": (
        "class TestIt:\n    def _wait(self):\n        time.sleep(1)\n    def test(self): self._wait()\n"
    ),
    "private method beside a comment": (
        "class TestIt:\n    def _wait(self):\n        time.sleep(1)\n"
        "    def test(self): self._wait()  # a while\n"
    ),
    "public method": "class TestIt(Base):\n    def step(self):\n        time.sleep(1)\n",
    "method of another class": (
        "class Server(Thread):\n    def _run(self):\n        time.sleep(1)\ndef test(): Server().start()\n"
    ),
    "decorated": "@app.task\ndef job():\n    time.sleep(1)\n",
    "hook": "def pytest_runtest_setup(item):\n    time.sleep(1)\n",
}


@pytest.mark.parametrize("source", UNCALLED.values(), ids=UNCALLED)
def test_what_nobody_calls_informs(findings_in, source):
    (finding,) = findings_in(HEAD + source)

    assert not finding.gate
    assert finding.message.endswith(f"but nothing calls {finding.function}")


@pytest.mark.parametrize("source", CALLED.values(), ids=CALLED)
def test_what_somebody_may_call_fails(places_in, source):
    assert [code for code, _ in places_in(HEAD + source)] == ["LW101"]


SCRIPT = """\
import time
from profiler import profile
@profile
def work(): time.sleep(1)
def main(): work()
if __name__ == "__main__":
    main()
"""


def test_a_script_without_tests_informs_though_its_name_is_that_of_a_test_file(findings_in):
    (finding,) = findings_in(SCRIPT)

    assert not finding.gate
    assert finding.message.endswith("but no test stands in this file")


def test_such_a_script_outside_the_tests_informs(findings_in):
    (finding,) = findings_in(SCRIPT, name="run_all_test.py")

    assert not finding.gate


@pytest.mark.parametrize(
    ("name", "runs", "is_told"),
    [
        ("tests/show-all.py", "show_all.py", False),
        ("tests/show-all.py", "show-all.py", True),
        ("testing/show-all.py", "show_all.py", False),
        ("testing/show_all.py", "show_all.py", True),
    ],
)
def test_such_a_script_that_nothing_can_import_fails_where_a_test_runs_it(places_in, name, runs, is_told):
    beside = {"tests/test_x.py": f"def test(run): run('{runs}')\n"}

    assert bool(places_in(SCRIPT.replace("@profile\n", ""), beside, name)) is is_told


@pytest.mark.parametrize(("given", "codes"), [("__file__, 'wait'", ["LW101"]), ("'other.py'", [])])
def test_what_stands_below_the_guard_of_a_test_file_counts_where_its_tests_run_it(places_in, given, codes):
    source = (
        f"import sys, time\ndef test(start): start(sys.executable, {given})\n"
        'if __name__ == "__main__":\n    time.sleep(1)\n'
    )

    assert [code for code, _ in places_in(source)] == codes


def test_a_test_file_that_only_its_own_script_runs_has_no_sleep_below_the_guard(places_in):
    source = (
        "import subprocess, sys, time\ndef test(): ...\n"
        'if __name__ == "__main__":\n    time.sleep(1)\n    subprocess.run([sys.executable, __file__])\n'
    )

    assert places_in(source) == []


@pytest.mark.parametrize(
    "source",
    [
        SCRIPT + "def test(): main()\n",
        SCRIPT + "main()\n",
        SCRIPT + "class TestIt(Base): step = main\n",
        SCRIPT.replace("if __name__", "if main"),
        SCRIPT.replace("def work(): ", ""),
    ],
    ids=["test", "call", "class", "no guard", "at import"],
)
def test_such_a_script_that_something_else_runs_fails(places_in, source):
    assert [code for code, _ in places_in(source.replace("@profile\ntime", "time"))] == ["LW101"]


def test_such_a_script_that_another_file_names_fails(places_in):
    beside = {"tests/test_other.py": "def test(run): run('test_it.py')\n"}

    assert [code for code, _ in places_in(SCRIPT, beside)] == ["LW101"]


def test_a_helper_that_a_text_names_with_its_module_fails(places_in):
    helper = "import time\nasync def app(scope): time.sleep(1)\n"
    beside = {"tests/test_a.py": "def test(serve): serve('tests.server:app')\n"}

    assert len(places_in(helper, beside, name="tests/server.py")) == 1
    beside = {"tests/test_a.py": "def test(serve): serve('server')\n"}
    assert not places_in(helper, beside, name="tests/server.py")


def test_a_function_of_a_test_file_that_another_imports_fails(places_in):
    beside = {"tests/test_other.py": "from tests.test_it import main\n"}

    assert places_in(HEAD + UNCALLED["function of a script"], beside) == [("LW101", 4)]


@pytest.mark.parametrize(
    ("condition", "is_found"),
    [
        ("if os.environ.get('PLAIN') == '1':", True),
        ("if sys.platform == 'win32':", True),
        ("if not available('guest'):", True),
        ("if sys.platform == 'linux':", False),
    ],
)
def test_files_that_a_conftest_leaves_out_elsewhere_only_are_looked_at(places_in, condition, is_found):
    conftest = f"import os, sys\n{condition}\n    collect_ignore_glob = ['test_*.py']\n"
    source = "import time\ndef test(): time.sleep(1)\n"

    assert bool(places_in(source, {"tests/conftest.py": conftest})) is is_found


@pytest.mark.parametrize("ignored", ["collect_ignore = ['guest']", "collect_ignore_glob = ['guest/**/*.py']"])
def test_files_that_a_conftest_leaves_out_have_no_finding(findings_in, ignored):
    beside = {"tests/conftest.py": ignored}

    assert not findings_in(HEAD + BODY, beside, name="tests/guest/deep/test_it.py")
    assert findings_in(HEAD + BODY, beside, name="tests/other/test_it.py")


HELPED = """
    import time, pytest
    def settle(): time.sleep(1)
    @pytest.fixture
    def settled(): time.sleep(1)
    @pytest.mark.slow
    def test_slow(settled): settle()
"""


def test_what_only_slow_tests_name_may_be_slow(places_in):
    assert places_in(HELPED) == []


def test_what_another_test_names_too_may_not(places_in):
    assert len(places_in(HELPED + "    def test_quick(settled): settle()\n")) == 2


def test_a_helper_file_is_used_by_others(places_in):
    tests = "from tests.helpers import settle\ndef test_quick(): settle()\n"

    assert places_in(HELPED, {"tests/test_it.py": tests}, name="tests/helpers.py")


def test_a_project_around_leaves_out_what_lies_in_a_project_of_its_own(places_in):
    source = "import time\ndef test(): time.sleep(1)\n"
    outer = {"pytest.ini": "[pytest]\nnorecursedirs = tests/docker\n", "tests/docker/app/pytest.ini": ""}

    assert places_in(source, outer, name="tests/docker/app/test_it.py") == []
    assert places_in(source, outer, name="tests/other/test_it.py")


@pytest.mark.parametrize(("test", "count"), [("import gen\ngen.make()\n", 1), ("import time\n", 0)])
def test_a_repository_that_git_keeps_in_the_tests_is_a_part_of_them(places_in, test, count):
    beside = {"tests/other/.git": "gitdir: ../../.git/modules/other", "tests/test_it.py": test}
    source = "import subprocess\ndef make(): subprocess.run(['go'])\n"

    assert len(places_in(source, beside, name="tests/other/gen.py")) == count


ASKED = "if not os.environ.get('WITH_KERBEROS'): pytest.skip('not set up')"


@pytest.mark.parametrize(
    "body",
    [
        f"def test():\n    {ASKED}\n    time.sleep(1)",
        "def test():\n    if not os.environ.get('WITH_KERBEROS'): return\n    time.sleep(1)",
        f"class TestIt:\n    def setUp(self):\n        {ASKED}\n    def test(self): time.sleep(1)",
        f"@pytest.fixture\ndef ticket():\n    {ASKED}\ndef test(ticket): time.sleep(1)",
        f"def ask():\n    {ASKED}\ndef test():\n    ask()\n    time.sleep(1)",
        f"class TestIt:\n    @classmethod\n    def setUpClass(cls): cls.port = cls.ask()\n    @classmethod\n"
        f"    def ask(cls):\n        {ASKED}\n        return 1\n    def test(self): time.sleep(1)",
    ],
)
def test_what_the_environment_has_to_ask_for_is_skipped(places_in, body):
    source = f"import os, time, pytest\n{body}\n"

    assert places_in(source) == []
    assert places_in(source.replace("not os.environ", "os.environ")) != []


def test_a_helper_of_helpers_of_slow_tests_may_be_slow(places_in):
    source = """
        import time, pytest
        def wait(): time.sleep(1)
        def settle(): wait()
        @pytest.mark.integration_test
        def test_all(): settle()
    """

    assert places_in(source) == []


def test_outside_the_test_paths_a_finding_informs(findings_in):
    source = "import time\ndef test(): time.sleep(1)\n"
    config = {"pytest.ini": "[pytest]\ntestpaths = tests\n", "examples/tox.ini": "[tox]\n", "tests/a.py": ""}

    (outside,) = findings_in(source, config, name="examples/test_it.py")
    (inside,) = findings_in(source, config)

    assert (outside.gate, inside.gate) == (False, True)
    assert "outside the project's testpaths" in outside.message


@pytest.mark.parametrize(
    ("paths", "there", "gate"),
    [
        ("project", "examples", True),
        ("project more/*", "other", True),
        ("project more/*", "more/one", False),
        ("project more/[o]ne", "more/one", False),
        ("project more/**", "examples", False),
        ("project /elsewhere", "examples", False),
    ],
)
def test_test_paths_none_of_which_is_there_leave_out_nothing(findings_in, paths, there, gate):
    source = "import time\ndef test(): time.sleep(1)\n"
    config = {"pytest.ini": f"[pytest]\ntestpaths = {paths}\n", f"{there}/a.py": ""}

    (finding,) = findings_in(source, config, name="src/project/tests/test_it.py")

    assert finding.gate is gate


def test_quoted_test_paths_are_read_as_pytest_reads_them(places_in):
    config = {"setup.cfg": '[tool:pytest]\ntestpaths = "tests" "docs"\n'}

    assert len(places_in("import time\ndef test(): time.sleep(1)\n", config)) == 1


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("value = os.getenv(name)\n    if value:\n        return value\n    raise SkipTest(name)", []),
        ("value = os.getenv(name)\n    if value: return value\n    else: raise SkipTest(name)", []),
        ("value = os.getenv(name, 'x')\n    if value: return value\n    raise SkipTest(name)", [8]),
        ("if name in known: return 1\n    raise SkipTest(name)", [7]),
        ("return 1\n    raise SkipTest(name)", [7]),
    ],
)
def test_a_function_that_skips_where_the_environment_has_nothing_skips_who_calls_it(places_in, body, lines):
    head = "import os, time\nfrom unittest import SkipTest\n"
    source = f"{head}def wanted(name):\n    {body}\ndef test():\n    port = wanted('PORT'); time.sleep(1)\n"

    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(
    ("above", "set_up", "lines"),
    [
        ('@decorators.skip_because(bug="1")', "pass", []),
        ('@decorators.skip_because(bug="1", condition=BROKEN)', "pass", [6]),
        ('@decorators.idempotent_id("1")', "pass", [6]),
        ("@decorators.attr", "raise self.skipException('none')", []),
        ("@decorators.attr", "raise self.failureException('none')", [6]),
    ],
)
def test_tests_of_openstack_are_skipped_in_their_ways(places_in, above, set_up, lines):
    source = (
        "import time\nfrom tempest.lib import decorators\nclass T(Base):\n"
        f"    def setUp(self): {set_up}\n    {above}\n    def test(self): time.sleep(1)\n"
    )

    assert [line for _, line in places_in(source)] == lines


@pytest.mark.parametrize(
    ("folder", "is_found"), [("examples/tests", False), ("", True), ("packages/one", True), ("other", False)]
)
def test_a_conftest_outside_the_test_paths_informs(places_in, folder, is_found):
    config = {"pytest.ini": "[pytest]\ntestpaths = tests packages/*/tests\n", "tests/a.py": ""}
    source = "import time\ndef pytest_configure(): time.sleep(1)\n"

    assert bool(places_in(source, config, name=f"{folder}/conftest.py".lstrip("/"))) is is_found


@pytest.mark.parametrize(
    ("condition", "more", "lines"),
    [
        ("config.getoption('--regenerate')", "", []),
        ("config.getoption('--regenerate')", "alias = make_all", [2]),
        ("os.environ.get('REGENERATE')", "", []),
        ("config.rootpath", "", [2]),
    ],
)
def test_what_only_code_calls_that_has_to_be_asked_for_is_none(places_in, condition, more, lines):
    source = (
        "import os, subprocess\ndef make_all(): subprocess.run(['make', 'all'])\n"
        f"def pytest_configure(config):\n    if {condition}:\n        make_all()\n{more}\n"
    )
    assert [line for _, line in places_in(source, name="tests/conftest.py")] == lines


@pytest.mark.parametrize(
    ("caught", "then", "is_found"),
    [
        ("except KeyError:", "print('no'); pytest.skip('no')", False),
        ("except:", "pytest.skip('no')", False),
        ("except ImportError:", "pytest.skip('no')", True),
        ("except KeyError:", "print('no')", True),
    ],
)
def test_what_a_fixture_misses_in_the_environment_skips_who_uses_it(places_in, caught, then, is_found):
    conftest = (
        "import os, pytest\n@pytest.fixture\ndef account():\n    try:\n        name = os.environ['ACCOUNT']\n"
        f"    {caught}\n        {then}\n    return connect(name)\n"
        "@pytest.fixture(autouse=True)\ndef proxy(account): yield\n"
    )
    source = "import time\ndef test(): time.sleep(1)\n"

    assert bool(places_in(source, {"tests/conftest.py": conftest})) is is_found


@pytest.mark.parametrize(
    ("function", "is_found"),
    [
        ("value = os.environ.get(key)\n    return bool_from(value)", False),
        ("value = os.environ.get(key, 'yes')\n    return bool_from(value)", True),
        ("return key in KNOWN", True),
    ],
)
def test_a_set_up_that_asks_for_a_variable_by_a_function_elsewhere_skips(places_in, function, is_found):
    beside = {
        "tests/__init__.py": "",
        "tests/tools.py": f"import os\ndef bool_from_env(key):\n    {function}\n",
        "tests/base.py": (
            "import unittest\nfrom tests import tools\nclass RootCase(unittest.TestCase):\n"
            "    def setUp(self):\n        super().setUp()\n"
            "        if not tools.bool_from_env('AS_ROOT'):\n            self.skipTest('no')\n"
        ),
        "tests/agents/base.py": "from tests import base\nclass Agent(base.RootCase): pass\n",
    }
    head = "import time\nfrom tests.agents import base\n"
    source = f"{head}class It(base.Agent):\n    def test(self): time.sleep(1)\n"

    assert bool(places_in(source, beside)) is is_found


@pytest.mark.parametrize(
    ("name", "is_found"),
    [("perf/tests", False), ("tests/perf", False), ("package/perf/_tests", True), ("src/live/tests", True)],
)
def test_a_part_of_a_package_with_such_a_name_exempts_no_tests_below_it(places_in, name, is_found):
    assert bool(places_in(HEAD + BODY, name=f"{name}/test_x.py")) is is_found


UNASKED = [
    "from support import RUN_SLOW\ndef test():\n    if not RUN_SLOW: pytest.skip('slow')\n    time.sleep(1)",
    "import support\ndef test(kind):\n    if kind:\n        if not support.RUN_SLOW: pytest.skip('')\n"
    "        time.sleep(1)",
    "from test import support\n@support.requires_resource('network')\ndef test(): time.sleep(1)",
]


@pytest.mark.parametrize("source", UNASKED)
def test_what_a_switch_has_to_ask_for_may_be_slow(places_in, source):
    assert places_in(f"import time, pytest\n{source}\n") == []


@pytest.mark.parametrize(
    ("expected", "count"),
    [
        ("ValueError", 0),
        ("(OSError, TypeError)", 0),
        ("rar.RarCannotExec", 0),
        ("ToolNotFound", 0),
        ("UnicodeError", 0),
        ("Failed", 1),
    ],
)
def test_a_process_that_is_refused_is_never_started(places_in, expected, count):
    source = f"import subprocess, pytest\ndef test():\n    with pytest.raises({expected}):\n        "

    assert len(places_in(source + "subprocess.run(['x'], user=-1)\n")) == count
    assert len(places_in(source + "subprocess.run('x')\n        check()\n")) == 1


@pytest.mark.parametrize(
    ("asked", "count"), [("has_select_for_update", 0), ("supports_transactions", 1), ("a', 'b", 1)]
)
def test_what_asks_for_a_database_with_a_server_does_not_run(places_in, asked, count):
    source = (
        "import time\nfrom django.test import skipUnlessDBFeature\n"
        f"@skipUnlessDBFeature('{asked}')\ndef test(): time.sleep(1)\n"
    )

    assert len(places_in(source)) == count


RELEASE = """
    import pytest
    def pytest_addoption(parser):
        parser.addoption("--release", action="store_true", default=False)
    def pytest_runtest_setup(item):
        if not item.config.getoption("--release") and "release" in item.keywords:
            pytest.skip("needs --release")
    """


@pytest.mark.parametrize(("mark", "expected"), [("release", []), ("relay", [("LW101", 4)])])
def test_a_mark_that_conftest_skips_unless_asked_for_exempts(places_in, mark, expected):
    source = f"import time, pytest\n@pytest.mark.{mark}\ndef test():\n    time.sleep(1)\n"
    assert places_in(source, {"tests/conftest.py": RELEASE}) == expected


@pytest.mark.parametrize(("value", "expected"), [("False", []), ("True", [("LW101", 5)])])
def test_a_switch_of_another_test_file_is_looked_up(places_in, value, expected):
    source = """\
        import time, pytest
        from .switches import WRITES
        @pytest.mark.skipif(not WRITES, reason="only when asked for")
        def test():
            time.sleep(1)
        """
    beside = {"tests/__init__.py": "", "tests/switches.py": f"WRITES = {value}\n"}
    assert places_in(source, beside) == expected


SWITCHES_IN_CONFTEST = """
    import os
    def wants_enabled(name):
        value = os.environ.get(name, False)
        if value is False:
            return value
        return bool(int(value))
    def limit_enabled(name):
        return int(os.environ.get(name, "1")) > 0
    KEYBOARD = wants_enabled("KEYBOARD")
    LIMIT = limit_enabled("LIMIT")
    """


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("not KEYBOARD", 0),
        ("not KEYBOARD or sys.platform == 'win32'", 0),
        ("sys.platform != 'win32' and not KEYBOARD", 0),
        ("KEYBOARD or sys.platform == 'win32'", 1),
        ("not KEYBOARD and unknown()", 1),
        ("not LIMIT", 1),
    ],
)
def test_a_switch_of_another_file_counts_as_a_part_of_a_condition(places_in, condition, count):
    source = f"""\
        import sys, time, pytest
        from .conftest import KEYBOARD, LIMIT
        pytestmark = pytest.mark.skipif({condition}, reason="sensitive")
        def test():
            time.sleep(1)
        """
    assert (
        len(places_in(source, {"tests/__init__.py": "", "tests/conftest.py": SWITCHES_IN_CONFTEST})) == count
    )


@pytest.mark.parametrize(
    ("condition", "expected"), [("sys.version_info < (3, 9), ", [("LW101", 4)]), ("", [])]
)
def test_an_expected_failure_is_not_run_where_its_condition_may_hold(places_in, condition, expected):
    mark = f"@pytest.mark.xfail({condition}reason='x', run=False)"
    assert places_in(f"import sys, time, pytest\n{mark}\ndef test():\n    time.sleep(1)\n") == expected


CONDITION = "pytest.mark.skipif(not os.environ.get('API_KEY'), reason='')"
DECORATORS = {
    "gives a function with the mark": f"""
        def needs_key(func):
            @{CONDITION}
            def wrapper(): return func()
            return wrapper
        @needs_key
    """,
    "makes such a decorator": f"""
        def needs_key(reason=''):
            def decorator(func):
                @{CONDITION}
                @wraps(func)
                def wrapper(): return func()
                return wrapper
            return decorator
        @needs_key(reason='costs money')
    """,
    "marks the function": f"def needs_key(func):\n    return {CONDITION}(func)\n@needs_key\n",
    "marks the function where the variable is not set": """
        def needs_key(func):
            if not os.environ.get('API_KEY'):
                return pytest.mark.skip(reason='')(func)
            return func
        @needs_key
    """,
    "decorates it with another": """
        def needs(name):
            def decorator(func):
                if not os.getenv(name): return unittest.skip(name)(func)
                else: return func
            return decorator
        def needs_key(func):
            func = needs('API_KEY')(func)
            return func
        @needs_key
    """,
    "gives the mark": f"def needs_key():\n    return {CONDITION}\n@needs_key()\n",
}


@pytest.mark.parametrize("written", DECORATORS.values(), ids=DECORATORS)
def test_a_decorator_of_the_tests_that_skips_is_exempt(places_in, written):
    source = HEAD + textwrap.dedent(written).lstrip() + "def test():\n    time.sleep(1)\n"

    assert places_in(source) == []
    assert [code for code, _ in places_in(source.replace("not os", "os"))] == ["LW101"]


@pytest.mark.parametrize("written", DECORATORS.values(), ids=DECORATORS)
def test_such_a_decorator_may_come_from_another_file(places_in, written):
    *lines, use = textwrap.dedent(written).strip().splitlines()
    beside = {"tests/marks.py": HEAD + "\n".join(lines) + "\n"}
    source = f"{HEAD}from .marks import needs_key\n{use}\n{BODY}"

    assert places_in(source, beside) == []


SWITCHES = {
    "a word": "os.environ.get('WITH_BUS', '').lower() in ('yes', '1')",
    "not the default": "os.environ.get('WITH_BUS', 'no') == 'yes'",
    "another name": "environment.get('WITH_BUS', '') in ('yes', '1')",
    "a function": "asked('WITH_BUS')",
    "and a system": "IS_LINUX and asked('WITH_BUS')",
}


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)
def test_a_switch_of_a_configuration_of_which_all_is_imported_is_off(places_in, switch):
    config = (
        "import os\nfrom os import environ as environment\nIS_LINUX = True\n"
        "def asked(name):\n    'Whether it is on.'\n"
        "    return environment.get(name, '').lower() in ('yes', 'true')\n"
        f"WITH_BUS = {switch}\n"
    )
    source = f"{HEAD}from .config import *\n@unittest.skipUnless(WITH_BUS, '')\n{BODY}"

    assert places_in(source, {"tests/config.py": config}) == []


@pytest.mark.parametrize(
    "switch", ["os.environ.get('BUS', 'yes') in ('yes', '1')", "os.environ.get('BUS', 'yes') == 'yes'"]
)
def test_a_switch_that_is_on_unless_the_environment_says_otherwise_is_on(places_in, switch):
    source = f"{HEAD}WITH_BUS = {switch}\n@unittest.skipUnless(WITH_BUS, '')\n{BODY}"

    assert [code for code, _ in places_in(source)] == ["LW101"]


CONDITIONAL = {
    "on another system": "if sys.platform == 'win32':\n    pytestmark = pytest.mark.skip('no')\n",
    "on a condition": "if sys.flags.optimize:\n    pytestmark = pytest.mark.skip('no')\n",
    "where something is missing": (
        "try: import job\nexcept ImportError:\n    pytestmark = pytest.mark.skip('no')\n"
    ),
}


@pytest.mark.parametrize("mark", CONDITIONAL.values(), ids=CONDITIONAL)
def test_a_mark_of_the_module_that_does_not_always_hold_exempts_nothing(places_in, mark):
    assert [code for code, _ in places_in(HEAD + mark + BODY)] == ["LW101"]


def test_a_test_that_the_file_itself_calls_as_a_program_is_one_still(places_in):
    source = f"import time\n{BODY}if __name__ == '__main__':\n    test()\n"
    assert [code for code, _ in places_in(source)] == ["LW101"]


def test_a_file_of_the_package_that_is_only_called_like_a_test_fails_nothing(findings_in):
    source = "import time\ndef wait(): time.sleep(1)\n"
    assert [each.gate for each in findings_in(source, name="job/test_processor.py")] == [False]
    assert findings_in(f"{source}def test_it(): wait()\n", name="job/test_processor.py")[0].gate


BASE = "import os, unittest\nclass Base(unittest.TestCase):\n    def setUp(self):\n        {}\n"
OF_BASE = "import time\nfrom tests.base import Base\nclass TestIt(Base):\n    def test(self): time.sleep(1)\n"
SKIPPING = [
    "self.url = os.environ.get('URL')\n        if not self.url: self.skipTest('no')",
    "url = os.environ.get('URL')\n        if not (url or False): self.skipTest('no')",
    "self.kind = os.getenv('KIND')\n        if self.kind not in ['a', 'b']: self.skipTest('no')",
]


@pytest.mark.parametrize("statements", SKIPPING)
def test_a_base_elsewhere_that_skips_unless_the_environment_asks_exempts(places_in, statements):
    beside = {"tests/__init__.py": "", "tests/base.py": BASE.format(statements)}
    assert places_in(OF_BASE, beside) == []


def test_a_base_elsewhere_that_may_skip_exempts_nothing(places_in):
    may = "self.url = find()\n        if not self.url: self.skipTest('no')"
    beside = {"tests/__init__.py": "", "tests/base.py": BASE.format(may)}
    assert places_in(OF_BASE, beside) == [("LW101", 4)]
