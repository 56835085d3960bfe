"""A page as Markdown that fits into a place of a given size, however long its lists and names are."""

from typing import Final

from lapwing.report.page import Page, Section, Table
from lapwing.report.render.markdown import markdown_lines, render_markdown

JOB_SUMMARY: Final = 900_000
"""Bytes; GitHub refuses the whole summary of a step over 1 MiB."""

COMMENT: Final = 60_000
"""Bytes; GitHub refuses comments over 65,536 characters."""

ANNOTATION: Final = 900_000
"""Bytes; Buildkite refuses annotations over 1 MiB."""

_STEPS: Final = ((1_000, 1_000), (200, 500), (50, 300), (20, 160), (5, 80), (1, 40))  # rows, characters


def capped_markdown(page: Page, most_bytes: int, *, level: int = 1) -> str:
    """The page, with fewer rows and shorter texts until it fits; what is left out is counted."""
    for rows, characters in _STEPS:
        text = _within(_cut(page, rows, characters), most_bytes, level)
        if text is not None:
            return text
    only = Page(title=page.title[:40], verdict=page.verdict[:200], tone=page.tone)
    return render_markdown(only, level=level)


def _within(page: Page, most_bytes: int, level: int) -> str | None:
    """The page, or None from the first line on that is too much."""
    lines, size = [], 0
    for line in markdown_lines(page, level):
        size += len(line.encode("utf-8", "replace")) + 1
        if size > most_bytes:
            return None
        lines.append(line)
    return "\n".join(lines) + "\n"


def _cut(page: Page, rows: int, characters: int) -> Page:
    return page._replace(
        title=_short(page.title, characters),
        verdict=_short(page.verdict, characters),
        sections=tuple(_cut_section(each, rows, characters) for each in page.sections),
        hints=tuple(_short(each, characters) for each in page.hints[:rows]),
    )


def _cut_section(section: Section, rows: int, characters: int) -> Section:
    sentences = tuple(_short(each, characters) for each in section.sentences[: rows + 1])
    table, left = section.table, 0
    if table is not None:
        left = max(0, len(table.rows) - rows)
        table = Table(
            columns=table.columns,
            rows=tuple(tuple(_short(cell, characters) for cell in row) for row in table.rows[:rows]),
            shows_titles=table.shows_titles,
        )
    if left:
        sentences = (*(sentences or ("",)), f"{left:,} more rows are left out here.")
    return section._replace(sentences=sentences, table=table)


def _short(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"
