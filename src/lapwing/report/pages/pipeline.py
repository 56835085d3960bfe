"""Runs of one CI pipeline together: machine minutes, the longest job, and what makes it the longest."""

from lapwing.model.pipeline import Pipeline
from lapwing.report.page import Column, Page, Section, Table
from lapwing.units import format_count, format_duration


def pipeline_page(pipeline: Pipeline) -> Page:
    """Jobs, the longest first, then the tests that make it the longest."""
    longest = pipeline.jobs[0]
    jobs = Table(
        columns=(
            Column("job"),
            Column("run"),
            Column("took", is_number=True),
            Column("tests", is_number=True),
        ),
        rows=tuple(
            (job.name, job.run_id[:13], format_duration(job.duration_ns), f"{job.tests:,}")
            for job in pipeline.jobs
        ),
    )
    verdict = (
        f"{format_count(len(pipeline.jobs), 'job')}, {pipeline.machine_ns / 60e9:.1f} machine minutes; "
        f"the longest is {longest.name} with {format_duration(longest.duration_ns)}"
    )
    sections = [Section(title="", slug="jobs", table=jobs)]
    if pipeline.longest_tests:
        sections.append(
            Section(
                title="what makes it the longest",
                slug="longest",
                sentences=(_said(pipeline),),
                table=Table(
                    columns=(Column("test"), Column("took", is_number=True)),
                    rows=tuple(
                        (record.nodeid, format_duration(record.duration_ns or 0))
                        for record in pipeline.longest_tests
                    ),
                    shows_titles=False,
                ),
            )
        )
    return Page(title=f"pipeline {pipeline.name}", verdict=verdict, sections=tuple(sections))


def _said(pipeline: Pipeline) -> str:
    if len(pipeline.jobs) == 1:
        return "there is no other job; the slowest tests of its busiest worker"
    taken = sum(record.duration_ns or 0 for record in pipeline.longest_tests)
    more = "which is more" if taken >= pipeline.gap_ns else "among others"
    return (
        f"it takes {format_duration(pipeline.gap_ns)} longer than {pipeline.jobs[1].name}; "
        f"these tests of the worker that ended last take {format_duration(taken)}, {more}"
    )
