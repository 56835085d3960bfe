"""A table that is too wide for its place, cut into rows that fit and the names that do not."""

from lapwing.report.page import Table


def split_names(table: Table) -> tuple[Table, tuple[str, ...]] | None:
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
    return others, tuple(row[name] for row in table.rows)
