"""Code that no usual run comes to, and sleeps that end before their time."""

import pytest

LIVE = {
    "before a second look": """
        import time
        def settle(work):
            if work.done(): return
            time.sleep(2)
            if work.done(): return
            assert 0, "not done"
        def test(work): settle(work)
        """,
    "a poll that fails in the end": """
        import time
        def settle(work):
            for _ in range(5):
                if work.done(): return
                time.sleep(2)
            raise_later(work)
            assert 0, "not done"
        def test(work): settle(work)
        """,
    "a wait before what has to fail": """
        import time
        def test(work):
            time.sleep(2)
            assert work.done(), "not done"
        """,
    "a failure is looked at after it was caught": """
        import sys, time
        def ask(question):
            try:
                time.sleep(2)
                return question()
            except OSError:
                print(sys.exc_info()[1])
        def test(): ask(print)
        """,
    "an error that the test itself raises": """
        import time
        async def test(connect):
            try:
                async with connect() as source:
                    raise ConnectionAbortedError
            except (OSError, ConnectionAbortedError):
                time.sleep(2)
        """,
    "one of two values of a switch": """
        import os, time
        ASKED = True
        try:
            import it
        except ImportError:
            ASKED = False
        if ASKED:
            def test(): time.sleep(2)
        """,
    "a branch of this system": """
        import sys, time
        if sys.platform != "win32":
            class TestIt:
                def test(self): time.sleep(2)
        """,
    "a job that is waited for": """
        import asyncio
        async def test(scheduler):
            async def work(): await asyncio.sleep(2)
            job = await scheduler.spawn(work())
            await job.wait()
        """,
    "a switch that is on unless somebody turns it off": """
        import os, time, pytest
        @pytest.mark.skipif(not to_bool(os.getenv("SLEEPS", "yes")), reason="off")
        def test(): time.sleep(2)
        """,
    "a timeout that nobody expects": """
        import eventlet
        def test(server):
            def slow(): eventlet.sleep(2)
            server.serve(slow)
        """,
}
DEAD = {
    "a branch that ends in assert 0": """
        import subprocess
        def test(leaked):
            if leaked:
                subprocess.check_call(["lsof"])
                assert 0, "a leak"
        """,
    "past the return of where all is well": """
        import subprocess
        def check(leaked):
            if not leaked:
                return
            print("leaked")
            subprocess.check_call(["ps"])
            assert False, "a leak"
        def test(leaked): check(leaked)
        """,
    "an error that the test raises only at times": """
        import time
        def test(answer):
            try:
                if not answer:
                    raise ConnectionAbortedError
            except ConnectionAbortedError:
                time.sleep(2)
        """,
    "another error than the test raises": """
        import time
        def test(answer):
            try:
                raise ValueError("no")
            except OSError:
                time.sleep(2)
        """,
    "only where a run asks the real service": """
        import time
        class TestIt:
            def test(self):
                if self.is_live:
                    time.sleep(2)
        """,
    "only where a cassette is recorded": """
        import time
        def test(api, api_cassette):
            if api_cassette.recording:
                time.sleep(2)
        """,
    "only where a run asks the real service, by a function": """
        import time
        from devtools import is_live
        def test():
            if is_live():
                time.sleep(2)
        """,
    "after a return on this system, by imported names": """
        import time
        from platform import system
        def test():
            if system() != "Windows":
                return
            time.sleep(2)
        """,
    "a function of another system, by an imported name": """
        import time
        from sys import platform
        if platform.startswith("win"):
            def test_a(): time.sleep(2)
        if platform == "darwin":
            def test_b(): time.sleep(2)
        """,
    "a function of another system": """
        import sys, time
        if sys.platform == "win32":
            def test(): time.sleep(2)
        """,
    "a class of the other branch": """
        import os, time
        if os.name == "posix":
            sleep = None
        else:
            class TestIt:
                def test(self): time.sleep(2)
        """,
    "a switch that is set nowhere": """
        import os, time
        ASKED = "BROWSER" in os.environ
        try:
            import it
        except ImportError:
            ASKED = False
        if ASKED:
            def test(): time.sleep(2)
        """,
    "skipped on this system by its name in small letters": """
        import sys, time, pytest
        @pytest.mark.skipif(sys.platform.lower() == "linux", reason="stalls")
        def test(): time.sleep(2)
        """,
    "a function that looks at the failure it was called for": """
        import sys, time
        def clean():
            if sys.exc_info()[0]:
                time.sleep(2)
        def test(): clean()
        """,
    "a switch that is turned on by a text": """
        import os, time, pytest
        asked = pytest.mark.skipif(not env_var_2_bool(os.getenv("BUILD", "")), reason="off")
        @asked
        def test(): time.sleep(2)
        """,
    "a mark of the project's own that says how long": """
        import time, pytest
        @pytest.mark.timing_intensive
        def test(): time.sleep(2)
        """,
    "a database that needs a server": """
        import time, unittest
        from django.db import connection
        @unittest.skipUnless(connection.vendor == "mysql", "locks")
        class TestIt(unittest.TestCase):
            def test(self): time.sleep(2)
        """,
    "a timeout in a table": """
        import asyncio
        async def test(run):
            async def work(): await asyncio.sleep(2)
            await run(work, labels={"timeout": "0.3"})
        """,
    "a job that is closed": """
        import asyncio
        async def test(scheduler):
            async def work(): await asyncio.sleep(2)
            job = await scheduler.spawn(work())
            await job.close()
        """,
    "as long as the default of a parameter": """
        import asyncio
        class Hanging:
            def __init__(self, hang_seconds=60.0):
                self.hang_seconds = hang_seconds
            async def ready(self): await asyncio.sleep(self.hang_seconds)
        async def test(run): await run(Hanging(), timeout=0.1)
        """,
    "the sleep of a thing whose parts are mocks": """
        import server
        def test(eio):
            s = server.Server()
            s.sleep(1.23)
            s.eio.sleep.assert_called_once_with(1.23)
        """,
    "a clock of the tests' own, installed by its method": """
        import time, unittest
        class Clock:
            def install(self):
                time.sleep = self.sleep
            def sleep(self, seconds): ...
        class TestIt(unittest.TestCase):
            def setUp(self):
                self.clock = Clock()
                self.clock.install()
            def test(self): time.sleep(2)
        """,
    "a green thread under a timeout that is expected": """
        import eventlet
        def test(self, server):
            def slow(): eventlet.sleep(2)
            server.timeout = 0.01
            self.assertRaises(server.MessageTimeout, server.serve, slow)
        """,
}


@pytest.mark.parametrize("source", LIVE.values(), ids=LIVE)
def test_what_a_run_comes_to_is_found(places_in, source):
    assert [code for code, _ in places_in(source)] == ["LW101"]


@pytest.mark.parametrize("source", DEAD.values(), ids=DEAD)
def test_what_no_run_waits_for_is_none(places_in, source):
    assert places_in(source) == []


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("asked_for()", 0),
        ("not asked_for()", 1),
        ("switches.REMOTE", 0),
        ("switches.REMOTE or unknown()", 1),
        ("switches.LOCAL", 1),
        ("switches.asked_for() and unknown()", 0),
        ("package.REMOTE", 1),
    ],
)
def test_a_switch_of_another_file_of_the_tests_decides(places_in, condition, count):
    switches = """
        import os
        REMOTE = os.environ.get("REMOTE", "0").lower() == "true"
        LOCAL = "LOCAL" in sys.argv
        def asked_for(): return os.environ.get("ASKED", "false").lower() == "true"
        """
    source = f"""
        import time, package
        from tests import switches
        from tests.switches import asked_for
        def test():
            if {condition}:
                time.sleep(1)
        """
    beside = {"tests/__init__.py": "", "tests/switches.py": switches, "package.py": "REMOTE = False\n"}
    assert len(places_in(source, beside)) == count


def test_requests_of_curl_cffi_are_requests(places_in):
    source = """
        from curl_cffi import requests
        def test():
            session = requests.Session(impersonate="chrome")
            session.get("https://lapwing.dev/page")
        """
    assert {code for code, _ in places_in(source)} == {"LW102"}


def test_a_clock_of_a_helper_file_is_installed_by_its_method(places_in):
    clock = """
        import time
        class Clock:
            def install(self): time.sleep = self.sleep
            def sleep(self, seconds): ...
        """
    source = """
        import time, unittest
        from tests.clock import Clock
        class TestIt(unittest.TestCase):
            def setUp(self):
                self.clock = Clock()
                self.clock.install()
            def test(self): time.sleep(2)
        """
    assert places_in(source, {"tests/clock.py": clock, "tests/__init__.py": ""}) == []


@pytest.mark.parametrize(
    ("last", "codes"),
    [
        ("raise RuntimeError('no server')", []),
        ("pytest.fail('no server')", []),
        ("pass", ["LW103"]),
    ],
)
def test_what_a_loop_does_before_it_fails_as_it_runs_out_is_of_failing_tests(places_in, last, codes):
    source = f"""
        import subprocess, pytest
        def test(server):
            for _ in range(3):
                if server.answers():
                    break
            else:
                subprocess.run(["docker", "logs", "it"])
                {last}
    """

    assert [code for code, _ in places_in(source)] == codes


@pytest.mark.parametrize(("parameter", "codes"), [("environ", ["LW101"]), ("given", [])])
def test_what_a_server_gives_an_application_is_not_the_environment(places_in, parameter, codes):
    source = (
        f"import time\nfrom os import environ\ndef app({parameter}, start):\n"
        "    if environ['PATH_INFO'] == '/slow':\n        time.sleep(2)\n"
        "def test(): serve(app)\n"
    )

    assert [code for code, _ in places_in(source)] == codes


def test_a_variable_that_an_application_asks_its_server_for_may_be_there(places_in):
    source = (
        "import time\ndef app(environ, start):\n    if environ.get('QUERY_STRING'):\n        time.sleep(2)\n"
        "def test(): serve(app)\n"
    )

    assert [code for code, _ in places_in(source)] == ["LW101"]
