"""Runs that are going on."""

from collections.abc import Sequence

from lapwing.model.alert import OpenAlert
from lapwing.model.live import LiveRun, SystemFacts
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.open_alerts import alerts_section
from lapwing.units import format_count, format_duration, format_share


def live_page(runs: Sequence[LiveRun], system: SystemFacts, alerts: Sequence[OpenAlert] = ()) -> Page:
    """Each run with what it is doing, then alerts that last, then the machine."""
    stuck = sum(test.is_stuck for run in runs for test in run.running)
    going = f"{format_count(len(runs), 'run')} going on{_stuck(stuck)}"
    said = going if runs else "No run is going on."
    return Page(
        title="Live",
        verdict=said,
        tone=Tone.BAD if stuck else Tone.PLAIN,
        sections=(*map(_run, runs), alerts_section(alerts), _system(system)),
    )


def _stuck(tests: int) -> str:
    """The end of the sentence, which names tests that seem stuck."""
    if not tests:
        return "."
    return f", {format_count(tests, 'test')} {'seems' if tests == 1 else 'seem'} stuck."


def _run(run: LiveRun) -> Section:
    of_all = f" of about {run.expected:,}" if run.expected else ""
    rest = f", about {format_duration(run.remaining_ns)} to go" if run.remaining_ns else ""
    said = (
        f"{run.finished:,}{of_all} tests finished, {run.failed:,} failed, "
        f"{format_duration(run.elapsed_ns)} so far{rest}."
    )
    rows = tuple(
        (
            format_duration(test.elapsed_ns),
            "" if test.p95_ns is None else format_duration(test.p95_ns),
            "stuck?" if test.is_stuck else "",
            test.worker,
            test.nodeid,
        )
        for test in run.running
    )
    columns = (
        Column("so far", is_number=True),
        Column("its p95", is_number=True),
        Column("state"),
        Column("worker"),
        Column("test"),
    )
    failed = (f"Failed: {', '.join(run.failures)}.",) if run.failures else ()
    return Section(
        title=f"Run {run.run_id[:13]}", slug="live-run", sentences=(said, *failed), table=Table(columns, rows)
    )


def _system(system: SystemFacts) -> Section:
    facts = [
        ("processors busy", system.cpu_share, format_share),
        ("memory available", system.memory_available_share, format_share),
        ("load over one minute", system.load_average, lambda load: f"{load:.2f}"),
        ("processes", system.processes, str),
    ]
    rows = tuple((name, show(value)) for name, value, show in facts if value is not None)  # type: ignore[operator]
    return Section(
        title="Machine", slug="machine", table=Table((Column("fact"), Column("now", is_number=True)), rows)
    )
