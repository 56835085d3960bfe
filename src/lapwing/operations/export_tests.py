"""What may be taken away? The board of tests as rows, and rows as a Parquet file."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from lapwing.config.settings import Settings
from lapwing.errors import MissingExtraError, NoDataError
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.test_board import TestStanding
from lapwing.operations.project.board import read_test_board
from lapwing.operations.query_tests import checkout_query
from lapwing.store.protocol import Store

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

EXPORT_COLUMNS: Final = TestStanding._fields
"""Names of the columns, units in them."""


def export_rows(standings: Sequence[TestStanding]) -> list[tuple[Any, ...]]:
    """One row per test."""
    return [tuple(each) for each in standings]


def exported_board(
    settings: Settings, store: Store, query: str
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows of how the tests that fit `query` stand. Raises NoDataError, ConfigurationError."""
    board = read_test_board(store, settings.project)
    if not board.runs:
        raise NoDataError("no run is recorded yet", mend="Record one with: pytest --track-performance")
    fits = checkout_query(settings, store, query)
    return EXPORT_COLUMNS, export_rows([each for each in board.standings if fits(each)])


def exported_run(recorded: RecordedRun) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows of the attempts of a run; markers stand as words."""
    listed = ("markers", "counters", "subtests")
    fields = [name for name in TestRecord._fields if name not in listed]
    columns = ("run_id", *fields, "duration_ns", "cpu_ns", "markers")
    rows: list[tuple[Any, ...]] = []
    for record in recorded.tests:
        plain = [getattr(record, name) for name in fields]
        plain[fields.index("outcome")] = record.outcome.value
        sums = (record.duration_ns, record.cpu_ns)
        rows.append((recorded.run.run_id, *plain, *sums, " ".join(record.markers)))
    return columns, rows


def inert_rows(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """The rows for a table of text, whose cells no spreadsheet takes for a formula: those get a ' before."""
    for row in rows:
        yield [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in row]


def parquet_of(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """The rows as a Parquet file. Raises MissingExtraError without pyarrow."""
    try:
        import pyarrow  # type: ignore[import-untyped]
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="parquet", need="writing Parquet") from error
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    table = pyarrow.table(
        {name: [_storable(cell) for cell in column] for name, column in zip(columns, cells, strict=True)}
    )
    written = io.BytesIO()
    pyarrow.parquet.write_table(table, written, compression="zstd")
    return written.getvalue()


def _storable(cell: Any) -> Any:
    # Parquet holds valid UTF-8 only; a name with a lone surrogate is written with its escape.
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell
