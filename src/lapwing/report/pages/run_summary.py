"""The short summary after a tracked pytest run: verdict, where the time went, what to look at."""

from collections.abc import Sequence

from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.model.kept_limits import KeptLimits
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.time_use import TimeUse
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.verdict import told
from lapwing.units import NS_PER_MS, format_duration, format_share

_MOST_CHANGES = 10
_MOST_LOOKS = 3  # of what may be chance, the most time lost first: who wants all of it asks for it


def run_summary(
    recorded: RecordedRun,
    judgment: RunComparison | None,
    *,
    use: TimeUse,
    slowest: Sequence[TestRecord],
    limits: KeptLimits | None = None,
    confirmed: bool = False,
) -> Page:
    """The page of a run; `confirmed` where its suspects ran again already."""
    verdict, tone, _ = told(recorded, judgment)
    sections = [where_section(use), _slowest_section(slowest, use)]
    if limits is not None:
        from lapwing.report.pages.limits import limits_section, over_text

        verdict, tone = f"{verdict}; {over_text(limits)}", Tone.BAD.value
        sections.insert(0, limits_section(limits, _MOST_CHANGES, title="over a limit"))
    more, to_be_sure = "lapwing show, lapwing report", ""
    if judgment is not None:
        from lapwing.report.pages import changes

        for title, slug, which in changes.SECTIONS:
            found = changes.by_verdict(judgment, which)
            is_sure = which != ChangeVerdict.CANNOT_TELL
            sections.append(
                changes.change_section(title, slug, found, _MOST_CHANGES if is_sure else _MOST_LOOKS)
            )
            if found and not is_sure:
                how = "lapwing confirm" if confirmed else "pytest --track-performance --confirm 5"
                to_be_sure = f"to be sure of them: {how}"
        sections.append(changes.sums_section(judgment, _MOST_CHANGES, is_sure=True))
        sections.append(Section(title="", sentences=changes.side_sentences(judgment)))
        more = f"lapwing compare baseline latest, {more}"
    return Page(
        title="lapwing",
        verdict=verdict,
        tone=Tone(tone),
        sections=tuple(section for section in sections if section),
        hints=tuple(filter(None, (f"more: {more}", to_be_sure))),
    )


def where_section(use: TimeUse) -> Section:
    """Where the time went, in one sentence."""
    parts = [
        ("start-up", use.startup_ns),
        ("collection", use.collection_ns),
        ("fixtures", use.fixtures_ns),
        ("set-up", use.setup_other_ns),
        ("calls", use.call_ns),
        ("tear-down", use.teardown_ns),
        ("pytest itself", use.pytest_ns),
    ]
    whole = max(use.worker_ns, 1)
    said = ", ".join(
        f"{name} {format_duration(ns)} ({format_share(ns / whole)})"
        for name, ns in parts
        if ns * 100 >= whole
    )
    waited = f"; waiting {format_duration(use.waiting_ns)} of it" if use.waiting_ns * 100 >= whole else ""
    return Section(title="time", slug="where", sentences=(f"{said}{waited}",))


def _slowest_section(slowest: Sequence[TestRecord], use: TimeUse) -> Section | None:
    tests = [each for each in slowest if (each.duration_ns or 0) >= NS_PER_MS]
    if not tests:
        return None
    rows = tuple((format_duration(each.duration_ns or 0), each.nodeid, _phases(each)) for each in tests)
    share = sum(each.duration_ns or 0 for each in tests) / max(use.worker_ns, 1)
    these = "this one takes" if len(tests) == 1 else f"these {len(tests)} take"
    said = f"{these} {format_share(share)} of the time"
    table = Table(columns=(Column("", is_number=True), Column(""), Column("")), rows=rows)
    return Section(title="slowest", slug="slowest", sentences=(said,), table=table)


def _phases(record: TestRecord) -> str:
    """What of a test's time is not its call, and how much of it waited, where that matters."""
    whole = max(record.duration_ns or 0, 1)
    parts = [
        f"{name} {format_duration(ns)}"
        for name, ns in (
            ("shared fixtures", record.shared_fixture_ns),
            ("set-up", max(0, (record.setup_ns or 0) - record.shared_fixture_ns)),
            ("tear-down", record.teardown_ns or 0),
            ("waiting", record.waiting_ns or 0),
        )
        if ns * 10 >= whole
    ]
    return ", ".join(parts)
