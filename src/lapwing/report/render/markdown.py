"""A page as Markdown for GitHub and its like.

Names from outside are neutralized: whatever Markdown, HTML or the site could act upon (markup,
links, mentions, references, emoji) stands in a code span, or in `<code>` as entities where a
span cannot hold it. A page can therefore not end a table, close a comment or call a person.
"""

import re
from collections.abc import Iterator
from typing import Final

from lapwing.report.harmless import harmless
from lapwing.report.page import Column, Page, Section, Table

_ACTIVE: Final = re.compile(
    r"[\\`*_\[\]<>|#@~&$!{}^]|::|:[\w+-]+:|//|mailto:|xmpp:|www\.|\b[A-Za-z]+-\d+\b|\b[0-9a-f]{7,40}\b"
)
_UNFIT_FOR_SPAN: Final = re.compile(r"[`|\\<>&]|^\s|\s$|  ")
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
_WRAPPING: Final = re.compile(r"^([(\"']*)(.*?)([)\"',.;:]*)$")
_BLOCK_START: Final = re.compile(r"^(?:(?=[-+=])|(\d+)(?=[.)](?:\s|$)))")


def render_markdown(page: Page, *, level: int = 1) -> str:
    """The page, its title as a heading of `level`, sections one level below."""
    return "\n".join(markdown_lines(page, level)) + "\n"


def markdown_lines(page: Page, level: int = 1) -> Iterator[str]:
    """The lines of `render_markdown` one by one, for who may stop before the last."""
    if page.title:
        yield from (f"{'#' * level} {_prose(page.title)}", "")
    yield f"**{_prose(page.verdict)}**"
    for section in page.sections:
        yield ""
        yield from _section_lines(section, level + 1)
    if page.hints:
        yield ""
        yield from (f"- {_prose(hint)}" for hint in page.hints)


def _section_lines(section: Section, level: int) -> Iterator[str]:
    """Heading, first sentence, further sentences as items, drawing, table; an empty line between."""
    blocks: list[list[str]] = []
    if section.title:
        blocks.append([f"{'#' * level} {_prose(section.title)}"])
    if section.sentences:
        first, *items = section.sentences
        blocks.append([_prose(first)])
        if items:
            blocks.append([f"- {_prose(item)}" for item in items])
    if section.drawing:
        # Indented by four: nothing in it can end the block, as a backtick could end a fence.
        blocks.append([f"    {harmless(line)}" for line in section.drawing])
    if section.table is not None and section.table.rows:
        blocks.append(list(_table_lines(section.table)))
    for at, block in enumerate(blocks):
        if at:
            yield ""
        yield from block


def _table_lines(table: Table) -> Iterator[str]:
    yield _row([_prose(column.title) for column in table.columns])
    yield _row([_rule(column) for column in table.columns])
    for row in table.rows:
        yield _row([_cell(cell) for cell in row])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(column: Column) -> str:
    return "---:" if column.is_number else "---"


def _cell(text: str) -> str:
    """A cell whole in one span: it is a name or a number."""
    safe = harmless(text)
    return _code(safe) if _ACTIVE.search(safe) else safe


def _prose(text: str) -> str:
    """A sentence of ours with names in it: each word that could act stands in a span of its own."""
    words = [_word(word) for word in harmless(text).split(" ")]
    return _BLOCK_START.sub(r"\1\\", " ".join(words).strip())


def _word(word: str) -> str:
    if not _ACTIVE.search(word):
        return word
    match = _WRAPPING.match(word)
    assert match is not None
    before, core, after = match.groups()
    return f"{before}{_code(core)}{after}" if _ACTIVE.search(core) else _code(word)


def _code(text: str) -> str:
    if not _UNFIT_FOR_SPAN.search(text):
        return f"`{text}`"
    entities = _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)
    return f"<code>{entities}</code>"
