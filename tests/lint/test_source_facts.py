"""What the source of test files tells to who gives advice."""

from lapwing.lint.source_facts import source_facts

CONFTEST = '''
import pytest
import pandas

@pytest.fixture
def till():
    """A till."""
    return {"coins": 3}

@pytest.fixture(name="shop", scope="module")
def make_shop(till, tmp_path):
    yield object()

@pytest.fixture
def box():
    return {"coins": 3}
'''
TESTS = """
import time
from os import path

class TestTill:
    def test_opens(self, till):
        till["coins"] += 1
        till.log.append("open")

def test_waits(till, other):
    time.sleep(1)
    copy = dict(till)
    copy["coins"] = 2
    assert till["coins"] == 3
"""


def facts_of(**files):
    return source_facts({f"{name}.py": text for name, text in files.items()})


def test_fixtures_are_known_by_the_line_that_the_recorder_tells():
    fixtures = facts_of(conftest=CONFTEST).fixtures

    assert [(each.name, place) for place, each in fixtures.items()] == [
        ("till", "conftest.py:5"),
        ("shop", "conftest.py:10"),
        ("box", "conftest.py:14"),
    ]
    assert fixtures["conftest.py:10"].depends == ("till", "tmp_path")


def test_a_fixture_that_asks_only_for_its_parameter_hangs_on_no_test():
    text = """
@pytest.fixture(params=["pg", "lite"])
def db(request):
    yield connect(request.param)
    request.addfinalizer(print)

@pytest.fixture
def name(request):
    return request.param or request.node.name
"""

    fixtures = facts_of(conftest="import pytest\n" + text).fixtures

    assert [each.depends for each in fixtures.values()] == [(), ("request",)]


def test_a_fixture_tells_whether_it_gives_a_value_and_what_it_puts_back():
    text = """import pytest
@pytest.fixture(autouse=True)
def clean():
    session.clear()
    yield

@pytest.fixture
async def session():
    made = await connect()
    made.reset()
    try:
        yield made
    finally:
        made.rollback()

@pytest.fixture
def make():
    def inner():
        return 3
    use(inner)
    return None
"""

    clean, session, make = facts_of(conftest=text).fixtures.values()

    assert (clean.gives, clean.restores, clean.is_async) == (False, "", False)
    assert (session.gives, session.restores, session.is_async) == (True, "conftest.py:14", True)
    assert (make.gives, make.restores) == (False, "")


def test_fixtures_with_the_same_body_are_alike_whatever_their_docstring():
    fixtures = facts_of(conftest=CONFTEST).fixtures

    alike = [fixtures[f"conftest.py:{line}"].likeness for line in (5, 14, 10)]
    assert alike[0] == alike[1] != alike[2]


def test_a_test_that_changes_a_fixtures_value_is_told_by_line():
    facts = facts_of(test_till=TESTS)

    assert facts.changed == {"till": ("test_till.py:7", "test_till.py:8")}


def test_tests_sleeps_and_imports_have_their_lines():
    facts = facts_of(test_till=TESTS)

    assert facts.tests == {
        "test_till.py::test_waits": "test_till.py:10",
        "test_till.py::TestTill::test_opens": "test_till.py:6",
    }
    assert facts.sleeps == {"test_till.py": ("test_till.py:11",)}
    assert facts.imports == {"test_till.py": ("test_till.py:2 time", "test_till.py:3 os")}


def test_methods_that_set_up_are_known_in_classes_that_inherit_them():
    text = """
def setup_module():
    global shop
    shop = open_shop()

class Base:
    def setup_method(self):
        self.till = shop.till()

class TestOne(Base):
    class TestInner:
        @classmethod
        def setUpClass(cls):
            check(shop)

class TestTwo(TestOne, Base): ...
"""

    setups = facts_of(test_it=text).setups

    assert {name: (each.name, each.location, each.gives) for name, each in setups.items()} == {
        "test_it.py::setup_module": ("setup_module", "test_it.py:2", True),
        "test_it.py::Base::setup_method": ("Base.setup_method", "test_it.py:7", True),
        "test_it.py::TestOne::setup_method": ("Base.setup_method", "test_it.py:7", True),
        "test_it.py::TestTwo::setup_method": ("Base.setup_method", "test_it.py:7", True),
        "test_it.py::TestOne::TestInner::setUpClass": (
            "TestOne.TestInner.setUpClass",
            "test_it.py:12",
            False,
        ),
    }


def test_tests_of_a_class_have_a_line_in_those_that_inherit_it():
    text = """
class Base:
    def test_it(self): ...
    def test_other(self): ...

class TestOne(Base):
    def test_other(self): ...
"""

    assert facts_of(test_it=text).tests == {
        "test_it.py::Base::test_it": "test_it.py:3",
        "test_it.py::Base::test_other": "test_it.py:4",
        "test_it.py::TestOne::test_it": "test_it.py:3",
        "test_it.py::TestOne::test_other": "test_it.py:7",
    }


def test_an_import_is_told_with_what_uses_it():
    text = """import pytest
import pandas as pd, numpy.linalg
from .own import helper
from .all import *
torch = pytest.importorskip("torch")

@pytest.fixture
def frame():
    return pd.DataFrame()

def test_solves():
    assert numpy.linalg.norm(helper(torch))
"""

    facts = facts_of(test_it=text)

    assert facts.imports["test_it.py"][1:] == (
        "test_it.py:2 pandas",
        "test_it.py:2 numpy.linalg",
        "test_it.py:3 .own",
        "test_it.py:4 .all",
        "test_it.py:5 torch",
    )
    assert facts.users["test_it.py:2 pandas"] == ("test_it.py:7",)
    assert facts.users["test_it.py:4 .all"] == ("",)
    assert facts.users["test_it.py:2 numpy.linalg"] == facts.users["test_it.py:3 .own"] == ("",)


def test_what_is_no_python_tells_nothing():
    facts = source_facts({"a.py": "def (", "b.py": "x = 1\x00", "c.py": "(" * 5000})

    assert facts == source_facts({})


def test_fixtures_that_read_alike_and_use_other_definitions_differ():
    text = "import pytest\napp = {app}\n\n@pytest.fixture\ndef client():\n    return connect(app)\n"
    files = {f"test_{name}": text.format(app=name) for name in ("one", "two")}
    fixtures = facts_of(**files, test_three=text.format(app="one")).fixtures

    one, two, three = (fixtures[f"test_{name}.py:4"].likeness for name in ("one", "two", "three"))
    assert one == three != two
