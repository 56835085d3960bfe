"""The gate's answer: what is broken, limit beside value, worst first."""

from collections.abc import Callable, Sequence

from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison
from lapwing.model.decisive import is_decisive
from lapwing.model.metric import Unit
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.changes import (
    by_verdict,
    change_section,
    show_value,
    side_sentences,
    subject_text,
    why_lines,
)
from lapwing.units import format_change

_MOST = 50
_MOST_WHY = 5


def check_page(
    judgment: RunComparison, broken: Sequence[Comparison], *, limit_of: Callable[[Comparison], str]
) -> Page:
    """`broken` are the regressions that fail, `limit_of` tells over what each of them is."""
    sections: list[Section] = []
    if broken:
        rows = tuple(
            (
                subject_text(each),
                show_value(each, each.before),
                show_value(each, each.after),
                format_change(each.ratio),
                limit_of(each),
                each.severity.value,
            )
            for each in broken[:_MOST]
        )
        columns = (
            Column("test"),
            Column("baseline", is_number=True),
            Column("current", is_number=True),
            Column("increase", is_number=True),
            Column("limit", is_number=True),
            Column("severity"),
        )
        sections.append(Section(title="", slug="broken", table=Table(columns=columns, rows=rows)))
        why = why_lines(broken, judgment.machine_factor, _MOST_WHY)
        sections.append(Section(title="how sure", slug="why", sentences=("", *why)))
    unsure = [each for each in by_verdict(judgment, ChangeVerdict.CANNOT_TELL) if each.ratio > 1]
    look = change_section("worth a look", "cannot-tell", unsure, 10)
    if look is not None:
        sections.append(look)
    sections.append(Section(title="", slug="machine", sentences=side_sentences(judgment)))
    if broken:
        verdict, tone = f"FAILED: {_counted(broken)}", Tone.BAD
        hints: tuple[str, ...] = ("if this is meant: lapwing baseline update",)
    elif judgment.verdict == ChangeVerdict.REGRESSED:
        let_pass = [*by_verdict(judgment, ChangeVerdict.REGRESSED), *filter(is_decisive, judgment.suite)]
        verdict, tone, hints = f"passed: {_counted(let_pass)}, none of it critical", Tone.UNSURE, ()
    elif judgment.reason:
        verdict, tone, hints = f"cannot tell: {judgment.reason}", Tone.UNSURE, ()
    elif unsure or judgment.machine_factor is None:
        verdict, tone, hints = "passed: nothing surely slower than the baseline", Tone.UNSURE, ()
    else:
        verdict, tone, hints = "passed: nothing slower than the baseline", Tone.GOOD, ()
    return Page(title="check", verdict=verdict, tone=tone, sections=tuple(sections), hints=hints)


def _counted(worse: Sequence[Comparison]) -> str:
    """How many became slower, and how many take more memory."""
    slower = sum(each.unit == Unit.NS for each in worse)
    parts = [
        f"{slower} slower than the baseline" if slower else "",
        f"{len(worse) - slower} with more memory" if slower < len(worse) else "",
    ]
    return ", ".join(filter(None, parts))
