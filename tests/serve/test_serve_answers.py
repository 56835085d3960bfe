"""Answers that were made before: who asks gets one at once, and none that is too old."""

import asyncio

import pytest

from lapwing.serve import work
from lapwing.serve.answer import Answer
from lapwing.serve.answers import Answers


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
        ("api", "/comparisons", 500.0, b"1 run"),
        ("api", "/comparisons", 700.0, b"2 runs"),
    ],
)
def test_an_old_answer_is_given_for_a_while_and_a_new_one_then_waited_for(question, path, seconds, told):
    now = [1_000.0]
    readers, makers = Makes(is_done=True), Makes(is_done=False)

    async def ask_twice_after_a_run_has_come():
        answers = Answers(readers, makers, lambda: now[0])
        parameters = {"project": "shop"}
        await answers.get(question, path, parameters)
        readers.state = "2 runs"
        now[0] += 2
        at_once = await answers.get(question, path, parameters)  # the process in the background begins
        now[0] += seconds - 2
        return at_once, await answers.get(question, path, parameters)

    at_once, later = asyncio.run(ask_twice_after_a_run_has_come())

    assert at_once.body == b"1 run"
    assert later.body == told
    assert makers.made == 1


def test_who_asks_at_once_for_the_same_is_answered_by_one_making():
    readers = Makes(is_done=True)

    async def ask_together():
        answers = Answers(readers, Makes(is_done=False), lambda: 1_000.0)
        return await asyncio.gather(*(answers.get("page", "/runs", {"project": "shop"}) for _ in range(5)))

    given = asyncio.run(ask_together())

    assert {each.body for each in given} == {b"1 run"}
    assert readers.made == 1
