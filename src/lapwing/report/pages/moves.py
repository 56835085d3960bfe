"""Trends of a suite and its parts."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.history import MachineStep
from lapwing.model.trend import SubjectMove, SuiteMoves
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.chance import chance_text
from lapwing.report.pages.moment import local_day
from lapwing.report.pages.subject_history import machine_step_sentence, trend_sentence
from lapwing.units import format_change, format_count, format_duration

_SURE: Final = 0.05
_FEWEST: Final = 6  # runs under which no trend is told


def moves_page(moves: SuiteMoves, machine: Sequence[MachineStep], *, most: int) -> Page:
    """The suite's trend, then folders, categories and tests with a sure one, then the machine."""
    runs = format_count(len(moves.runs), "run")
    span = f"{runs}, {local_day(moves.first_at_ns)} to {local_day(moves.last_at_ns)}"
    suite = moves.suite
    if suite is None or suite.trend.runs < _FEWEST:
        said, tone = f"Too few runs to tell a trend: {span}; it takes {_FEWEST}.", Tone.UNSURE
    else:
        said = f"The suite: {trend_sentence(suite.trend)}; {span}."
        is_sure = suite.trend.p <= _SURE
        tone = Tone.PLAIN if not is_sure else Tone.BAD if suite.trend.ratio > 1 else Tone.GOOD
    sections = [
        _section("Suite", "suite", () if suite is None else (suite,), most, only_sure=False),
        _section("Folders", "folders", moves.folders, most, only_sure=False),
        _section("Categories", "categories", moves.categories, most, only_sure=False),
        _tests(moves, most),
        Section(
            title="Machine",
            slug="machine",
            sentences=tuple(map(machine_step_sentence, machine))
            or ("No lasting change of its speed; its ups and downs are taken out.",),
        ),
    ]
    return Page(title="trend", verdict=said, tone=tone, sections=tuple(sections))


def _tests(moves: SuiteMoves, most: int) -> Section:
    section = _section("Tests", "tests", moves.tests, most, only_sure=True)
    if moves.looked_at == moves.all_tests:
        return section
    note = f"Of {format_count(moves.all_tests, 'test')} the longest {moves.looked_at} were looked at."
    return section._replace(sentences=(*section.sentences, note))


def _section(
    title: str, slug: str, subjects: Sequence[SubjectMove], most: int, *, only_sure: bool
) -> Section:
    told = [each for each in subjects if each.trend.runs >= _FEWEST and (not only_sure or each.q <= _SURE)]
    if not told:
        said = "No trend that can be told from chance." if subjects else "Nothing to tell."
        return Section(title=title, slug=slug, sentences=(said,))
    per = "a week" if told[0].trend.is_weekly else "run to run"
    columns = (
        Column(per, is_number=True),
        Column("interval", is_number=True),
        Column("chance"),
        Column("p50", is_number=True),
        Column("p95", is_number=True),
        Column("p99", is_number=True),
        Column("now", is_number=True),
        Column(told[0].kind),
    )
    count = len(told)
    shown = f"the first {most} of {count}" if count > most else str(count)
    said = f"{shown}, what costs most first" if count > 1 else ""
    return Section(
        title=title,
        slug=slug,
        sentences=(said,) if said else (),
        table=Table(columns, tuple(map(_row, told[:most]))),
    )


def _row(move: SubjectMove) -> tuple[str, ...]:
    trend = move.trend
    low, high = map(format_change, trend.interval)
    return (
        format_change(trend.ratio),
        f"{low} to {high}",
        chance_text(trend.p).removesuffix(" by chance") if trend.p <= _SURE else "none told",
        format_duration(trend.p50),
        format_duration(trend.p95),
        format_duration(trend.p99),
        format_duration(trend.last),
        move.name,
    )
