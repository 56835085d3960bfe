"""A call is mocked if the target of a patch is what the call reaches, and not otherwise."""

import pytest

HEAD = "import time, subprocess\nfrom unittest import mock\nimport pytest\n"
MOCKED = {
    "decorator": "@mock.patch('time.sleep')\ndef test(m):\n    time.sleep(1)\n",
    "decorator of the class": (
        "@mock.patch('time.sleep')\nclass TestIt:\n    def test(self, m): time.sleep(1)\n"
    ),
    "with": "def test():\n    with mock.patch('time.sleep'):\n        time.sleep(1)\n",
    "the module in another package": "@mock.patch('package.job.time.sleep')\ndef test(m): time.sleep(1)\n",
    "object": "@mock.patch.object(time, 'sleep')\ndef test(m): time.sleep(1)\n",
    "multiple": "@mock.patch.multiple('time', sleep=print)\ndef test(): time.sleep(1)\n",
    "this module": "@mock.patch(__name__ + '.time')\ndef test(m): time.sleep(1)\n",
    "this module by name": "@mock.patch('tests.test_it.time.sleep')\ndef test(m): time.sleep(1)\n",
    "monkeypatch": (
        "def test(monkeypatch):\n    monkeypatch.setattr(time, 'sleep', print)\n    time.sleep(1)\n"
    ),
    "monkeypatch by text": (
        "def test(monkeypatch):\n    monkeypatch.setattr('time.sleep', print)\n    time.sleep(1)\n"
    ),
    "mocker": "def test(mocker):\n    mocker.patch('time.sleep')\n    time.sleep(1)\n",
    "assignment": "def test():\n    time.sleep = print\n    time.sleep(1)\n",
    "taken away": "def test(monkeypatch):\n    monkeypatch.delattr('time.sleep')\n    time.sleep(1)\n",
    "this module among all": (
        "import sys\nfrom subprocess import run\n@mock.patch.object(sys.modules[__name__], 'run')\n"
        "def test(m): run(['x'])\n"
    ),
    "patcher by name": "patcher = mock.patch('time.sleep')\n@patcher\ndef test(m): time.sleep(1)\n",
    "setUp": (
        "class T(Base):\n    def setUp(self):\n        mock.patch('time.sleep').start()\n"
        "    def test(self): time.sleep(1)\n"
    ),
    "setUp of a base": (
        "class B:\n    def setUp(self): mock.patch('time.sleep').start()\n"
        "class T(B):\n    def test(self): time.sleep(1)\n"
    ),
    "fixture": (
        "@pytest.fixture\ndef quick(monkeypatch): monkeypatch.setattr(time, 'sleep', print)\n"
        "def test(quick): time.sleep(1)\n"
    ),
    "fixture of a fixture": (
        "@pytest.fixture\ndef quick(monkeypatch): monkeypatch.setattr(time, 'sleep', print)\n"
        "@pytest.fixture\ndef app(quick): ...\ndef test(app): time.sleep(1)\n"
    ),
    "usefixtures": (
        "@pytest.fixture\ndef quick(monkeypatch): monkeypatch.setattr(time, 'sleep', print)\n"
        "@pytest.mark.usefixtures('quick')\ndef test(): time.sleep(1)\n"
    ),
    "autouse": (
        "@pytest.fixture(autouse=True)\ndef quick(mocker): mocker.patch('time.sleep')\n"
        "def test(): time.sleep(1)\n"
    ),
    "context manager of ours": (
        "from contextlib import contextmanager\n@contextmanager\ndef quick():\n"
        "    with mock.patch('time.sleep'):\n        yield\n"
        "def test():\n    with quick():\n        time.sleep(1)\n"
    ),
    "all callers of a helper": (
        "def helper(): time.sleep(1)\n@mock.patch('time.sleep')\ndef test(m): helper()\n"
    ),
    "autouse in a base": (
        "class B:\n    @pytest.fixture(autouse=True)\n    def quick(self, monkeypatch):\n"
        "        monkeypatch.setattr(time, 'sleep', print)\n"
        "class TestIt(B):\n    def test(self): time.sleep(1)\n"
    ),
    "autouse, for as long as it lasts": (
        "class TestIt:\n    @pytest.fixture(autouse=True)\n    def setup(self):\n"
        "        with mock.patch('time.sleep'):\n            yield\n    def test(self): time.sleep(1)\n"
    ),
    "what is imported then": (
        "import sys\ndef test(monkeypatch):\n    monkeypatch.setitem(sys.modules, 'subprocess', None)\n"
        "    import subprocess\n    subprocess.run(['x'])\n"
    ),
    "what is imported then, as a decorator": (
        "@mock.patch.dict('sys.modules', {'subprocess': None})\ndef test():\n"
        "    from subprocess import run\n    run(['x'])\n"
    ),
    "a clock that jumps": (
        "import trio\nfrom trio.testing import MockClock\ndef test():\n"
        "    async def wait(): await trio.sleep(1)\n"
        "    trio.run(wait, clock=MockClock(autojump_threshold=0))\n"
    ),
    "what the call goes through": "@mock.patch('subprocess.Popen')\ndef test(m): subprocess.run(['x'])\n",
}
REAL = {
    "autouse in another class": (
        "class TestThat:\n    @pytest.fixture(autouse=True)\n    def quick(self, monkeypatch):\n"
        "        monkeypatch.setattr(time, 'sleep', print)\n"
        "class TestIt:\n    def test(self): time.sleep(1)\n"
    ),
    "what was imported before": (
        "@mock.patch.dict('sys.modules', {'time': None})\ndef test(): time.sleep(1)\n"
    ),
    "another table": "@mock.patch.dict('os.environ', {'time': ''})\ndef test(): time.sleep(1)\n",
    "something else": "@mock.patch('job.run')\ndef test(m): time.sleep(1)\n",
    "another sleep": "@mock.patch('job.sleep')\ndef test(m): time.sleep(1)\n",
    "an object that is not known": (
        "def test(job):\n    with mock.patch.object(job, 'sleep'): time.sleep(1)\n"
    ),
    "after the block": "def test():\n    with mock.patch('time.sleep'):\n        pass\n    time.sleep(1)\n",
    "before monkeypatch": (
        "def test(monkeypatch):\n    time.sleep(1)\n    monkeypatch.setattr(time, 'sleep', print)\n"
    ),
    "a name imported before": "from time import sleep\n@mock.patch('time.sleep')\ndef test(m): sleep(1)\n",
    "wraps": "@mock.patch('time.sleep', wraps=time.sleep)\ndef test(m): time.sleep(1)\n",
    "spy": "def test(mocker):\n    mocker.spy(time, 'sleep')\n    time.sleep(1)\n",
    "frozen clock": (
        "from freezegun import freeze_time\n@freeze_time('2020-01-01')\ndef test(): time.sleep(1)\n"
    ),
    "another test's mock": "@mock.patch('time.sleep')\ndef test_a(m): ...\ndef test_b(): time.sleep(1)\n",
    "inside an installed fake": (
        "def test(monkeypatch):\n    def fake(): time.sleep(1)\n    monkeypatch.setattr('job.run', fake)\n"
    ),
    "one caller of a helper": (
        "def helper(): time.sleep(1)\n"
        "@mock.patch('time.sleep')\ndef test_a(m): helper()\ndef test_b(): helper()\n"
    ),
    "one test that hands a helper on": (
        "def helper(): time.sleep(1)\n"
        "@mock.patch('time.sleep')\ndef test_a(m): helper()\ndef test_b(pool): pool.submit(helper)\n"
    ),
}


@pytest.mark.parametrize("source", MOCKED.values(), ids=MOCKED)
def test_a_mocked_call_is_no_finding(places_in, source):
    assert places_in(HEAD + source) == []


@pytest.mark.parametrize("source", REAL.values(), ids=REAL)
def test_a_call_beside_a_mock_of_something_else_is_real(places_in, source):
    assert [code for code, _ in places_in(HEAD + source)] == ["LW101"]


def test_an_autouse_fixture_of_a_conftest_counts_below_it_only(places_in):
    conftest = """
        import pytest, time

        @pytest.fixture(autouse=True)
        def quick(monkeypatch):
            monkeypatch.setattr(time, "sleep", lambda s: None)
        """
    source = "import time\ndef test(): time.sleep(1)\n"

    below = places_in(source, {"tests/a/conftest.py": conftest}, name="tests/a/test_x.py")
    beside = places_in(source, {"tests/b/test_y.py": source}, name="tests/b/test_y.py")

    assert (below, beside) == ([], [("LW101", 2)])


def test_a_context_manager_is_followed_into_a_helper_file(places_in):
    helper = """
        from contextlib import contextmanager
        from unittest import mock

        @contextmanager
        def quick():
            with mock.patch("time.sleep"):
                yield
        """
    source = """
        import time
        from tests.helper import quick

        def test():
            with quick():
                time.sleep(1)
            time.sleep(2)
        """

    assert places_in(source, {"tests/helper.py": helper, "tests/__init__.py": ""}) == [("LW101", 8)]


def test_a_base_class_is_followed_into_a_helper_file(places_in):
    base = """
        from unittest import TestCase, mock

        class Quick(TestCase):
            def setUp(self):
                mock.patch("time.sleep").start()
        """
    source = "import time\nfrom .base import Quick\nclass T(Quick):\n    def test(self): time.sleep(1)\n"

    assert places_in(source, {"tests/base.py": base, "tests/__init__.py": ""}) == []


def test_an_autouse_fixture_of_a_base_class_in_another_file_counts(places_in):
    base = (
        "import time, pytest\nclass Base:\n    @pytest.fixture(autouse=True)\n"
        "    def quick(self, monkeypatch): monkeypatch.setattr(time, 'sleep', print)\n"
    )
    source = "import time\nfrom base import Base\nclass TestIt({base}):\n    def test(self): time.sleep(1)\n"

    assert places_in(source.format(base="Base"), {"tests/base.py": base}) == []
    assert places_in(source.format(base="object"), {"tests/base.py": base}) == [("LW101", 4)]


def test_the_reason_names_the_mocks_that_do_not_count(findings_in):
    source = HEAD + "@mock.patch('job.run')\ndef test(m): time.sleep(1)\n"

    (finding,) = findings_in(source)

    assert "job.run" in finding.message


@pytest.mark.parametrize("fixture", ["fp", "fake_process"])
@pytest.mark.parametrize("call", ["subprocess.run(['ls'])", "Popen(['ls'])", "os.popen('ls')"])
def test_a_fixture_that_fakes_processes_answers(places_in, fixture, call):
    head = "import os, subprocess\nfrom subprocess import Popen\nimport pytest\n"

    assert places_in(f"{head}def test({fixture}): {call}\n") == []
    assert places_in(f"{head}@pytest.fixture\ndef git({fixture}): ...\ndef test(git): {call}\n") == []
    assert [code for code, _ in places_in(f"{head}def test(files): {call}\n")] == ["LW103"]


@pytest.mark.parametrize(
    "source",
    [
        "def test(fp):\n    fp.allow_unregistered(True)\n    subprocess.run(['ls'])\n",
        "def test(fp):\n    fp.pass_command('ls')\n    subprocess.run(['ls'])\n",
        "def test(fp): os.fork()\n",
        "@pytest.fixture\ndef fp(): return open('x')\ndef test(fp): subprocess.run(['ls'])\n",
    ],
)
def test_a_process_that_such_a_fixture_lets_through_is_real(places_in, source):
    assert [code for code, _ in places_in(f"import os, subprocess\nimport pytest\n{source}")] == ["LW103"]


def test_a_patch_in_a_context_of_monkeypatch_ends_with_it(places_in):
    source = (
        "import time\ndef test(monkeypatch):\n    with monkeypatch.context() as m:\n"
        "        m.setattr(time, 'sleep', print)\n        time.sleep(1)\n    time.sleep(1)\n"
    )
    assert places_in(source) == [("LW101", 6)]


def test_a_method_of_another_class_with_the_same_name_is_no_caller(places_in):
    source = (
        f"{HEAD}class TestReal:\n    def run_it(self): subprocess.run(['x'])\n"
        "class TestFaked:\n    def run_it(self): pass\n"
        "    @mock.patch('subprocess.run')\n    def test_it(self, run): self.run_it()\n"
    )

    assert places_in(source) == [("LW103", 5)]
    assert places_in(source.replace("class TestFaked:\n    def run_it(self): pass\n", "")) == []


@pytest.mark.parametrize("part", ["* 0.0001", "/ 100"])
def test_a_fake_that_passes_on_a_small_part_of_what_it_is_asked_is_none(places_in, part):
    source = (
        "import time\nreal_sleep = time.sleep\n"
        f"def test(monkeypatch):\n    monkeypatch.setattr(time, 'sleep', lambda s: real_sleep(s {part}))\n"
    )

    assert places_in(source) == []
    assert places_in(source.replace(part, "* 0.5")) == [("LW101", 4)]
    assert places_in(f"import time\ndef wait(ms): time.sleep(ms {part})\ndef test(): wait(get())\n") != []


GIVEN_BACK = {
    "by hand": (
        "def test():\n    real = time.sleep\n    time.sleep = print\n    try:\n        time.sleep(1)\n"
        "    finally:\n        time.sleep = real\n    time.sleep(1)\n"
    ),
    "with its stack": (
        "def test():\n    with contextlib.ExitStack() as stack:\n"
        "        stack.enter_context(mock.patch('time.sleep'))\n        time.sleep(1)\n    time.sleep(1)\n"
    ),
}


@pytest.mark.parametrize("source", GIVEN_BACK.values(), ids=GIVEN_BACK)
def test_what_is_given_back_is_real_from_then_on(places_in, source):
    found = places_in(f"import contextlib\n{HEAD}{source}")

    assert found == [("LW101", len(source.split("\n")) + 3)]


@pytest.mark.parametrize(
    ("kept", "codes"),
    [("time.sleep", ["LW101"]), ("mock.Mock()", []), ("staticmethod(time.sleep)", ["LW101"])],
)
def test_an_attribute_that_keeps_the_real_sleep_replaces_nothing(places_in, kept, codes):
    source = (
        f"class TestIt(TestCase):\n    def setUp(self): self.sleep = {kept}\n"
        "    def test(self): self.sleep(1)\n"
    )

    assert [code for code, _ in places_in(HEAD + source)] == codes


@pytest.mark.parametrize(("made", "codes"), [("FakeTime()", []), ("load('time')", ["LW101"])])
def test_a_fake_that_a_file_puts_in_the_place_of_an_import_is_no_sleep(places_in, made, codes):
    source = f"from fakes import FakeTime, load\ntime = {made}\ndef test(): time.sleep(1)\n"

    assert [code for code, _ in places_in(HEAD + source)] == codes


REPLACED = {
    "mockito": "    when(time).sleep(ANY)\n",
    "mox": "    self.stubs.Set(time, 'sleep', print)\n",
    "a fixture that is asked for by name": "    request.getfixturevalue('quick')\n",
}
REPLACED_BY_NOTHING = {
    "mockito, something else": "    when(time).time()\n",
    "a set of something else": "    self.options.Set(time, 'sleep', print)\n",
    "the real one": "    monkeypatch.setattr(time, 'sleep', real)\n",
    "a fixture whose name is computed": "    request.getfixturevalue(quick)\n",
}
QUICK = (
    "real = time.sleep\n@pytest.fixture\ndef quick(monkeypatch): monkeypatch.setattr(time, 'sleep', print)\n"
    "def test(self, request, monkeypatch):\n"
)


@pytest.mark.parametrize("statement", REPLACED.values(), ids=REPLACED)
def test_what_other_ways_put_in_the_place_of_a_sleep_is_none(places_in, statement):
    assert places_in(f"{HEAD}{QUICK}{statement}    time.sleep(1)\n") == []


@pytest.mark.parametrize("statement", REPLACED_BY_NOTHING.values(), ids=REPLACED_BY_NOTHING)
def test_what_only_looks_like_that_replaces_nothing(places_in, statement):
    found = places_in(f"{HEAD}{QUICK}{statement}    time.sleep(1)\n")

    assert [code for code, _ in found] == ["LW101"]


UNDONE = {
    "monkeypatch": (
        "    monkeypatch.setattr(time, 'sleep', print)\n    time.sleep(1)\n    monkeypatch.undo()\n"
    ),
    "a patcher": (
        "    faked = mock.patch('time.sleep')\n    faked.start()\n    time.sleep(1)\n    faked.stop()\n"
    ),
}


@pytest.mark.parametrize("patched", UNDONE.values(), ids=UNDONE)
def test_what_is_undone_is_real_from_then_on(places_in, patched):
    source = f"{HEAD}def test(monkeypatch):\n{patched}    time.sleep(1)\n"

    assert places_in(source) == [("LW101", source.count("\n"))]
    assert places_in(f"{HEAD}def test(monkeypatch):\n{patched}") == []


CONFIGURED = {
    "as it is imported": ("import time\ntime.sleep = print\n", []),
    "as it configures pytest": ("import time\ndef pytest_configure(config):\n    time.sleep = print\n", []),
    "where somebody calls it": ("import time\ndef quicken():\n    time.sleep = print\n", ["LW101"]),
    "something of its own": ("import own\nown.sleep = print\n", ["LW101"]),
}


@pytest.mark.parametrize(("conftest", "codes"), CONFIGURED.values(), ids=CONFIGURED)
def test_what_a_conftest_file_assigns_holds_for_all_tests_below(places_in, conftest, codes):
    found = places_in(f"{HEAD}def test(): time.sleep(1)\n", {"tests/conftest.py": conftest})

    assert [code for code, _ in found] == codes
