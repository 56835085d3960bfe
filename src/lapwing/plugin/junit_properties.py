"""With `--junit-xml`: the category of each test and its limit, as properties of its case."""

import json
from contextlib import suppress

import pytest

from lapwing.config.categories import ANY_TEST_LIMIT_NS
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.budget import TIME
from lapwing.plugin.item_facts import ItemFacts
from lapwing.plugin.own_budgets import own_budgets
from lapwing.units import format_duration


class JunitProperties:
    """Registered while pytest writes a JUnit file."""

    def __init__(self, facts: ItemFacts, settings: Settings) -> None:
        self._facts = facts
        self._categories = settings.categories

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Add the properties; pytest carries them into the file, workers' too."""
        meta = self._facts.meta(item)
        if meta is None:
            return
        name = json.loads(f"[{meta}]")[0]
        category = self._categories.get(name)
        limit = ANY_TEST_LIMIT_NS if category is None else category.limit_ns
        with suppress(LapwingError):  # a limit that cannot be read is told by the recording
            limit = next((each.limit for each in own_budgets(item) if each.metric == TIME), limit)
        item.user_properties.append(("lapwing.category", name))
        item.user_properties.append(("lapwing.budget", format_duration(limit)))
