"""What the baseline holds."""

from typing import Any, Protocol

from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.codec import FORMAT_VERSION
from lapwing.report.page import Column, Page, Section, Table
from lapwing.units import format_count, format_duration

_MOST = 20


class Fit(Protocol):
    """How well a baseline still fits its suite."""

    @property
    def age_days(self) -> int | None:
        """Days since it was made; None where its date cannot be read."""

    @property
    def is_old(self) -> bool:
        """Whether that is long ago."""

    @property
    def tests(self) -> int:
        """Tests that passed in the newest complete run."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Those of them that the baseline does not know."""

    @property
    def misses_many(self) -> bool:
        """Whether these are many."""


def baseline_page(baseline: BaselineFile, fit: Fit) -> Page:
    """The longest tests of the baseline with their limits, and its groups."""
    runs = max((entry.runs for entry in baseline.tests.values()), default=0)
    verdict = (
        f"{format_count(len(baseline.tests), 'test')} from {format_count(runs, 'run')} of {baseline.date}"
    )
    hints = []
    if fit.is_old:
        hints.append(f"it is {fit.age_days} days old; renew it with: lapwing baseline update --runs 5")
    if fit.missing:
        much = "; renew it with: lapwing baseline update --runs 5" if fit.misses_many else ""
        hints.append(
            f"it misses {len(fit.missing):,} of {format_count(fit.tests, 'test')} of the newest complete "
            f"run, such as {fit.missing[0]}{much}"
        )
    if runs < 5:
        hints.append("fewer than 5 runs: a better baseline comes from: lapwing baseline update --runs 5")
    ranked = sorted(baseline.tests.values(), key=lambda entry: -entry.duration_ns)
    rows = tuple(
        (
            format_duration(entry.duration_ns),
            format_duration(entry.threshold_ns) + (" by hand" if entry.threshold_is_manual else ""),
            "-" if entry.spread is None else f"{entry.spread * 100:.1f}%",
            entry.nodeid,
        )
        for entry in ranked[:_MOST]
    )
    columns = (
        Column("duration", is_number=True),
        Column("limit", is_number=True),
        Column("spread", is_number=True),
        Column("test"),
    )
    said = f"the {min(_MOST, len(ranked))} longest of {len(ranked)}"
    tests = Section(title="tests", slug="tests", sentences=(said,), table=Table(columns=columns, rows=rows))
    return Page(title="baseline", verdict=verdict, sections=(tests, _groups(baseline)), hints=tuple(hints))


def _groups(baseline: BaselineFile) -> Section:
    rows = tuple(
        (format_duration(group.duration_ns), format_duration(group.threshold_ns), group.name)
        for group in sorted(baseline.groups.values(), key=lambda each: -each.duration_ns)
    )
    columns = (Column("duration", is_number=True), Column("limit", is_number=True), Column("group"))
    return Section(title="groups", slug="groups", table=Table(columns=columns, rows=rows))


def _entry_dict(entry: BaselineEntry) -> dict[str, Any]:
    memory = {"peak": entry.peak, "delta": entry.delta}
    return entry._asdict() | {name: shown and shown._asdict() for name, shown in memory.items()}


def baseline_dict(baseline: BaselineFile, fit: Fit) -> dict[str, Any]:
    """The baseline as a JSON document."""
    return {
        "format_version": FORMAT_VERSION,
        "date": baseline.date,
        "age_days": fit.age_days,
        "is_old": fit.is_old,
        "missing_tests": list(fit.missing),
        "machine_class": baseline.machine_class,
        "commit": baseline.commit,
        "runs": list(baseline.runs),
        "tests": [_entry_dict(entry) for entry in baseline.tests.values()],
        "groups": [group._asdict() for group in baseline.groups.values()],
    }
