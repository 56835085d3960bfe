"""With `--junit-xml`: the category of each test and its limit, as properties of its case."""

import json
from collections.abc import Mapping
from contextlib import suppress

import pytest

from lapwing.config.categories import ANY_TEST_LIMIT_NS
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.budget import TIME
from lapwing.plugin.item_facts import ItemFacts
from lapwing.plugin.own_budgets import own_budgets
from lapwing.plugin.session_budgets import session_budgets
from lapwing.units import format_duration


class JunitProperties:
    """Registered while pytest writes a JUnit file."""

    def __init__(self, facts: ItemFacts, settings: Settings) -> None:
        self._facts = facts
        self._settings = settings

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Add the properties once all files that set limits in code are loaded; pytest carries them into
        the file, workers' too."""
        limits = {
            each.category: budget.limit
            for each in session_budgets(config, self._settings)
            for budget in each.budgets
            if budget.metric == TIME
        }
        for item in items:
            self._add(item, limits)

    def _add(self, item: pytest.Item, of_session: Mapping[str, int]) -> None:
        meta = self._facts.meta(item)
        if meta is None:
            return
        name = json.loads(f"[{meta}]")[0]
        category = self._settings.categories.get(name)
        limit = ANY_TEST_LIMIT_NS if category is None else category.limit_ns
        limit = of_session.get("", of_session.get(name, limit))
        with suppress(LapwingError):  # a limit that cannot be read is told by the recording
            limit = next((each.limit for each in own_budgets(item) if each.metric == TIME), limit)
        item.user_properties.append(("lapwing.category", name))
        item.user_properties.append(("lapwing.budget", format_duration(limit)))
