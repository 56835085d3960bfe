"""By which limits is a run judged? Settings become a plan."""

from collections.abc import Iterator

from lapwing.config.categories import ANY_TEST_LIMIT_NS, Category
from lapwing.config.deadlines import deadline_ns, deadline_origin
from lapwing.config.settings import Settings
from lapwing.model.budget import DEADLINE, MEMORY, SUITE_TIME, TIME, Budget, BudgetPlan


def budget_plan(settings: Settings, *, package: str = "", with_deadlines: bool = True) -> BudgetPlan:
    """The limits of `settings` for a run of `package`.

    `with_deadlines` is False for a run that nobody could stop: one read from reports.
    """
    judges_deadlines = with_deadlines and settings.timeouts
    factor = settings.timeout_factor if judges_deadlines else None
    return BudgetPlan(
        categories={
            name: tuple(_budgets(category, factor)) for name, category in settings.categories.items()
        },
        other=(Budget(TIME, ANY_TEST_LIMIT_NS),),
        suite=_suite(settings, package),
        packages={name: _package(settings, name) for name in settings.packages if name != package},
        warn_at=settings.warn_at,
        phase=settings.budget_phase,
        basis=settings.budget_basis,
    )


def _budgets(category: Category, timeout_factor: float | None) -> Iterator[Budget]:
    yield Budget(TIME, category.limit_ns, category.limit_origin)
    if timeout_factor is not None:
        deadline = deadline_ns(category, timeout_factor)
        if deadline:
            yield Budget(DEADLINE, deadline, deadline_origin(category, timeout_factor))
    if category.memory_bytes is not None:
        yield Budget(MEMORY, category.memory_bytes, category.memory_origin)
    for name, most in category.counters.items():
        yield Budget(name, most, category.counters_origin)


def _suite(settings: Settings, package: str) -> Budget:
    if package in settings.packages:
        return _package(settings, package)
    return Budget(SUITE_TIME, settings.suite_budget_ns, settings.origins["suite_budget"])


def _package(settings: Settings, name: str) -> Budget:
    return Budget(SUITE_TIME, settings.packages[name], f'pyproject.toml [tool.lapwing.packages."{name}"]')
