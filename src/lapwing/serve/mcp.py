"""The door to the Model Context Protocol: questions as tools of coding agents, over standard streams."""

from collections.abc import Callable
from typing import Annotated, Final

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from lapwing._version import __version__
from lapwing.errors import LapwingError
from lapwing.serve import questions
from lapwing.serve.questions import Opened

_READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_ABOUT: Final = (
    "Recorded performance of this project's test suite. Ask slow_tests for what costs most, why for where a "
    "run's time went, advice for what to change, history for when and by which commits a test became slower, "
    "compare for what a change did. Runs are named latest, latest~1, by the beginning of their id, or by a "
    "git revision. Record a run first with: pytest --track-performance."
)

_Run = Annotated[str, Field(description="latest, latest~N, the beginning of a run's id, a git revision")]
_Most = Annotated[int, Field(description="at most so many rows", ge=1, le=200)]


def serve_tools(opened: Opened) -> None:
    """Answer until standard input ends."""
    anyio.run(_server(opened).run_stdio_async)


def _server(opened: Opened) -> MCPServer:
    server = MCPServer("lapwing", instructions=_ABOUT, version=__version__, log_level="WARNING")

    @server.tool(annotations=_READS, structured_output=False)
    def slow_tests(
        query: Annotated[
            str, Field(description="words of the name, and limits: dur:>2s category:api change:>20%")
        ] = "",
        sort: Annotated[
            str, Field(description="total, p50, p95, p99, cpu, memory, spread or change")
        ] = "total",
        most: _Most = 20,
    ) -> str:
        """The most expensive tests over the newest runs, with percentiles, CPU, memory, spread and change."""
        return _answered(lambda: questions.slow_tests(opened, query=query, sort=sort, most=most))

    @server.tool(annotations=_READS, structured_output=False)
    def why(run: _Run = "latest", most: _Most = 10) -> str:
        """Where the time of a run went: collection, fixtures by name, calls, waiting, idle workers."""
        return _answered(lambda: questions.why(opened, run=run, most=most))

    @server.tool(annotations=_READS, structured_output=False)
    def history(
        test: Annotated[str, Field(description="a node id, or a part of one that no other test has")],
        metric: Annotated[str, Field(description="wall, cpu or peak_bytes")] = "wall",
        runs: Annotated[int, Field(description="over the last so many runs", ge=1, le=1000)] = 100,
    ) -> str:
        """One test over its runs: its steps, between which commits they happened, its trend."""
        return _answered(lambda: questions.history(opened, test=test, metric=metric, runs=runs))

    @server.tool(annotations=_READS, structured_output=False)
    def advice(run: _Run = "latest", most: _Most = 10) -> str:
        """What would make the suite faster, the largest gain first: evidence, what to change, where, risk."""
        return _answered(lambda: questions.advice(opened, run=run, most=most))

    @server.tool(annotations=_READS, structured_output=False)
    def runs(
        branch: Annotated[str, Field(description="only runs of this branch")] = "", most: _Most = 20
    ) -> str:
        """The newest recorded runs: id, start, time, tests, revision, and whether they were complete."""
        return _answered(lambda: questions.runs(opened, branch=branch, most=most))

    @server.tool(annotations=_READS, structured_output=False)
    def compare(
        before: Annotated[str, Field(description="'baseline', or a run as in 'after'")] = "baseline",
        after: _Run = "latest",
    ) -> str:
        """What became slower or faster between two runs, the machine's own shift taken out."""
        return _answered(lambda: questions.compare(opened, before=before, after=after))

    return server


def _answered(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except LapwingError as error:
        raise ToolError(str(error)) from error
