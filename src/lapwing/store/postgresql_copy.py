"""Writing many rows into a table of PostgreSQL at once."""

from collections.abc import Iterable, Sequence

from lapwing.store.postgresql_connection import Connection


def copy_lines(connection: Connection, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Add rows that are lines of COPY's text format, without their ends. There must be one."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        copy.write("\n".join(lines))
        copy.write("\n")


def copy_blocks(connection: Connection, rows: Iterable[tuple[int, int, bytes]]) -> None:
    """Add rows of `result_block`."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY result_block (run, place, facts) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["int8", "int8", "bytea"])
        for row in rows:
            copy.write_row(row)
