"""The reference page of the options, made from their table."""

from collections.abc import Iterator
from typing import Final

from lapwing.config.options import AUTO, OPTIONS, Kind, Option

_HEAD: Final = """\
# Configuration

Options stand in `pyproject.toml` at the project's root, in the table `[tool.lapwing]`. What is said
later in this list wins:

1. the default,
2. the table `[tool.performance]`, for the options that say so,
3. the table `[tool.lapwing]`,
4. the environment variable,
5. the command line flag, in commands that have it.

An unknown key, or a value of another kind, is left out with a warning that names the nearest known key; the
rest holds, and runs are recorded. `lapwing doctor` lists all such faults and ends with 1.
"""


def options_markdown() -> str:
    """The text of the reference page: every option in the order of the table."""
    return _HEAD + "".join(_section(option) for option in OPTIONS)


def _section(option: Option) -> str:
    lines = [f"\n## `{option.name}`", "", option.help, "", *_facts(option)]
    for entry in option.entries:
        name = "" if option.is_one_table else "NAME."
        lines += ["", f"### `{option.name}.{name}{entry.name}`", "", entry.help, "", *_facts(entry)]
    return "\n".join(lines) + "\n"


def _facts(option: Option) -> Iterator[str]:
    yield f"- Value: {_kind_text(option)}"
    if option.kind is not Kind.TABLE:
        yield f"- Default: {_default_text(option.default)}"
    if option.env:
        yield f"- Environment: `{option.env}`"
    if option.flag:
        yield f"- Flag: `{option.flag}`"
    if option.is_in_performance_table:
        yield "- Read from `[tool.performance]` too"
    yield f"- Since: {option.since}"


def _kind_text(option: Option) -> str:
    if option.kind is Kind.CHOICE:
        return ", ".join(f"`{choice}`" for choice in option.choices)
    if option.default == AUTO:
        return f"{option.kind.value}; or `auto`"
    return option.kind.value + (f", at least {option.least}" if option.least else "")


def _default_text(default: object) -> str:
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    if isinstance(default, str):
        return f"`{default}`" if default else "empty"
    if isinstance(default, list):
        return "`[" + ", ".join(f'"{each}"' for each in default) + "]`"
    return f"`{default}`"
