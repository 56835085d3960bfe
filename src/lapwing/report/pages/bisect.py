"""Which commit made a test slower, and how sure that is."""

from lapwing.model.comparison import ChangeVerdict
from lapwing.model.paired import Bisection, BisectStep, CommitFacts, PairedComparison
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.units import format_change, format_count, format_duration, format_share

_COLUMNS = (Column("commit"), Column("said"), Column("against good", is_number=True), Column("subject"))


def bisection_page(found: Bisection) -> Page:
    """The answer of `lapwing bisect`."""
    sections = [Section(title="", slug="whole", sentences=(f"bad against good: {_compared(found.whole)}",))]
    if found.steps:
        rows = tuple(
            (step.commit.commit[:10], step.said, _ratio(step), step.commit.subject) for step in found.steps
        )
        sections.append(Section(title="steps", slug="steps", table=Table(columns=_COLUMNS, rows=rows)))
    if found.culprit is not None:
        sections.append(Section(title="commit", slug="commit", sentences=_about(found.culprit, found.step)))
    elif found.candidates:
        listed = tuple(f"{each.commit[:10]} {each.author}: {each.subject}" for each in found.candidates)
        sections.append(Section(title="one of", slug="candidates", sentences=listed))
    if found.sureness is not None:
        sections.append(Section(title="", slug="sureness", sentences=(_sureness(found),)))
    return Page(
        title=f"bisect {found.nodeid}",
        verdict=_verdict(found),
        tone=_tone(found),
        sections=tuple(sections),
    )


def step_line(step: BisectStep) -> str:
    """One step, as it is told while the search goes on."""
    ratio = f" {_ratio(step)} against good," if step.ratio is not None else ""
    why = f": {step.reason}" if step.reason else f" after {format_count(step.pairs, 'pair')}"
    return f"{step.commit.commit[:10]}{ratio} {step.said}{why} ({step.commit.subject})"


def _verdict(found: Bisection) -> str:
    if found.culprit is not None:
        return f"slower since {found.culprit.commit[:10]}: {found.culprit.subject}"
    if found.candidates:
        return f"slower since one of {format_count(len(found.candidates), 'commit')}: {found.reason}"
    return found.reason


def _tone(found: Bisection) -> Tone:
    if found.culprit is not None:
        return Tone.BAD
    return Tone.GOOD if found.whole.verdict is ChangeVerdict.UNCHANGED else Tone.UNSURE


def _about(culprit: CommitFacts, step: PairedComparison | None) -> tuple[str, ...]:
    told = (f"{culprit.commit}", f"author {culprit.author}, {culprit.date}", culprit.subject)
    return told if step is None else (*told, f"against the commit before it: {_compared(step)}")


def _sureness(found: Bisection) -> str:
    assert found.sureness is not None
    unsure = [step for step in found.steps if step.p > 0.05]
    doubt = f"; {format_count(len(unsure), 'step')} stayed in doubt" if unsure else ""
    weak = ""
    if found.step is not None and found.step.verdict is not ChangeVerdict.REGRESSED:
        weak = "; against the commit before it alone the step does not show, so it may have come in several"
    return (
        f"every step was judged rightly with a chance of at least {format_share(found.sureness)}{doubt}{weak}"
    )


def _compared(compared: PairedComparison) -> str:
    clock = compared.clearest
    if clock is None:
        return compared.reason
    interval = ""
    if clock.interval is not None:
        low, high = (format_change(each) for each in clock.interval)
        interval = f" (interval {low} to {high})"
    name = {"cpu": "CPU time"}.get(clock.metric, "wall time")
    return (
        f"{format_duration(clock.before)} → {format_duration(clock.after)} of {name}, "
        f"{format_change(clock.ratio)}{interval}, {format_count(compared.pairs, 'pair')}"
    )


def _ratio(step: BisectStep) -> str:
    return "" if step.ratio is None else format_change(step.ratio)
