"""What was written for an option -> its value in inside units."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from lapwing.config.faults import wrong_value
from lapwing.config.options import Kind, Option
from lapwing.config.switch import read_flag
from lapwing.errors import ConfigurationError
from lapwing.model.word import Word
from lapwing.units import parse_duration, parse_percent, parse_size


def convert(option: Option, written: Any, *, where: str, folder: Path, is_text: bool = False) -> Any:
    """The value of `written` for `option`. Relative paths start at `folder`.

    `is_text`: it comes from a place that has only text, so that `true` and `5` may be text.
    Raises ConfigurationError that names `where`.
    """
    if option.kind in _FROM_FOLDER:
        text = str(written) if isinstance(written, Path) else _text(written, where)
        return _FROM_FOLDER[option.kind](text, folder, where)
    if is_text and isinstance(written, str) and option.kind in _FROM_TEXT:
        written = _FROM_TEXT[option.kind](written)
    return _FROM_VALUE[option.kind](option, written, where)


def _flag(option: Option, written: Any, where: str) -> bool:
    if isinstance(written, bool):
        return written
    raise ConfigurationError(
        f"{written!r} is neither true nor false", where=where, mend="Write true or false, without quotes."
    )


def _text(written: Any, where: str) -> str:
    if isinstance(written, str):
        return written
    raise wrong_value(written, "text", where)


def _texts(option: Option, written: Any, where: str) -> tuple[str, ...]:
    if isinstance(written, list | tuple) and all(isinstance(each, str) for each in written):
        return tuple(written)
    raise wrong_value(written, 'list of texts, such as ["a", "b"]', where)


def _integer(option: Option, written: Any, where: str) -> int:
    if isinstance(written, bool) or not isinstance(written, int):
        raise wrong_value(written, "whole number", where)
    if written < option.least:
        raise ConfigurationError(
            f"{written} is too small", where=where, mend=f"Write {option.least} or more."
        )
    return written


def _number_or_text(written: Any, expected: str, where: str) -> int | float | str:
    if isinstance(written, int | float | str) and not isinstance(written, bool):
        return written
    raise wrong_value(written, expected, where)


def _duration(option: Option, written: Any, where: str) -> int:
    bare_unit = "s" if option.kind is Kind.SECONDS else None
    return parse_duration(_number_or_text(written, "duration", where), bare_unit=bare_unit, where=where)


def _size(option: Option, written: Any, where: str) -> int:
    return parse_size(str(_number_or_text(written, "size", where)), where=where)


def _percent(option: Option, written: Any, where: str) -> float:
    return parse_percent(_number_or_text(written, "percentage", where), where=where)


def _share(option: Option, written: Any, where: str) -> float:
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written < 1:
        raise wrong_value(written, "number between 0 and 1", where)
    return float(written)


def _positive(option: Option, written: Any, where: str) -> float:
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written < math.inf:
        raise wrong_value(written, "number over 0", where)
    return float(written)


def _choice(option: Option, written: Any, where: str) -> Word:
    for choice in option.choices:
        if choice == written:
            return choice
    choices = ", ".join(option.choices)
    raise ConfigurationError(f"{written!r} is not known", where=where, mend=f"Write one of: {choices}.")


def _table(option: Option, written: Any, where: str) -> Mapping[str, Any]:
    if isinstance(written, dict):
        return written
    raise wrong_value(written, "table", where)


def _path(written: str, folder: Path, where: str) -> Path:
    if not written:
        raise ConfigurationError("the value is empty", where=where, mend="Write a path.")
    try:
        return folder / Path(written).expanduser()
    except RuntimeError as error:  # `~nobody`
        raise ConfigurationError(
            f"{written!r}: {error}", where=where, mend="Write the whole path."
        ) from error


def _path_or_none(written: str, folder: Path, where: str) -> Path | None:
    return _path(written, folder, where) if written else None


def _location(written: str, folder: Path, where: str) -> str:
    return written if "://" in written else str(_path(written, folder, where))


def _number(text: str) -> object:
    """The number in `text`, or `text` where there is none."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else text
    return text


def _flag_word(text: str) -> object:
    flag = read_flag(text)
    return text if flag is None else flag


_FROM_FOLDER: Final[Mapping[Kind, Callable[[str, Path, str], Any]]] = {
    Kind.PATH: _path,
    Kind.PATH_OR_NONE: _path_or_none,
    Kind.LOCATION: _location,
}
_FROM_TEXT: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.FLAG: _flag_word,
    Kind.TEXTS: str.split,
    Kind.INTEGER: _number,
    Kind.SHARE: _number,
    Kind.NUMBER: _number,
}
_FROM_VALUE: Final[Mapping[Kind, Callable[[Option, Any, str], Any]]] = {
    Kind.FLAG: _flag,
    Kind.TEXT: lambda option, written, where: _text(written, where),
    Kind.TEXTS: _texts,
    Kind.INTEGER: _integer,
    Kind.DURATION: _duration,
    Kind.SECONDS: _duration,
    Kind.SIZE: _size,
    Kind.PERCENT: _percent,
    Kind.SHARE: _share,
    Kind.NUMBER: _positive,
    Kind.CHOICE: _choice,
    Kind.TABLE: _table,
}
