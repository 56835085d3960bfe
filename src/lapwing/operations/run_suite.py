"""Run the project's suite, tracked: pytest in a process of its own."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

from lapwing.config.settings import Settings
from lapwing.operations.finish_run import SAVE_RESULTS_VARIABLE
from lapwing.operations.watch_system import keep_watch, watching


def run_suite(
    settings: Settings,
    arguments: Sequence[str],
    *,
    environ: Mapping[str, str],
    save_results: bool = False,
    with_store: str | None = None,
    budget: str | None = None,
) -> int:
    """Run `pytest --track-performance` with `arguments` in this interpreter's environment.

    Its output is the terminal's. Returns pytest's exit code. `with_store` names the store, `budget` the
    time of every test, as pytest's flag takes it.
    """
    environment = dict(environ)
    if save_results:
        environment[SAVE_RESULTS_VARIABLE] = "1"
    if with_store is not None:
        environment["LAPWING_STORE"] = with_store
    of_budget = () if budget is None else (f"--performance-budget={budget}",)
    command = [sys.executable, "-m", "pytest", "--track-performance", *of_budget, *arguments]
    sys.stdout.flush()
    process = subprocess.Popen(command, env=environment)
    with watching(settings, process.pid) as watch:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # The terminal has sent the signal to pytest, too: let it end in its own way.
            code = process.wait()
    keep_watch(settings, watch.watch)
    return code
