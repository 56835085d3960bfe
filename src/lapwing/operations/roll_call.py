"""Who is missing in these reports? Tests of an earlier run, or of a list, that no report tells of."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lapwing.config.settings import Settings
from lapwing.errors import UnreadableFileError
from lapwing.model.audit import Vanished
from lapwing.model.value import Value
from lapwing.operations.roll import Roll
from lapwing.units import format_count

if TYPE_CHECKING:
    from lapwing.store.protocol import Store

_LOOK_BACK = 50


class _Earlier(Value):
    """Who was in an earlier run of one runner."""

    run: str
    store: "Store"
    roll: Roll

    def missing(self) -> tuple[str, ...]:
        """Who is not here, by name: only those are held."""
        if self.roll.is_complete:
            return ()
        return tuple(sorted(filter(self.roll.is_missing, self.store.test_names(self.run))))


class RollCall:
    """Told of every test that is there; knows in the end who is not. Memory goes with who is expected."""

    def __init__(self) -> None:
        self._earlier: dict[str, _Earlier] = {}
        self._expected: set[str] = set()
        self._expected_from = ""
        self._runners: set[str] = set()

    @property
    def expects_any(self) -> bool:
        """Whether anybody is expected by name."""
        return bool(self._earlier or self._expected)

    def expect_names(self, names: Iterable[str], source: str) -> None:
        """Expect tests by name; that one is missing fails the audit."""
        self._expected = {name for line in names if (name := line.strip())}
        self._expected_from = source

    def expect_history(self, settings: Settings, store: "Store") -> None:
        """Expect the tests of the newest complete run of each runner whose reports were taken in."""
        from lapwing.store.protocol import RunQuery  # an audit without a store need not wait for it

        query = RunQuery(project=settings.project, is_complete=True, limit=_LOOK_BACK)
        for digest in store.runs(query):
            run = digest.run
            if run.runner in self._earlier or run.implementation:  # the latter Lapwing recorded itself
                continue
            self._earlier[run.runner] = _Earlier(run.run_id, store, Roll(store.test_names(run.run_id)))

    def is_here(self, runner: str, identity: str, name: str) -> None:
        """A test is there, under its identity and as its report calls it."""
        self.are_here(runner, (identity,), (name,))

    def are_here(self, runner: str, identities: Sequence[str], names: Sequence[str]) -> None:
        """As `is_here`, of many tests."""
        self._runners.add(runner)
        earlier = self._earlier.get(runner)
        if earlier is not None:
            earlier.roll.tick(*identities)
        if self._expected:
            self._expected.difference_update(identities, names)

    def vanished(self) -> tuple[Vanished, ...]:
        """Who is missing; of runners whose reports are not here at all, nobody."""
        found = []
        if self._expected:
            names = tuple(sorted(self._expected))
            found.append(Vanished(names, self._expected_from, is_failure=True))
        for runner, earlier in self._earlier.items():
            if runner in self._runners and (missing := earlier.missing()):
                what = f"run {earlier.run} of {runner} ({format_count(earlier.roll.total, 'test')})"
                found.append(Vanished(missing, what, is_failure=False))
        return tuple(found)


def read_names(file: str) -> list[str]:
    """The lines of a list of tests. Raises UnreadableFileError."""
    try:
        return Path(file).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error.strerror or error}",
            where=file,
            mend="Name a number, or a file with the name of a test in each line, with --expect.",
        ) from error
