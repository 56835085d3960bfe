"""What a call resolves to decides, not how it is written."""

import pytest

SLEEPS = {
    "module": "import time\ndef test():\n    time.sleep(1)\n",
    "module alias": "import time as t\ndef test():\n    t.sleep(1)\n",
    "name": "from time import sleep\ndef test():\n    sleep(1)\n",
    "name alias": "from time import sleep as pause\ndef test():\n    pause(1)\n",
    "bound name": "import time\nnap = time.sleep\ndef test(): nap(1)\ndef test(): helper()\n",
    "import in the function": "def test():\n    from time import sleep\n    sleep(1)\n",
    "import in try": (
        "try:\n    from time import sleep as s\nexcept ImportError: s = None\ndef test(): s(1)\n"
    ),
    "attribute of self": "import time\nclass T:\n    nap = time.sleep\n    def test(self): self.nap(1)\n",
    "default": "import time\ndef helper(nap=time.sleep):\n    nap(1)\ndef test(): helper()\n",
    "handed over": "import time\ndef test(pool):\n    pool.submit(time.sleep, 1)\n",
    "target of a thread": "import time\ndef test(T):\n    T(target=time.sleep, args=(1,)).start()\n",
    "asyncio": "import asyncio\nasync def test():\n    await asyncio.sleep(1)\n",
    "anyio": "from anyio import sleep\nasync def test():\n    await sleep(1)\n",
    "tornado": "from tornado import gen\nasync def test():\n    yield gen.sleep(1)\n",
    "by name": "def test():\n    __import__('time').sleep(1)\n",
    "a value of parametrize": (
        "import pytest, time\n@pytest.mark.parametrize('nap', [time.sleep])\ndef test(nap): nap(1)\n"
    ),
    "of a thing that is made": (
        "from job import Client\ndef test():\n    delay = 1\n    client = Client()\n    client.sleep(delay)\n"
    ),
    "of what a call gives": "from job import Client\ndef test(): Client().start().sleep(1)\n",
    "deferred": (
        "from twisted.internet import reactor, task\ndef test(): task.deferLater(reactor, 1, print)\n"
    ),
}
NO_SLEEPS = {
    "a parameter of that name": "from time import sleep\ndef test(sleep):\n    sleep(1)\n",
    "a function of that name": "def sleep(n): ...\ndef test():\n    sleep(1)\n",
    "another module": "import bed as time\ndef test():\n    time.sleep(1)\n",
    "text": "def test():\n    '''time.sleep(1)'''\n    # time.sleep(1)\n",
    "a method": "def test(job):\n    job.sleep(1)\n",
    "rebound in the function": (
        "import time\ndef test(fake):\n    sleep = time.sleep\n    sleep = fake\n    sleep(1)\n"
    ),
    "a turn for others": "import gevent\ndef test():\n    gevent.sleep()\n",
    "a fixture of a plugin": "import time\ndef test(instant_sleep):\n    time.sleep(9)\n",
    "a task without end": (
        "import asyncio\nasync def test(run):\n    async def beat():\n        while True:\n"
        "            assert run()\n            await asyncio.sleep(0.1)\n    run(beat())\n"
    ),
    "a clock of the test": (
        "from twisted.internet import task\ndef test(): task.deferLater(task.Clock(), 9, print)\n"
    ),
    "flexmock": (
        "import time\nfrom flexmock import flexmock\n"
        "def test():\n    flexmock(time).should_receive('sleep')\n    time.sleep(9)\n"
    ),
    "in a thread that ends with the process": (
        "import time\ndef test(T):\n    T(target=time.sleep, args=(5,), daemon=True).start()\n"
    ),
    "a reference": "import time\ndef test(spy):\n    spy.assert_called_with(time.sleep)\n",
}


@pytest.mark.parametrize("source", SLEEPS.values(), ids=SLEEPS)
def test_a_real_sleep_is_found_by_any_name(places_in, source):
    assert [code for code, _ in places_in(source)] == ["LW101"]


@pytest.mark.parametrize("source", NO_SLEEPS.values(), ids=NO_SLEEPS)
def test_what_only_looks_like_a_sleep_is_none(places_in, source):
    assert places_in(source) == []


PROCESSES = [
    "import subprocess\ndef test(): subprocess.run(['true'])",
    "from subprocess import Popen as P\ndef test(): P('true')",
    "import os\ndef test(): os.system('true')",
    "import os\ndef test():\n    if os.fork() == 0: os._exit(0)",
    "import asyncio\nasync def test(): await asyncio.create_subprocess_exec('true')",
    "import asyncio\ndef test():\n    loop = asyncio.new_event_loop()\n    loop.subprocess_exec(None, 'x')",
    "import multiprocessing\ndef test(): multiprocessing.Process(target=print)",
    "import multiprocessing as mp\ndef test():\n    context = mp.get_context('spawn')\n    context.Process()",
    "import multiprocessing\nclass Job(multiprocessing.Process): ...\ndef test(): Job().start()",
    "import psutil\ndef test(): psutil.Popen(['true'])",
    "import pexpect\ndef test(): pexpect.spawn('true')",
    "from ptyprocess import PtyProcess\ndef test(): PtyProcess.spawn(['true'])",
    "def test(pytester): pytester.runpytest_subprocess()",
    "def test(django_pytester): django_pytester.runpytest_subprocess('-v')",
    "def test(django_pytester): django_pytester.run('python')",
    "def test(suite): suite.runpytest_subprocess()",
]


@pytest.mark.parametrize("source", PROCESSES)
def test_a_real_process_is_found(places_in, source):
    assert [code for code, _ in places_in(source)] == ["LW103"]


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess\ndef test(): isinstance(1, subprocess.Popen)",
        "import psutil\ndef test(): psutil.Process().name()",
        "import os\ndef test(): os.popen",
        "import multiprocessing\ndef test(): multiprocessing.Queue()",
    ],
)
def test_names_around_processes_start_none(places_in, source):
    assert places_in(source) == []


def test_a_process_is_known_by_its_shape(places_in):
    source = """
        from package.backend import get_context
        import threading, psutil
        def test(work):
            get_context("own").Process(target=work).start()
            threading.Thread(target=work).start()
            psutil.Process()
    """

    assert places_in(source) == [("LW103", 5)]


PROCESSES = {
    "partial": "run = functools.partial(subprocess.run, check=True)\ndef test(): run(['ls'])\n",
    "partial in a function": "def test():\n    run = functools.partial(subprocess.run)\n    run(['ls'])\n",
    "bound name in a function": "def test():\n    start = subprocess.Popen\n    start(['ls'])\n",
    "static method": (
        "class TestIt:\n    run = staticmethod(subprocess.run)\n    def test(self): self.run(['ls'])\n"
    ),
    "by getattr": "def test(): getattr(subprocess, 'run')(['ls'])\n",
    "all names": "from subprocess import *\ndef test(): check_call(['ls'])\n",
    "backport": ("import subprocess32 as subprocess\ndef test(): subprocess.call(['ls'])\n"),
    "value of parametrize": (
        "@pytest.mark.parametrize('run', [subprocess.run])\ndef test(run): run(['ls'])\n"
    ),
    "expected to fail": (
        "def test(): pytest.raises(subprocess.CalledProcessError, subprocess.check_call, ['false'])\n"
    ),
    "in a thread": "def test(): threading.Thread(target=os.system, args=('ls',)).start()\n",
    "in a thread of asyncio": "async def test(): await asyncio.to_thread(subprocess.run, ['ls'])\n",
    "loop of a fixture": "async def test(event_loop): await event_loop.subprocess_exec(None, 'ls')\n",
    "helper of Python's own tests": (
        "from test.support.script_helper import assert_python_ok\ndef test(): assert_python_ok('-V')\n"
    ),
    "reactor": "from twisted.internet import utils\ndef test(): return utils.getProcessOutput('ls')\n",
    "terminal": "import pty\ndef test(): pid, terminal = pty.fork()\n",
    "pool of another package": "from pebble import ProcessPool\ndef test(): ProcessPool()\n",
    "pool among all names": "from pathos.pools import *\ndef test(): ProcessPool()\n",
    "curio": "from curio import subprocess as s\nasync def test(): await s.run(['ls'])\n",
    "invoke": "from invoke import run\ndef test(): run('ls')\n",
    "delegator": "import delegator\ndef test(): delegator.run('ls')\n",
    "worker process": "import anyio.to_process\nasync def test(): await anyio.to_process.run_sync(str)\n",
}
NO_PROCESSES = {
    "pool of the tests": "class ProcessPool: ...\ndef test(): ProcessPool()\n",
    "stand-in of fixtures": (
        "from fixtures import FakePopen\nclass TestIt:\n    def setUp(self): self.useFixture(FakePopen())\n"
        "    def test(self): subprocess.Popen(['ls'])\n"
    ),
    "kinds": "def test(p): assert isinstance(p, subprocess.Popen)\n",
    "form of a mock": "def test(mock): mock.Mock(spec=subprocess.Popen)\n",
    "refused": "def test(): pytest.raises(FileNotFoundError, subprocess.check_call, ['no'])\n",
    "partial that is never called": "def test(add): add(functools.partial(subprocess.run, ['ls']))\n",
}
IMPORTS = "import asyncio, functools, os, pytest, subprocess, threading\n"


@pytest.mark.parametrize("source", PROCESSES.values(), ids=PROCESSES)
def test_a_process_by_another_name_is_one(places_in, source):
    assert [code for code, _ in places_in(IMPORTS + source)] == ["LW103"]


@pytest.mark.parametrize("source", NO_PROCESSES.values(), ids=NO_PROCESSES)
def test_what_only_names_a_process_is_none(places_in, source):
    assert places_in(IMPORTS + source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import sh\ndef test(): sh.ls('-l')\n",
        "from sh import git\ndef test(): git('status')\n",
        "import sh\ndef test(): sh.Command('ls')()\n",
        "from plumbum.cmd import ls\ndef test(): ls('-l')\n",
        "from plumbum import cmd\ndef test(): cmd.ls('-l')\n",
        "import subprocess\nclass TestIt:\n    def setup_method(self):\n        self.sp = subprocess\n"
        "    def test(self): self.sp.run(['ls'])\n",
    ],
)
def test_programs_by_the_names_of_sh_and_plumbum_and_of_kept_modules_are_processes(places_in, source):
    assert places_in(source) == [("LW103", source.count("\n"))]


@pytest.mark.parametrize(
    "source",
    [
        "import sh\ndef test(): assert sh.which('ls')\n",
        "import sh\ndef test():\n    with sh.pushd('/'): ...\n",
        "import sh\ndef test(): sh.bake(_fg=True)\n",
        "import sh\ndef test():\n    try: ...\n    except sh.ErrorReturnCode(1): ...\n",
        "from shop import git\ndef test(): git('status')\n",
        "import subprocess\ndef test(sh): sh.ls('-l')\n",
    ],
)
def test_other_names_beside_those_are_none(places_in, source):
    assert places_in(source) == []
