"""The schema, its comments and the page made from them."""

import re
import sqlite3
from collections.abc import Iterator

import pytest

from lapwing.model.record import TestRecord
from lapwing.store.migrations import STEPS, migrate
from lapwing.store.schema_page import schema_markdown
from lapwing.store.sqlite_rows import FACT_COLUMNS, MEASURES


@pytest.fixture
def tables() -> Iterator[dict[str, list[str]]]:
    """Columns by table of a fresh store."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, where="memory")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    yield {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}
    connection.close()


def test_the_page_explains_every_table_and_column(tables: dict[str, list[str]]) -> None:
    page = schema_markdown()

    for table, columns in tables.items():
        section = re.search(rf"## Table `{table}`\n\n\S.*?(?=\n## )", page, re.DOTALL)
        assert section, table
        assert re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", section[0], re.MULTILINE) == columns


def test_the_page_explains_every_index_and_version() -> None:
    page = schema_markdown()

    assert "## Index `run_by_project`" in page
    assert all(
        f"| {version} | `{step.name}` | {step.what} |" in page for version, step in enumerate(STEPS, 1)
    )


def test_every_column_of_facts_is_written(tables: dict[str, list[str]]) -> None:
    assert {table: set(columns) for table, columns in FACT_COLUMNS.items()} == {
        table: set(columns) for table, columns in tables.items() if table in FACT_COLUMNS
    }


def test_every_field_of_a_record_has_a_place() -> None:
    elsewhere = {"nodeid", "outcome", "attempt", "worker", "category", "markers", "counters", "subtests"}

    assert set(MEASURES) | elsewhere == set(TestRecord._fields)
