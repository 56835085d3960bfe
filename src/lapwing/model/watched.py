"""Which counters somebody watched while the tests of a run went on."""

from collections.abc import Mapping

from lapwing.model.value import Value


class Watched(Value):
    """The names of counters, by category of the tests in which they were watched."""

    by_category: Mapping[str, frozenset[str]] = {}
    others: frozenset[str] = frozenset()  # in tests of any other category
    by_choice: frozenset[str] = frozenset()  # watched only where that was asked for

    def in_tests_of(self, category: str) -> frozenset[str]:
        """The counters watched in tests of `category`."""
        return self.by_category.get(category, self.others)
