"""What the baseline holds."""

from typing import Any

from lapwing.model.baseline import BaselineFile
from lapwing.model.codec import FORMAT_VERSION
from lapwing.report.page import Column, Page, Section, Table
from lapwing.units import format_count, format_duration

_MOST = 20
_OLD_DAYS = 90


def baseline_page(baseline: BaselineFile, *, age_days: int | None) -> Page:
    """The longest tests of the baseline with their limits, and its groups."""
    runs = max((entry.runs for entry in baseline.tests.values()), default=0)
    verdict = (
        f"{format_count(len(baseline.tests), 'test')} from {format_count(runs, 'run')} of {baseline.date}"
    )
    hints = []
    if age_days is not None and age_days > _OLD_DAYS:
        hints.append(f"it is {age_days} days old; renew it with: lapwing baseline update --runs 5")
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


def baseline_dict(baseline: BaselineFile) -> dict[str, Any]:
    """The baseline as a JSON document."""
    return {
        "format_version": FORMAT_VERSION,
        "date": baseline.date,
        "machine_class": baseline.machine_class,
        "commit": baseline.commit,
        "runs": list(baseline.runs),
        "tests": [entry._asdict() for entry in baseline.tests.values()],
        "groups": [group._asdict() for group in baseline.groups.values()],
    }
