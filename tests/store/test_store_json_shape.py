"""Our small check of shapes, and that it agrees with a whole implementation of JSON schema."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.store.json_file import load_schema
from lapwing.store.json_shape import Fault, shape_fault

PERSON = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "age": {"type": ["integer", "null"], "minimum": 0, "maximum": 150},
        "pets": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "number"}}},
    },
}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"name": "a"}, None),
        ({"name": "a", "age": None, "unknown": object}, None),
        ({"name": "a", "age": 3.0}, None),
        ([], Fault("$", "should be object, is an array")),
        ({}, Fault("$", "lacks 'name'")),
        ({"name": 1}, Fault("$.name", "should be string, is a number")),
        ({"name": "a", "age": True}, Fault("$.age", "should be integer or null, is true or false")),
        ({"name": "a", "age": 1.5}, Fault("$.age", "should be integer or null, is a number")),
        ({"name": "a", "age": -1}, Fault("$.age", "should be at least 0, is -1")),
        ({"name": "a", "age": 151}, Fault("$.age", "should be at most 150, is 151")),
        ({"name": "a", "age": float("inf")}, Fault("$.age", "should be integer or null, is a number")),
        ({"name": "a", "pets": [{}, 1]}, Fault("$.pets[1]", "should be object, is a number")),
        (
            {"name": "a", "pets": [{"x::y": "z"}]},
            Fault('$.pets[0]["x::y"]', "should be number, is a text"),
        ),
    ],
)
def test_the_first_fault_is_named_by_its_path(value: Any, fault: Fault | None) -> None:
    assert shape_fault(value, PERSON) == fault


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 10**10), st.floats(allow_nan=False), st.text(max_size=2)
)
KEYS = st.sampled_from(
    [
        *("tests", "duration", "threshold", "n", "spread", "runs", "suite_metrics", "nodeid", "markers"),
        *("total_duration", "counters", "count", "time", "status", "format_version", "summary"),
        *("subtests", "name", "outcome"),
    ]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
# Random values seldom fit; these do but for one place.
NEARLY = st.builds(
    lambda key, value: (
        {"tests": {"a": {"duration": 1, key: value}}}
        | {"suite_metrics": {"g": {"total_duration": 1, key: value}}}
        | ({key: value} if key != "tests" else {})
    ),
    KEYS,
    VALUES,
) | st.builds(lambda key, value: {"tests": [{"nodeid": "a", "duration": 1, key: value}]}, KEYS, VALUES)


@pytest.mark.parametrize("name", ["baseline", "data"])
@given(value=VALUES | NEARLY)
def test_our_check_agrees_with_the_library(name: str, value: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(load_schema(name))

    assert (shape_fault(value, load_schema(name)) is None) == validator.is_valid(value)


@pytest.mark.parametrize("name", ["baseline", "data"])
def test_the_published_schemas_are_schemas(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")

    jsonschema.Draft202012Validator.check_schema(load_schema(name))


@pytest.mark.parametrize("name", ["baseline", "data"])
def test_the_published_schemas_use_only_words_that_we_check(name: str) -> None:
    known = {"type", "properties", "required", "additionalProperties", "items", "minimum", "maximum"}
    told = {"$schema", "title", "description"}

    def words(schema: dict[str, Any]) -> set[str]:
        inner = [*schema.get("properties", {}).values()]
        inner += [schema[word] for word in ("items", "additionalProperties") if word in schema]
        return set(schema).union(*map(words, inner))

    assert words(json.loads(json.dumps(load_schema(name)))) <= known | told
