"""A page as HTML: fragments that a document or a server's page takes in.

Everything is said by elements that need neither script nor style: headings, sentences, tables, drawings as
SVG. Scripts, where they may run, sort tables, search a list of all tests and draw the timeline in full;
what they need for it stands in data blocks, which are not executed. Names from outside go through
`markup.escaped`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from lapwing.report.chart import Chart, FlameChart, TimelineChart
from lapwing.report.charts.draw import drawn
from lapwing.report.charts.legend import legend
from lapwing.report.charts.twin import twin
from lapwing.report.markup import beginning, breakable, element, escaped, script_data
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.render.html_data import NamePool, test_list_data, timeline_data
from lapwing.report.test_list import TestList

_SIGN: Final = {Tone.GOOD: "✔", Tone.BAD: "✘", Tone.UNSURE: "?", Tone.PLAIN: "•"}
Link = Callable[[str, str], str | None]
"""Where a cell leads to, by the title of its column and its text; None for nowhere."""

_ROLES: Final = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}
_NAMING: Final = (
    *("test", "run", "name", "what", "fact", "phase", "fixture", "module", "folder", "suite", "category"),
    "",
)
"""Titles of columns that say what a row is about, the surest first."""

_LONG: Final = 600
"""Letters: more than a sentence of ours has. Names of tests with large parameters have thousands."""

_FIRST_TESTS: Final = 200  # of a list of all tests, how many can be read without scripts


def render_fragment(page: Page, *, level: int = 1, link: Link | None = None) -> str:
    """The page without a frame, its title a heading of `level`, sections one level below.

    With `link`, cells of tables lead on: on a server there are pages to go to.
    """
    return "\n".join(_lines(page, level, link)) + "\n"


def section_html(
    section: Section, *, level: int = 2, names: NamePool | None = None, link: Link | None = None
) -> str:
    """One section; `names` gathers the node ids of its data blocks, which the caller writes afterwards."""
    pool = NamePool() if names is None else names
    return element(
        "section",
        {"class": "lw-section", "id": section.slug or None},
        *(f"{line}\n" for line in _section_lines(section, level, pool, link)),
    )


def verdict_html(sentence: str, tone: Tone) -> str:
    """The verdict; its tone is told by a sign besides its color."""
    sign = element("span", {"class": "lw-sign", "aria-hidden": "true"}, _SIGN[tone])
    return element("p", {"class": f"lw-verdict lw-{tone.value}"}, sign, " ", escaped(sentence))


def table_html(table: Table, caption: str = "", link: Link | None = None) -> str:
    """A table whose columns scripts can sort. Its box can be scrolled, with keys, too.

    With `link`, cells carry the title of their column: where a screen is narrow each row is a card, and what
    is a table is told by roles, which styles do not take away.
    """
    roles = _ROLES if link is not None else {}
    head = "".join(_title_cell(column, roles) for column in table.columns)
    name = _name_place(table.columns)
    begun = [
        beginning("td", _cell(column, place == name, link)) for place, column in enumerate(table.columns)
    ]
    rows = "".join(
        [
            element("tr", _role(roles, "tr"), *_cells(row, table.columns, begun, name, link)) + "\n"
            for row in table.rows
        ]
    )
    named = element("caption", {}, escaped(caption)) if caption else ""
    whole = element(
        "table",
        {"class": "lw-table" if link is None else "lw-table lw-cards", **_role(roles, "table")},
        named,
        element("thead", _role(roles, "thead"), element("tr", _role(roles, "tr"), head))
        if any(column.title for column in table.columns)
        else "",
        element("tbody", _role(roles, "tbody"), rows),
    )
    box: dict[str, str | float | None] = {
        "class": "lw-scroll",
        "tabindex": "0",
        "role": "region",
        "aria-label": caption or "Table",
    }
    return element("div", box, whole)


def chart_html(chart: Chart, *, names: NamePool | None = None) -> str:
    """The drawing, its sentence, and folded below it its numbers.

    With `names` a timeline carries its spans as data, too, in which node ids are numbers of `names`.
    """
    numbers = twin(chart)
    title = element("figcaption", {}, escaped(chart.title)) if chart.title else ""
    said = element("p", {"class": "lw-said"}, escaped(chart.sentence))
    folded = ""
    if numbers.rows:
        summary = element("summary", {}, "The numbers as a table")
        folded = element("details", {}, summary, table_html(numbers, chart.title or chart.sentence))
    kind, data = "flame" if isinstance(chart, FlameChart) else None, ""
    if isinstance(chart, TimelineChart) and names is not None:
        kind, data = "timeline", _data_block("timeline", script_data(timeline_data(chart, names)))
    frame: dict[str, str | float | None] = {"class": "lw-figure", "data-lw-chart": kind}
    return element("figure", frame, title, drawn(chart), _legend(chart), said, folded, data)


def _legend(chart: Chart) -> str:
    entries = legend(chart)
    items = (element("li", {}, sign, escaped(words)) for sign, words in entries)
    return element("ul", {"class": "lw-legend"}, *items) if entries else ""


def names_html(names: NamePool) -> str:
    """The data block with the names that other blocks speak of by number; none where there are no names."""
    return _data_block("names", script_data(names.data())) if names else ""


def _lines(page: Page, level: int, link: Link | None) -> Iterator[str]:
    names = NamePool()
    if page.title:
        yield element(f"h{level}", {}, _held(page.title, breakable(page.title)))
    yield verdict_html(page.verdict, page.tone)
    for section in page.sections:
        yield section_html(section, level=level + 1, names=names, link=link)
    if page.hints:
        yield element("ul", {"class": "lw-hints"}, *(element("li", {}, escaped(hint)) for hint in page.hints))
    yield names_html(names)


def _section_lines(section: Section, level: int, names: NamePool, link: Link | None) -> Iterator[str]:
    if section.title:
        yield element(f"h{level}", {}, escaped(section.title))
    if section.sentences:
        first, *others = section.sentences
        yield element("p", {}, _held(first, escaped(first)))
        if others:
            yield element("ul", {}, *(element("li", {}, _held(other, escaped(other))) for other in others))
    for chart in section.charts:
        yield chart_html(chart, names=names)
    if section.drawing and not section.charts:
        yield element("pre", {"tabindex": "0"}, "\n".join(escaped(line) for line in section.drawing))
    if section.table is not None and section.table.rows:
        yield table_html(section.table, section.title, link)
    if section.tests is not None:
        yield _test_list(section.tests, names)


def _test_list(tests: TestList, names: NamePool) -> str:
    """The first tests as a table, and all of them as data for the scripts that sort and search."""
    from lapwing.report.charts.scale import shown

    columns = (
        *(Column(column.title, is_number=True) for column in tests.numbers),
        *(Column(column.title) for column in tests.words),
        Column("test"),
    )
    rows = []
    for at, nodeid in enumerate(tests.nodeids[:_FIRST_TESTS]):
        numbers = [
            "–" if (value := column.values[at]) is None else shown(value, column.scale)
            for column in tests.numbers
        ]
        rows.append((*numbers, *(column.values[at] for column in tests.words), nodeid))
    left = len(tests.nodeids) - len(rows)
    more = ""
    if left:
        said = f"Without scripts the first {len(rows):,} of {len(tests.nodeids):,} tests are shown."
        more = element("p", {"class": "lw-without-scripts"}, said)
    data = _data_block("tests", script_data(test_list_data(tests, names)))
    table = table_html(Table(columns, tuple(rows)), "All tests")
    return element("div", {"data-lw-list": "tests"}, more, table, data)


def _role(roles: Mapping[str, str], name: str) -> dict[str, str | float | None]:
    return {"role": roles.get(name)}


def _title_cell(column: Column, roles: Mapping[str, str]) -> str:
    attributes: dict[str, str | float | None] = {
        "scope": "col",
        "class": "lw-number" if column.is_number else None,
    }
    # An empty heading tells a screen reader nothing.
    name = "th" if column.title else "td"
    return element(
        name, {**(attributes if column.title else {}), **_role(roles, name)}, escaped(column.title)
    )


def _cell(column: Column, is_name: bool, link: Link | None) -> dict[str, str | float | None]:
    """The attributes of a column's cells."""
    if link is None:
        return {"class": "lw-number" if column.is_number else None}
    kind = "lw-number" if column.is_number else "lw-name" if is_name else None
    return {"class": kind, "role": "cell", "data-label": column.title or None}


def _cells(
    row: Sequence[str], columns: Sequence[Column], begun: Sequence[str], name: int, link: Link | None
) -> Iterator[str]:
    """The cells of a row, which begin as those of their columns do; of the column `name` lines may break."""
    for place, (cell, column, begins) in enumerate(zip(row, columns, begun, strict=True)):
        target = link(column.title, cell) if link is not None and cell else None
        shown = _held(cell, breakable(cell) if place == name else escaped(cell))
        if target is not None:
            shown = element("a", {"href": target}, shown)
        yield f"{begins}{shown}</td>"


def _held(text: str, shown: str) -> str:
    """`shown`, the markup of `text`, in a box of some lines where it would fill the screen."""
    return shown if len(text) <= _LONG else element("span", {"class": "lw-long"}, shown)


def _name_place(columns: Sequence[Column]) -> int:
    """Which column says what its row is about; -1 where none does."""
    places = {column.title: place for place, column in enumerate(columns) if not column.is_number}
    return next((places[title] for title in _NAMING if title in places), -1)


def _data_block(kind: str, data: str) -> str:
    return f'<script type="application/json" data-lw="{kind}">{data}</script>'
