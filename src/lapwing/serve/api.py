"""The API: JSON for programs. `openapi.py` describes it."""

import csv
import io
from collections.abc import Callable
from typing import Any, Final

from lapwing.errors import NoDataError
from lapwing.model.access import ANY_PROJECT
from lapwing.model.codec import FORMAT_VERSION, run_comparison_dict
from lapwing.model.run_codec import run_dict
from lapwing.model.run_text import recorded_run_json
from lapwing.operations.compare_stored import compare_stored
from lapwing.operations.export_tests import EXPORT_COLUMNS, export_rows, inert_rows, parquet_of
from lapwing.operations.find_run import BASELINE
from lapwing.operations.find_stored_run import find_stored_run
from lapwing.report.pages.tests import ORDERS
from lapwing.serve.answer import JSON, Answer, Parameters, json_answer, one_of, whole_number
from lapwing.serve.desk import ServerDesk
from lapwing.store.protocol import RunDigest, RunQuery

_CSV: Final = "text/csv; charset=utf-8"
_PARQUET: Final = "application/vnd.apache.parquet"
_Maker = Callable[[ServerDesk, str, Parameters], Answer]


def api_answer(desk: ServerDesk, path: str, parameters: Parameters) -> Answer:
    """The answer of the API at `path`, below /api/v1. Raises LapwingError."""
    project = desk.project(parameters.get("project"))
    return ROUTES[path](desk, project, parameters)


def _runs(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    query = RunQuery(
        project=project,
        branch=parameters.get("branch") or None,
        commit=parameters.get("commit") or None,
        limit=whole_number(parameters, "limit", 100, most=1_000),
    )
    return json_answer(_document(runs=[_digest(digest) for digest in desk.store.runs(query)]))


def _run(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    run = find_stored_run(desk.store, project, parameters.get("id", "latest"))
    return Answer(recorded_run_json(desk.store.read_run(run.run_id)), JSON)


def _tests(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    rows, stamp = _rows(desk, project, parameters)
    document = _document(tests=[dict(zip(EXPORT_COLUMNS, row, strict=True)) for row in rows])
    return json_answer(document)._replace(stamp=stamp)


def _tests_csv(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    text = io.StringIO()
    rows, stamp = _rows(desk, project, parameters)
    writer = csv.writer(text)
    writer.writerow(EXPORT_COLUMNS)
    writer.writerows(inert_rows(rows))
    body = text.getvalue().encode("utf-8", "backslashreplace")
    return Answer(body, _CSV, headers=(_file("tests.csv"),), stamp=stamp)


def _tests_parquet(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    rows, stamp = _rows(desk, project, parameters)
    made = parquet_of(EXPORT_COLUMNS, rows)
    return Answer(made, _PARQUET, headers=(_file("tests.parquet"),), stamp=stamp)


def _series(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    nodeid = parameters.get("nodeid", "")
    limit = whole_number(parameters, "limit", 100, most=2_000)
    points = desk.store.history(nodeid, project=project, limit=limit)
    if not points:
        raise NoDataError("no run of this test is recorded", mend="/api/v1/tests lists the tests.")
    return json_answer(_document(nodeid=nodeid, points=[point._asdict() for point in points]))


def _comparison(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    before, after = parameters.get("a") or BASELINE, parameters.get("b") or "latest"
    compared = compare_stored(desk.settings_of(project), desk.store, before, after)
    return json_answer(run_comparison_dict(compared.judgment))


def _findings(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    said = desk.state_stamp()
    inbox, stamp = desk.inbox(project)
    items = [
        {**item._asdict(), "note": {**item.note._asdict(), "state": item.note.state.value}}
        for item in inbox.items
    ]
    document = _document(run_id=inbox.run_id, findings=items)
    return json_answer(document)._replace(stamp=f"{stamp} {said}")


def _projects(desk: ServerDesk, project: str, parameters: Parameters) -> Answer:
    among = parameters.get("among", ANY_PROJECT)
    known = [name for name in desk.store.projects() if among in (ANY_PROJECT, name)]
    return json_answer(_document(projects=known))


def _rows(desk: ServerDesk, project: str, parameters: Parameters) -> tuple[list[tuple[Any, ...]], str]:
    """The tests that are asked for, and of which runs."""
    fits = desk.query(project, parameters.get("q", ""))
    order = one_of(parameters, "sort", tuple(ORDERS))
    board, stamp, _ = desk.board(project)
    shown = [each for each in board.standings if fits(each)]
    return export_rows(sorted(shown, key=ORDERS[order])), stamp


def _digest(digest: RunDigest) -> dict[str, Any]:
    return {
        **run_dict(digest.run),
        "machine_class": digest.run.machine_class,
        "tests": digest.tests,
        "outcomes": dict(digest.outcomes),
        "worker_ns": digest.worker_ns,
    }


def _document(**fields: Any) -> dict[str, Any]:
    return {"format_version": FORMAT_VERSION, **fields}


def _file(name: str) -> tuple[str, str]:
    return "Content-Disposition", f'attachment; filename="{name}"'


ROUTES: Final[dict[str, _Maker]] = {
    "/runs": _runs,
    "/run": _run,
    "/tests": _tests,
    "/tests.json": _tests,
    "/tests.csv": _tests_csv,
    "/tests.parquet": _tests_parquet,
    "/series": _series,
    "/comparisons": _comparison,
    "/findings": _findings,
    "/projects": _projects,
}
"""Path below /api/v1 -> what answers it."""

QUICK: Final = ("/runs", "/projects", "/series")
"""Those that are asked anew each time: who has pushed a run finds it."""
