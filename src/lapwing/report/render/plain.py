"""A page as plain text: for pytest's own terminal writer, pipes and logs."""

from collections.abc import Iterator

from lapwing.report.harmless import harmless
from lapwing.report.page import Page, Section, Table
from lapwing.report.render.split_names import split_names

_GAP = "  "


def render_plain(page: Page, width: int = 80) -> str:
    """The page as lines of text ended by a newline. Only names longer than `width` exceed it."""
    return "\n".join(plain_lines(page, width)) + "\n"


def plain_lines(page: Page, width: int = 80, *, stacks: bool = False) -> Iterator[str]:
    """The lines of the page, its title apart.

    With `stacks` the names of a table that is too wide stand below their rows; without, a row stays
    one line, as who searches a log wants it.
    """
    yield from _wrapped(page.verdict, width, "")
    for section in page.sections:
        yield from section_lines(section, width, stacks=stacks)
    for hint in page.hints:
        yield from _wrapped(hint, width, "")


def section_lines(section: Section, width: int, *, stacks: bool = False) -> Iterator[str]:
    """One section: its title before the first sentence, drawing and table indented below."""
    title = f"{section.title}: " if section.title else ""
    first, *rest = section.sentences or ("",)
    yield from _wrapped((title + first).rstrip(), width, _GAP)
    for sentence in rest:
        for line in _wrapped(sentence, width - 2, _GAP):
            yield _GAP + line
    for line in section.drawing:
        yield _GAP + harmless(line)
    if section.table is not None:
        lines = [*table_lines(section.table)]
        is_too_wide = stacks and any(len(line) > width for line in lines)
        yield from (_stacked_lines(section.table, width) if is_too_wide else lines)


def table_lines(table: Table) -> Iterator[str]:
    """The rows of a table, columns in line, without rules. Titles only where there are any."""
    rows = [tuple(harmless(cell) for cell in row) for row in table.rows]
    if table.shows_titles and any(column.title for column in table.columns):
        rows.insert(0, tuple(column.title for column in table.columns))
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(len(table.columns))]
    for row in rows:
        cells = [
            cell.rjust(size) if column.is_number else cell.ljust(size)
            for cell, size, column in zip(row, widths, table.columns, strict=True)
        ]
        yield (_GAP + _GAP.join(cells)).rstrip()


def _stacked_lines(table: Table, width: int) -> Iterator[str]:
    """The rows without their names, each name that does not fit behind its row on a line below.

    Below that, with their titles, texts for which there is no room in the rows either.
    """
    apart = split_names(table, lambda rest: max(map(len, table_lines(rest))) <= width)
    if apart is None:
        yield from table_lines(table)
        return
    lines = [*table_lines(apart.others)]
    header = len(lines) - len(apart.names)
    yield from lines[:header]
    widest = max(map(len, lines[header:]))
    for line, name, more in zip(lines[header:], map(harmless, apart.names), apart.more, strict=True):
        whole = f"{line.ljust(widest)}{_GAP}{name}"
        if apart.are_last and len(whole) <= width:
            yield whole.rstrip()
            continue
        yield line
        for text in (name, *map(harmless, more)):
            if text:
                yield _GAP * 2 + text


def _wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    """`text` broken at spaces to `width`; further lines begin with `indent`. Words stay whole."""
    line = ""
    for word in harmless(text).split(" "):
        if line.strip() and len(line) + 1 + len(word) > width:
            yield line
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    yield line
