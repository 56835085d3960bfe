"""Opening a PostgreSQL database as a store, and what it complains of as errors that say how to mend it.

The tables lie in the first schema of the search path, `public` unless the URL or the role says
otherwise: `postgresql://host/lapwing?options=-csearch_path%3Dteam`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg

from lapwing.errors import StoreAwayError, StoreError, StoreLockedError
from lapwing.store.no_store import no_store
from lapwing.store.postgresql_found import Found, KeptTexts
from lapwing.store.postgresql_schema import STEPS
from lapwing.store.postgresql_text import to_text
from lapwing.store.steps_left import steps_left

_LOCK: Final = 0x6C617077  # "lapw": numbers of advisory locks are shared by all that use the database
_SCHEMA_LOCK: Final = 1
_NAMES_LOCK: Final = 2
_NEW_NAMES_LOCK: Final = 3

_BUSY: Final = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection to a store, with what it has found out that still holds."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._found: Found | None = None
        self._texts = KeptTexts()
        self._are_texts_of_now = False

    @property
    def found(self) -> Found:
        """What was found in this snapshot; outside of one nothing, and nothing stays."""
        return Found() if self._found is None else self._found

    def texts(self, table: str) -> dict[int, str]:
        """Texts by number in `table` that hold in this snapshot; outside of one none, and none stays."""
        if self._found is None:
            return {}
        if not self._are_texts_of_now:
            ((changed,),) = self.execute("SELECT changed FROM name_change").fetchall()
            self._texts.hold(changed)
            self._are_texts_of_now = True
        return self._texts.of(table)

    def begin_finding(self) -> None:
        """A snapshot begins."""
        self._found, self._are_texts_of_now = Found(), False

    def end_finding(self) -> None:
        """It has ended."""
        self._found = None


def place_of(url: str) -> str:
    """The store at `url` for people: without user, password and options."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def connect(url: str, *, create: bool, timeout_s: float) -> Connection:
    """A connection to the store at `url`, brought to the form of today. Every statement commits by itself.

    Waits up to `timeout_s` seconds for the server. Raises NoDataError where the database has no
    store and none is to be created, StoreError for everything else.
    """
    where = place_of(url)
    with translated(where):
        connection = Connection.connect(
            url,
            autocommit=True,
            connect_timeout=max(2, round(timeout_s)),
            application_name="lapwing",
            keepalives_idle=30,
        )
        try:
            # Our statements take milliseconds and look costly where there are many partitions: compiling one
            # takes longer than running it.
            connection.execute("SET client_encoding = 'UTF8'; SET jit = off")
            missing = _missing(connection, where=where)
            if missing == STEPS and not create:
                raise no_store(where)
            if missing:
                _migrate(connection, where=where)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Write all of the block or nothing of it. Names cannot be removed or changed meanwhile."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (_LOCK, _NAMES_LOCK))
        yield


@contextmanager
def lone_transaction(connection: Connection) -> Iterator[None]:
    """Like `transaction`, for what removes or changes names: nobody writes meanwhile."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, _NAMES_LOCK))
        connection.execute("UPDATE name_change SET changed = changed + 1")
        yield


def lock_new_names(connection: Connection) -> None:
    """Until the end of the transaction, be the only one that makes new names."""
    connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, _NEW_NAMES_LOCK))


@contextmanager
def schema_transaction(connection: Connection) -> Iterator[None]:
    """A transaction that makes tables; of several processes, one after another."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, _SCHEMA_LOCK))
        yield


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Read one state of the store in the whole block, whatever others write meanwhile.

    Inside of another it is that one.
    """
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        yield
        return
    # Said with BEGIN, not after it: where processors are busy each way there and back is a wait.
    connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
    try:
        with connection.transaction():
            connection.begin_finding()
            yield
    finally:
        connection.end_finding()
        if not connection.closed:
            connection.isolation_level = connection.read_only = None


def has_table(connection: Connection, name: str) -> bool:
    """Whether our schema has this table."""
    # Read from the table of tables: `to_regclass` may answer from before a lock was waited for.
    row = connection.execute(
        "SELECT true FROM pg_class WHERE relname = %s AND relnamespace = current_schema::regnamespace",
        (name,),
    ).fetchone()
    return row is not None


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn every complaint of PostgreSQL about the store at `where` into a StoreError."""
    try:
        yield
    except psycopg.Error as error:
        raise _store_error(error, where) from error
    except OverflowError as error:
        raise _too_large(where) from error


def _store_error(error: psycopg.Error, where: str) -> StoreError:
    said = str(error).strip().partition("\n")[0]
    if isinstance(error, _BUSY):
        return StoreLockedError(
            "another process holds the store", where=where, mend="Wait until it is done and try again."
        )
    if isinstance(error, psycopg.errors.NumericValueOutOfRange):
        return _too_large(where)
    if isinstance(error, psycopg.errors.DiskFull):
        return StoreError(
            "the disk of the database server is full",
            where=where,
            mend="Free some space there. The run stays in the spool until then.",
        )
    if isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.ReadOnlySqlTransaction):
        return StoreError(
            f"the database does not let this user do it ({said})",
            where=where,
            mend="Grant the user CREATE on the schema, or name a user that owns the tables.",
        )
    if isinstance(error, psycopg.OperationalError):
        return StoreAwayError(
            f"the database cannot be reached ({said})",
            where=where,
            mend="See that the server runs and has connections left, and that host, port, user and password "
            "in the URL are right.",
        )
    return StoreError(
        f"the store failed ({said})",
        where=where,
        mend="Try again; if it stays so, name another store: LAPWING_STORE=PATH.",
    )


def _too_large(where: str) -> StoreError:
    return StoreError(
        "a number of this run does not fit into 64 bits",
        where=where,
        mend="The run was not stored; look for a clock or counter that jumped.",
    )


def _migrate(connection: Connection, *, where: str) -> None:
    with schema_transaction(connection):
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migration"
            " (version bigint PRIMARY KEY, name text NOT NULL, applied_at_ns bigint NOT NULL)"
        )
        steps = _missing(connection, where=where)
        for version, (name, sql) in enumerate(steps, len(STEPS) - len(steps) + 1):
            connection.execute(sql.encode())
            connection.execute(
                "INSERT INTO migration (version, name, applied_at_ns) VALUES (%s, %s, %s)",
                (version, to_text(name), time.time_ns()),
            )


def _missing(connection: Connection, *, where: str) -> tuple[tuple[str, str], ...]:
    """The steps that the store has not been through. Raises StoreError for one that is newer than these."""
    if not has_table(connection, "migration"):
        return STEPS
    applied = [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY version")]
    names = [name for name, _ in STEPS]
    left = steps_left(applied, names, where=where, mend="Name another database or schema with --store.")
    return STEPS[len(STEPS) - left :]
