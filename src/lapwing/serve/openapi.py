"""The description of the API, as OpenAPI 3.1."""

from functools import cache
from typing import Any, Final

from lapwing._version import __version__
from lapwing.report.pages.tests import ORDERS
from lapwing.serve.answer import Answer, json_answer

_TEXT: Final = {"type": "string"}
_OBJECT: Final = {"application/json": {"schema": {"type": "object"}}}
_PROJECT: Final = ("project", _TEXT, "The project; by default that of the server's checkout.")
_LIMIT: Final = ("limit", {"type": "integer", "minimum": 1, "maximum": 1000}, "At most so many.")
_QUERY: Final = ("q", _TEXT, "Which tests, as in the filter of the page: dur:>2s category:api payments")
_SORT: Final = ("sort", {"type": "string", "enum": list(ORDERS)}, "By what, the highest first.")
_RUN_NAME: Final = "a run, commit or branch, or latest"

_GETS: Final[dict[str, tuple[str, tuple[tuple[str, dict[str, Any], str], ...], str]]] = {
    "/projects": ("Projects that have runs, as far as the token is for them.", (), "application/json"),
    "/runs": (
        "Runs, newest first, without their records.",
        (_PROJECT, ("branch", _TEXT, "Of this branch."), ("commit", _TEXT, "Of this commit."), _LIMIT),
        "application/json",
    ),
    "/tests": ("How every test stands over the newest runs.", (_PROJECT, _QUERY, _SORT), "application/json"),
    "/tests.json": ("The same.", (_PROJECT, _QUERY, _SORT), "application/json"),
    "/tests.csv": ("The same as CSV.", (_PROJECT, _QUERY, _SORT), "text/csv"),
    "/tests.parquet": (
        "The same as a Parquet file.",
        (_PROJECT, _QUERY, _SORT),
        "application/vnd.apache.parquet",
    ),
    "/series": (
        "One test over its runs, newest first.",
        (_PROJECT, ("nodeid", _TEXT, "The test."), _LIMIT),
        "application/json",
    ),
    "/comparisons": (
        "Two runs compared, the machine taken out.",
        (_PROJECT, ("a", _TEXT, f"baseline, or {_RUN_NAME}."), ("b", _TEXT, f"{_RUN_NAME}.")),
        "application/json",
    ),
    "/findings": ("Regressions of the newest run, with their states.", (_PROJECT,), "application/json"),
    "/live": ("Runs that are going on.", (_PROJECT,), "application/json"),
}


def openapi_document() -> Answer:
    """The description as an answer."""
    return _made()


@cache
def _made() -> Answer:
    paths: dict[str, dict[str, Any]] = {
        f"/api/v1{path}": {"get": _get(told, fields, kind)} for path, (told, fields, kind) in _GETS.items()
    }
    name = {"name": "id", "in": "path", "required": True, "schema": _TEXT, "description": _RUN_NAME}
    run = _get("One run with all its records.", (_PROJECT,), "application/json")
    paths["/api/v1/runs/{id}"] = {"get": {**run, "parameters": [name, *run["parameters"]]}}
    paths["/api/v1/runs"]["post"] = _take_run()
    paths["/api/v1/live"]["post"] = _take_live()
    return json_answer(
        {
            "openapi": "3.1.0",
            "info": {"title": "Lapwing", "version": __version__},
            "security": [{"token": []}],
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "paths": paths,
        }
    )


def _get(told: str, fields: tuple[tuple[str, dict[str, Any], str], ...], kind: str) -> dict[str, Any]:
    return {
        "summary": told,
        "parameters": [
            {"name": name, "in": "query", "schema": schema, "description": described}
            for name, schema, described in fields
        ],
        "responses": {"200": {"description": told, "content": {kind: {}}}, **_faults(400, 404, 501)},
    }


def _take_run() -> dict[str, Any]:
    told = "What became of it: run_id, is_new, tests, and each record that was refused with the reason."
    parameters = [
        {"name": "project", "in": "query", "schema": _TEXT, "description": "Keep it in this project."},
        {
            "name": "run_id",
            "in": "query",
            "schema": _TEXT,
            "description": "The id of a run in a report.",
        },
    ]
    return {
        "summary": "Take a run in; a run of an id that is there already is kept as it is.",
        "description": "A document of `lapwing show --format json`, or a report of any format that `lapwing "
        "ingest` reads; gzip is told by content. In place of a list of objects `tests` may be an object of "
        "columns of one length, one per field: a sixth of the bytes, and read in a tenth of the time. A "
        'column is a list, or `{"each": 0}` for one value in all rows, `{"one_of": ["gw0", "gw1"], "at": …}` '
        'for one of at most 256 (a byte per row), `{"int32": …}` or `{"int64": …}` for whole numbers, '
        'little-endian, and with `"missing": [3]` the rows that have none. `…` is base64. That of `nodeid` '
        "is a list.",
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "content": {"application/json": {}, "application/octet-stream": {}},
        },
        "responses": {
            "201": {"description": told, "content": _OBJECT},
            "200": {"description": f"It was there already. {told}", "content": _OBJECT},
            **_faults(404, 408, 413, 422),
        },
    }


def _take_live() -> dict[str, Any]:
    return {
        "summary": "Tell of a run that is going on; forgotten after 15 seconds without news.",
        "requestBody": {"required": True, "content": _OBJECT},
        "responses": {"204": {"description": "Taken."}, **_faults(408, 413, 422)},
    }


def _faults(*own: int) -> dict[str, Any]:
    told = {
        400: "A wrong parameter.",
        401: "No token, or a wrong one.",
        403: "The token does not allow it.",
        404: "There is no such thing.",
        405: "Not with this method.",
        408: "The body comes too slowly.",
        413: "The body is too large, packed or unpacked, or holds more values than are taken at once.",
        421: "The Host is not one of the server's.",
        422: "The body is no run.",
        429: "Too many requests.",
        501: "A library is not installed on the server.",
        503: "The store does not answer.",
    }
    codes = sorted({*own, 401, 403, 405, 421, 429, 503})
    return {str(code): {"description": told[code], "content": _OBJECT} for code in codes}
