"""Drivers against real databases, started here on loopback: one query each, and whose it was."""

import asyncio
import os
import shutil
import socket
import subprocess
import time

import aiosqlite
import asyncpg
import django
import django.conf
import psycopg
import pytest
import redis
import redis.asyncio
import sqlalchemy
import sqlalchemy.ext.asyncio


def missing(program):
    """Without the server this machine cannot tell; one that checks for all of us has to have it."""
    if os.environ.get("CI"):
        pytest.fail(f"{program} is not installed")
    pytest.skip(f"{program} is not installed")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(connect):
    deadline = time.monotonic() + 30
    while True:
        try:
            return connect()
        except (OSError, psycopg.OperationalError, redis.ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.fixture
def dsn(postgresql):
    parts = dict(part.split("=") for part in postgresql.split())
    return f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"


@pytest.fixture(scope="module")
def redis_port():
    """The port of a server of our own."""
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        wait_for(client.ping)
        client.close()
        yield port
    finally:
        server.terminate()
        server.wait(30)


def test_cursors_of_psycopg_count(postgresql, counted):
    with psycopg.connect(postgresql) as connection:

        def act():
            connection.execute("SELECT 1")
            with connection.cursor() as cursor:
                cursor.execute(psycopg.sql.SQL("SELECT {}").format(2))
                cursor.executemany("SELECT %s", [(1,), (2,), (3,)])
            for number in range(4):
                connection.execute("SELECT %s::int", [number]).fetchone()
                connection.execute("SELECT 1 WHERE 1 = ANY(%s)", [[number, number + 1]])

        assert counted(act) == {"sql_queries": 11, "sql_n_plus_one": 1}


def test_asynchronous_cursors_of_psycopg_count(postgresql, counted):
    async def ask():
        async with await psycopg.AsyncConnection.connect(postgresql) as connection:
            for number in range(3):
                await (await connection.execute("SELECT %s::int", (number,))).fetchone()

    assert counted(lambda: asyncio.run(ask())) == {"sql_queries": 3, "sql_n_plus_one": 1}


def test_connections_pools_and_statements_of_asyncpg_count(dsn, counted):
    async def ask():
        async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
            for number in range(3):
                assert await pool.fetchval("SELECT $1::int", number) == number
            async with pool.acquire() as connection:
                await connection.execute("SELECT 1")
                statement = await connection.prepare("SELECT $1::text")
                assert [await statement.fetchval(text) for text in "abcd"] == list("abcd")

    counts = counted(lambda: asyncio.run(ask()))

    assert counts["sql_n_plus_one"] == 2
    assert counts["sql_queries"] >= 8


def test_a_driver_below_sqlalchemy_does_not_count_again(dsn, counted):
    async def ask():
        engine = sqlalchemy.ext.asyncio.create_async_engine(dsn.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.connect() as connection:
            for number in range(3):
                await connection.execute(sqlalchemy.text("SELECT :n + 0"), {"n": number})
        await engine.dispose()

    counts = counted(lambda: asyncio.run(ask()))

    assert counts["sql_n_plus_one"] == 1


def test_an_engine_on_psycopg_counts_once(dsn, counted):
    engine = sqlalchemy.create_engine(dsn.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        counts = counted(lambda: connection.execute(sqlalchemy.text("SELECT 1")))
    engine.dispose()

    assert counts == {"sql_queries": 1}


def test_aiosqlite_counts_where_it_is_asked(counted):
    async def ask():
        async with aiosqlite.connect(":memory:") as connection:
            await connection.execute("CREATE TABLE t (x)")
            await connection.executemany("INSERT INTO t VALUES (?)", [(1,), (2,), (3,)])
            for number in range(3):
                async with connection.execute("SELECT x FROM t WHERE x = ?", (number,)) as cursor:
                    await cursor.fetchall()

    assert counted(lambda: asyncio.run(ask())) == {"sql_queries": 5, "sql_n_plus_one": 1}


@pytest.fixture
def django_connection(libraries):
    if not django.conf.settings.configured:
        django.conf.settings.configure()
    django.setup()
    from django.db.utils import ConnectionHandler

    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    connection = ConnectionHandler({"default": sqlite})["default"]
    yield connection
    if connection.connection is not None:
        connection.connection.close()  # Django's own `close` leaves one in memory open


def test_connections_of_django_count(django_connection, counted):
    django_connection.ensure_connection()

    def act():
        with django_connection.cursor() as cursor:
            cursor.execute("CREATE TABLE t (x)")
            cursor.executemany("INSERT INTO t VALUES (%s)", [(1,), (2,)])
            for number in range(3):
                cursor.execute("SELECT x FROM t WHERE x = %s", [number])

    assert counted(act) == {"sql_queries": 5, "sql_n_plus_one": 1}


def test_removed_a_connection_of_django_has_its_own_wrappers_only(django_connection, libraries):
    with django_connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
        libraries.remove()

        assert len(django_connection.execute_wrappers) == 1


def test_commands_of_redis_count_with_hits_and_misses(redis_port, counted):
    with redis.Redis(port=redis_port) as client:
        client.flushall()

        def act():
            assert client.get("a") is None
            client.set("a", 1)
            assert client.get("a") == b"1"
            assert client.mget("a", "b") == [b"1", None]
            with client.pipeline() as pipeline:
                pipeline.get("a").get("b").set("c", 1)
                pipeline.execute()

        assert counted(act) == {"redis_commands": 7, "cache_hits": 3, "cache_misses": 3}


def test_asynchronous_commands_of_redis_count(redis_port, counted):
    async def ask():
        async with redis.asyncio.Redis(port=redis_port) as client:
            await client.flushall()
            await client.get("a")
            async with client.pipeline() as pipeline:
                pipeline.set("a", 1)
                pipeline.get("a")
                await pipeline.execute()

    counts = counted(lambda: asyncio.run(ask()))

    assert counts == {"redis_commands": 4, "cache_hits": 1, "cache_misses": 1}


def test_a_command_of_redis_that_fails_counts(redis_port, counted):
    with redis.Redis(port=redis_port) as client:
        client.set("text", "x")

        def act():
            with pytest.raises(redis.ResponseError):
                client.incr("text")

        assert counted(act) == {"redis_commands": 1}
