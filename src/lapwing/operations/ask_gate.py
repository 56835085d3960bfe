"""What does the gate say of the newest run, as lines for a test that fails?"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from lapwing.config.load import load_settings
from lapwing.config.root import find_root
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.budget import WHOLE
from lapwing.model.gate import Breach, Guard
from lapwing.model.metric import Unit
from lapwing.model.value import Value
from lapwing.operations.check_run import check_run
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import records_of
from lapwing.operations.update_baseline import update_from_recorded
from lapwing.store.open_store import open_store
from lapwing.units import format_change, format_duration, format_share, format_size

NO_DATA: Final = "No performance data found. Run tests with '--track-performance' flag first."
NO_BASELINE: Final = "Baseline not found. Run 'lapwing baseline update' to create initial baseline."
NO_BASELINE_MAKE: Final = "Run 'make performance-baseline' to create initial baseline."

_TARGET: Final = "performance-baseline:"
_YES: Final = ("1", "true", "yes", "on")


class GateState(Value):
    """A line per breach; or why nothing can be judged."""

    why_not: str = ""
    individual: tuple[str, ...] = ()
    suite: tuple[str, ...] = ()
    slow_tests: tuple[str, ...] = ()


def ask_gate(folder: Path, *, environ: Mapping[str, str]) -> GateState:
    """The answer for the newest run of the project around `folder`.

    With `UPDATE_PERFORMANCE_BASELINE` in `environ` that run becomes the baseline first. Raises what
    cannot be mended by recording a run: ConfigurationError, StoreError, UnreadableFileError.
    """
    settings = load_settings(find_root(folder), environ=environ)
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            found = find_run(settings, store, "latest")
            if environ.get("UPDATE_PERFORMANCE_BASELINE", "").lower() in _YES:
                update_from_recorded(settings, records_of(store, found))
            if not settings.baseline_file.exists():
                return GateState(why_not=_no_baseline(settings))
            assert found.run is not None
            answer = check_run(settings, store, found.run.run_id)
    except NoDataError:
        return GateState(why_not=NO_DATA)
    return GateState(
        individual=_lines(each for each in answer.breaches if _is_single(each)),
        suite=_lines(each for each in answer.breaches if _is_whole(each)),
        slow_tests=_lines(each for each in answer.breaches if each.guard is Guard.SLOW_TESTS),
    )


def _is_whole(breach: Breach) -> bool:
    is_sum = breach.guard is Guard.REGRESSION and breach.origin == "suite_threshold"
    return breach.guard is Guard.SUITE or is_sum


def _is_single(breach: Breach) -> bool:
    return breach.guard is not Guard.SLOW_TESTS and not _is_whole(breach)


def _no_baseline(settings: Settings) -> str:
    """With the target of the project's Makefile, where it has one."""
    try:
        makefile = (settings.root / "Makefile").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return NO_BASELINE
    if any(line.startswith(_TARGET) for line in makefile.splitlines()):
        return f"Baseline not found. {NO_BASELINE_MAKE}"
    return NO_BASELINE


def _lines(breaches: Iterable[Breach]) -> tuple[str, ...]:
    return tuple(map(_line, breaches))


def _line(breach: Breach) -> str:
    """Node id, baseline, current, increase, threshold exceeded."""
    subject = f"{breach.subject} ({breach.what})" if breach.what else breach.subject
    before = "" if breach.baseline is None else f"{_amount(breach.baseline, breach.unit)} -> "
    increase = "" if breach.ratio is None else f" ({format_change(breach.ratio)})"
    if breach.limit is not None:
        limit = _amount(breach.limit, breach.unit)
    else:
        limit = format_change(1 + (breach.limit_share or 0.0))
    reason = f"; {breach.reason}" if breach.reason and breach.guard is not Guard.REGRESSION else ""
    return (
        f"{subject}: {before}{_amount(breach.current, breach.unit)}{increase}, "
        f"threshold {limit} [{breach.origin}]{reason}"
    )


def _amount(value: float, unit: Unit) -> str:
    if unit is Unit.NS:
        return format_duration(value)
    if unit is Unit.SHARE:
        return format_share(value / WHOLE)
    return format_size(value) if unit is Unit.BYTES else f"{value:,.0f}"
