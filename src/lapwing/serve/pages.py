"""The pages: each a question to operations, answered by a neutral page of the report's room as HTML."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from lapwing.errors import ConfigurationError, LapwingError, StoreError
from lapwing.operations.compare_stored import compare_stored
from lapwing.operations.find_flaky import find_flaky
from lapwing.operations.find_run import BASELINE, FoundRun
from lapwing.operations.find_stored_run import find_stored_run
from lapwing.operations.make_report import ReportWish, make_report
from lapwing.operations.notify import lasting_alerts
from lapwing.operations.project.coverage import read_coverage
from lapwing.operations.project.inbox import SETTABLE
from lapwing.operations.project.leaks import read_leaks
from lapwing.operations.project.moves import read_moves
from lapwing.operations.project.overview import read_overview
from lapwing.operations.read_history import METRICS, read_history
from lapwing.operations.what_if import what_if_of
from lapwing.operations.why import why_of
from lapwing.report.markup import element, escaped
from lapwing.report.page import Page, Section
from lapwing.report.pages.benchmarks import benchmarks_page
from lapwing.report.pages.compare import compare_page
from lapwing.report.pages.days import days_section
from lapwing.report.pages.flaky import flaky_page
from lapwing.report.pages.inbox import inbox_page
from lapwing.report.pages.leaks import leaks_page
from lapwing.report.pages.moves import moves_page
from lapwing.report.pages.one_test import one_test_section
from lapwing.report.pages.overview import overview_page
from lapwing.report.pages.report_charts import charted_report_page
from lapwing.report.pages.runs import runs_page
from lapwing.report.pages.state_log import state_log_page
from lapwing.report.pages.subject_charts import charted_history_page
from lapwing.report.pages.tests import ORDERS, tests_page
from lapwing.report.pages.what_if import what_if_page
from lapwing.report.pages.why import why_page
from lapwing.serve.answer import Answer, Parameters, one_of, whole_number
from lapwing.serve.desk import ServerDesk
from lapwing.serve.forms import AFTER, BEFORE, WORKERS, form_above
from lapwing.serve.frame import address, button, choice, field, form, framed
from lapwing.store.protocol import RunQuery

_ROWS: Final = 100
_LOADS: Final = 50
_BENCHMARK_RUNS: Final = 10  # the newest of them that has benchmarks shows them
_HISTORY_RUNS: Final = 60
_NEIGHBORS: Final = 40  # a third of what the command line reads, which nobody waits for in a browser
_MODES: Final = ("load", "worksteal")


class _Made:
    """A page and the markup below it."""

    def __init__(self, page: Page, *, below: str = "", stamp: str = "") -> None:
        self.page, self.below = page, below
        self.stamp = stamp  # of which runs it is, where those may not be the newest


_Maker = Callable[[ServerDesk, str, Parameters], _Made]


def page_answer(desk: ServerDesk, path: str, parameters: Parameters) -> Answer:
    """The page at `path`. Raises LapwingError."""
    project = desk.project(parameters.get("project"))
    said = desk.state_stamp() if path in STATEFUL else ""
    made = PAGES[path](desk, project, parameters)
    markup = framed(
        made.page,
        path=path,
        project=project,
        projects=desk.store.projects(),
        above=form_above(path, project, parameters),
        below=made.below,
    )
    stamp = f"{made.stamp} {said}".strip() if made.stamp else ""
    return Answer(markup.encode("utf-8", "backslashreplace"), stamp=stamp)


def error_page(
    path: str, what: str, mend: str, *, project: str = "", projects: Sequence[str] = (), above: str = ""
) -> bytes:
    """The frame around what went wrong."""
    page = Page(title="No answer", verdict=what, hints=(mend,) if mend else ())
    markup = framed(page, path=path, project=project, projects=projects, above=above)
    return markup.encode("utf-8", "backslashreplace")


def failed_page(desk: ServerDesk, path: str, parameters: Parameters, error: LapwingError) -> bytes:
    """Why there is no answer at `path`, below the form that asked, in the project that was asked."""
    project = parameters.get("project", "")
    projects: Sequence[str] = ()
    if not isinstance(error, StoreError):  # which would keep them from us, too
        with suppress(StoreError):
            projects = desk.store.projects()
    above = form_above(path, project, parameters)
    return error_page(path, error.what, error.mend, project=project, projects=projects, above=above)


def _overview(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    board, (inbox, stamp) = desk.board(project), desk.inbox(project)
    overview = read_overview(project, desk.store, board.value, inbox, desk.newest(project))
    if project == desk.settings.project:
        root = desk.config.root
        overview = overview._replace(coverage=read_coverage(root), alerts=lasting_alerts(root))
    page = _with(overview_page(overview), days_section(desk.store.suite_days(project=project)))
    return _Made(page, stamp=stamp if stamp == board.stamp else "of several moments")


def _runs(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    branch = parameters.get("branch") or None
    number = whole_number(parameters, "page", 1, most=10_000)
    query = RunQuery(project=project, branch=branch, limit=number * _ROWS + 1)
    digests = desk.store.runs(query)
    shown = digests[(number - 1) * _ROWS : number * _ROWS]
    values = {"branch": branch or ""}
    return _Made(
        runs_page(shown),
        below=_pager("/runs", project, values, number, more=len(digests) > number * _ROWS),
    )


def _run(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    run = find_stored_run(desk.store, project, parameters.get("id", "latest"))
    settings = desk.settings_of(project)
    found = FoundRun(name=run.run_id, run=run)
    report = make_report(settings, desk.store, found, ReportWish(settings.slow_test_ns))
    links = {
        "Where its time went": address("/why", project, id=run.run_id),
        "Against the baseline": address("/compare", project, a=BASELINE, b=run.run_id),
        "With other workers": address("/what-if", project, id=run.run_id),
        "As JSON": address(f"/api/v1/runs/{run.run_id}", project),
    }
    return _Made(charted_report_page(report), below=_links(links))


def _why(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    run = find_stored_run(desk.store, project, parameters.get("id", "latest"))
    answer = why_of(desk.settings_of(project), desk.store, run.run_id, most=20)
    return _Made(why_page(answer.recorded.run, answer.why))


def _tests(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    board, stamp, _ = desk.board(project)
    query = parameters.get("q", "").strip()
    fits = desk.query(project, query)
    order = one_of(parameters, "sort", tuple(ORDERS))
    number = whole_number(parameters, "page", 1, most=1_000_000)
    shown = [each for each in board.standings if fits(each)]
    exports = {
        f"As {kind.upper()}": address(f"/api/v1/tests.{kind}", project, q=query, sort=order)
        for kind in ("csv", "json", "parquet")
    }
    values = {"q": query, "sort": order}
    more = len(shown) > number * _ROWS
    return _Made(
        tests_page(board, shown, query=query, order=order, page=number, size=_ROWS),
        below=_pager("/tests", project, values, number, more=more) + _links(exports),
        stamp=stamp,
    )


def _test(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    nodeid = parameters.get("nodeid", "")
    metric = one_of(parameters, "metric", METRICS)
    branch = parameters.get("branch") or None
    history = read_history(
        desk.settings_of(project),
        desk.store,
        nodeid,
        metric=metric,
        limit=_HISTORY_RUNS,
        branch=branch,
        neighbors=_NEIGHBORS,
    )
    below = form(
        "/inbox/state",
        {"project": project, "nodeid": nodeid},
        choice("state", "Set its regression to", SETTABLE),
        field("until", "muted until", kind="date", size=10),
        button("Set"),
        method="post",
    )
    newest = history.points[-1]
    parts = one_test_section(*desk.store.one_test(newest.run_id, nodeid), newest.started_at_ns)
    page = _with(charted_history_page(history, most=50), parts)
    days = days_section(desk.store.days(nodeid, project=project)) if metric == METRICS[0] else None
    return _Made(_with(page, days), below=below)


def _inbox(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    inbox, stamp = desk.inbox(project)
    return _Made(inbox_page(inbox, desk.owners(project)), stamp=stamp)


def _compare(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    before, after = parameters.get("a") or BEFORE, parameters.get("b") or AFTER
    compared = compare_stored(desk.settings_of(project), desk.store, before, after)
    return _Made(compare_page(before, after, compared.judgment))


def _trend(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    branch = parameters.get("branch") or None
    moves, machine = read_moves(desk.settings_of(project), desk.store, branch=branch)
    return _Made(moves_page(moves, machine, most=20))


def _flaky(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    return _Made(flaky_page(find_flaky(desk.settings_of(project), desk.store), 100))


def _leaks(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    return _Made(leaks_page(read_leaks(desk.settings_of(project), desk.store), 100))


def _what_if(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    run = find_stored_run(desk.store, project, parameters.get("id", "latest"))
    text = parameters.get("workers") or WORKERS
    words = text.split(",")
    if len(words) > 12 or not all(word.isascii() and word.isdigit() and len(word) < 5 for word in words):
        raise ConfigurationError("workers is no list of at most 12 numbers", mend="Write 2,4,8.")
    answer = what_if_of(
        desk.settings_of(project), desk.store, run.run_id, workers=tuple(map(int, words)), modes=_MODES
    )
    return _Made(what_if_page(answer))


def _benchmarks(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    loads = desk.store.loads(project=project, limit=_LOADS)
    runs = [digest.run for digest in desk.store.runs(RunQuery(project=project, limit=_BENCHMARK_RUNS))]
    for run, benchmarks in zip(runs, desk.store.benchmarks([run.run_id for run in runs]), strict=True):
        if benchmarks:
            return _Made(benchmarks_page(run, benchmarks, loads))
    return _Made(benchmarks_page(None, (), loads))


def _log(desk: ServerDesk, project: str, parameters: Parameters) -> _Made:
    limit = whole_number(parameters, "limit", 200, most=5_000)
    changes = desk.store.state_changes(limit=limit)
    return _Made(state_log_page([each for each in changes if each.project in (project, "*")]))


def _with(page: Page, section: Section | None) -> Page:
    return page if section is None else page._replace(sections=(*page.sections, section))


def _links(links: dict[str, str]) -> str:
    made = (element("a", {"href": target}, escaped(said)) for said, target in links.items())
    return element("p", {"class": "lw-links"}, " ".join(made)) + "\n"


def _pager(path: str, project: str, values: dict[str, str], number: int, *, more: bool) -> str:
    links = {}
    if number > 1:
        links["Previous page"] = address(path, project, **values, page=str(number - 1))
    if more:
        links["Next page"] = address(path, project, **values, page=str(number + 1))
    return _links(links) if links else ""


PAGES: Final[dict[str, _Maker]] = {
    "/": _overview,
    "/runs": _runs,
    "/run": _run,
    "/why": _why,
    "/tests": _tests,
    "/test": _test,
    "/inbox": _inbox,
    "/compare": _compare,
    "/trend": _trend,
    "/flaky": _flaky,
    "/leaks": _leaks,
    "/what-if": _what_if,
    "/benchmarks": _benchmarks,
    "/log": _log,
}
"""Path -> what makes its page."""

STATEFUL: Final = ("/", "/inbox", "/log", "/findings")
"""Paths whose answers change when somebody says something of a regression."""

READ_AS_ONE: Final = ("/test",)
"""Paths whose answers are read in one snapshot: they write nothing, and all of one is of the same moment."""
