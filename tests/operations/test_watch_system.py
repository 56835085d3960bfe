"""What of the machine is an alert: each limit, and a run that nobody watched."""

from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.model.alert import AlertLevel
from lapwing.model.run import Run
from lapwing.model.system_watch import SystemWatch
from lapwing.operations.watch_system import keep_watch, system_conditions

SECOND = 1_000_000_000
CALM = SystemWatch(100, 200, least_available_share=0.6, swap_growth_bytes=0, busiest_ns=0)
RUN = Run(run_id="1", started_at_ns=150, duration_ns=10)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / ".lapwing").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nprocess_tree_limit = "1GB"\n')
    return load_settings(tmp_path, environ={})


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"least_available_share": 0.09}, "memory"),
        ({"swap_growth_bytes": 1}, "swap"),
        ({"busiest_ns": 30 * SECOND}, "processors"),
        ({"most_tree_bytes": 1_000_000_001}, "process tree"),
    ],
)
def test_each_limit_makes_one_warning(settings: Settings, changes: dict[str, float], subject: str) -> None:
    keep_watch(settings, CALM._replace(**changes))

    over = [each for each in system_conditions(settings, RUN) if each.level is not None]

    assert [(each.subject, each.level) for each in over] == [(subject, AlertLevel.WARNING)]


def test_a_calm_machine_has_recovered_from_everything(settings: Settings) -> None:
    keep_watch(settings, CALM._replace(most_tree_bytes=100))

    found = list(system_conditions(settings, RUN))

    assert len(found) == 4
    assert all(each.is_recovered for each in found)


def test_just_below_a_limit_nothing_has_recovered(settings: Settings) -> None:
    keep_watch(settings, CALM._replace(least_available_share=0.11))

    memory = next(each for each in system_conditions(settings, RUN) if each.subject == "memory")

    assert (memory.level, memory.is_recovered) == (None, False)


def test_of_a_run_outside_the_watch_nothing_is_said(settings: Settings) -> None:
    keep_watch(settings, CALM._replace(least_available_share=0.01))

    assert list(system_conditions(settings, RUN._replace(started_at_ns=201))) == []


def test_a_broken_file_is_as_none(settings: Settings) -> None:
    (settings.root / ".lapwing" / "system.json").write_text('{"format_version": 1, "odd": 2}')

    assert list(system_conditions(settings, RUN)) == []
