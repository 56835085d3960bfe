"""Two sides measured in turn: which tests are slower, and how sure that is."""

from collections.abc import Sequence

from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.metric import CPU
from lapwing.model.paired import Confirmation, PairedComparison
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.units import format_change, format_count, format_duration, format_share

_SECTIONS = (
    ("slower", "regressions", ChangeVerdict.REGRESSED),
    ("faster", "improvements", ChangeVerdict.IMPROVED),
    ("cannot tell", "cannot-tell", ChangeVerdict.CANNOT_TELL),
    ("not changed", "unchanged", ChangeVerdict.UNCHANGED),
)
_TONES = {
    ChangeVerdict.REGRESSED: Tone.BAD,
    ChangeVerdict.IMPROVED: Tone.GOOD,
    ChangeVerdict.UNCHANGED: Tone.GOOD,
    ChangeVerdict.CANNOT_TELL: Tone.UNSURE,
}
_COLUMNS = (
    Column("test"),
    Column("clock"),
    Column("A", is_number=True),
    Column(""),
    Column("B", is_number=True),
    Column("change", is_number=True),
    Column("how sure"),
)


def confirmation_page(confirmation: Confirmation) -> Page:
    """The answer of `lapwing confirm`."""
    sections = [
        section
        for title, slug, verdict in _SECTIONS
        if (
            section := _section(title, slug, [each for each in confirmation.tests if each.verdict == verdict])
        )
    ]
    a, b = confirmation.a, confirmation.b
    commit = f" ({a.commit[:10]})" if a.commit else ""
    pairs = format_count(confirmation.pairs, "pair")
    how = [
        f"A is {a.name}{commit}, B is {b.name}; {pairs} of fresh processes, in turn",
        f"changes under {format_share(confirmation.negligible)} count as none; a test that did not change "
        f"is called changed at most {format_share(confirmation.error)} of the time",
    ]
    sections.append(Section(title="", slug="how", sentences=("", *how, *confirmation.notes)))
    return Page(
        title="confirm",
        verdict=_verdict(confirmation.tests),
        tone=_TONES[confirmation.verdict],
        sections=tuple(sections),
        hints=_hints(confirmation),
    )


def _deciding(compared: PairedComparison) -> Comparison:
    """The clock that shows the verdict: the first that has it, else the first. Raises IndexError of none."""
    same = [each for each in compared.comparisons if each.verdict is compared.verdict]
    return (same or list(compared.comparisons))[0]


def _section(title: str, slug: str, tests: Sequence[PairedComparison]) -> Section | None:
    if not tests:
        return None
    measured = [each for each in tests if each.comparisons]
    rows = tuple(_row(each) for each in sorted(measured, key=lambda each: -_deciding(each).ratio))
    untold = [f"{each.subject}: {each.reason}" for each in tests if not each.comparisons]
    return Section(
        title=title,
        slug=slug,
        sentences=(format_count(len(tests), "test"), *untold),
        table=Table(columns=_COLUMNS, rows=rows, shows_titles=False) if rows else None,
    )


def _row(compared: PairedComparison) -> tuple[str, ...]:
    main = _deciding(compared)
    parts = (
        [_interval(main)] if main.interval is not None and not compared.reason.startswith("it may") else []
    )
    parts += [compared.reason] if compared.reason else []
    parts += [compared.severity.value] if compared.severity != Severity.NONE else []
    return (
        compared.subject,
        "CPU" if main.metric == CPU.name else "wall",
        format_duration(main.before),
        "→",
        format_duration(main.after),
        format_change(main.ratio),
        ", ".join(parts),
    )


def _interval(comparison: Comparison) -> str:
    assert comparison.interval is not None
    low, high = comparison.interval
    return f"{format_change(low)} to {format_change(high)}"


def _verdict(tests: Sequence[PairedComparison]) -> str:
    counts = [
        f"{count} {word}"
        for word, verdict in (
            ("slower", ChangeVerdict.REGRESSED),
            ("faster", ChangeVerdict.IMPROVED),
            ("cannot be told", ChangeVerdict.CANNOT_TELL),
            ("not changed", ChangeVerdict.UNCHANGED),
        )
        if (count := sum(each.verdict is verdict for each in tests))
    ]
    return f"of {format_count(len(tests), 'test')} {', '.join(counts)}"


def _hints(confirmation: Confirmation) -> tuple[str, ...]:
    slower = [each for each in confirmation.tests if each.verdict is ChangeVerdict.REGRESSED]
    if slower and confirmation.a.commit:
        worst = max(slower, key=lambda each: _deciding(each).ratio)
        return (
            f"the commit that did it: lapwing bisect '{worst.nodeid}' --good {confirmation.a.commit[:10]}",
        )
    return ()
