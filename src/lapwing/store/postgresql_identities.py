"""Numbers for names in PostgreSQL: the metadata tables that facts refer to by number."""

from collections.abc import Iterable, Mapping
from struct import Struct
from typing import Any, Final

from lapwing.store.postgresql_connection import Connection, lock_new_names
from lapwing.store.postgresql_text import DIGEST_BYTES, digest_of, from_text, to_text

_FOUND: Final = Struct(">iq")  # place of a digest among those asked for, and the number of its row


def intern(
    connection: Connection, table: str, column: str, texts: Iterable[str], *, project: int | None = None
) -> dict[str, int]:
    """Numbers of `texts` in `column` of `table`; texts that are new get one."""
    by_digest = {digest_of(text): text for text in texts}
    rows = {digest: {column: text} for digest, text in by_digest.items()}
    numbers = intern_rows(connection, table, rows, project=project)
    return {text: numbers[digest] for digest, text in by_digest.items()}


def intern_rows(
    connection: Connection, table: str, rows: Mapping[bytes, Mapping[str, str]], *, project: int | None = None
) -> dict[bytes, int]:
    """Numbers of the rows with these digests; `rows` gives the columns of those that are new.

    New rows are made in the order given, by one transaction after another: two that made the same
    ones in another order would each wait for the other.
    """
    if not rows:
        return {}
    found = _numbers(connection, table, list(rows), project)
    if len(found) < len(rows):
        lock_new_names(connection)
        found |= _numbers(connection, table, [digest for digest in rows if digest not in found], project)
    new = {digest: row for digest, row in rows.items() if digest not in found}
    if new:
        columns = list(next(iter(new.values())))
        fixed = {} if project is None else {"project": project}
        names = ", ".join((*fixed, "digest", *columns))
        lists = ", ".join(["%s::bytea[]", *["%s::text[]"] * len(columns)])
        chosen = ", ".join((*("%s" for _ in fixed), "digest", *columns))
        connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen}"
            f" FROM unnest({lists}) WITH ORDINALITY AS new (digest, {', '.join(columns)}, place)"
            " ORDER BY place",
            (*fixed.values(), list(new), *([to_text(row[it]) for row in new.values()] for it in columns)),
        )
        found |= _numbers(connection, table, list(new), project)
    return found


def known(
    connection: Connection, table: str, texts: Iterable[str], *, project: int | None = None
) -> dict[int, str]:
    """Number -> text of those of `texts` that are there; of all projects where `project` is None."""
    asked = set(texts)
    found = {} if project is None else connection.found.numbers(table, project)
    numbers = {found[text]: text for text in asked if text in found}
    by_digest = {digest_of(text): text for text in asked if text not in found}
    if by_digest:
        condition, values = ("", ()) if project is None else ("project = %s AND ", (project,))
        rows = connection.execute(
            f"SELECT id, digest FROM {table} WHERE {condition}digest = ANY(%s)", (*values, list(by_digest))
        )
        new = {number: by_digest[bytes(digest)] for number, digest in rows}
        found.update((text, number) for number, text in new.items())
        numbers.update(new)
    return numbers


def names(connection: Connection, table: str, column: str, numbers: Iterable[int]) -> dict[int, str]:
    """The texts in `column` of `table` that have `numbers`."""
    asked = set(numbers)
    kept = connection.texts(table) if asked else {}
    missing = [number for number in asked if number not in kept]
    if missing:
        rows = connection.execute(f"SELECT id, {column} FROM {table} WHERE id = ANY(%s)", (missing,))
        kept.update((number, from_text(text)) for number, text in rows)
    return {number: kept[number] for number in asked if number in kept}


def one(connection: Connection, sql: str, values: tuple[Any, ...] = ()) -> Any:
    """The first column of the first row, or None."""
    row = connection.execute(sql, values).fetchone()
    return None if row is None else row[0]


def _numbers(
    connection: Connection, table: str, digests: list[bytes], project: int | None
) -> dict[bytes, int]:
    if not digests:
        return {}
    condition, values = ("", ()) if project is None else ("project = %s AND ", (project,))
    # Ten thousand at once, there and back: as values of their own they take longer than finding them.
    with connection.cursor(binary=True) as cursor:
        (found,) = cursor.execute(
            f"SELECT coalesce(string_agg(int4send(place) || int8send(id), ''), '') FROM {table}"
            " JOIN generate_series(0, %s::int) AS place"
            f" ON {condition}digest ="
            f" substring(%b::bytea FROM place * {DIGEST_BYTES} + 1 FOR {DIGEST_BYTES})",
            (len(digests) - 1, *values, b"".join(digests)),
        ).fetchall()[0]
    return {digests[place]: number for place, number in _FOUND.iter_unpack(found)}
