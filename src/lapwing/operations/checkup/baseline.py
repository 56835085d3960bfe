"""Is the baseline there, young, and as large as the suite?"""

from collections.abc import Iterator
from typing import Final

from lapwing.config.choices import BaselineSource
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError, UnreadableFileError
from lapwing.model.baseline import BaselineFile
from lapwing.model.health import HealthFinding, HealthLevel
from lapwing.operations.baseline_files import BaselineState, baseline_state
from lapwing.store.baseline_file import read_baseline_file
from lapwing.store.protocol import Store
from lapwing.units import format_share

_UPDATE: Final = "lapwing baseline update"


def check_baseline(settings: Settings, store: Store | None) -> Iterator[HealthFinding]:
    """The baseline file against the newest complete run of `store`."""
    if settings.baseline == BaselineSource.HISTORY:
        yield HealthFinding(
            slug="baseline", level=HealthLevel.OK, what="runs are compared with those before them"
        )
        return
    try:
        baseline = read_baseline_file(settings.baseline_file, thresholds=settings.change_thresholds)
    except UnreadableFileError as error:
        yield HealthFinding(
            slug="baseline",
            level=HealthLevel.PROBLEM,
            what=f"{error.where}: {error.what}",
            meaning="Runs are not compared with it.",
            mend=error.mend,
        )
        return
    if baseline is None or not baseline.tests:
        yield _missing(settings)
        return
    try:
        state = baseline_state(settings, store, baseline)
    except LapwingError:  # check_store tells it
        state = baseline_state(settings, None, baseline)
    findings = [*_age(state), *_coverage(state), *_machine_class(baseline, state)]
    yield from findings
    if not findings:
        yield HealthFinding(
            slug="baseline",
            level=HealthLevel.OK,
            what=f"the baseline of {baseline.date} has {len(baseline.tests)} tests",
        )


def _missing(settings: Settings) -> HealthFinding:
    is_needed = settings.baseline == BaselineSource.FILE
    return HealthFinding(
        slug="baseline",
        level=HealthLevel.PROBLEM if is_needed else HealthLevel.NOTE,
        what="there is no baseline file",
        meaning="Nothing is compared: the settings ask for this file."
        if is_needed
        else "Runs are compared with those before them, which only this store knows.",
        mend=f"After a tracked run: {_UPDATE}",
    )


def _age(state: BaselineState) -> Iterator[HealthFinding]:
    if state.is_old:
        yield HealthFinding(
            slug="baseline-age",
            level=HealthLevel.NOTE,
            what=f"the baseline is {state.age_days} days old",
            meaning="Small slowdowns since then add up, and other versions run below the tests.",
            mend=_UPDATE,
        )


def _coverage(state: BaselineState) -> Iterator[HealthFinding]:
    if state.misses_many:
        missing = state.missing
        yield HealthFinding(
            slug="baseline-tests",
            level=HealthLevel.NOTE,
            what=f"the baseline misses {len(missing)} of {state.tests} tests of the newest complete run "
            f"({format_share(len(missing) / state.tests)}), such as {missing[0]}",
            meaning="These are not compared with anything.",
            mend=_UPDATE,
        )


def _machine_class(baseline: BaselineFile, state: BaselineState) -> Iterator[HealthFinding]:
    newest = state.newest
    if newest and baseline.machine_class and baseline.machine_class != newest.machine_class:
        yield HealthFinding(
            slug="baseline-machine",
            level=HealthLevel.NOTE,
            what=f"the baseline was made on another machine class ({baseline.machine_class})",
            meaning="Raw times do not compare; changes are called worth a look at most.",
            mend=f"On the machine that judges: {_UPDATE}",
        )
