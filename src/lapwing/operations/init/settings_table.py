"""The table `[tool.lapwing]` as text, and a pyproject.toml with it at its end. Pure."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lapwing.config.options import OPTIONS_BY_NAME
from lapwing.errors import ProjectError
from lapwing.operations.init.kinds_of_tests import KindOfTests
from lapwing.operations.init.line_ends import with_block

PYPROJECT: Final = "pyproject.toml"

_LIMITS: Final = {
    "individual_test_threshold": "percent: a single test that got slower by more is a warning",
    "suite_threshold": "percent: the same for sums of tests",
    "slow_test_threshold_seconds": "tests that take longer are listed as slow",
}
_DEADLINES: Final = (
    "timeouts = true  # stop a test at its category's limit; 'lapwing budget' tells who is near",
    "timeout_factor = 2.0  # this machine is busy or uneven: see 'lapwing doctor'",
)
_OFF: Final = "# "


def read_pyproject(text: str | None) -> Mapping[str, Any]:
    """The tables of `text`, none for None. Raises ProjectError, with the line, for what is no TOML."""
    try:
        return tomllib.loads((text or "").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        raise ProjectError(
            f"the file is not valid TOML: {error}",
            where=f"{PYPROJECT}:{found[1]}" if found else PYPROJECT,
            mend="Correct that line; pip and pytest cannot read the file either.",
        ) from error


def table_text(
    values: Iterable[tuple[str, str]],
    taken: Iterable[str],
    kinds: Iterable[KindOfTests],
    *,
    is_noisy: bool = False,
    end_in_time: bool = False,
) -> str:
    """`[tool.lapwing]` with `values` (option and text), the usual limits, and `kinds` as categories.

    Options in `taken` are set elsewhere and left out: this table would win over them. Deadlines are
    proposed as a comment, since they end tests that pass today, unless it is known that all `end_in_time`;
    on a machine that `is_noisy` with more time.
    """
    taken = set(taken)
    lines = ["[tool.lapwing]"]
    lines += [f"{name} = {_quoted(value)}" for name, value in values if name not in taken]
    lines += [
        f"{name} = {OPTIONS_BY_NAME[name].default}  # {comment}"
        for name, comment in _LIMITS.items()
        if name not in taken
    ]
    lines += [line if end_in_time else f"{_OFF}{line}" for line in _DEADLINES[: 1 + is_noisy]]
    for kind in kinds:
        lines += ["", *_category_lines(kind)]
    return "\n".join(lines) + "\n"


def waits_for_deadlines(text: str) -> bool:
    """Whether `text` has the comment that `table_text` writes in the place of a deadline."""
    return f"{_OFF}{_DEADLINES[0]}" in text.splitlines()


def has_more_time(text: str) -> bool:
    """Whether that comment gives tests more time than their limits."""
    return f"{_OFF}{_DEADLINES[1]}" in text.splitlines()


def with_deadlines(text: str) -> str:
    """`text` with what stands in those comments set."""
    for line in _DEADLINES:
        text = text.replace(f"\n{_OFF}{line}", f"\n{line}", 1)
    return text


def with_table(text: str | None, table: str) -> str:
    """`text` with `table` at its end. Raises ProjectError where TOML does not let it stand there."""
    after = with_block(text or "", table)
    try:
        read_pyproject(after)
    except ProjectError as error:
        raise ProjectError(
            "tool is written in a form that cannot be added to at the end",
            where=PYPROJECT,
            mend=f"Add this to it by hand:\n{table}",
        ) from error
    return after


def _category_lines(kind: KindOfTests) -> Iterator[str]:
    yield f"[tool.lapwing.categories.{kind.category}]"
    for name, values in (("markers", kind.markers), ("paths", kind.paths)):
        if values:
            yield f"{name} = [{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    # A basic string of TOML escapes as JSON does, and DEL besides.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
