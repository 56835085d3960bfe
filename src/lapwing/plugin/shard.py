"""`--shard 2/5`: of what pytest has collected, only the tests of one shard run.

With pytest-xdist every worker makes the same plan of the same tests, and tells the controller.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from lapwing.config.categories import category_of
from lapwing.config.load import load_settings
from lapwing.errors import LapwingError
from lapwing.model.ids import normalize_node_id
from lapwing.model.shards import ShardPlan, TestToPlace
from lapwing.operations.shard import MOST_SHARDS, shard_of_session
from lapwing.plugin.group_name import group_name
from lapwing.units import format_count, format_duration

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

_LINE_KEY: Final = "lapwing_shard"  # in a worker's output


class Sharding:
    """Registered while a session runs one shard."""

    def __init__(self, config: pytest.Config, text: str) -> None:
        """`text` is the option's value. Raises UsageError for one that is not K/N."""
        self._config = config
        self._number, self._shards = _parse(text)
        self._line = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the shard's tests, after everybody else has chosen and ordered theirs."""
        option = config.option
        try:
            settings = load_settings(config.rootpath, environ=os.environ)
            tests = [
                TestToPlace(
                    normalize_node_id(item.nodeid),
                    category_of(item.nodeid.partition("::")[0], _markers(item), settings.categories),
                    group_name(item),
                )
                for item in items
            ]
            times = None if option.shard_times is None else Path(option.shard_times)
            plan = shard_of_session(settings, tests, self._shards, is_stable=option.shard_stable, times=times)
        except LapwingError as error:
            raise pytest.UsageError(f"--shard: {error}") from error
        mine = set(plan.shards[self._number - 1].tests)
        kept = [item for item, test in zip(items, tests, strict=True) if test.nodeid in mine]
        left = [item for item, test in zip(items, tests, strict=True) if test.nodeid not in mine]
        self._line = _plan_line(plan, self._number)
        if hasattr(config, "workeroutput"):
            config.workeroutput[_LINE_KEY] = self._line
        if left:
            config.hook.pytest_deselected(items=left)
            items[:] = kept

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the line that a worker told."""
        self._line = (getattr(node, "workeroutput", None) or {}).get(_LINE_KEY, self._line)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A shard for which nothing is left is no mistake."""
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._line:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        """Say which part of the suite this was."""
        if self._line:
            terminalreporter.write_line(f"lapwing: {self._line}")


def _plan_line(plan: ShardPlan, number: int) -> str:
    shard = plan.shards[number - 1]
    said = f"shard {number}/{len(plan.shards)}: {len(shard.tests)} of {format_count(plan.tests, 'test')}"
    if plan.times:
        said += (
            f", about {format_duration(shard.time_ns)} by {plan.times}; the longest shard "
            f"{format_duration(plan.makespan_ns)}, at least {format_duration(plan.lower_bound_ns)}"
        )
        if shard.unknown:
            said += f"; {shard.unknown} without a recorded time"
    else:
        said += "; no times are recorded, split by number"
    return f"{said}; plan {plan.digest}"


def _markers(item: pytest.Item) -> Sequence[str]:
    return tuple(dict.fromkeys(mark.name for mark in item.iter_markers()))


def _parse(text: str) -> tuple[int, int]:
    number, _, shards = text.partition("/")
    if not (number.isascii() and number.isdigit() and shards.isascii() and shards.isdigit()):
        raise pytest.UsageError(f"--shard: {text!r} is not K/N, such as 2/5")
    if len(shards) > len(str(MOST_SHARDS)) or not 1 <= int(number) <= int(shards) <= MOST_SHARDS:
        raise pytest.UsageError(f"--shard: in {text!r} the first number must be from 1 to the second")
    return int(number), int(shards)
