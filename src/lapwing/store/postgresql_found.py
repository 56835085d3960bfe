"""What a connection to PostgreSQL has found out and what of it still holds. No SQL.

A page asks for the same runs and tests at several places, and each question is a way there and back,
for which a busy machine lets it wait.
"""

from typing import Final, NamedTuple

_MOST: Final = 100_000  # texts, of some 150 bytes each; then all are forgotten


class FoundRun(NamedTuple):
    """What other tables refer to a run by, and whose it is."""

    key: int
    machine_class: str
    project: int


class Found:
    """What was found in one snapshot, in which nothing changes."""

    def __init__(self) -> None:
        self.runs: dict[str, FoundRun] = {}  # by run id
        self.projects: dict[str, int] = {}  # numbers by name
        self._numbers: dict[tuple[str, int], dict[str, int]] = {}

    def numbers(self, table: str, project: int) -> dict[str, int]:
        """Numbers by text of a table's rows of a project."""
        return self._numbers.setdefault((table, project), {})


class KeptTexts:
    """Texts by number, of tables in which no number ever stands for another row.

    They hold until names are removed or renamed, which all who do it count.
    """

    def __init__(self) -> None:
        self._changed: int | None = None
        self._kept: dict[str, dict[int, str]] = {}

    def hold(self, changed: int) -> None:
        """Forget what is not of the moment at which so many changes were counted."""
        if changed != self._changed or sum(map(len, self._kept.values())) > _MOST:
            self._kept = {}
        self._changed = changed

    def of(self, table: str) -> dict[int, str]:
        """Those of a table."""
        return self._kept.setdefault(table, {})
