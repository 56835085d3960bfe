"""A result of a load or stress test as a row, for every store."""

import json
from collections.abc import Sequence
from typing import Any, Final

from lapwing.errors import StoreError
from lapwing.model.load import StoredLoad
from lapwing.model.load_codec import load_dict, load_of

COLUMNS: Final = ("name", "unit", "started_at_ns", "commit_id", "branch", "machine_class", "result")
"""Columns of `load_result` beside `project`, in the order of `row_of`."""

READ_COLUMNS: Final = "commit_id, branch, machine_class, result"
"""What `stored_of` takes."""


def row_of(stored: StoredLoad) -> tuple[str | int | None, ...]:
    """The values of `COLUMNS`."""
    result = stored.result
    document = json.dumps(load_dict(result))
    facts = (stored.commit, stored.branch, stored.machine_class)
    return (result.name, result.unit.value, result.started_at_ns, *facts, document)


def stored_of(values: Sequence[Any], *, project: str, where: str) -> StoredLoad:
    """The result in the values of `READ_COLUMNS`. Raises StoreError for one that cannot be read."""
    commit, branch, machine_class, document = values
    try:
        result = load_of(json.loads(document))
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"a load result cannot be read: {error!r}",
            where=where,
            mend="A newer Lapwing may have written it: pip install --upgrade lapwing.",
        ) from error
    return StoredLoad(result, project, commit, branch, machine_class)
