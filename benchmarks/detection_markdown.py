"""The tables about detection in docs/explanation/performance.md, as Markdown, from what was counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from detection_draws import CLASSES, CONDITIONS, FACTORS

Cell = tuple[str, str, str, int]  # detector, metric, condition, n
Counts = Counter[Any]

_LONG: Final = [title for title, low, _ in CLASSES if low >= 10_000_000]
_CONFIRMED: Final = "lapwing --confirm 5"


def markdown(pooled: Mapping[Cell, Counts], by_suite: Mapping[str, Mapping[Cell, Counts]]) -> str:
    """A table per number of new runs; one of suites, and of all but one of them, where `by_suite` has them.

    The figures of a cell are those of the three conditions; what was found is of tests of 10 ms and more.
    """
    lines: list[str] = []
    for judged in sorted({cell[3] for cell in pooled}, reverse=True):
        lines += ["", f"New runs: {judged}; {_tested(pooled, judged)}.", ""]
        lines += _head("detector", "metric", "false alarms per 1,000 tests")
        metrics = dict.fromkeys((cell[0], cell[1]) for cell in pooled if cell[3] == judged)
        for detector, metric in metrics:
            cells = [pooled.get((detector, metric, condition, judged), Counter()) for condition in CONDITIONS]
            alarms = " / ".join(_per_1000(each) for each in cells)
            lines.append(_row(detector, metric, alarms, *_found(cells)))
    if by_suite:
        lines += ["", f"`{_CONFIRMED}`, by suite", "", *_head("suite", "tests", "false alarms")]
        lines += _suites(by_suite)
    return "\n".join(lines)


def _suites(by_suite: Mapping[str, Mapping[Cell, Counts]]) -> Iterator[str]:
    parts = {name: [name] for name in by_suite}
    parts |= {f"all but {name}": [other for other in by_suite if other != name] for name in by_suite}
    for title, names in parts.items():
        cells = [
            _summed(by_suite[name].get((_CONFIRMED, "verdict", condition, 3), Counter()) for name in names)
            for condition in CONDITIONS
        ]
        tests = round(sum(each["tests"] for each in cells) / max(1, sum(each["judgments"] for each in cells)))
        alarms = " / ".join(str(each["alarms"]) for each in cells)
        yield _row(title, f"{tests * len(names):,}", alarms, *_found(cells))


def _summed(parts: Iterable[Counts]) -> Counts:
    whole: Counts = Counter()
    for part in parts:
        whole.update(part)
    return whole


def _tested(pooled: Mapping[Cell, Counts], judged: int) -> str:
    own = [counts for cell, counts in pooled.items() if cell[0].startswith("lapwing") and cell[3] == judged]
    most = max(own or pooled.values(), key=lambda counts: counts["tests"])
    slowed = sum(most[title, FACTORS[0], "slowed"] for title in _LONG)
    return f"{most['tests']:,} judged tests and {slowed} slowed ones of at least 10 ms in each condition"


def _found(cells: Sequence[Counts]) -> list[str]:
    return [" / ".join(_share(each, factor) for each in cells) for factor in FACTORS]


def _share(counts: Counts, factor: float) -> str:
    slowed = sum(counts[title, factor, "slowed"] for title in _LONG)
    found = sum(counts[title, factor, "found"] for title in _LONG)
    return f"{100 * found / slowed:.0f}%" if slowed else "–"


def _per_1000(counts: Counts) -> str:
    return f"{1000 * counts['alarms'] / counts['tests']:.3g}" if counts["tests"] else "–"


def _head(*names: str) -> list[str]:
    columns = [*names, *(f"+{100 * (factor - 1):.0f}% found" for factor in FACTORS)]
    return [_row(*columns), _row(*["---"] * len(columns))]


def _row(*texts: str) -> str:
    return f"| {' | '.join(texts)} |"
