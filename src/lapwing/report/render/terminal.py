"""A page for a terminal with colors, drawn by rich. Everything it says, it says in words too."""

from io import StringIO
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from lapwing.report.harmless import harmless
from lapwing.report.page import Page, Section, Table, Tone
from lapwing.report.render.split_names import split_names

_TONES: Final = {
    Tone.GOOD: "bold green",
    Tone.BAD: "bold red",
    Tone.UNSURE: "bold yellow",
    Tone.PLAIN: "bold",
}
_TITLE: Final = "bold cyan"
_GAP: Final = "  "
_NO_LIMIT: Final = 10_000
"""Columns in which every table has its natural width."""

_LONGEST: Final = 400
"""Characters of a cell or sentence that are shown: a name may have ten thousand."""


def render_terminal(page: Page, width: int) -> str:
    """The page as text with ANSI colors in lines of at most `width` characters."""
    buffer = StringIO()
    # The environment is left out of it: whether to color was decided by the caller.
    console = Console(
        file=buffer,
        force_terminal=True,
        width=width,
        color_system="standard",
        legacy_windows=False,
        _environ={},
    )
    console.print(_text(page.title, "dim"))
    console.print(_text(page.verdict, _TONES[page.tone]))
    for section in page.sections:
        _section(console, section)
    if page.hints:
        console.print()
    for hint in page.hints:
        console.print(_text(hint, "dim"))
    return buffer.getvalue()


def _section(console: Console, section: Section) -> None:
    """Title, first sentence, drawing, table; further sentences as items."""
    console.print()
    first, *items = section.sentences or ("",)
    head = Text(section.title, style=_TITLE)
    if first:
        head.append("  " if section.title else "", style="default").append(
            _cut(first), style="not bold default"
        )
    if head.plain:
        console.print(head)
    for item in items:
        bullet = RichTable.grid(padding=(0, 1, 0, 0))
        bullet.add_row("  •", _text(item))
        console.print(bullet)
    for line in section.drawing:
        console.print(Padding(Text(harmless(line), no_wrap=True, overflow="crop"), (0, 0, 0, 2)))
    if section.table is not None and section.table.rows:
        drawn = _table(section.table)
        if (
            console.measure(drawn, options=console.options.update(width=_NO_LIMIT)).maximum
            > console.width - 2
        ):
            drawn = _stacked(section.table, console.width - 2) or drawn
        console.print(Padding(drawn, (0, 0, 0, 2)))


def _stacked(table: Table, width: int) -> RichTable | None:
    """Each row's widest text below its other cells where it does not fit behind them, so that names are
    read and copied in one piece; below that, with their titles, texts for which there is no room either.

    None where there is nothing else in the rows.
    """
    apart = split_names(table, lambda rest: max(line.cell_len for line in _lines(_table(rest))) <= width)
    if apart is None:
        return None
    lines = _lines(_table(apart.others))
    header = len(lines) - len(table.rows)
    stack = RichTable.grid()
    for line in lines[:header]:
        stack.add_row(line)
    widest = max(line.cell_len for line in lines[header:])
    for line, name, more in zip(lines[header:], map(_text, apart.names), apart.more, strict=True):
        if apart.are_last and name.plain and widest + len(_GAP) + name.cell_len <= width:
            stack.add_row(Text.assemble(line, " " * (widest - line.cell_len), _GAP, name))
            continue
        stack.add_row(line)
        for text in (name, *(_text(each, "dim") for each in more)):
            if text.plain:
                stack.add_row(Padding(text, (0, 0, 0, 2)))
    return stack


def _lines(table: RichTable) -> list[Text]:
    """The drawn lines of a table none of whose cells needs two."""
    console = Console(file=StringIO(), width=_NO_LIMIT, legacy_windows=False, _environ={})
    return [
        Text.assemble(*((part.text, part.style or "") for part in line))
        for line in console.render_lines(table, pad=False)
    ]


def _table(table: Table) -> RichTable:
    """Columns without rules; numbers are never broken, names are folded whole."""
    has_titles = table.shows_titles and any(column.title for column in table.columns)
    drawn = RichTable(
        box=None, show_header=has_titles, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False
    )
    for column in table.columns:
        drawn.add_column(
            Text(column.title),
            justify="right" if column.is_number else "left",
            no_wrap=column.is_number,
            overflow="fold",
        )
    for row in table.rows:
        drawn.add_row(*map(_text, row))
    return drawn


def _text(text: str, style: str = "") -> Text:
    return Text(_cut(text), style=style, overflow="fold")


def _cut(text: str) -> str:
    """Harmless, and the middle of what is far too long left out."""
    safe = harmless(text)
    if len(safe) <= _LONGEST:
        return safe
    half = _LONGEST // 2
    return f"{safe[:half]} … {safe[-half:]}"
