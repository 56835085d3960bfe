"""Helpers, fixtures and classes count by who uses them, in whatever file of the suite."""

import pytest

HELPER = "import time\ndef ask(): time.sleep(1)\n"
FIXTURE = "import time, pytest\n@pytest.fixture\ndef settled(): time.sleep(1)\n"
CLASS = "import time\nclass Server:\n    def __init__(self): time.sleep(1)\n"
SLOW = "import pytest\nfrom tests.waiting import {name}\n@pytest.mark.slow\ndef test({more}): {use}\n"
FAST = "from tests.waiting import {name}\ndef test(): {use}\n"

EXEMPT = {
    "helper": (HELPER, {"tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")}),
    "helper by its module": (
        HELPER,
        {
            "tests/test_a.py": (
                "import unittest\nfrom tests import waiting\n@unittest.skip('later')\n"
                "class TestIt:\n    def test(self): waiting.ask()\n"
            )
        },
    ),
    "helper of a helper": (
        HELPER,
        {
            "tests/more.py": "from tests.waiting import ask\ndef all_in_one(): ask()\n",
            "tests/test_a.py": SLOW.replace("waiting", "more").format(
                name="all_in_one", more="", use="all_in_one()"
            ),
        },
    ),
    "helper that a package hands on": (
        HELPER,
        {
            "tests/support/__init__.py": "from tests.waiting import *\n",
            "tests/test_a.py": SLOW.replace("waiting", "support").format(name="ask", more="", use="ask()"),
        },
    ),
    "helper that only a folder of slow tests uses": (
        HELPER,
        {
            "tests/unit/test_a.py": "from tests import waiting\n",
            "tests/e2e/test_a.py": FAST.format(name="ask", use="ask()"),
        },
    ),
    "class": (CLASS, {"tests/test_a.py": SLOW.format(name="Server", more="", use="Server()")}),
    "class that is an annotation elsewhere": (
        CLASS,
        {
            "tests/test_a.py": SLOW.format(name="Server", more="", use="Server()"),
            "tests/test_b.py": (
                "import pytest\nfrom tests.waiting import Server\n"
                "@pytest.mark.unit\ndef test(given: Server): given.ask()\n"
            ),
        },
    ),
    "another thing of that name": (
        HELPER,
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()"),
            "tests/test_b.py": (
                "import pytest\nfrom tests import waiting\ndef ask(): return 1\n"
                "@pytest.mark.unit\ndef test(): ask()\n"
            ),
        },
    ),
    "a script of its own beside": (
        HELPER + "def main(): ask()\nif __name__ == '__main__':\n    main()\n",
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")
            + "import package.waiting\ndef test_b(): package.waiting.main()\n"
        },
    ),
    "left out by the configuration": (
        HELPER,
        {
            "pytest.ini": "[pytest]\naddopts = -m 'not cluster'\n",
            "tests/test_a.py": SLOW.replace("slow", "cluster").format(name="ask", more="", use="ask()"),
        },
    ),
}
LIVE = {
    "one fast test among slow ones": (
        HELPER,
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()"),
            "tests/test_b.py": FAST.format(name="ask", use="ask()"),
        },
    ),
    "by another name": (
        HELPER,
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")
            + "from tests.waiting import ask as rest\ndef test_b(): rest()\n"
        },
    ),
    "by its name in a string": (
        HELPER,
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")
            + "def test_b(queue): queue.put('tests.waiting.ask')\n"
        },
    ),
    "handed to a thread": (
        HELPER,
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")
            + "def test_b(Thread): Thread(target=ask).start()\n"
        },
    ),
    "by a helper of fast tests": (
        HELPER,
        {
            "tests/more.py": "from tests.waiting import ask\ndef all_in_one(): ask()\n",
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()"),
            "tests/test_b.py": FAST.replace("waiting", "more").format(name="all_in_one", use="all_in_one()"),
        },
    ),
    "as a decorator, which runs as the file is imported": (
        HELPER.replace("ask()", "ask(test=None)"),
        {
            "tests/test_a.py": "import pytest\nfrom tests.waiting import ask\n@ask\n@pytest.mark.slow\n"
            "class TestIt:\n    def test(self): pass\n"
        },
    ),
    "as the base of a class": (
        CLASS,
        {
            "tests/test_a.py": SLOW.format(name="Server", more="", use="Server()")
            + "class Better(Server): pass\ndef test_b(): Better()\n"
        },
    ),
    "as the tests are imported": (
        HELPER,
        {"tests/test_a.py": SLOW.format(name="ask", more="", use="ask()") + "READY = ask()\n"},
    ),
    "by a module of the tests": (
        HELPER,
        {
            "tests/more.py": "from tests.waiting import ask\n",
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")
            + "from tests import more\ndef test_b(): more.ask()\n",
        },
    ),
    "by a mark that leaves nothing out": (
        HELPER,
        {"tests/test_a.py": SLOW.replace("slow", "unit").format(name="ask", more="", use="ask()")},
    ),
    "written to be used by all": (
        HELPER.replace("ask", "wait_until"),
        {"tests/test_a.py": SLOW.format(name="wait_until", more="", use="wait_until()")},
    ),
    "by its module, run as a program": (
        HELPER + "def main(): ask()\nif __name__ == '__main__':\n    main()\n",
        {
            "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()")
            + "def test_b(run): run('python', '-m', 'tests.waiting')\n"
        },
    ),
    "in an example of a text": (
        HELPER.replace("ask", "_ask"),
        {
            "tests/test_a.py": "from tests import waiting\n",
            "tests/waiting.txt": ">>> from tests.waiting import _ask\n>>> _ask()\n",
        },
    ),
}


@pytest.mark.parametrize(("source", "beside"), EXEMPT.values(), ids=EXEMPT)
def test_what_only_slow_tests_of_other_files_use_informs(findings_in, source, beside):
    found = findings_in(source, beside, name="tests/waiting.py")

    found = [each for each in found if "calls ask" not in each.message]
    assert [(each.gate, "only tests that may be slow use" in each.message) for each in found] == [
        (False, True)
    ]


@pytest.mark.parametrize(("source", "beside"), LIVE.values(), ids=LIVE)
def test_what_one_fast_test_of_another_file_uses_fails(places_in, source, beside):
    assert [code for code, _ in places_in(source, beside, name="tests/waiting.py")] == ["LW101"]


ASKING = {
    "a parameter of a slow test": ("@pytest.mark.slow\ndef test(settled): pass\n", 0),
    "a parameter of a test": ("def test(settled): pass\n", 1),
    "a mark of a slow test": (
        "@pytest.mark.slow\n@pytest.mark.usefixtures('settled')\ndef test(): pass\n",
        0,
    ),
    "a mark of a test": ("@pytest.mark.usefixtures('settled')\ndef test(): pass\n", 1),
    "by name in a slow test": (
        "@pytest.mark.slow\ndef test(request): request.getfixturevalue('settled')\n",
        0,
    ),
    "by name in a test": ("def test(request): request.getfixturevalue('settled')\n", 1),
    "a fixture of slow tests": (
        "@pytest.fixture\ndef more(settled): pass\n@pytest.mark.slow\ndef test(more): pass\n",
        0,
    ),
    "a fixture of tests": ("@pytest.fixture\ndef more(settled): pass\ndef test(more): pass\n", 1),
    "a mark of the file": ("pytestmark = pytest.mark.usefixtures('settled')\ndef test(): pass\n", 1),
    "another name": ("def test(): settled = 1\n", 0),
}


@pytest.mark.parametrize(("use", "count"), ASKING.values(), ids=ASKING)
def test_a_fixture_of_a_conftest_counts_by_the_tests_that_ask_for_it(places_in, use, count):
    places = places_in(FIXTURE, {"tests/unit/test_a.py": "import pytest\n" + use}, name="tests/conftest.py")

    assert len([code for code, _ in places if code == "LW101"]) == count


def test_a_fixture_that_every_test_gets_counts(places_in):
    source = FIXTURE.replace("fixture\n", "fixture(autouse=True)\n")
    beside = {"tests/test_a.py": "import pytest\n@pytest.mark.slow\ndef test(): pass\n"}

    assert "LW101" in [code for code, _ in places_in(source, beside, name="tests/conftest.py")]


def test_a_fixture_that_a_package_ships_outside_of_its_tests_is_for_others(places_in):
    assert "LW101" in [code for code, _ in places_in(FIXTURE, name="package/conftest.py")]


@pytest.mark.parametrize("name", ["ask", "_start_extension"])
def test_a_helper_that_no_test_uses_may_be_there_for_others(places_in, name):
    beside = {"tests/test_a.py": "from tests import waiting\n"}

    assert len(places_in(HELPER.replace("ask", name), beside, name="tests/waiting.py")) == 1


def test_outside_of_folders_of_tests_only_the_file_tells(places_in):
    source = HELPER + "import pytest\n@pytest.mark.slow\ndef test(): ask()\n"

    assert not places_in(source, name="package/api/test_it.py")


def test_a_helper_of_a_test_file_counts_where_another_file_imports_it(places_in):
    slow = HELPER + "import pytest\n@pytest.mark.slow\ndef test(): ask()\n"
    beside = {"tests/test_b.py": "from tests.test_it import ask\ndef test(): ask()\n"}

    assert not places_in(slow)
    assert places_in(slow, beside) == [("LW101", 2)]


def test_what_sets_up_a_class_of_slow_tests_may_be_slow(places_in):
    slow = (
        "import time, pytest, unittest\nclass TestIt(unittest.TestCase):\n"
        "    def setUp(self): time.sleep(1)\n    @pytest.mark.slow\n    def test_a(self): pass\n"
    )

    assert not places_in(slow)
    assert places_in(slow + "    def test_b(self): pass\n") == [("LW101", 3)]


PATIENT = (
    "import time\ndef ask(name, patient=False, **more):\n    if {}:\n        time.sleep(1)\n    print(name)\n"
)
ASKED = {
    "nobody gives it": ("patient", "ask('a')", 0),
    "given as it is by default": ("patient", "ask('a', patient=False)", 0),
    "given": ("patient", "ask('a', True)", 1),
    "given what is not known": ("patient", "ask('a', patient=given)", 1),
    "given others": ("patient", "ask('a', **given)", 1),
    "handed on": ("patient", "Thread(target=ask, args=('a',)).start()", 0),
    "handed on with it": ("patient", "Thread(target=ask, args=('a', True)).start()", 1),
    "by another name": ("patient", "rest = ask; rest('a', patient=True)", 1),
    "and more": ("patient and name", "ask('a')", 0),
    "or more": ("patient or name", "ask('a')", 1),
    "not": ("not patient", "ask('a')", 1),
    "not, where all are": ("not patient", "ask('a', patient=True)", 0),
    "nothing": ("patient is not None", "ask('a', patient=None)", 0),
    "keyword": ("'slow' in more", "ask('a')", 0),
    "keyword that is given": ("'slow' in more", "ask('a', slow=1)", 1),
    "keyword that is looked up": ("more.get('slow')", "ask('a', fast=1)", 0),
    "keyword that somebody prepares": ("more.get('slow')", "options = {'slow': 1}; ask('a', **options)", 1),
}


@pytest.mark.parametrize(("condition", "use", "count"), ASKED.values(), ids=ASKED)
def test_a_branch_for_an_argument_counts_where_somebody_gives_it(places_in, condition, use, count):
    source = PATIENT.format(condition)
    beside = {"tests/test_a.py": f"import pytest\nfrom tests.asking import ask\ndef test(given): {use}\n"}

    assert len(places_in(source, beside, name="tests/asking.py")) == count
    assert len(places_in(f"{source}def test(given): {use}\n")) == count


def test_an_argument_that_only_slow_tests_give_is_none_of_fast_ones(places_in):
    beside = {
        "tests/test_a.py": (
            "import pytest\nfrom tests.asking import ask\ndef test_a(): ask('a')\n"
            "@pytest.mark.slow\ndef test_b(): ask('b', patient=True)\n"
        )
    }

    assert not places_in(PATIENT.format("patient"), beside, name="tests/asking.py")


@pytest.mark.parametrize(
    ("asking", "count"),
    [
        ("request.getfixturevalue(f'{name}d')", 1),
        ("request.getfixturevalue('sett' + name)", 1),
        ("request.getfixturevalue('{}d'.format(name))", 1),
        ("request.getfixturevalue('other')", 0),
        ("request.getfixturevalue(name)", 0),
        ("[request.getfixturevalue(name) for name in ['settled']]", 1),
    ],
)
def test_a_fixture_that_is_asked_for_by_a_computed_name_counts(places_in, asking, count):
    beside = {"tests/test_a.py": f"def test(request, name): {asking}\n"}

    places = places_in(FIXTURE, beside, name="tests/conftest.py")

    assert len([code for code, _ in places if code == "LW101"]) == count


def test_a_fixture_that_the_configuration_asks_for_counts(places_in):
    beside = {"tests/test_a.py": "def test(): pass\n", "pytest.ini": "[pytest]\nusefixtures = settled\n"}

    assert "LW101" in [code for code, _ in places_in(FIXTURE, beside, name="tests/conftest.py")]


def test_an_environment_beside_the_tests_uses_nothing(places_in):
    beside = {
        "tests/venv/pyvenv.cfg": "",
        "tests/venv/lib/tests/test_b.py": FAST.format(name="ask", use="ask()"),
        "tests/test_a.py": SLOW.format(name="ask", more="", use="ask()"),
    }

    assert not places_in(HELPER, beside, name="tests/waiting.py")


OWN_CLASS = (
    "import time, unittest\nfrom unittest import mock\nfrom parameterized import parameterized\n"
    "class Base(unittest.TestCase):\n    pass\nclass TestIt(Base):\n    def test_it(self): {use}\n"
    "    {decorator}\n    def xtest_that(self, *given): time.sleep(1)\n"
)


@pytest.mark.parametrize("decorator", ["@parameterized.expand([1])", "@mock.patch('job.run')", ""])
def test_a_method_whose_name_no_runner_takes_informs_unless_called(places_in, decorator):
    assert places_in(OWN_CLASS.format(use="pass", decorator=decorator)) == []
    called = places_in(OWN_CLASS.format(use="self.xtest_that()", decorator=decorator))
    assert [code for code, _ in called] == ["LW101"]


def test_a_method_that_a_decorator_may_hand_on_fails(places_in):
    found = places_in(OWN_CLASS.format(use="pass", decorator="@registered"))

    assert [code for code, _ in found] == ["LW101"]


@pytest.mark.parametrize(("name", "is_gate"), [("tests/parts.py", False), ("tests/waiting.py", True)])
def test_a_function_to_wait_with_counts_as_kept_for_all_tests_only_beside_none(findings_in, name, is_gate):
    helper = "import time\ndef sleepy(): time.sleep(1)\n"
    test = "@skip\nclass TestIt:\n    def test(self): sleepy()\n"
    source = helper + (
        "from unittest import skip as later\nskip = later('')\n" + test if name.endswith("parts.py") else ""
    )
    beside = {
        "tests/__init__.py": "from .parts import TestIt\n",
        "tests/test_a.py": SLOW.format(name="sleepy", more="", use="sleepy()"),
    }

    (finding,) = [each for each in findings_in(source, beside, name) if each.line == 2]

    assert finding.gate is is_gate


@pytest.mark.parametrize(("default", "is_found"), [("''", False), ("'yes'", True)])
def test_a_class_that_a_file_uses_only_if_asked_for_informs(places_in, default, is_found):
    helper = "import time\nfrom dataclasses import dataclass\n@dataclass\nclass Server:\n"
    test = (
        "import os\nfrom tests.waiting import Server\n"
        f"if os.environ.get('LIVE', {default}):\n    Server().ask()\ndef test(): pass\n"
    )
    found = places_in(
        f"{helper}    def ask(self): time.sleep(1)\n", {"tests/test_a.py": test}, "tests/waiting.py"
    )

    assert bool(found) is is_found


@pytest.mark.parametrize(
    ("base", "beside", "is_found"),
    [("", "", False), ("", "self.start_all()", True), ("(Base)", "", True)],
)
def test_a_method_of_a_test_class_without_bases_informs_where_nothing_names_it(
    places_in, base, beside, is_found
):
    source = (
        "import time\nfrom package import Base\n"
        f"class TestIt{base}:\n    def test_it(self): pass; {beside}\n"
        "    def start_all(self): time.sleep(1)\n"
    )

    assert bool(places_in(source)) is is_found


def test_a_function_that_is_no_test_any_more_informs_whatever_marks_it(places_in):
    source = "import time, pytest\n@pytest.mark.xfail\ndef {name}(): time.sleep(1)\n"

    assert places_in(source.format(name="xtest_it")) == []
    assert places_in(source.format(name="text_it")) == [("LW101", 3)]


ASKED_WORKER = """
    import os
    from tests.sandboxed import Sandboxed
    def start():
        path = os.environ.get("SANDBOX", {default})
        if path is None:
            return None
        else:
            return Sandboxed()
    def stop(worker):
        if isinstance(worker, Sandboxed):
            worker.stop()
    def test_it(): stop(start())
"""


@pytest.mark.parametrize(("default", "is_found"), [("None", False), ("'here'", True)])
def test_a_class_that_only_the_environment_asks_for_informs(places_in, default, is_found):
    helper = (
        "import time\nfrom package import Service\nclass Sandboxed(Service):\n"
        "    def start(self): time.sleep(1)\n"
    )
    beside = {"tests/test_a.py": ASKED_WORKER.format(default=default)}

    assert bool(places_in(helper, beside, "tests/sandboxed.py")) is is_found


@pytest.mark.parametrize(
    ("name", "beside", "is_gate"),
    [
        ("_test_part", "", False),
        ("xtest_part", "", False),
        ("_test_part", "def test_all(self): self._test_part()", True),
        ("_test_part", "def test_all(self): run_all(self, '_test_')", True),
        ("_part", "", True),
    ],
)
def test_a_decorated_method_that_is_no_test_any_more_informs(findings_in, name, beside, is_gate):
    source = f"""
        import time
        from package import Case, logged, run_all
        class TestIt(Case):
            @logged
            def {name}(self): time.sleep(1)
            {beside}
    """

    (finding,) = [each for each in findings_in(source) if each.line == 6]

    assert finding.gate is is_gate


OWN = "import pytest\n@pytest.fixture\ndef settled({given}): pass\n"


@pytest.mark.parametrize(
    ("beside", "is_found"),
    [
        ({"tests/unit/conftest.py": OWN.format(given="")}, False),
        ({"tests/unit/conftest.py": OWN.format(given="settled")}, True),
        ({"tests/other/conftest.py": OWN.format(given="")}, True),
        ({}, True),
    ],
)
def test_a_fixture_that_a_nearer_file_overrides_is_used_by_none_there(places_in, beside, is_found):
    tests = {
        "tests/unit/test_a.py": "def test(settled): pass\n",
        "tests/test_b.py": "import pytest\n@pytest.mark.slow\ndef test(settled): pass\n",
    }
    found = places_in(FIXTURE, {**tests, **beside}, "tests/conftest.py")

    assert bool(found) is is_found
