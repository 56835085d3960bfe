"""The limits by which a change is called one. Ratios minus one as floats, times in nanoseconds."""

from lapwing.model.value import Value


class ThresholdRule(Value):
    """Other limits for some subjects. What is empty fits all tests, what is None stays as it is."""

    name: str
    tests: tuple[str, ...] = ()  # globs of folders, files, classes or node ids; of sums, of their names
    categories: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()  # names; sums are meant only where one is named here
    warning: float | None = None  # after/before - 1, as the next
    critical: float | None = None
    min_change_ns: int | None = None


class ChangeThresholds(Value):
    """What a comparison needs to know of the settings. The defaults are the product's."""

    warning: float = 0.20  # single tests: after/before - 1 from which a regression is a warning
    critical: float = 0.50
    suite_warning: float = 0.15  # sums: suite, package, group
    suite_critical: float = 0.50
    min_change_ns: int = 2_000_000  # absolute change under which nothing is reported
    min_change_bytes: int = 5_000_000
    q: float = 0.01  # accepted share of false discoveries
    min_runs: int = 5  # fewer baseline runs: the suite's noise prior stands in
    min_tests: int = 30  # fewer common tests: code and machine cannot be told apart
    rules: tuple[ThresholdRule, ...] = ()  # a later one wins
