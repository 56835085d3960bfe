"""What comes from outside, field by field: each check gives the value or raises ValueError in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lapwing.model.record import Outcome

OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
MOST_CHARACTERS: Final = 10_000
"""Of one text, if nothing else is said."""

_MOST_OF_A_STACK: Final = 100_000
_MOST_ITEMS: Final = 100_000  # of one list inside a record


def outcome_of(fields: Mapping[str, Any]) -> Outcome:
    """The outcome in these fields."""
    word = fields.get("outcome")
    if not isinstance(word, str) or word not in OUTCOMES:
        raise ValueError(f"outcome is none of {', '.join(OUTCOMES)}")
    return OUTCOMES[word]


def object_of(value: Any, name: str) -> Mapping[str, Any]:
    """`value` as an object."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no object")
    return value


def list_of(fields: Mapping[str, Any], name: str, *, most: int | None = _MOST_ITEMS) -> Sequence[Any]:
    """The list called `name`, empty where there is none."""
    value = fields.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")
    if most is not None and len(value) > most:
        raise ValueError(f"{name} has more than {most} items")
    return value


def checked(value: Any, name: str, most: int = _MOST_OF_A_STACK) -> str:
    """`value` as a text of at most `most` characters."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    if len(value) > most:
        raise ValueError(f"{name} has more than {most} characters")
    return value


def text(
    fields: Mapping[str, Any], name: str, default: str | None = None, *, most: int = MOST_CHARACTERS
) -> str:
    """The text called `name`."""
    value = fields.get(name, default)
    return checked(value, name, _MOST_OF_A_STACK if name == "stack" else most)


def text_or_none(fields: Mapping[str, Any], name: str) -> str | None:
    """The text called `name`, None where there is none."""
    return None if fields.get(name) is None else text(fields, name)


def texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The list of texts called `name`."""
    return tuple(checked(each, f"an item of {name}") for each in list_of(fields, name))


def texts_by_name(fields: Mapping[str, Any], name: str) -> dict[str, str]:
    """The object of texts called `name`."""
    return dict(_pairs(object_of(fields.get(name) or {}, name), name))


def _pairs(fields: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    for key, value in fields.items():
        yield checked(key, f"a key of {name}"), checked(value, f"a value of {name}")


def whole(fields: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """The whole number of at most 64 bits called `name`."""
    value = fields.get(name, default)
    if value.__class__ is not int:
        raise ValueError(f"{name} is no whole number")
    number: int = value
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} does not fit into 64 bits")
    return number


def whole_or_none(fields: Mapping[str, Any], name: str) -> int | None:
    """Such a number, None where there is none."""
    return None if fields.get(name) is None else whole(fields, name)


def number_of(value: Any, name: str) -> float:
    """`value` as a number that arithmetic can bear."""
    if value.__class__ not in (int, float) or abs(value) > 1e300:
        raise ValueError(f"{name} is no number")
    return float(value)


def number_or_none(fields: Mapping[str, Any], name: str) -> float | None:
    """The number called `name`, None where there is none."""
    return None if fields.get(name) is None else number_of(fields[name], name)


def flag(fields: Mapping[str, Any], name: str) -> bool:
    """Whether the field `name` is true."""
    return flag_or_none(fields, name) or False


def flag_or_none(fields: Mapping[str, Any], name: str) -> bool | None:
    """Whether it is true, None where there is none."""
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{name} is neither true nor false")
    return value
