"""Probes: they count while a test runs, and put back exactly what they took."""

import asyncio
import contextlib
import inspect
import json
import os
import pickle
import queue
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time
import types
from concurrent import futures
from pathlib import Path

import pytest

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.registry import PROBES, make_probes


@pytest.fixture
def counters():
    return Counters()


@pytest.fixture
def probe(counters):
    """Installs a probe by name; takes it out at the end."""
    installed = []

    def install(name):
        (made,) = make_probes([name], counters)
        made.install()
        installed.append(made)
        return made

    yield install
    for made in reversed(installed):
        made.remove()


def counted(counters, act):
    """What one test that does `act` counts: events by name."""
    counters.begin()
    act()
    return {name: count for name, (count, _) in json.loads(counters.end()).items()}


def test_counts_begin_and_end_with_the_test(counters):
    counters.add("early")
    counters.begin()
    counters.add("x", 5)
    counters.add("x", 6, events=0)
    text = counters.end()
    counters.add("late")

    assert json.loads(text) == {"x": [1, 11]}
    counters.begin()
    assert counters.end() == "{}"


def test_counts_of_a_test_that_never_ended_are_forgotten(counters):
    counters.begin()
    counters.add("x")

    counters.begin()

    assert counters.end() == "{}"


def test_names_of_counters_are_written_in_ascii(counters):
    counters.begin()
    counters.add("ä\n\udc80")

    text = counters.end()

    assert text.isascii()
    assert json.loads(text) == {"ä\n\udc80": [1, 0]}


SAMPLES = {
    "sleep": [(time, "sleep"), (asyncio, "sleep"), (asyncio.tasks, "sleep")],
    "subprocess": [
        (subprocess.Popen, "__init__"),
        (subprocess.Popen, "wait"),
        (subprocess.Popen, "communicate"),
        (os, "system"),
    ],
    "socket": [(socket.socket, "connect"), (socket.socket, "recv"), (socket, "getaddrinfo")],
    "file": [],
    "thread": [(threading.Condition, "wait"), (threading.Thread, "join")],
}


@pytest.mark.parametrize("name", PROBES)
def test_a_removed_probe_leaves_everything_as_it_was(name, probe):
    before = [vars(owner).get(attribute) for owner, attribute in SAMPLES[name]]

    made = probe(name)
    during = [vars(owner).get(attribute) for owner, attribute in SAMPLES[name]]
    made.remove()
    made.remove()

    after = [vars(owner).get(attribute) for owner, attribute in SAMPLES[name]]
    assert all(one is not two for one, two in zip(before, during, strict=True))
    assert all(one is two for one, two in zip(before, after, strict=True))


@pytest.mark.parametrize("name", PROBES)
def test_between_tests_nothing_is_counted(name, probe, counters):
    probe(name)

    time.sleep(0)
    open(os.devnull).close()
    os.system("")
    socket.getaddrinfo("127.0.0.1", 1)

    counters.begin()
    assert counters.end() == "{}"


def test_unknown_names_of_probes_are_passed_over(counters):
    assert make_probes(["sql", "nonsense"], counters) == []


def test_waits_for_other_threads_are_counted(probe, counters):
    probe("thread")
    answers = queue.Queue()

    def wait():
        threading.Event().wait(0.003)
        threading.Timer(0.003, answers.put, [1]).start()
        answers.get()
        late = threading.Timer(0.003, int)
        late.start()
        late.join()
        with futures.ThreadPoolExecutor(1) as pool:
            pool.submit(threading.Event().wait, 0.003).result()

    found = counted(counters, wait)

    assert set(found) == {"thread_wait"}
    assert 4 <= found["thread_wait"] <= 8  # three threads may begin late, and that of the pool end late


def test_what_others_wait_for_and_what_is_there_at_once_are_no_waits(probe, counters):
    probe("thread")
    ready = threading.Event()
    thread = threading.Thread(target=ready.wait, args=[5])
    thread.start()

    def ask():
        ready.set()
        ready.wait()
        while thread.is_alive():
            time.sleep(0)

    assert counted(counters, ask) == {}


def test_sleeps_are_counted(probe, counters):
    probe("sleep")

    assert counted(counters, lambda: time.sleep(0)) == {"sleep": 1}


def test_a_sleep_that_is_refused_is_refused(probe, counters):
    probe("sleep")

    counters.begin()
    with pytest.raises(ValueError, match="non-negative"):
        time.sleep(-1)


def test_a_patched_sleep_is_still_a_function_to_be_pickled_and_inspected(probe):
    probe("sleep")

    assert pickle.loads(pickle.dumps(time.sleep)) is time.sleep
    assert pickle.loads(pickle.dumps(asyncio.sleep)) is asyncio.sleep
    assert time.sleep.__name__ == "sleep"
    assert inspect.iscoroutinefunction(asyncio.sleep)


def test_asynchronous_sleeps_are_counted_and_give_their_result(probe, counters):
    probe("sleep")
    results = []

    async def main():
        results.append(await asyncio.sleep(0.001, "result"))
        results.append(await asyncio.sleep(0, result="at once"))

    counts = counted(counters, lambda: asyncio.run(main()))

    assert counts["async_sleep"] == 1
    assert results == ["result", "at once"]


def test_sleeps_of_trio_and_anyio_are_counted_under_either_name_of_the_argument(probe, counters):
    trio, anyio = pytest.importorskip("trio"), pytest.importorskip("anyio")
    probe("sleep")

    async def sleeps():
        await anyio.sleep(0.001)
        await trio.sleep(seconds=0.001)

    async def by_name():
        await anyio.sleep(0.001)
        await asyncio.sleep(result="x", delay=0.001)

    assert counted(counters, lambda: trio.run(sleeps))["async_sleep"] == 2
    assert counted(counters, lambda: anyio.run(by_name, backend="asyncio"))["async_sleep"] == 2


def test_sleeps_of_trio_are_counted_by_each_of_two_probes(probe, counters):
    trio = pytest.importorskip("trio")
    probe("sleep")
    probe("sleep")

    assert counted(counters, lambda: trio.run(trio.sleep, 0.001))["async_sleep"] == 2


def test_sleeps_of_trio_and_anyio_are_put_back():
    trio, backend = pytest.importorskip("trio"), pytest.importorskip("anyio._backends._asyncio")
    before = trio.sleep, backend.sleep
    (made,) = make_probes(["sleep"], Counters())

    made.install()
    made.remove()

    assert (trio.sleep, backend.sleep) == before


def test_a_sleep_replaced_by_a_test_is_left_alone(probe, monkeypatch):
    original = time.sleep
    made = probe("sleep")
    replacement = object()
    monkeypatch.setattr(time, "sleep", replacement)

    made.remove()

    assert time.sleep is replacement
    monkeypatch.undo()
    time.sleep = original


def test_a_child_counts_once_whichever_way_it_is_started(probe, counters):
    probe("subprocess")
    command = [sys.executable, "-S", "-c", ""]

    assert counted(counters, lambda: subprocess.run(command, check=True)) == {"subprocess": 1}
    assert counted(counters, lambda: os.system("true")) == {"subprocess": 1}


@pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="starts no process in this way")
def test_waiting_for_a_child_that_nobody_saw_start_takes_time_only(probe, counters):
    probe("subprocess")
    program = shutil.which("true")

    counters.begin()
    child = os.posix_spawn(program, [program], os.environ)
    waited = os.waitpid(child, 0)
    with pytest.raises(ChildProcessError):
        os.waitpid(child, 0)
    events, spent = json.loads(counters.end())["subprocess"]

    assert waited == (child, 0)
    assert (events, spent > 0) == (0, True)


def test_a_child_that_cannot_be_started_counts_and_its_error_comes_through(probe, counters):
    probe("subprocess")

    counters.begin()
    with pytest.raises(FileNotFoundError):
        subprocess.run(["/no/such/program"], check=True)

    assert json.loads(counters.end())["subprocess"][0] == 1


def test_connections_and_names_are_counted_and_waiting_takes_time_only(probe, counters):
    probe("socket")

    def act():
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname()) as client,
            server.accept()[0] as accepted,
        ):
            client.sendall(b"x")
            assert accepted.recv(1) == b"x"

    assert counted(counters, act) == {"dns": 1, "socket": 1}


def test_a_refused_connection_counts_and_its_error_comes_through(probe, counters):
    probe("socket")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

    counters.begin()
    with pytest.raises(ConnectionRefusedError), socket.socket() as client:
        client.connect(address)

    assert json.loads(counters.end())["socket"][0] == 1


def test_files_opened_by_open_and_pathlib_are_counted(probe, counters):
    probe("file")

    def act():
        open(os.devnull).close()
        Path(os.devnull).read_bytes()
        os.close(os.open(os.devnull, os.O_RDONLY))

    assert counted(counters, act) == {"file": 2}


def test_probes_count_what_other_threads_do(probe, counters):
    probe("sleep")

    def act():
        thread = threading.Thread(target=lambda: time.sleep(0))
        thread.start()
        thread.join()

    assert counted(counters, act) == {"sleep": 1}


class Owner:
    def own(self):
        return "own"


class Heir(Owner):
    pass


def test_a_patch_of_an_inherited_attribute_leaves_the_heir_without_one():
    patch = Patch(Heir, "own", lambda self: "patched")
    assert Heir().own() == "patched"

    patch.restore()

    assert "own" not in vars(Heir)
    assert Heir().own() == "own"


def test_a_patch_leaves_alone_what_someone_else_put_there_since():
    original = Owner.own
    patch = Patch(Owner, "own", lambda self: "patched")
    Owner.own = someone_elses = lambda self: "someone else's"

    patch.restore()

    assert Owner.own is someone_elses
    Owner.own = original


def test_waits_in_the_loop_of_asyncio_are_counted(probe, counters):
    probe("sleep")

    async def later():
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(0.02, future.set_result, None)
        await future

    found = counted(counters, lambda: asyncio.run(later()))

    assert found == {"loop_wait": 1}


def test_turns_of_a_loop_that_has_something_to_do_are_no_waits(probe, counters):
    probe("sleep")

    async def busy():
        for _ in range(50):
            await asyncio.sleep(0)

    assert counted(counters, lambda: asyncio.run(busy())) == {}


def test_the_loop_of_another_thread_is_not_what_the_test_waits_in(probe, counters):
    probe("sleep")

    def elsewhere():
        thread = threading.Thread(target=asyncio.run, args=[asyncio.sleep(0.01)])
        thread.start()
        thread.join()

    assert counted(counters, elsewhere) == {"async_sleep": 1}


def test_the_selector_of_loops_is_put_back(probe):
    before = selectors.DefaultSelector.select
    installed = probe("sleep")

    assert selectors.DefaultSelector.select is not before
    installed.remove()

    assert selectors.DefaultSelector.select is before


class Greenlet:
    """As much of greenlet as a hub of gevent needs: the first one of a thread has no parent."""

    def __init__(self, parent):
        self.parent = parent


@pytest.mark.parametrize(("parent", "found"), [(None, {"loop_wait": 1}), ("hub", {})], ids=["test", "other"])
def test_the_test_waits_where_it_hands_over_to_the_hub_of_gevent(monkeypatch, probe, counters, parent, found):
    hub = types.ModuleType("gevent.hub")

    class Hub:
        def switch(self):
            threading.Event().wait(0.002)

    hub.Hub, hub.getcurrent = Hub, lambda: Greenlet(parent)
    monkeypatch.setitem(sys.modules, "gevent.hub", hub)
    probe("sleep")

    assert counted(counters, Hub().switch) == found


def test_a_socket_that_does_not_block_takes_no_time(probe, counters):
    """An event loop wakes itself up through one: nobody waits for a network there."""
    probe("socket")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)

        def talk():
            theirs.send(b"x")
            ours.recv(1)
            with contextlib.suppress(BlockingIOError):
                ours.recv(1)

        assert counted(counters, talk) == {}
        ours.setblocking(True)
        assert counted(counters, lambda: (theirs.send(b"x"), ours.recv(1))) == {"socket": 0}
