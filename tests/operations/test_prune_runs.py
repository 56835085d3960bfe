"""What a store may keep: the settings' limits unless others are named."""

from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.operations import prune_runs
from lapwing.operations.prune_runs import retention

DAY_NS = 86_400 * 1_000_000_000
NOW = 1_000 * DAY_NS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, flags={}, environ={})


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune_runs, "CLOCKS", prune_runs.CLOCKS._replace(epoch=lambda: NOW))


def test_the_settings_hold_where_nothing_else_is_said(settings: Settings) -> None:
    limits = retention(settings)

    assert (limits.older_than_ns, limits.keep_bytes) == (NOW - 90 * DAY_NS, 10**9)


def test_other_limits_stand_in_for_the_settings(settings: Settings) -> None:
    limits = retention(settings, age_ns=DAY_NS, keep_bytes=5)

    assert (limits.older_than_ns, limits.keep_bytes) == (NOW - DAY_NS, 5)


def test_zero_in_the_settings_is_no_limit(settings: Settings) -> None:
    limits = retention(settings._replace(keep_days=0, keep_bytes=0))

    assert (limits.older_than_ns, limits.keep_bytes) == (None, None)


def test_zero_that_is_asked_for_keeps_nothing(settings: Settings) -> None:
    limits = retention(settings, age_ns=0, keep_bytes=0)

    assert (limits.older_than_ns, limits.keep_bytes) == (NOW, 0)
