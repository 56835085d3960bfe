"""`lapwing mcp`, asked by the client of the protocol's own package."""

import asyncio
import sys

import pytest
from mcp import Client, StdioServerParameters

from lapwing.store.open_store import open_store

ASKED = {
    "slow_tests": {"query": "dur:>30ms", "most": 5},
    "why": {},
    "history": {"test": "test_shop.py::test_3"},
    "advice": {},
    "runs": {"most": 3},
    "compare": {"before": "latest~12", "after": "latest"},
}


def asked(root, *questions):
    """The tools that there are, and the answers to calls of them, in one session."""

    async def ask():
        command = ["-m", "lapwing", "mcp", "--root", str(root)]
        async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
            tools = (await client.list_tools()).tools
            return tools, [await client.call_tool(name, arguments) for name, arguments in questions]

    return asyncio.run(ask())


def said(answer):
    return "\n".join(part.text for part in answer.content)


@pytest.fixture(scope="module")
def session(server):
    """Tools, and one answer of each."""
    tools, answers = asked(server.root, *ASKED.items())
    return {tool.name: tool for tool in tools}, dict(zip(ASKED, answers, strict=True))


def test_there_is_a_tool_for_each_question_and_all_only_read(session):
    tools, _ = session

    assert set(tools) == set(ASKED)
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert all(tool.description for tool in tools.values())


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("slow_tests", "tests fit 'dur:>30ms'"),
        ("why", "explained"),
        ("history", "step"),
        ("runs", "3 runs, newest first"),
        ("compare", "tests/test_shop.py::test_3"),
    ],
)
def test_a_tool_answers_as_the_command_of_its_name(session, tool, expected):
    answer = session[1][tool]

    assert not answer.is_error
    assert expected in said(answer)


def test_advice_is_asked_of_a_run(session):
    assert not session[1]["advice"].is_error
    assert "ms to gain" in said(session[1]["advice"])


def test_what_cannot_be_answered_is_told_with_how_to_mend_it(server):
    _, (unknown_test, wrong_query, unknown_run) = asked(
        server.root,
        ("history", {"test": "nowhere.py::test_x"}),
        ("slow_tests", {"query": "status:purple"}),
        ("why", {"run": "feedbeef"}),
    )

    assert unknown_test.is_error
    assert wrong_query.is_error
    assert "Write status:regressed" in said(wrong_query)
    assert unknown_run.is_error


def test_a_project_without_runs_says_what_to_do_first(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\n")

    _, (answer,) = asked(tmp_path, ("slow_tests", {}))

    assert answer.is_error
    assert "--track-performance" in said(answer)


def test_a_run_that_comes_in_meanwhile_is_seen(tmp_path, make_run):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    path = str(tmp_path / ".lapwing" / "store.sqlite")
    with open_store(path, create=True) as store:
        store.write_run(make_run(0))

    async def ask_twice():
        command = ["-m", "lapwing", "mcp", "--root", str(tmp_path)]
        async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
            first = await client.call_tool("runs", {})
            with open_store(path, create=False) as store:
                store.write_run(make_run(1))
            return said(first), said(await client.call_tool("runs", {}))

    first, second = asyncio.run(ask_twice())

    assert "1 run, newest first" in first
    assert "2 runs, newest first" in second
