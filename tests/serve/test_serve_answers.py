"""Answers that were made before: who asks gets one at once, and none that is too old."""

import asyncio
import re

import pytest

from lapwing.errors import StoreError
from lapwing.serve import work
from lapwing.serve.answer import Answer
from lapwing.serve.answers import Answers
from lapwing.serve.run_pages import AskedRuns


class Makes:
    """In place of processes: makes answers that tell of which state they are, or is never done with one."""

    def __init__(self, *, is_done: bool) -> None:
        self.state = "1 run"
        self.made = 0
        self._is_done = is_done

    async def do(self, asked, *arguments):
        if asked is work.stamp:
            return self.state
        if asked in (work.kept, work.keep):
            return None
        self.made += 1
        if not self._is_done:
            await asyncio.Event().wait()
        return Answer(self.state.encode(), stamp=self.state)


@pytest.mark.parametrize(
    ("question", "path", "seconds", "told"),
    [
        ("page", "/tests", 500.0, b"1 run"),
        ("page", "/tests", 700.0, b"2 runs"),
        ("api", "/comparisons", 50.0, b"1 run"),
        ("api", "/comparisons", 70.0, b"2 runs"),
        ("api", "/tests", 70.0, b"2 runs"),
        ("api of now", "/tests", 4.0, b"1 run"),
        ("api of now", "/tests", 6.0, b"2 runs"),
    ],
)
def test_an_old_answer_is_given_for_a_while_and_a_new_one_then_waited_for(question, path, seconds, told):
    now = [1_000.0]
    readers, makers = Makes(is_done=True), Makes(is_done=False)

    async def ask_twice_after_a_run_has_come():
        answers = Answers(readers, makers, lambda: now[0])
        asked, _, of_now = question.partition(" ")

        def get():
            return answers.get(asked, path, {"project": "shop"}, of_now=bool(of_now))

        await get()
        readers.state = "2 runs"
        now[0] += 2
        at_once = await get()  # the process in the background begins
        now[0] += seconds - 2
        return at_once, await get()

    at_once, later = asyncio.run(ask_twice_after_a_run_has_come())

    assert at_once.body == b"1 run"
    assert later.body == told
    assert makers.made == 1


@pytest.mark.parametrize(("question", "told"), [("api", b"2 runs"), ("page", b"1 run")])
def test_a_program_gets_no_answer_whose_making_began_long_before_it_asked(question, told):
    now = [1_000.0]
    may_end = asyncio.Event()

    class Slow(Makes):
        async def do(self, asked, *arguments):
            answer = await super().do(asked, *arguments)  # of the state as it is now
            if isinstance(answer, Answer):
                await may_end.wait()
            return answer

    readers = Slow(is_done=True)

    async def ask_while_it_is_made():
        answers = Answers(readers, Makes(is_done=False), lambda: now[0])
        first = asyncio.ensure_future(answers.get(question, "/findings", {"project": "shop"}))
        await asyncio.sleep(0)
        while not readers.made:
            await asyncio.sleep(0)
        readers.state = "2 runs"
        now[0] += 10
        later = [
            asyncio.ensure_future(answers.get(question, "/findings", {"project": "shop"}, of_now=True))
            for _ in range(3)
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        may_end.set()
        return (await first).body, {(await each).body for each in later}

    assert asyncio.run(ask_while_it_is_made()) == (b"1 run", {told})
    assert readers.made == (2 if question == "api" else 1)


def test_who_asks_at_once_for_the_same_is_answered_by_one_making():
    readers = Makes(is_done=True)

    async def ask_together():
        answers = Answers(readers, Makes(is_done=False), lambda: 1_000.0)
        return await asyncio.gather(*(answers.get("page", "/runs", {"project": "shop"}) for _ in range(5)))

    given = asyncio.run(ask_together())

    assert {each.body for each in given} == {b"1 run"}
    assert readers.made == 1


class MakesSlowly:
    """In place of processes: a page of runs is made when `go_on` is set, and as `ends` says."""

    def __init__(self, ends) -> None:
        self.go_on = asyncio.Event()
        self.at_work = self.most_at_work = 0
        self.stored = []
        self.made = []
        self.stamp = "3 runs"
        self.is_there = True
        self.meant = {}  # names of runs that are not ids, and the run that each means now
        self.on_its_way = None  # what happens to an answer of the store
        self._ends = ends

    async def do(self, asked, *arguments):
        if asked is work.asked_of:
            path, parameters = arguments
            run = self.meant.get(parameters["id"], parameters["id"])
            asked = AskedRuns(
                parameters={**parameters, "id": run}, stamp=self.stamp, is_slow=True, newest_of=""
            )
            return asked if self.is_there else None
        if asked is work.waiting:
            return Answer(b"being made", status=202)
        if asked is work.kept_of:
            path, of = arguments
            found = next((answer for *key, answer in self.stored if key == [path, of.parameters]), None)
            if self.on_its_way:
                await self.on_its_way()
            return found
        if asked is work.keep_of:
            self.stored.append(arguments)
        if asked is not work.page:
            return None
        self.made.append(arguments)
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        await self.go_on.wait()
        self.at_work -= 1
        return self._ends()


def answers_of(processes):
    return Answers(processes, processes, lambda: 1_000.0)


def asked_for(answers, run: str, *, at_once: bool = True):
    return answers.get("page", "/run", {"project": "shop", "id": run}, at_once=at_once)


def test_who_asks_for_a_page_that_takes_long_is_told_so_and_gets_it_when_it_is_made():
    processes = MakesSlowly(lambda: Answer(b"the page", stamp="3 runs"))

    async def ask_twice():
        answers = answers_of(processes)
        first = await asked_for(answers, "run-1")
        processes.go_on.set()
        again = await asked_for(answers, "run-1")
        await asyncio.sleep(0)
        return (
            first,
            again,
            await asked_for(answers, "run-1"),
            await asked_for(answers_of(processes), "run-1"),
        )

    first, *later = asyncio.run(ask_twice())

    assert (first.status, first.body) == (202, b"being made")
    assert [each.body for each in later] == [b"the page"] * 3  # the last of a server that began anew
    assert len(processes.made) == 1


def test_a_program_waits_for_the_page():
    processes = MakesSlowly(lambda: Answer(b"the page"))

    async def ask():
        waiting = asyncio.ensure_future(asked_for(answers_of(processes), "run-1", at_once=False))
        await asyncio.wait({waiting}, timeout=0.2)
        processes.go_on.set()
        return await waiting

    assert asyncio.run(ask()).body == b"the page"


@pytest.mark.parametrize("fault", [None, StoreError("the store is away")])
def test_that_a_page_cannot_be_made_is_told_to_who_was_told_to_wait(fault):
    def fails():
        if fault:
            raise fault
        return Answer(b"no such run", status=404)

    processes = MakesSlowly(fails)

    async def ask_twice():
        answers = answers_of(processes)
        await asked_for(answers, "run-1")
        processes.go_on.set()
        return (await asyncio.gather(asked_for(answers, "run-1"), return_exceptions=True))[0]

    told = asyncio.run(ask_twice())

    assert told is fault if fault else told.status == 404
    assert len(processes.made) == 1
    assert not processes.stored


def test_pages_that_take_long_leave_a_process_to_the_others():
    processes = MakesSlowly(lambda: Answer(b"the page"))

    async def ask_for_many():
        answers = answers_of(processes)
        asking = asyncio.gather(*(asked_for(answers, f"run-{each}", at_once=False) for each in range(5)))
        await asyncio.wait({asking}, timeout=0.1)
        processes.go_on.set()
        return await asking

    assert len(asyncio.run(ask_for_many())) == 5
    assert processes.most_at_work == 1


def test_a_page_of_runs_is_made_anew_when_what_it_rests_on_has_changed():
    processes = MakesSlowly(lambda: Answer(processes.stamp.encode(), stamp=processes.stamp))
    processes.go_on.set()

    async def ask_before_and_after():
        answers = answers_of(processes)
        before = await asked_for(answers, "run-1", at_once=False)
        processes.stamp, processes.stored = "a step was accepted", []
        return before, await asked_for(answers, "run-1", at_once=False)

    before, after = asyncio.run(ask_before_and_after())

    assert (before.body, after.body) == (b"3 runs", b"a step was accepted")


def test_who_was_told_to_wait_for_the_newest_run_gets_that_though_newer_ones_come():
    processes = MakesSlowly(lambda: Answer(b"the page"))

    async def ask_as_runs_come():
        answers = answers_of(processes)
        processes.meant = {"main": "run-1"}
        first = await asked_for(answers, "main")
        processes.meant = {"main": "run-2"}
        processes.go_on.set()
        return first, await asked_for(answers, "main")

    first, again = asyncio.run(ask_as_runs_come())

    assert first.status == 202
    assert again.body == b"the page"
    assert [parameters["id"] for _, parameters in processes.made] == ["run-1"]


def test_the_page_of_a_run_that_was_removed_is_not_given():
    processes = MakesSlowly(lambda: Answer(b"the page" if processes.is_there else b"no such run"))
    processes.go_on.set()

    async def ask_before_and_after():
        answers = answers_of(processes)
        await asked_for(answers, "run-1")
        processes.is_there = False
        return await asked_for(answers, "run-1")

    assert asyncio.run(ask_before_and_after()).body == b"no such run"


def test_a_page_that_is_made_while_the_store_is_asked_for_it_is_not_made_again():
    processes = MakesSlowly(lambda: Answer(b"the page", stamp=processes.stamp))

    async def ask_twice():
        answers = answers_of(processes)
        both_look = asyncio.Barrier(2)
        both_are_through = asyncio.Event()

        async def look():
            if await both_look.wait():
                await both_are_through.wait()  # the store answers this one late

        processes.on_its_way = look
        processes.go_on.set()
        asking = [asyncio.ensure_future(asked_for(answers, "run-1")) for _ in range(2)]
        done, late = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        both_are_through.set()
        return [await each for each in (*done, *late)]

    given = asyncio.run(ask_twice())

    assert [each.body for each in given] == [b"the page"] * 2
    assert len(processes.made) == 1


def test_pages_that_nobody_asks_for_any_more_are_not_made():
    now = [1_000.0]
    processes = MakesSlowly(lambda: Answer(b"the page"))

    async def click_through_many():
        answers = Answers(processes, processes, lambda: now[0])
        program = asyncio.ensure_future(asked_for(answers, "run-0", at_once=False))
        await asyncio.sleep(0.01)
        for run in range(1, 5):
            await asked_for(answers, f"run-{run}")
        now[0] += 30
        waiting = asyncio.ensure_future(asked_for(answers, "run-5"))
        await asyncio.sleep(0.01)
        processes.go_on.set()
        return await program, await waiting, await asked_for(answers, "run-2")

    given = asyncio.run(click_through_many())

    assert [each.body for each in given] == [b"the page"] * 3
    assert [parameters["id"] for _, parameters in processes.made] == ["run-0", "run-5", "run-2"]


def test_who_asks_for_hundreds_of_pages_takes_none_from_whoever_waits():
    processes = MakesSlowly(lambda: Answer(b"the page"))

    async def ask_beside_many():
        answers = answers_of(processes)
        first = asyncio.ensure_future(asked_for(answers, "run-0", at_once=False))
        await asyncio.sleep(0.01)
        await asked_for(answers, "mine")
        await asyncio.gather(*(asked_for(answers, f"run-{number}") for number in range(1, 300)))
        processes.go_on.set()
        await first
        while processes.at_work or len(processes.made) < 3:
            await asyncio.sleep(0)

    asyncio.run(ask_beside_many())

    assert [parameters["id"] for _, parameters in processes.made[:2]] == ["run-0", "mine"]


def test_an_old_page_says_that_it_is_one():
    now = [1_000.0]
    readers, makers = Makes(is_done=True), Makes(is_done=False)

    async def ask_before_and_after():
        answers = Answers(readers, makers, lambda: now[0])
        readers.state = '<nav>…</nav><main id="main">\n1 run</main>'
        before = await answers.get("page", "/inbox", {"project": "shop"})
        readers.state = "2 runs"
        now[0] += 2
        return before, await answers.get("page", "/inbox", {"project": "shop"})

    before, after = asyncio.run(ask_before_and_after())

    assert b"being made anew" not in before.body
    assert re.search(rb'<main id="main">\n<p [^>]*>[^<]* is being made anew\.</p>\n1 run</main>', after.body)
