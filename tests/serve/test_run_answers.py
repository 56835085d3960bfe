"""Pages of runs at rest: the last ones are there, in a room that does not grow."""

import pytest

from lapwing.serve.answer import Answer
from lapwing.serve.answer_store import KeptAnswer
from lapwing.serve.run_answers import put_run_answer, take_run_answer
from lapwing.store.open_store import open_store


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "store.sqlite"), create=True) as opened:
        yield opened


def page(number: int) -> KeptAnswer:
    return KeptAnswer(Answer(b"page %d" % number, stamp="as it was"), number)


def put(store, number: int, *, maker: str = "1.0") -> None:
    put_run_answer(store, "/run", {"project": "shop", "id": f"run-{number}"}, page(number), maker=maker)


def taken(store, number: int, *, stamp: str = "as it was", maker: str = "1.0", path: str = "/run"):
    return take_run_answer(store, path, {"id": f"run-{number}", "project": "shop"}, stamp, maker=maker)


def test_a_page_comes_back_as_it_was_as_long_as_it_holds(store):
    put(store, 1)

    assert taken(store, 1) == page(1)
    assert taken(store, 2) is None
    assert taken(store, 1, path="/what-if") is None
    assert taken(store, 1, stamp="a baseline came") is None
    assert taken(store, 1, maker="1.1") is None


def test_the_page_written_longest_ago_makes_room(store):
    for number in range(129):
        put(store, number)
    put(store, 2)  # again: it is the newest now
    for number in range(129, 131):
        put(store, number)

    missing = [number for number in range(131) if taken(store, number) is None]

    assert missing == [0, 1, 3]
    assert len(store.entries("run answer shop")) == 129  # with the list of them


def test_of_two_servers_that_write_in_the_same_place_one_loses_its_page(store, tmp_path):
    put(store, 1)
    with open_store(str(tmp_path / "store.sqlite"), create=False) as other:
        index = other.entry("run answer shop", "index")
        put(store, 2)
        other.put_entry("run answer shop", "index", index)  # it had read the list before
        put(other, 3)

    assert taken(store, 1) == page(1)
    assert taken(store, 2) is None
    assert taken(store, 3) == page(3)
