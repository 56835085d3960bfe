"""A neutral page: what is said, in which order, in no format. Renderers turn it into text."""

from enum import StrEnum
from typing import TYPE_CHECKING

from lapwing.model.value import Value

if TYPE_CHECKING:  # the summary after a test run shows pages, and has no need of either
    from lapwing.report.chart import Chart
    from lapwing.report.test_list import TestList


class Tone(StrEnum):
    """How a verdict is meant; never told by color alone, the words say it too."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    PLAIN = "plain"


class Column(Value):
    """A column of a table. Numbers stand to the right."""

    title: str
    is_number: bool = False


class Table(Value):
    """Rows of ready text, one cell per column. Cells may hold hostile names: renderers defuse them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    shows_titles: bool = True  # False: the cells speak for themselves where a format can do without


class Section(Value):
    """A part of a page: a sentence or more, then perhaps a drawing, then perhaps a table."""

    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    slug: str = ""  # stable name for machine formats and links
    drawing: tuple[str, ...] = ()  # lines of equal-width characters, to be shown as they are
    charts: tuple["Chart", ...] = ()  # for formats that can draw; sentences and table say the same without
    tests: "TestList | None" = None  # for formats with room for a whole suite


class Page(Value):
    """A whole page: verdict first, then the evidence, then what to do."""

    title: str
    verdict: str
    tone: Tone = Tone.PLAIN
    sections: tuple[Section, ...] = ()
    hints: tuple[str, ...] = ()  # what to do next
