"""The processes behind a server: who asks is answered, and the end of the server waits for no page."""

import asyncio
import importlib
import os
import signal

import pytest

from lapwing.errors import StoreError
from lapwing.serve.config import ServeConfig
from lapwing.serve.processes import Processes
from lapwing.serve.turns import asking


@pytest.fixture
def config(tmp_path):
    return ServeConfig(tmp_path, str(tmp_path / "store.sqlite"))


@pytest.fixture
def pipe(tmp_path):
    """A named pipe: work that reads it has begun once it is open for writing, and ends when it is closed."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def test_work_that_nobody_would_miss_does_not_hold_up_the_end(config, pipe):
    async def end_in_the_middle():
        processes = Processes(config, 1)
        working = asyncio.ensure_future(processes.do(pipe.read_text))
        writing = await asyncio.to_thread(open, pipe, "w")
        await asyncio.to_thread(processes.close, at_once=True)
        with pytest.raises(StoreError, match="the server is ending"):
            await working
        writing.close()
        with pytest.raises(StoreError, match="the server is ending"):
            await processes.do(os.getpid)

    asyncio.run(end_in_the_middle())


ANSWERING = """
class Told:
    def __init__(self, pipe):
        self.pipe = pipe

    def __reduce__(self):
        open(self.pipe, "w").close()
        return Told, (self.pipe,)

def large_answer(pipe):
    return bytes(50_000_000), Told(pipe)
"""


def test_an_answer_that_is_on_its_way_arrives_whole(config, pipe, tmp_path, monkeypatch):
    """The server waited for the rest of one whose process ended in the middle of it."""
    (tmp_path / "answering.py").write_text(ANSWERING)
    monkeypatch.syspath_prepend(tmp_path)
    answering = importlib.import_module("answering")

    async def end_in_the_middle():
        processes = Processes(config, 1)
        working = asyncio.ensure_future(processes.do(answering.large_answer, str(pipe)))
        (await asyncio.to_thread(open, pipe)).close()  # it is packed, and about to be sent
        await asyncio.to_thread(processes.close, at_once=True)
        content, _ = await working
        return len(content)

    assert asyncio.run(end_in_the_middle()) == 50_000_000


def test_what_must_not_be_lost_comes_to_its_end(config, pipe):
    async def end_in_the_middle():
        processes = Processes(config, 1)
        working = asyncio.ensure_future(processes.do(pipe.read_text))
        writing = await asyncio.to_thread(open, pipe, "w")
        closing = asyncio.ensure_future(asyncio.to_thread(processes.close))
        with writing:
            writing.write("done")
        await closing
        return await working

    assert asyncio.run(end_in_the_middle()) == "done"


def test_who_asks_for_much_waits_behind_who_asks_for_little(config, pipe):
    told = []

    async def ask(processes, who, work):
        asking.set(who)
        await processes.do(work)
        told.append(who)

    async def ask_together():
        processes = Processes(config, 1)
        much = [asyncio.ensure_future(ask(processes, "ann", pipe.read_text))]
        much += [asyncio.ensure_future(ask(processes, "ann", os.getpid)) for _ in range(9)]
        writing = await asyncio.to_thread(open, pipe, "w")
        gone, *little = [
            asyncio.ensure_future(ask(processes, who, os.getpid)) for who in ("cy", "ben", "ben")
        ]
        await asyncio.sleep(0)
        gone.cancel()
        writing.close()
        await asyncio.gather(*much, *little)
        await asyncio.to_thread(processes.close, at_once=True)

    asyncio.run(ask_together())

    assert len(told) == 12
    # The first two of hers had been handed over; from there on they take turns.
    assert [place for place, who in enumerate(told) if who == "ben"] == [3, 5]


def test_a_process_that_was_killed_is_started_anew(config):
    async def kill_and_ask():
        processes = Processes(config, 1)
        first = await processes.do(os.getpid)
        os.kill(first, signal.SIGKILL)
        second = await processes.do(os.getpid)
        await asyncio.to_thread(processes.close, at_once=True)
        return first, second

    first, second = asyncio.run(kill_and_ask())

    assert first != second
