"""One test over runs: a chart, its steps with their commits, how it lies, what its machine did."""

import shlex
from collections.abc import Iterator

from lapwing.model.change import Shape
from lapwing.model.history import MachineStep, StepRuns, SubjectHistory
from lapwing.model.metric import CPU, PEAK, WALL, Unit
from lapwing.model.trend import WeeklyTrend
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.chance import chance_text
from lapwing.report.pages.history_chart import history_chart
from lapwing.report.pages.moment import local_day, local_minute
from lapwing.report.pages.profile import profile_line
from lapwing.units import format_change, format_count, format_duration, format_share, format_size

_ID_SHOWN = 13
_COMMIT_SHOWN = 10
_SURE = 0.05  # a trend that chance makes more often than this is none
_FEWEST = 6  # runs under which steps and trends are not told
_MARGIN = 4  # columns that renderers put before a drawing, and one to spare
_ALIKE = 1.005  # times slower, which is told as 1.00


def subject_history_page(history: SubjectHistory, *, most: int, width: int) -> Page:
    """The whole page, its chart at most `width` characters wide; the newest `most` runs in a table."""
    sections = [
        _chart(history, width),
        _steps(history),
        _shape(history),
        _machine(history),
        _profiles(history),
    ]
    if most:
        sections.append(_runs(history, most))
    return Page(
        title=f"history of {history.subject}",
        verdict=_verdict(history),
        tone=_tone(history),
        sections=tuple(section for section in sections if section is not None),
        hints=tuple(_hints(history)),
    )


def machine_step_sentence(step: MachineStep) -> str:
    """`The machine became 12% slower on 2026-11-01 (python 3.11.4 → 3.12.1): taken out.`"""
    word, ratio = ("slower", step.ratio) if step.ratio > 1 else ("faster", 1 / step.ratio)
    said = f"The machine became {format_change(ratio)[1:]} {word} on {local_day(step.after.started_at_ns)}"
    runs = f"run {step.before.run_id[:_ID_SHOWN]} → {step.after.run_id[:_ID_SHOWN]}"
    known = f"; runner changed: {', '.join(step.changes)}" if step.changes else ""
    return f"{said} ({runs}{known}); that is taken out."


def trend_sentence(trend: WeeklyTrend | None) -> str:
    """`+3.0% a week (interval +1.2% to +4.9%), 1 in 300 by chance`."""
    if trend is None or trend.runs < _FEWEST:
        return "too few runs to tell a trend"
    per = "a week" if trend.is_weekly else "from run to run"
    low, high = map(format_change, trend.interval)
    slope = f"{format_change(trend.ratio)} {per} (interval {low} to {high})"
    if trend.p > _SURE:
        return f"no trend that can be told from chance: {slope}"
    return f"{slope}, {chance_text(trend.p)}"


def _verdict(history: SubjectHistory) -> str:
    count = len(history.values)
    runs = format_count(count, "run")
    if not count:
        return f"{history.subject}: no run in which it passed and was measured."
    newest = _value(history, history.values[-1])
    if history.change.shape is Shape.TOO_SHORT:
        return f"{newest} in the newest of {runs}: too few to tell steps from noise (it takes {_FEWEST})."
    if history.steps:
        last = history.steps[-1]
        size = _size(last)
        steps = format_count(len(history.steps), "step")
        return f"{steps} in {runs}; the last {size} on {local_day(last.after.started_at_ns)}, now {newest}."
    if history.change.shape is Shape.BIMODAL:
        return f"No step in {runs}, but two modes: bimodal; now {newest}."
    if _is_far_off(history):
        return f"No lasting step in {runs}, but the newest is over three times their level: {newest}."
    return f"No step in {runs}; now {newest}."


def _is_far_off(history: SubjectHistory) -> bool:
    """Whether the newest value is one of those over three times the level, where there is no step."""
    values = history.values
    return sum(value > values[-1] for value in values) < round(history.change.tail_share * len(values))


def _tone(history: SubjectHistory) -> Tone:
    if not history.values or history.change.shape in (Shape.TOO_SHORT, Shape.BIMODAL):
        return Tone.UNSURE
    if not history.steps:
        return Tone.UNSURE if _is_far_off(history) else Tone.GOOD
    last = history.steps[-1]
    return Tone.BAD if _is_worse(history, last) and not last.accepted else Tone.PLAIN


def _is_worse(history: SubjectHistory, step: StepRuns) -> bool:
    return (step.step.after > step.step.before) is not history.higher_is_better


def _chart(history: SubjectHistory, width: int) -> Section | None:
    if len(history.values) < 2:
        return None
    steps = [step.at for step in history.change.steps]
    levels = [step.before for step in history.change.steps]
    levels.append(
        history.change.steps[-1].after if levels else sorted(history.values)[len(history.values) // 2]
    )
    what = {"wall": "Wall time", "cpu": "CPU time", PEAK.name: "Peak memory"}.get(
        history.metric, history.metric
    )
    machine = "the machine taken out, " if history.is_machine_known else ""
    drawing = history_chart(
        history.values, steps, levels, width - _MARGIN, lambda value: _value(history, value)
    )
    first, last = (history.points[history.measured[at]].started_at_ns for at in (0, -1))
    said = f"{what}, {machine}{local_day(first)} to {local_day(last)}; * a run, - its level" + (
        ", | a step" if steps else ""
    )
    return Section(title="", slug="chart", sentences=(said,), drawing=drawing)


def _steps(history: SubjectHistory) -> Section | None:
    if not history.steps:
        return None
    sentences = tuple(_step_sentence(history, step) for step in history.steps)
    rows = tuple(
        (local_day(step.after.started_at_ns), commit.commit[:_COMMIT_SHOWN], commit.subject)
        for step in history.steps
        for commit in step.commits
    )
    table = Table((Column("step"), Column("commit"), Column("subject")), rows) if rows else None
    count = format_count(len(sentences), "step")
    return Section(
        title="Steps", slug="steps", sentences=(f"{count}, oldest first.", *sentences), table=table
    )


def _step_sentence(history: SubjectHistory, step: StepRuns) -> str:
    found = step.step
    change = _size(step)
    if found.interval is not None:
        low, high = map(format_change, found.interval)
        change += f" (interval {low} to {high})"
    levels = f"{_value(history, found.before)} → {_value(history, found.after)}"
    when = local_minute(step.after.started_at_ns)
    said = f"{when}: {levels}, {change}, {chance_text(found.p)}; {_range(step)}"
    if step.accepted is None:
        return f"{said}."
    by = f" by {step.accepted.accepted_by}" if step.accepted.accepted_by else ""
    why = f": {step.accepted.reason}" if step.accepted.reason else ""
    return f"{said}; accepted{by}{why}."


def _range(step: StepRuns) -> str:
    """Between which commits, or failing that between which runs."""
    before, after = step.before.commit, step.after.commit
    runs = f"run {step.before.run_id[:_ID_SHOWN]} → {step.after.run_id[:_ID_SHOWN]}"
    if before is None or after is None:
        return f"{runs}, their commits are not known"
    if before == after:
        return f"{runs}, both of {after[:_COMMIT_SHOWN]}: the code is the same"
    count = len(step.commits) + step.more_commits
    many = f" ({format_count(count, 'commit')})" if count else ""
    return f"commits {before[:_COMMIT_SHOWN]}..{after[:_COMMIT_SHOWN]}{many}"


def _shape(history: SubjectHistory) -> Section | None:
    change = history.change
    if change.shape is Shape.TOO_SHORT:
        return None
    sentences = []
    if change.modes is not None and change.upper_share is not None:
        low, high = (_value(history, mode) for mode in change.modes)
        sentences.append(
            f"Bimodal: it takes about {low} or about {high}, the latter in "
            f"{format_share(change.upper_share)} of the runs. Something is there in some runs and not in "
            "others: a cache, a time-out, an order."
        )
    elif change.shape is Shape.HEAVY_TAILED:
        sentences.append("Heavy-tailed: single runs take far longer than the others.")
    if change.tail_share:
        sentences.append(f"{format_share(change.tail_share)} of the runs took over three times their level.")
    trend = history.trend
    if trend is not None:
        if not history.steps:
            sentences.append(f"Trend: {trend_sentence(trend)}.")
        elif len(history.steps) > 1 and _is_creeping(history):
            sentences.append(f"All steps go one way: it may rather creep, {trend_sentence(trend)}.")
        p50, p95, p99 = (_value(history, value) for value in (trend.p50, trend.p95, trend.p99))
        sentences.append(f"p50 {p50}, p95 {p95}, p99 {p99} over all these runs.")
    return Section(title="", slug="shape", sentences=tuple(sentences)) if sentences else None


def _is_creeping(history: SubjectHistory) -> bool:
    return len({step.step.after > step.step.before for step in history.steps}) == 1


def _machine(history: SubjectHistory) -> Section | None:
    if history.metric not in (WALL.name, CPU.name):
        return None
    if not history.is_machine_known:
        said = "The machine could not be taken out: it takes 30 tests in the same runs to see its speed."
        return Section(title="Machine", slug="machine", sentences=(said,))
    slow, fast = max(history.factors), min(history.factors)
    if slow < _ALIKE and 1 / fast < _ALIKE:
        said = "as fast in all runs."
    else:
        said = f"between {1 / fast:.2f}× faster and {slow:.2f}× slower than in the middle run; "
        said += "already taken out."
    return Section(
        title="Machine",
        slug="machine",
        sentences=(said, *map(machine_step_sentence, history.machine_steps)),
    )


def _profiles(history: SubjectHistory) -> Section | None:
    if not history.profiles:
        return None
    said = tuple(
        f"{local_minute(each.started_at_ns)}: {profile_line(each)}; {each.files[0] if each.files else ''}"
        for each in history.profiles
    )
    return Section(title="Profiles", slug="profiles", sentences=("Newest first.", *said))


def _runs(history: SubjectHistory, most: int) -> Section:
    places = {at: place for place, at in enumerate(history.measured)}
    first_of_step = {step.step.at: step for step in history.steps}
    rows = []
    for at, point in list(enumerate(history.points))[-most:]:
        place = places.get(at)
        step = None if place is None else first_of_step.get(place)
        rows.append(
            (
                point.run_id[:_ID_SHOWN],
                local_minute(point.started_at_ns),
                (point.commit or "")[:_COMMIT_SHOWN],
                "-" if place is None else _value(history, history.values[place]),
                "-" if place is None else f"{history.factors[place]:.2f}",
                "" if point.outcome == "passed" else point.outcome,
                "" if step is None else _size(step),
            )
        )
    names = ("run", "started", "commit", "value", "machine", "outcome", "step")
    columns = tuple(Column(name, is_number=name in ("value", "machine", "step")) for name in names)
    said = f"the newest {len(rows)} of {len(history.points)}, oldest first"
    return Section(title="Runs", slug="runs", sentences=(said,), table=Table(columns, tuple(rows)))


def _hints(history: SubjectHistory) -> Iterator[str]:
    last = history.steps[-1] if history.steps else None
    if history.benchmark or last is None or last.accepted is not None:
        return
    if _is_worse(history, last):
        yield f"If the last step is meant: lapwing accept {shlex.quote(history.nodeid)} --reason '...'"


def _size(step: StepRuns) -> str:
    found = step.step
    return "a change" if found.ratio is None else format_change(found.ratio)


def _value(history: SubjectHistory, value: float) -> str:
    if history.unit == Unit.NS:
        return format_duration(value)
    if history.unit == Unit.BYTES:
        return format_size(value)
    return f"{value:,.4g} {history.unit}"
