"""A load or stress test: what was held, step by step, and what should be known about the figures."""

from collections.abc import Sequence

from lapwing.model.load import LoadResult, LoadStep, LoadUnit, StoredLoad
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.units import NS_PER_S, format_count, format_duration, format_share

_COLUMNS = (
    Column("load", is_number=True),
    Column("offered/s", is_number=True),
    Column("achieved/s", is_number=True),
    Column("p50", is_number=True),
    Column("p95", is_number=True),
    Column("p99", is_number=True),
    Column("failures", is_number=True),
    Column("late", is_number=True),
    Column("lateness", is_number=True),
    Column("held"),
)
_MOST_ERRORS = 10


def load_page(result: LoadResult, before: StoredLoad | None = None) -> Page:
    """The answer of `lapwing load` and `lapwing stress`; `before` is the last result of the same test."""
    sections = [Section(title="", slug="steps", sentences=_about(result), table=_table(result.steps))]
    errors = _errors(result.steps)
    if errors is not None:
        sections.append(errors)
    if before is not None:
        sections.append(Section(title="before", slug="before", sentences=(_before(result, before),)))
    if result.notes:
        sections.append(Section(title="notes", slug="notes", sentences=result.notes))
    return Page(
        title="load",
        verdict=_verdict(result),
        tone=_tone(result),
        sections=tuple(sections),
        hints=_hints(result),
    )


def load_text(load: float, unit: LoadUnit) -> str:
    """A load in words: `20 users`, `100/s`."""
    if unit is LoadUnit.RPS:
        return f"{load:.4g}/s"
    return format_count(round(load), unit.value.removesuffix("s"))


def _verdict(result: LoadResult) -> str:
    summary = result.performance_summary
    wanted = load_text(result.wanted, result.unit)
    if not result.steps:
        return f"{result.name}: nothing was measured"
    if summary.can_handle_load:
        return f"{result.name} holds {wanted}"
    if result.breaking_point is None:
        return f"{result.name}: not played to its end, {wanted} not reached"
    rate = result.breaking_point_rps
    at_rate = f" ({rate:.4g}/s)" if rate is not None and result.unit is not LoadUnit.RPS else ""
    point = load_text(result.breaking_point, result.unit)
    held = summary.highest_held
    best = f"; holds {load_text(held, result.unit)}" if held is not None else ""
    return f"{result.name} does not hold {point}{at_rate}{best}"


def _tone(result: LoadResult) -> Tone:
    if result.performance_summary.can_handle_load:
        return Tone.GOOD
    return Tone.BAD if result.breaking_point is not None else Tone.UNSURE


def _about(result: LoadResult) -> tuple[str, ...]:
    model = {
        LoadUnit.RPS: "open model: latency counts from the moment a request was to leave",
        LoadUnit.USERS: "closed model: each user waits for its answer; offered is what they would ask at the "
        "median latency, or at their pace",
        LoadUnit.THREADS: "each thread calls again once its call is over",
        LoadUnit.TASKS: "each task calls again once its call is over",
    }[result.unit]
    by = f", by {format_count(result.workers, 'worker')}" if result.workers else ""
    return (f"{result.target}{by}, {format_duration(result.duration_ns)}", model)


def _table(steps: Sequence[LoadStep]) -> Table:
    return Table(columns=_COLUMNS, rows=tuple(map(_row, steps)))


def _row(step: LoadStep) -> tuple[str, ...]:
    return (
        f"{step.load:.4g}",
        "–" if step.offered_rps is None else f"{step.offered_rps:.1f}",
        f"{step.achieved_rps:.1f}",
        _time(step.p50_ns),
        _time(step.p95_ns),
        _time(step.p99_ns),
        f"{step.failures:,} ({format_share(step.failure_share)})" if step.failures else "0",
        f"{step.late:,}" + (f" + {step.unsent:,} unsent" if step.unsent else ""),
        _time(step.lateness_ns),
        "yes" if step.is_held else f"no: {', '.join(step.broken)}",
    )


def _time(ns: int | None) -> str:
    return "–" if ns is None else format_duration(ns)


def _errors(steps: Sequence[LoadStep]) -> Section | None:
    counts: dict[str, int] = {}
    for step in steps:
        for text, count in step.errors.items():
            counts[text] = counts.get(text, 0) + count
    if not counts:
        return None
    most = sorted(counts.items(), key=lambda each: -each[1])
    rows = tuple((f"{count:,}", text) for text, count in most[:_MOST_ERRORS])
    more = len(most) - len(rows)
    columns = (Column("count", is_number=True), Column("failure"))
    return Section(
        title="failures",
        slug="failures",
        sentences=(f"and {format_count(more, 'other kind')}",) if more else (),
        table=Table(columns=columns, rows=rows),
    )


def _before(result: LoadResult, before: StoredLoad) -> str:
    """How the last result of this test compares, in one sentence. No verdict: these are single runs."""
    ago = format_duration(max(0, result.started_at_ns - before.result.started_at_ns) // NS_PER_S * NS_PER_S)
    commit = f" at {before.commit[:10]}" if before.commit else ""
    then, now = before.result, result
    parts = [f"{ago} ago{commit}:"]
    if then.breaking_point is not None:
        parts.append(f"did not hold {load_text(then.breaking_point, then.unit)};")
    loads = {step.load: step for step in now.steps} if then.unit is now.unit else {}
    shared = [step for step in then.steps if step.load in loads and step.p95_ns is not None]
    if shared:
        step = max(shared, key=lambda each: each.load)
        p95 = f"p95 {_time(step.p95_ns)} (now {_time(loads[step.load].p95_ns)})"
        parts.append(f"at {load_text(step.load, then.unit)} {p95}")
    if len(parts) == 1:
        verdict = "held" if then.performance_summary.can_handle_load else "did not reach"
        parts.append(f"{verdict} {load_text(then.wanted, then.unit)}")
    return " ".join(parts).rstrip(";")


def _hints(result: LoadResult) -> tuple[str, ...]:
    if result.unit is LoadUnit.USERS and len(result.steps) == 1:
        return ("a server that freezes slows its users, who then ask less: --rate counts what they missed",)
    return ()
