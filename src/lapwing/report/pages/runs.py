"""The list of runs."""

from collections.abc import Sequence
from typing import Protocol

from lapwing.model.run import Revision, Run
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.moment import local_minute
from lapwing.units import format_duration

_ID_SHOWN = 13  # the time part of an id, and what tells runs of one millisecond apart


class RunWithCounts(Protocol):
    """A run and what a list shows of its tests."""

    @property
    def run(self) -> Run:
        """The run."""

    @property
    def tests(self) -> int:
        """Distinct tests."""

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """Outcome and number of tests."""


def runs_page(digests: Sequence[RunWithCounts]) -> Page:
    """One row per run; with its package where any run has one."""
    has_packages = any(digest.run.package for digest in digests)
    rows = tuple(
        (
            digest.run.run_id[:_ID_SHOWN],
            local_minute(digest.run.started_at_ns),
            format_duration(digest.run.duration_ns),
            f"{digest.tests:,}",
            ", ".join(f"{count:,} {name}" for name, count in digest.outcomes if name != "passed"),
            *((digest.run.package,) if has_packages else ()),
            revision_text(digest.run.revision),
            state_text(digest.run),
        )
        for digest in digests
    )
    columns = (
        Column("run"),
        Column("started"),
        Column("took", is_number=True),
        Column("tests", is_number=True),
        Column("not passed"),
        *((Column("package"),) if has_packages else ()),
        Column("revision"),
        Column("state"),
    )
    count = f"{len(rows)} run{'s' if len(rows) != 1 else ''}, newest first"
    section = Section(title="", slug="runs", table=Table(columns=columns, rows=rows))
    return Page(title="runs", verdict=count, sections=(section,))


def revision_text(revision: Revision) -> str:
    """Branch and commit, with a `+` for uncommitted changes."""
    commit = (revision.commit or "")[:9] + ("+" if revision.dirty else "")
    return " ".join(part for part in (revision.branch or "", commit) if part)


def state_text(run: Run) -> str:
    """Complete or why not, and how many workers."""
    state = "complete" if run.is_complete else f"incomplete ({run.why_incomplete or 'unknown'})"
    return f"{state}, {run.workers} workers" if run.workers else state
