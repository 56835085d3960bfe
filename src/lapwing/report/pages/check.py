"""The gate's answer, read in ten seconds: what is broken, limit beside value, worst first."""

from collections.abc import Iterable, Sequence
from typing import Final

from lapwing.model.budget import JudgedBudget
from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.model.gate import Breach, GateAnswer, Guard
from lapwing.model.metric import Unit
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.amounts import amount_text
from lapwing.report.pages.changes import by_verdict, change_section, side_sentences, subject_text
from lapwing.report.pages.wording import sentence
from lapwing.units import format_change, format_count, format_share

_MOST: Final = 50
_MOST_WHY: Final = 5
_MOST_NEAR: Final = 10

_COLUMNS: Final = (
    Column("test"),
    Column("baseline", is_number=True),
    Column("current", is_number=True),
    Column("increase", is_number=True),
    Column("limit", is_number=True),
    Column("severity"),
    Column("category"),
    Column("set by"),
)
_WORDS: Final = {
    Guard.BUDGET: "over budget",
    Guard.DEADLINE: "over the deadline",
    Guard.REGRESSION: "slower than the baseline",
    Guard.SUITE: "the suite over its budget",
    Guard.SLOW_TESTS: "more slow tests",
    Guard.N_PLUS_ONE: "with new N+1 queries",
    Guard.LEAK: "with a new leak",
    Guard.LOAD: "under load over its limit",
}
_SINGULAR: Final = (Guard.SUITE, Guard.SLOW_TESTS)


def check_page(answer: GateAnswer) -> Page:
    """Verdict, what fails and why, what nearly does, what cannot be told, and what to do."""
    judgment = answer.comparison
    sections = [
        *_broken("", "broken", answer.breaches),
        *_why(answer.breaches, judgment),
        *_broken("let pass, as asked", "let-pass", answer.tolerated),
        *_near(answer.near),
    ]
    unsure = []
    if judgment is not None:
        unsure = [each for each in by_verdict(judgment, ChangeVerdict.CANNOT_TELL) if each.ratio > 1]
        look = change_section("worth a look", "cannot-tell", unsure, 10)
        sections += [look] if look is not None else []
    if answer.unknown:
        first, *rest = answer.unknown
        sections.append(Section(title="cannot tell", slug="unknown", sentences=(first, *rest)))
    if answer.notes:
        sections.append(Section(title="", slug="notes", sentences=answer.notes))
    if judgment is not None:
        sections.append(Section(title="", slug="machine", sentences=side_sentences(judgment)))
    verdict, tone = _verdict(answer, bool(unsure))
    return Page(
        title="check",
        verdict=verdict,
        tone=tone,
        sections=tuple(sections),
        hints=tuple(dict.fromkeys(each.mend for each in answer.breaches if each.mend)),
    )


def counted_text(breaches: Iterable[Breach]) -> str:
    """How many of what is broken: `2 over budget, 1 slower than the baseline`."""
    counts: dict[str, int] = {}
    for each in breaches:
        words = _WORDS[each.guard]
        if each.guard is Guard.REGRESSION and each.unit is not Unit.NS:
            words = "with more memory" if each.unit is Unit.BYTES else "worse in a metric of its own"
        elif each.guard is Guard.SUITE and each.subject != "suite":
            words = "over the budget of a package"
        counts[words] = counts.get(words, 0) + 1
    singular = {_WORDS[guard] for guard in _SINGULAR}
    return ", ".join(words if words in singular else f"{count} {words}" for words, count in counts.items())


def limit_text(breach: Breach) -> str:
    """Over what it is: a limit, or a share of the baseline."""
    if breach.limit is None:
        share = 1 + (breach.limit_share or 0.0)
        has_fallen = breach.ratio is not None and breach.ratio < 1  # what is better the higher it is
        return format_change(1 / share if has_fallen else share)
    by_hand = " by hand" if breach.guard is Guard.REGRESSION else ""
    return amount_text(breach.limit, breach.unit) + by_hand


def _verdict(answer: GateAnswer, is_unsure: bool) -> tuple[str, Tone]:
    judgment = answer.comparison
    if answer.breaches:
        return f"FAILED: {counted_text(answer.breaches)}", Tone.BAD
    if answer.tolerated:
        mild = all(each.guard is Guard.REGRESSION for each in answer.tolerated)
        why = "none of it critical" if mild and answer.severity == "critical" else "let pass as asked"
        return f"passed: {counted_text(answer.tolerated)}, {why}", Tone.UNSURE
    if answer.run is None:
        return "passed: load tests keep their limits; no run of tests is recorded", Tone.UNSURE
    kept = f"{format_count(answer.tests, 'test')} within budget"
    if judgment is None:
        return f"passed: {kept}; regressions cannot be told without a baseline", Tone.UNSURE
    if judgment.reason:
        said = "" if judgment.reason.startswith("cannot tell") else "cannot tell: "
        return f"{said}{judgment.reason}; {kept}", Tone.UNSURE
    if is_unsure or judgment.machine_factor is None:
        return f"passed: nothing surely slower than the baseline, {kept}", Tone.UNSURE
    return f"passed: nothing slower than the baseline, {kept}", Tone.GOOD


def _broken(title: str, slug: str, breaches: Sequence[Breach]) -> Iterable[Section]:
    if not breaches:
        return
    more = len(breaches) - _MOST
    sentences = (f"{format_count(more, 'more')[:-1]} not shown",) if more > 0 else ()
    rows = tuple(map(_row, breaches[:_MOST]))
    used = [at for at in range(len(_COLUMNS)) if any(row[at] for row in rows)]
    table = Table(
        columns=tuple(_COLUMNS[at] for at in used),
        rows=tuple(tuple(row[at] for at in used) for row in rows),
    )
    yield Section(title=title, slug=slug, sentences=sentences, table=table)


def _row(breach: Breach) -> tuple[str, ...]:
    what = "deadline" if breach.guard is Guard.DEADLINE else breach.what
    return (
        f"{breach.subject} ({what})" if what else breach.subject,
        "" if breach.baseline is None else amount_text(breach.baseline, breach.unit),
        amount_text(breach.current, breach.unit),
        "" if breach.ratio is None else format_change(breach.ratio),
        limit_text(breach),
        breach.severity.value,
        breach.category,
        breach.origin,
    )


def _why(breaches: Sequence[Breach], judgment: RunComparison | None) -> Iterable[Section]:
    """Interval and chance of the worst regressions, and what is to be said of the other breaches."""
    comparisons = {}
    factor = None
    if judgment is not None:
        factor = judgment.machine_factor
        comparisons = {subject_text(each): each for each in (*judgment.comparisons, *judgment.suite)}
    lines = []
    shared: dict[str, list[str]] = {}
    for breach in breaches:
        subject = f"{breach.subject} ({breach.what})" if breach.what else breach.subject
        compared = comparisons.get(subject) if breach.guard is Guard.REGRESSION else None
        if compared is not None:
            lines.append(f"{subject}: {sentence(compared, factor)}")
        elif breach.reason:
            shared.setdefault(breach.reason, []).append(subject)
    for reason, subjects in shared.items():
        more = f" and {format_count(len(subjects) - 1, 'other')}" if len(subjects) > 1 else ""
        lines.append(f"{subjects[0]}{more}: {reason}")
    if lines:
        yield Section(title="how sure", slug="why", sentences=("", *lines[:_MOST_WHY]))


def _near(near: Sequence[JudgedBudget]) -> Iterable[Section]:
    if not near:
        return
    rows = tuple(
        (
            each.nodeid or "suite",
            amount_text(each.value or 0, each.budget.unit),
            amount_text(each.budget.limit, each.budget.unit),
            format_share(each.used),
            each.category,
            each.budget.origin,
        )
        for each in near[:_MOST_NEAR]
    )
    columns = (
        Column("test"),
        Column("current", is_number=True),
        Column("limit", is_number=True),
        Column("used", is_number=True),
        Column("category"),
        Column("set by"),
    )
    more = len(near) - _MOST_NEAR
    said = format_count(len(near), "test") + (f", {more} not shown" if more > 0 else "")
    yield Section(
        title="nearly over budget", slug="near", sentences=(said,), table=Table(columns=columns, rows=rows)
    )
