"""What changed, as sections: regressions, improvements and what could not be told."""

from collections.abc import Sequence

from lapwing.model.cause import cause_in
from lapwing.model.changed_metadata import changed_metadata_in
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.metric import COUNTER_PREFIX, CPU, WALL, Unit, measured_name, words_of
from lapwing.model.renewed_tests import renewed_tests
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.amounts import count_text
from lapwing.report.pages.wording import sentence
from lapwing.units import format_change, format_count, format_duration, format_size

_CLOCKS = (WALL.name, CPU.name)

SECTIONS = (
    ("slower", "regressions", ChangeVerdict.REGRESSED),
    ("faster", "improvements", ChangeVerdict.IMPROVED),
    ("worth a look", "cannot-tell", ChangeVerdict.CANNOT_TELL),
)
"""Title, slug and verdict of the sections about changes, in their order."""

_SUM_ORDER = (
    ChangeVerdict.REGRESSED,
    ChangeVerdict.CANNOT_TELL,
    ChangeVerdict.IMPROVED,
    ChangeVerdict.UNCHANGED,
)

_COLUMNS = (
    Column("test"),
    Column("before", is_number=True),
    Column(""),
    Column("after", is_number=True),
    Column("change", is_number=True),
    Column("how sure"),
)


def by_verdict(judgment: RunComparison, verdict: ChangeVerdict) -> list[Comparison]:
    """The comparisons of `verdict`, the worst first: of each test one of its times (the wall clock's if it
    has it), one of its memory, and each of its counters.

    Of what cannot be told only those that are worth a look.
    """
    best: dict[tuple[str, str, str], Comparison] = {}
    for comparison in judgment.comparisons:
        if comparison.verdict != verdict:
            continue
        if verdict == ChangeVerdict.CANNOT_TELL and not comparison.worth_a_look:
            continue
        is_count = comparison.metric.startswith(COUNTER_PREFIX)
        name = comparison.metric if is_count else measured_name(comparison.metric)
        key = comparison.nodeid, comparison.unit, name
        known = best.get(key)
        if known is None or _rank(comparison) < _rank(known):
            best[key] = comparison
    sign = 1 if verdict == ChangeVerdict.IMPROVED else -1
    return sorted(best.values(), key=lambda each: (each.unit != Unit.NS, sign * (each.after - each.before)))


def change_section(title: str, slug: str, comparisons: Sequence[Comparison], most: int) -> Section | None:
    """A section with one row per change, at most `most`; None where there is none."""
    if not comparisons:
        return None
    rows = tuple(
        (
            subject_text(each),
            show_value(each, each.before),
            "→",
            show_value(each, each.after),
            format_change(each.ratio),
            _sureness(each),
        )
        for each in comparisons[:most]
    )
    more = len(comparisons) - most
    count = format_count(len({each.nodeid for each in comparisons}), "test")
    said = f"{count}, {more} not shown" if more > 0 else count
    return Section(
        title=title,
        slug=slug,
        sentences=(said,),
        table=Table(columns=_COLUMNS, rows=rows, shows_titles=False),
    )


def sums_section(judgment: RunComparison, most: int, *, is_sure: bool = False) -> Section | None:
    """What changed as a whole, the worst first: suite, folders, categories, fixtures, modules.

    With `is_sure` only what surely did.
    """
    sums = [each for each in judgment.suite if each.verdict != ChangeVerdict.UNCHANGED]
    if is_sure:
        sums = [each for each in sums if each.verdict != ChangeVerdict.CANNOT_TELL]
    sums.sort(key=lambda each: (_SUM_ORDER.index(each.verdict), each.before - each.after))
    section = change_section("sums", "sums", sums, most)
    if section is None or section.table is None:
        return None
    more = f", {len(sums) - most} not shown" if len(sums) > most else ""
    unsure = sum(each.verdict == ChangeVerdict.CANNOT_TELL for each in sums)
    sure = len(sums) - unsure
    parts = (
        f"{sure} changed as a whole" if sure else "",
        f"{unsure} may have changed as a whole" if unsure else "",
    )
    return section._replace(
        sentences=(f"{'; '.join(filter(None, parts))}{more}",),
        table=section.table._replace(columns=(Column("what"), *_COLUMNS[1:])),
    )


def side_sentences(judgment: RunComparison) -> tuple[str, ...]:
    """What the machine did, and which tests are on one side only."""
    return tuple(filter(None, (machine_sentence(judgment), _coverage_sentence(judgment))))


def one_side_text(judgment: RunComparison) -> str:
    """How many tests are on one side only; "" where all are on both.

    Of a test whose parameters changed, some cases are new and others gone: that is said, too.
    """
    new, gone = len(judgment.new_tests), len(judgment.gone_tests)
    renewed = len(renewed_tests(judgment.new_tests, judgment.gone_tests))
    parts = [
        f"{new:,} new, not in the baseline" if new else "",
        f"{gone:,} of the baseline did not run or pass" if gone else "",
        f"{format_count(renewed, 'test')} with other parameters than in the baseline" if renewed else "",
    ]
    return "; ".join(filter(None, parts))


def _coverage_sentence(judgment: RunComparison) -> str:
    apart = one_side_text(judgment)
    if not apart:
        return ""
    both = format_count(len({each.nodeid for each in judgment.comparisons}), "test")
    return f"tests: {both} compared; {apart}"


def subject_text(comparison: Comparison) -> str:
    """Whom a comparison is about, and of what where it is not a test's wall time."""
    what = words_of(comparison.metric)
    return f"{comparison.nodeid} ({what})" if what else comparison.nodeid


def why_lines(comparisons: Sequence[Comparison], factor: float | None, most: int) -> tuple[str, ...]:
    """One sentence per change: before, after, how sure."""
    return tuple(f"{subject_text(each)}: {sentence(each, factor)}" for each in comparisons[:most])


def show_value(comparison: Comparison, value: float) -> str:
    """`value` in the unit of `comparison`, for people."""
    if comparison.unit == "ns":
        return format_duration(value)
    return format_size(value) if comparison.unit == "bytes" else count_text(value)


def machine_sentence(judgment: RunComparison) -> str:
    """What the machine did, and against what was judged."""
    factor = judgment.machine_factor
    if factor is None:
        machine = "its speed cannot be told from this run"
    elif abs(factor - 1) < 0.02:
        machine = "as fast as in the baseline"
    else:
        machine = f"tests like these took {factor:.2f}× as long as in the baseline, already taken out"
    runs = format_count(judgment.baseline_runs, "run")
    few = "; with fewer than 5 runs the suite's usual noise stands in for each test's own"
    return (
        f"machine: {machine}; baseline: {judgment.baseline_why} "
        f"({runs}{few if judgment.baseline_runs < 5 else ''})"
    )


def _sureness(comparison: Comparison) -> str:
    """Interval and severity in few words; of what cannot be told, the reason."""
    if comparison.verdict == ChangeVerdict.CANNOT_TELL and comparison.reason:
        return comparison.reason
    parts = []
    if comparison.interval is not None:
        low, high = comparison.interval
        parts.append(f"{format_change(low)} to {format_change(high)}")
    if comparison.severity != Severity.NONE:
        parts.append(comparison.severity.value)
    elif comparison.worth_a_look:
        parts.append("worth a look")
    parts += filter(None, (cause_in(comparison.reason), changed_metadata_in(comparison.reason)))
    return ", ".join(parts)


def _rank(comparison: Comparison) -> tuple[int, float]:
    order = _CLOCKS.index(comparison.metric) if comparison.metric in _CLOCKS else len(_CLOCKS)
    return order, -abs(comparison.after - comparison.before)
