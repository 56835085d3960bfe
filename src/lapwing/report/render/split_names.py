"""A table that is too wide for its place, cut into rows that fit and the texts that do not."""

from collections.abc import Callable

from lapwing.model.value import Value
from lapwing.report.page import Table


class SplitTable(Value):
    """A table and the texts that were its widest column."""

    others: Table
    names: tuple[str, ...]
    are_last: bool  # whether that column was the last: a short name may stay behind its row
    more: tuple[tuple[str, ...], ...]  # of each row what had to go besides, with the titles of its columns


def split_names(table: Table, fits: Callable[[Table], bool]) -> SplitTable | None:
    """The table without its widest column of text, and that column's cells; None where nothing is left.

    While what is left does not fit, its widest column of text goes, too.
    """
    name = _widest_text(table)
    if name is None:
        return None
    others = _without(table, name)
    more = []
    while not fits(others) and (wide := _widest_text(others)) is not None:
        title = others.columns[wide].title
        more.append([f"{title} {row[wide]}" if row[wide] else "" for row in others.rows])
        others = _without(others, wide)
    return SplitTable(
        others,
        names=tuple(row[name] for row in table.rows),
        are_last=name == len(table.columns) - 1 and not more,
        more=tuple(zip(*more, strict=True)) or ((),) * len(table.rows),
    )


def _widest_text(table: Table) -> int | None:
    texts = [at for at, column in enumerate(table.columns) if not column.is_number]
    if not texts or len(table.columns) < 2 or not table.rows:
        return None
    return max(texts, key=lambda at: max(len(row[at]) for row in table.rows))


def _without(table: Table, at: int) -> Table:
    return Table(
        columns=table.columns[:at] + table.columns[at + 1 :],
        rows=tuple(row[:at] + row[at + 1 :] for row in table.rows),
        shows_titles=table.shows_titles,
    )
