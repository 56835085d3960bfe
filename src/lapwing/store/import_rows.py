"""Slow imports to rows and back. No SQL, no connection."""

from collections.abc import Iterator, Sequence

from lapwing.model.import_cost import ImportCost
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_rows import Row


def import_rows(recorded: Sequence[ImportCost], *, run: int) -> Iterator[Row]:
    """Rows of table `import_result`."""
    for ordinal, (module, own_ns, cumulative_ns, imported_by) in enumerate(recorded):
        yield (run, ordinal, to_sql(module), own_ns, cumulative_ns, to_sql(imported_by))


def import_from_row(row: Row) -> ImportCost:
    """The import of a row of module, own time, cumulative time and who asked."""
    module, own_ns, cumulative_ns, imported_by = row
    return ImportCost(from_sql(module), own_ns, cumulative_ns, from_sql(imported_by))
