"""A table that is too wide for its place, cut into rows that fit and the names that do not."""

from lapwing.model.value import Value
from lapwing.report.page import Table


class SplitTable(Value):
    """A table and the texts that were its widest column."""

    others: Table
    names: tuple[str, ...]
    are_last: bool  # whether that column was the last: a short name may stay behind its row


def split_names(table: Table) -> SplitTable | None:
    """The table without its widest column of text, and that column's cells; None where nothing is left."""
    texts = [at for at, column in enumerate(table.columns) if not column.is_number]
    if not texts or len(table.columns) < 2 or not table.rows:
        return None
    name = max(texts, key=lambda at: max(len(row[at]) for row in table.rows))
    others = Table(
        columns=table.columns[:name] + table.columns[name + 1 :],
        rows=tuple(row[:name] + row[name + 1 :] for row in table.rows),
        shows_titles=table.shows_titles,
    )
    names = tuple(row[name] for row in table.rows)
    return SplitTable(others, names, are_last=name == len(table.columns) - 1)
