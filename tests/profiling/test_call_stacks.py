"""Stacks as profilers see them become stacks of the test."""

import pytest

from lapwing.model.profile import Frame
from lapwing.profiling.call_stacks import CallStacks, SeenFrame

PLACES = ("/usr/lib/python3.11", "/shop/.venv/lib/python3.11/site-packages", "/shop/src")
SITE = "/shop/.venv/lib/python3.11/site-packages"
TEST = SeenFrame("test_pay", "/shop/tests/test_pay.py", 3, 5)
LIBRARY = SeenFrame("dumps", "/usr/lib/python3.11/json/__init__.py", 183, 0)
PLUGGY = SeenFrame("_multicall", f"{SITE}/pluggy/_callers.py", 39, 80)
MAIN = SeenFrame("main", f"{SITE}/_pytest/config/__init__.py", 100, 120)


def runner(part: str) -> SeenFrame:
    return SeenFrame(f"pytest_runtest_{part}", f"{SITE}/_pytest/runner.py", 150, 157)


@pytest.fixture
def stacks():
    return CallStacks("/shop", PLACES)


def names(stacks):
    return [[stacks.frames[number].function for number in stack.frames] for stack in stacks.stacks]


@pytest.mark.parametrize(("part", "told"), [("setup", "set-up"), ("call", "call"), ("teardown", "tear-down")])
def test_the_part_of_the_test_stands_for_all_that_led_there(stacks, part, told):
    stacks.add((MAIN, PLUGGY, runner(part), PLUGGY, TEST, LIBRARY), 7)

    assert names(stacks) == [[told, "test_pay", "dumps"]]


def test_what_pytest_costs_inside_stays_with_its_caller(stacks):
    rewriting = SeenFrame("_call_reprcompare", f"{SITE}/_pytest/assertion/rewrite.py", 1, 2)

    stacks.add((runner("call"), TEST, rewriting), 4)
    stacks.add((runner("call"), TEST), 3)

    assert names(stacks) == [["call", "test_pay"]]
    assert stacks.stacks[0].cost == 7


def test_between_the_parts_nothing_is_a_cost_of_the_test(stacks):
    stacks.add((MAIN, PLUGGY), 100)

    assert stacks.stacks == ()


def test_a_pytest_inside_the_test_is_part_of_its_call(stacks):
    stacks.add((runner("call"), TEST, MAIN, runner("setup"), LIBRARY), 1)

    assert names(stacks) == [["call", "test_pay", "dumps"]]


def test_a_hook_of_the_project_is_its_code(stacks):
    hook = SeenFrame("pytest_runtest_setup", "/shop/tests/conftest.py", 8, 9)

    stacks.add((MAIN, PLUGGY, hook), 5)

    assert names(stacks) == [["set-up", "pytest_runtest_setup"]]
    assert stacks.frames[1].is_own


@pytest.mark.parametrize(
    ("file", "told", "is_own"),
    [
        ("/shop/src/shop/cart.py", "src/shop/cart.py", True),
        (f"{SITE}/httpx/_client.py", "httpx/_client.py", False),  # a library, though it lies below the root
        ("/usr/lib/python3.11/json/encoder.py", "json/encoder.py", False),
        ("/elsewhere/tool.py", "/elsewhere/tool.py", False),
        ("<built-in>", "<built-in>", False),
    ],
)
def test_files_are_told_in_short_and_own_ones_known(stacks, file, told, is_own):
    stacks.add_to_part("call", (SeenFrame("work", file, 3, 4),), 1)

    assert stacks.frames[1] == Frame("work", told, 3, is_own)


def test_a_function_is_one_frame_whatever_lines_of_it_run(stacks):
    for line in (5, 6):
        stacks.add((runner("call"), TEST._replace(line=line), LIBRARY), 1)

    assert len(stacks.frames) == 3
    assert [stack.lines[1] for stack in stacks.stacks] == [5, 6]
