"""Values over runs drawn with plain characters: read on any terminal, in any log, without color."""

from collections.abc import Callable, Sequence
from typing import Final

_HEIGHT: Final = 11
_VALUE, _LEVEL, _STEP, _BEYOND = "*", "-", "|", "^"
_WILD: Final = 2.0  # times the highest level, over which a value is drawn at the edge


def history_chart(
    values: Sequence[float],
    steps: Sequence[int],
    levels: Sequence[float],
    width: int,
    label: Callable[[float], str],
) -> tuple[str, ...]:
    """Lines of at most `width` characters: values from left (oldest) to right, one more level than steps.

    `*` is a run, `-` the level of its stretch, `|` a step, `^` a value far above the picture. Where there are
    more values than columns, neighbors share one and the lowest and highest of them are drawn.
    """
    top = max(levels) * _WILD
    shown = [value for value in values if value <= top] or list(values)
    low, high = min([*shown, *levels]), max([*shown, *levels])
    if high == low:
        low, high = low * 0.99, high * 1.01 or 1.0
    labels = [label(high - (high - low) * row / (_HEIGHT - 1)) for row in (0, _HEIGHT // 2, _HEIGHT - 1)]
    gutter = max(map(len, labels))
    columns = max(10, min(len(values), width - gutter - 2))
    grid = [[" "] * columns for _ in range(_HEIGHT)]

    def row_of(value: float) -> int:
        return min(_HEIGHT - 1, max(0, round((high - value) / (high - low) * (_HEIGHT - 1))))

    def column_of(at: int) -> int:
        return at * columns // len(values) if len(values) > columns else at

    edges = [0, *steps, len(values)]
    for level, start, stop in zip(levels, edges[:-1], edges[1:], strict=True):
        for at in range(start, stop):
            grid[row_of(level)][column_of(at)] = _LEVEL
    for at in steps:
        for line in grid:
            line[column_of(at)] = _STEP
    for at, value in enumerate(values):
        grid[row_of(value)][column_of(at)] = _VALUE if value <= high else _BEYOND
    names = dict(zip((0, _HEIGHT // 2, _HEIGHT - 1), labels, strict=True))
    return tuple(f"{names.get(row, ''):>{gutter}} |{''.join(line)}".rstrip() for row, line in enumerate(grid))
