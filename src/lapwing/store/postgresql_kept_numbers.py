"""Numbers of names that were looked up before, kept by one connection for as long as they hold.

Ten thousand tests have the same names in every run. Looking them up takes the database longer than writing
the run, and a fourth of what a server spends on one; their numbers change only where names are removed or
renamed, which all who do it count.
"""

from collections.abc import Collection, Mapping
from typing import Final

from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_identities import intern, one

_MOST: Final = 500_000  # names, of some 200 bytes each; then all are forgotten

_Of = tuple[str, int | None]  # table and project


class KeptNumbers:
    """Numbers of names by table and project.

    Those of one transaction are kept once it has come to its end: `begin`, `intern` ..., then `keep`.
    """

    def __init__(self) -> None:
        self._changed: int | None = None
        self._kept: dict[_Of, dict[str, int]] = {}
        self._found: list[tuple[_Of, dict[str, int]]] = []

    def begin(self, connection: Connection) -> None:
        """Forget what does not hold any more. To be called in a `transaction`, in which names stay."""
        self._found = []
        changed = one(connection, "SELECT changed FROM name_change")
        if changed != self._changed or sum(map(len, self._kept.values())) > _MOST:
            self._kept = {}
        self._changed = changed

    def intern(
        self,
        connection: Connection,
        table: str,
        column: str,
        texts: Collection[str],
        *,
        project: int | None = None,
    ) -> Mapping[str, int]:
        """Numbers of at least `texts` in `column` of `table`; texts that are new get one."""
        kept = self._kept.get((table, project), {})
        missing = [text for text in texts if text not in kept]
        if not missing:
            return kept
        found = intern(connection, table, column, missing, project=project)
        self._found.append(((table, project), found))
        return {**kept, **found}

    def keep(self) -> None:
        """The transaction has come to its end: what it found and made is there for others, too."""
        for of, found in self._found:
            self._kept.setdefault(of, {}).update(found)
        self._found = []
