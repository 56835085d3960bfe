"""What a command works with: the project's settings and its store, opened when first asked for."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lapwing.cli.output import Output, confirms
from lapwing.config.load import load_settings
from lapwing.config.root import find_root, spool_path
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, NoDataError, ProjectError, StoreError
from lapwing.units import format_count

if TYPE_CHECKING:
    from lapwing.store.protocol import Store


class Desk:
    """Settings, store and output of one command, at the project's `root`. Closes the store at the end.

    Raises ProjectError for a root that is no folder.
    """

    def __init__(self, arguments: argparse.Namespace, output: Output, *, environ: Mapping[str, str]) -> None:
        self.output = output
        self.environ = environ
        self._flags = {} if arguments.store is None else {"store": arguments.store}
        self.root = Path(arguments.root).absolute() if arguments.root else find_root(Path.cwd())
        if not self.root.is_dir():
            raise ProjectError(
                "there is no such folder", where=str(self.root), mend="Name another with --root."
            )
        self._settings: Settings | None = None
        self._store: Store | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the project; what is wrong with them is told once. Raises ConfigurationError."""
        if self._settings is None:
            for fault in self.settings_untold().faults:
                self.output.warn(fault)
        return self.settings_untold()

    def settings_untold(self) -> Settings:
        """The same, for a command that tells itself what is wrong with them."""
        if self._settings is None:
            self._settings = load_settings(self.root, flags=self._flags, environ=self.environ)
        return self._settings

    @property
    def store_or_new(self) -> "Store":
        """The store, made where there is none yet. Raises StoreError where it cannot be used."""
        if self._store is None:
            from lapwing.store.open_store import open_store

            origin = self.settings.store_origin
            self._store = open_store(self.settings.store, create=True, origin=origin)
        return self._store

    @property
    def store(self) -> "Store":
        """The project's store, after runs that were never stored have been taken in.

        Raises NoDataError where there is none, StoreError where it cannot be used.
        """
        if self._store is None:
            # Lint, which runs before every commit, needs no store: importing it would be most of its time.
            from lapwing.store.open_store import open_store

            spool = spool_path(self.settings.root)
            self._store = open_store(
                self.settings.store,
                create=spool.is_dir() and any(spool.iterdir()),
                origin=self.settings.store_origin,
            )
            self._adopt(spool, self._store)
        return self._store

    @property
    def store_as_it_is(self) -> "Store":
        """The same, for a command that serves without the runs that cannot be taken in; that is told."""
        try:
            return self.store
        except StoreError as error:
            if self._store is None:
                raise
            self.output.warn(error)
            return self._store

    @property
    def store_if_any(self) -> "Store | None":
        """The store, or None where nothing was recorded yet."""
        try:
            return self.store
        except NoDataError:
            return None

    def confirm_overwriting(self, file: Path, *, unasked: bool) -> None:
        """On a terminal, ask before `file` is overwritten. Raises ConfigurationError for a no."""
        if unasked or not file.exists() or not self.output.is_terminal:
            return
        self.output.flush()
        if not confirms(f"Overwrite {file}?"):
            raise ConfigurationError(
                "the baseline stays as it is", mend="Write --yes to overwrite it unasked."
            )

    def _adopt(self, spool: Path, store: "Store") -> None:
        from lapwing.operations.adopt_runs import PATIENCE_NS, adopt_runs

        adopted = adopt_runs(spool, store, patience_ns=PATIENCE_NS)
        for note in adopted.notes:
            self.output.say_aside(note)
        if adopted.run_ids:
            killed = f", {adopted.killed} of them cut short" if adopted.killed else ""
            runs = format_count(len(adopted.run_ids), "run")
            self.output.say_aside(
                f"took in {runs} never stored before{killed}: {format_count(adopted.tests, 'test')}"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._store is not None:
            self._store.close()
