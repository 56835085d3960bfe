"""Whether a value has the shape that a JSON schema asks for, for the few words our schemas use.

Words: type, properties, required, additionalProperties, items, minimum, maximum. Others carry
descriptions. A library for all of JSON schema would have to be installed in every project.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

Schema = Mapping[str, Any]

_IS: Final[Mapping[str, Callable[[object], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    ),
    "null": lambda value: value is None,
}
_WORDS: Final = {
    dict: "an object",
    list: "an array",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


class Fault(NamedTuple):
    """The first place where a value differs from its schema."""

    path: str  # $.tests["a.py::test_a"].duration
    what: str  # should be a number, is a text


def shape_fault(value: Any, schema: Schema, path: str = "$") -> Fault | None:
    """The first fault of `value`, which lies at JSON path `path`; None where it fits `schema`."""
    wanted = schema.get("type")
    if wanted is not None:
        kinds = (wanted,) if isinstance(wanted, str) else wanted
        if not any(_IS[kind](value) for kind in kinds):
            return Fault(path, f"should be {' or '.join(kinds)}, is {_WORDS[type(value)]}")
    if isinstance(value, dict):
        return _object_fault(value, schema, path)
    if isinstance(value, list):
        return _array_fault(value, schema, path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_fault(value, schema, path)
    return None


def _object_fault(value: dict[str, Any], schema: Schema, path: str) -> Fault | None:
    for name in schema.get("required", ()):
        if name not in value:
            return Fault(path, f"lacks {name!r}")
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for name, member in value.items():
        member_schema = properties.get(name, others)
        # The path is spelled out for a faulty member only: files have ten thousand.
        if member_schema and (fault := shape_fault(member, member_schema, "")):
            return Fault(f"{path}{_step(name)}{fault.path}", fault.what)
    return None


def _array_fault(value: list[Any], schema: Schema, path: str) -> Fault | None:
    items = schema.get("items")
    if items is None:
        return None
    for place, member in enumerate(value):
        if fault := shape_fault(member, items, ""):
            return Fault(f"{path}[{place}]{fault.path}", fault.what)
    return None


def _number_fault(value: float, schema: Schema, path: str) -> Fault | None:
    if "minimum" in schema and not value >= schema["minimum"]:
        return Fault(path, f"should be at least {schema['minimum']}, is {value}")
    if "maximum" in schema and not value <= schema["maximum"]:
        return Fault(path, f"should be at most {schema['maximum']}, is {value}")
    return None


def _step(name: str) -> str:
    return f".{name}" if name.isidentifier() else f"[{json.dumps(name)}]"
