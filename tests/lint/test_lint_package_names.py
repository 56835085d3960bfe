"""Names of the project's own code that lead to known calls are followed where they sound like one."""

import pytest

OTHER_NAMES = {
    "a name that a package hands on": (
        {"job/compat.py": "from time import sleep\n"},
        "from job.compat import sleep\ndef test(): sleep(1)\n",
        "LW101",
    ),
    "a module that a package hands on": (
        {"job/compat.py": "import subprocess\n"},
        "from job import compat\ndef test(): compat.subprocess.run(['true'])\n",
        "LW103",
    ),
    "handed on twice": (
        {
            "job/__init__.py": "from job.compat import nap as sleep\n",
            "job/compat.py": "from time import sleep as nap\n",
        },
        "import job\ndef test(): job.sleep(1)\n",
        "LW101",
    ),
    "below src": (
        {"src/own/compat.py": "from time import sleep\n", "src/own/__init__.py": ""},
        "from own.compat import sleep\ndef test(): sleep(1)\n",
        "LW101",
    ),
    "a function that starts a process": (
        {"job/ipc.py": "import subprocess\ndef spawn(name): return subprocess.Popen([name])\n"},
        "from job.ipc import spawn\ndef test():\n    with spawn('x'): pass\n",
        "LW103",
    ),
    "a function called like one of subprocess": (
        {"job/tools.py": "import subprocess\ndef check_output(name): return subprocess.run([name])\n"},
        "from job import tools\ndef test(): tools.check_output('x')\n",
        "LW103",
    ),
    "a function that sleeps": (
        {"job/clock.py": "import time\ndef sleep(seconds): time.sleep(seconds)\n"},
        "from job import clock\ndef test(): clock.sleep(1)\n",
        "LW101",
    ),
    "a class of processes": (
        {"job/work.py": "import multiprocessing\nclass Process(multiprocessing.Process): ...\n"},
        "from job.work import Process\ndef test(): Process().start()\n",
        "LW103",
    ),
    "a class of processes in the file": (
        {},
        "import subprocess\nclass Child(subprocess.Popen): ...\ndef test(): Child(['true'])\n",
        "LW103",
    ),
}
OTHER_THINGS = {
    "a function that counts": (
        {"job/clock.py": "now = 0\ndef sleep(seconds):\n    global now\n    now += seconds\n"},
        "from job.clock import sleep\ndef test(): sleep(1)\n",
    ),
    "a thread": (
        {"job/pool.py": "import threading\ndef spawn(f): threading.Thread(target=f).start()\n"},
        "from job.pool import spawn\ndef test(): spawn(print)\n",
    ),
    "a shorter sleep": (
        {"job/compat.py": "from time import sleep\n"},
        "from job.compat import sleep\ndef test(): sleep(0.001)\n",
    ),
    "what the function calls is replaced": (
        {"job/ipc.py": "import subprocess\ndef spawn(name): return subprocess.Popen([name])\n"},
        "from unittest import mock\nfrom job.ipc import spawn\n"
        "@mock.patch('subprocess.Popen')\ndef test(m): spawn('x')\n",
    ),
    "the function is replaced": (
        {"job/clock.py": "import time\ndef sleep(seconds): time.sleep(seconds)\n"},
        "from unittest import mock\nfrom job import clock\n"
        "@mock.patch('job.clock.sleep')\ndef test(m): clock.sleep(1)\n",
    ),
    "imports in a circle": (
        {"job/a.py": "from job.b import sleep\n", "job/b.py": "from job.a import sleep\n"},
        "from job.a import sleep\ndef test(): sleep(1)\n",
    ),
}


@pytest.mark.parametrize(("beside", "source", "code"), OTHER_NAMES.values(), ids=OTHER_NAMES)
def test_a_name_of_the_package_is_what_it_stands_for(places_in, beside, source, code):
    last = source.count("\n")
    assert places_in(source, {"job/__init__.py": "", **beside}) == [(code, last)]


@pytest.mark.parametrize(("beside", "source"), OTHER_THINGS.values(), ids=OTHER_THINGS)
def test_a_name_of_the_package_that_waits_for_nothing_is_none(places_in, beside, source):
    assert places_in(source, {"job/__init__.py": "", **beside}) == []


def test_a_function_of_the_tests_is_told_where_it_stands_and_not_where_it_is_called(places_in):
    helper = "import subprocess\ndef spawn(name): return subprocess.Popen([name])\n"
    beside = {"tests/__init__.py": "", "tests/tools.py": helper}
    assert places_in("from tests.tools import spawn\ndef test(): spawn('x')\n", beside) == []


def test_the_finding_tells_what_the_function_calls(findings_in):
    beside = {"job/__init__.py": "", "job/clock.py": "import time\ndef sleep(seconds): time.sleep(seconds)\n"}
    (found,) = findings_in("from job import clock\ndef test(): clock.sleep(1)\n", beside)
    assert "clock.sleep is job.clock.sleep, which calls time.sleep" in found.message


def test_the_sleep_of_a_part_of_something_unknown_counts(places_in):
    assert places_in("def test(pool):\n    pool.backend.sleep(1)\n") == [("LW101", 2)]
    assert places_in("def test(pool):\n    pool.fake_clock.sleep(1)\n") == []


RUNS_COMMAND = "import subprocess\ndef run_command(args): return subprocess.run(args)\n"


def test_a_function_of_the_package_that_says_that_it_runs_a_command_counts(places_in):
    beside = {"job/__init__.py": "", "job/tools.py": RUNS_COMMAND}
    assert places_in("from job.tools import run_command\ndef test(): run_command(['ls'])\n", beside) == [
        ("LW103", 2)
    ]
    assert places_in("from job import tools\ndef test(): tools.run_command(['ls'])\n", beside) == [
        ("LW103", 2)
    ]


def test_a_function_that_starts_a_process_through_another_of_its_file_counts(places_in):
    tools = (
        "import subprocess\ndef run_cmd(args): return _start(args)\ndef _start(args): subprocess.run(args)\n"
    )
    beside = {"job/__init__.py": "", "job/tools.py": tools}
    assert places_in("from job.tools import run_cmd\ndef test(): run_cmd(['ls'])\n", beside) == [("LW103", 2)]


def test_a_patch_of_what_the_function_of_the_package_uses_counts(places_in):
    beside = {"job/__init__.py": "", "job/tools.py": RUNS_COMMAND}
    for target in ("job.tools.subprocess", "job.tools.subprocess.run", "subprocess.Popen"):
        source = (
            "from unittest import mock\nfrom job.tools import run_command\n"
            f"@mock.patch('{target}')\ndef test(m): run_command(['ls'])\n"
        )
        assert places_in(source, beside) == []


def test_all_names_of_a_package_are_followed(places_in):
    beside = {
        "job/__init__.py": "from job.clock import *\n",
        "job/clock.py": "from asyncio import sleep\n__all__ = ['sleep']\n",
    }
    assert places_in("from job import *\nasync def test(): await sleep(1)\n", beside) == [("LW101", 2)]
    assert places_in("from job import *\ndef test(sleep): sleep(1)\n", beside) == []


def test_a_class_of_the_package_that_is_called_process_and_starts_one_counts(places_in):
    package = (
        "import subprocess\nclass Easy{name}:\n    def call(self): subprocess.Popen('ls')\n"
        "class Text{name}:\n    def call(self): ...\n"
    )
    source = (
        "from package import Easy{name}, Text{name}\ndef test():\n"
        "    Text{name}().call()\n    Easy{name}().call()\n"
    )

    for name, found in (("Process", [("LW103", 4)]), ("Command", [])):
        beside = {"src/package/__init__.py": package.format(name=name)}
        assert places_in(source.format(name=name), beside) == found
        assert places_in(source.format(name=name).replace("().call()", "()"), beside) == []
