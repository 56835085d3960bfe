"""Where the limit of a category comes from: preset, table of budgets, its own table, environment."""

from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings

MS = 1_000_000


def load(root: Path, text: str = "", **environ: str) -> Settings:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    return load_settings(root, environ=environ)


def limits(settings: Settings) -> dict[str, int]:
    return {name: category.limit_ns // MS for name, category in settings.categories.items()}


def test_the_strict_preset(tmp_path: Path) -> None:
    found = limits(load(tmp_path, '[tool.lapwing]\npreset = "strict"\n'))

    assert found == {
        "slow": 30_000,
        "e2e": 10_000,
        "integration": 2000,
        "api": 5000,
        "stress": 10_000,
        "unit": 100,
    }


@pytest.mark.parametrize("name", ["unit", "unit_test"])
def test_performance_budgets_are_milliseconds_under_either_name(tmp_path: Path, name: str) -> None:
    settings = load(tmp_path, f"[tool.lapwing.performance_budgets]\n{name} = 250\n")

    assert limits(settings)["unit"] == 250
    assert settings.categories["unit"].limit_origin == "pyproject.toml [tool.lapwing.performance_budgets]"


def test_a_performance_budget_may_have_a_unit_and_a_category_of_your_own(tmp_path: Path) -> None:
    assert limits(load(tmp_path, '[tool.lapwing.performance_budgets]\nsmoke = "2s"\n'))["smoke"] == 2000


def test_later_places_win(tmp_path: Path) -> None:
    text = (
        '[tool.lapwing]\npreset = "strict"\n'
        "[tool.lapwing.performance_budgets]\nunit = 200\nintegration = 200\n"
        '[tool.lapwing.categories.unit_test]\nbudget = "300ms"\n'
    )

    assert limits(load(tmp_path, text))["unit"] == 300
    settings = load(tmp_path, text, UNIT_TEST_THRESHOLD="0.4")
    assert limits(settings)["unit"] == 400
    assert settings.categories["unit"].limit_origin == "environment UNIT_TEST_THRESHOLD"
    assert limits(settings)["integration"] == 200


def test_other_limits_of_a_category(tmp_path: Path) -> None:
    text = (
        '[tool.lapwing.categories.api]\ntimeout = "8s"\nmemory = "50MB"\nsql_queries = 12\n'
        "counters = { sleep = 0 }\n"
    )

    api = load(tmp_path, text).categories["api"]

    assert api.timeout_ns == 8000 * MS
    assert api.memory_bytes == 50_000_000
    assert api.counters == {"sql_queries": 12, "sleep": 0}


def test_a_suite_budget_per_package(tmp_path: Path) -> None:
    settings = load(tmp_path, '[tool.lapwing.packages."services/billing"]\nsuite_budget = "90s"\n')

    assert settings.packages == {"services/billing": 90_000 * MS}
    assert settings.suite_budget_ns == 300_000 * MS


def test_limits_of_load_tests_in_the_order_written(tmp_path: Path) -> None:
    text = (
        '[tool.lapwing.load_budgets."GET /*"]\np95 = "150ms"\nfailures = "2%"\n'
        "[tool.lapwing.load_budgets.orders]\nrps = 40\n"
    )

    pages, orders = load(tmp_path, text).load_budgets

    assert (pages.name, pages.p95_ns, pages.failures, pages.rps) == ("GET /*", 150 * MS, 0.02, None)
    assert (orders.name, orders.rps, orders.p95_ns) == ("orders", 40.0, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.lapwing.load_budgets.a]\nfailurs = 1\n", "failures"),
        ("[tool.lapwing.load_budgets]\na = 1\n", "table"),
        ("[tool.lapwing.performance_budgets]\nunit = true\n", "milliseconds"),
        ("[tool.lapwing.performance_budgets]\nunit = -1\n", "out of range"),
        ("[tool.lapwing.categories.unit]\nbudget = 100\n", "has no unit"),
        ("[tool.lapwing.categories.unit]\ncounters = { sleep = -1 }\n", "too small"),
        ('[tool.lapwing.packages.a]\nsuite_bugdet = "1s"\n', "suite_budget"),
        ("[tool.lapwing]\ntimeout_factor = 0\n", "number over 0"),
        ('[tool.lapwing]\npreset = "hard"\n', "strict"),
    ],
)
def test_a_wrong_limit_is_left_out_and_told(tmp_path: Path, text: str, words: str) -> None:
    settings = load(tmp_path, text)

    (fault,) = settings.faults
    assert words in str(fault)
    assert limits(settings)["unit"] == 1000


def test_a_wrong_variable_is_told(tmp_path: Path) -> None:
    (fault,) = load(tmp_path, UNIT_TEST_THRESHOLD="soon").faults

    assert "UNIT_TEST_THRESHOLD" in str(fault)
