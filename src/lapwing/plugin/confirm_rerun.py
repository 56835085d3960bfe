"""The pytest of a round in which suspects run again: it selects and records them. PYTEST_DONT_REWRITE

Loaded by name, with the arguments of the user's own session; what that session writes for the
user is not written a second time.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from lapwing.config.load import load_settings
from lapwing.plugin.item_facts import ItemFacts
from lapwing.plugin.quiet_child import select, settle
from lapwing.plugin.recording_hooks import RecordingHooks
from lapwing.plugin.tracking import PROBES
from lapwing.record.process import ProcessRecording

PLAN_VARIABLE: Final = "LAPWING_CONFIRM_PLAN"


class Rerun:
    """Selects and records the tests of the plan in this process."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._names: list[str] = plan["names"]
        self._spool = Path(plan["spool"])
        self._run_id: str = plan["run_id"]
        self._process: ProcessRecording | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, Any, Any]:
        """Keep the tests of the plan, in its order, whatever other plugins think of it."""
        result = yield
        select(items, self._names)
        return result

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin to record."""
        config = session.config
        worker = getattr(config, "workerinput", {}).get("workerid", "main")
        settings = load_settings(config.rootpath, environ=os.environ)
        process = ProcessRecording(
            self._spool,
            self._run_id,
            worker,
            startup_ns=0,
            probes=PROBES,
            by_category={name: category.probes for name, category in settings.categories.items()},
            drivers=settings.sql_drivers,
        )
        process.start()
        facts = ItemFacts(settings)
        config.pluginmanager.register(RecordingHooks(process, facts, config.rootpath, _fail))
        self._process = process

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, Any, Any]:
        """The last line, after the last tear-downs."""
        result = yield
        if self._process is not None:
            self._process.end()
        return result


def _fail(error: Exception) -> None:
    """A fault of ours ends this process: the round then has fewer tests, and the user's run has ended."""
    raise SystemExit(f"lapwing: error while running suspects again: {error!r}")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Before anything is configured: run the files of the plan, and write nothing of the user's."""
    plan = json.loads(Path(os.environ[PLAN_VARIABLE]).read_bytes())
    settle(config, plan["names"])
    config.pluginmanager.register(Rerun(plan), "lapwing-rerun")
