"""How rules reach the files that a test file imports, without touching the disk themselves."""

from typing import Protocol

from lapwing.lint.module import Module


class Helpers(Protocol):
    """Finds the file of a dotted name that is imported."""

    def find(self, dotted: str, importer: Module) -> tuple[Module, str] | None:
        """The module that `dotted` leads into, and the name in it ("" for the module itself)."""

    def oldest_required(self, package: str, importer: Module) -> tuple[int, ...] | None:
        """The oldest version of a package that the project around `importer` asks for; None where it asks for
        none.
        """

    def is_test_code(self, dotted: str, importer: Module) -> bool:
        """Whether `dotted` leads into a file of the tests, which is told without reading it."""
