"""What the processes behind a server do: answer questions, take runs in, watch runs that go on.

The process that holds the connections computes nothing itself: a comparison of ten thousand tests
would hold up everybody else's page for as long as it takes.
"""

import gc
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing.connection import Connection
from typing import Final, TypeVar

from lapwing.errors import (
    AmbiguousRunError,
    ConfigurationError,
    LapwingError,
    MissingExtraError,
    NoDataError,
    StoreAwayError,
    StoreError,
    TooLargeError,
    UnreadableFileError,
)
from lapwing.measure.clock import CLOCKS
from lapwing.model.access import Token
from lapwing.model.inbox import ItemState
from lapwing.model.live import LiveRun, SystemFacts
from lapwing.operations.accept_steps import Wish, accept_steps
from lapwing.operations.live_runs import Expectation, as_expected, live_run_dict, live_runs, system_facts
from lapwing.operations.notify import lasting_alerts
from lapwing.operations.project.inbox import set_state
from lapwing.operations.receive_run import receive_run
from lapwing.operations.tokens import token_of
from lapwing.report.pages.live import live_page
from lapwing.report.render.html import render_fragment
from lapwing.serve.answer import Answer, Parameters, error_answer, json_answer
from lapwing.serve.answer_store import KeptAnswer, is_front, put_answer, take_answer
from lapwing.serve.api import api_answer
from lapwing.serve.being_made import being_made
from lapwing.serve.config import ServeConfig
from lapwing.serve.desk import ServerDesk
from lapwing.serve.ending import end_with
from lapwing.serve.frame import linker
from lapwing.serve.kept_memory import keep_memory
from lapwing.serve.metrics import metrics_text
from lapwing.serve.pages import READ_AS_ONE, STATEFUL, failed_page, page_answer
from lapwing.serve.run_answers import put_run_answer, take_run_answer
from lapwing.serve.run_pages import ONE_RUN, AskedRuns, asked_runs, names_runs
from lapwing.units import NS_PER_S

_T = TypeVar("_T")

_STATUS: Final[tuple[tuple[type[LapwingError], int], ...]] = (
    (NoDataError, 404),
    (AmbiguousRunError, 400),
    (ConfigurationError, 400),
    (TooLargeError, 413),
    (UnreadableFileError, 422),
    (MissingExtraError, 501),
    (StoreError, 503),
)

_desk: ServerDesk | None = None


def begin(config: ServeConfig, niceness: int, makes_anew: bool, server: Connection) -> None:
    """Make this process ready; its store is opened at the first question. It ends with `server`."""
    global _desk
    if hasattr(os, "nice"):
        os.nice(niceness)
    keep_memory()
    end_with(server)
    # Ctrl-C reaches the whole group: the server ends its processes itself, when their work is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _desk = ServerDesk(config, makes_anew=makes_anew)


def page(path: str, parameters: Parameters) -> Answer:
    """A page, or the page that says why there is none."""
    return _answered(
        lambda desk: _page(desk, path, parameters),
        lambda desk, status, error: Answer(failed_page(desk, path, parameters, error), status=status),
    )


def _page(desk: ServerDesk, path: str, parameters: Parameters) -> Answer:
    # As for the state of others: what comes meanwhile makes the page old, never too new.
    asked = asked_runs(desk, path, parameters) if names_runs("page", path, parameters) else None
    if asked is None:
        return _stamped(desk, path, parameters, page_answer)
    return page_answer(desk, path, parameters)._replace(stamp=asked.stamp)


def api(path: str, parameters: Parameters) -> Answer:
    """An answer of the API."""

    def ask(desk: ServerDesk) -> Answer:
        with desk.of_now():  # where one answers a page, of ten minutes ago would do
            return _stamped(desk, path, parameters, api_answer)

    return _answered(ask, _api_error)


def _stamped(
    desk: ServerDesk,
    path: str,
    parameters: Parameters,
    make: Callable[[ServerDesk, str, Parameters], Answer],
) -> Answer:
    with desk.store.snapshot() if path in READ_AS_ONE else nullcontext():
        # The state is asked for first: a run that comes meanwhile makes the answer old, never too new.
        stamp = _state(desk, desk.project(parameters.get("project")), path)
        answer = make(desk, path, parameters)
    return answer._replace(stamp=answer.stamp or stamp)


def _state(desk: ServerDesk, project: str, path: str) -> str:
    said = desk.state_stamp() if path in STATEFUL else ""
    return f"{desk.stamp(project)} {said}".strip()


def stamp(project: str, path: str) -> str:
    """What changes whenever the answer at `path` does. Raises StoreError."""
    return _with_desk(lambda desk: _state(desk, project, path))


def asked_of(path: str, parameters: Parameters) -> AskedRuns | None:
    """The runs that a page is asked of, None where one of them is not there. Raises StoreError."""
    return _with_desk(lambda desk: asked_runs(desk, path, parameters))


def waiting(path: str, parameters: Parameters) -> Answer:
    """What is shown until the page at `path` is made. Raises StoreError."""
    return _with_desk(lambda desk: being_made(desk, path, parameters))


def project() -> str:
    """The project that is shown where none is named. Raises StoreError."""
    return _with_desk(lambda desk: desk.project(None))


def kept(question: str, path: str, parameters: Parameters) -> tuple[Answer, float] | None:
    """The answer that is kept in the store, if it is one of those, and its age (s). Raises StoreError."""
    if not is_front(question, path, parameters):
        return None
    name = parameters.get("project")
    found = _with_desk(
        lambda desk: take_answer(desk.store, desk.project(name), question, path, maker=desk.maker)
    )
    return None if found is None else (found.answer, (CLOCKS.epoch() - found.made_at_ns) / NS_PER_S)


def kept_of(path: str, asked: AskedRuns) -> Answer | None:
    """The page of certain runs that is kept in the store and still holds. Raises StoreError."""

    def look(desk: ServerDesk) -> KeptAnswer | None:
        return take_run_answer(desk.store, path, asked.parameters, asked.stamp, maker=desk.maker)

    found = _with_desk(look)
    return None if found is None else found.answer


def keep(question: str, path: str, parameters: Parameters, answer: Answer, began_ns: int) -> None:
    """Keep an answer in the store, if it is one of those that are kept.

    What came since `began_ns`, in ns since the epoch, may not be in it.
    """
    if is_front(question, path, parameters):
        made = KeptAnswer(answer, began_ns)

        def write(desk: ServerDesk) -> None:
            project = desk.project(parameters.get("project"))
            if desk.has_runs(project):
                put_answer(desk.store, project, question, path, made, maker=desk.maker)

        _with_desk(write)
    if question == "page" and path in ONE_RUN:
        _with_desk(lambda desk: _keep_of_newest(desk, path, parameters, answer))


def _keep_of_newest(desk: ServerDesk, path: str, parameters: Parameters, answer: Answer) -> None:
    """Keep the page of the newest run as its own, too: it is that when newer ones have come."""
    by_id = {**parameters, "id": "latest"}
    asked = asked_runs(desk, path, by_id)
    if asked is not None and asked.is_slow and asked.newest_of == answer.stamp:
        made = KeptAnswer(answer._replace(stamp=asked.stamp), CLOCKS.epoch())
        put_run_answer(desk.store, path, asked.parameters, made, maker=desk.maker)


def keep_of(path: str, parameters: Parameters, answer: Answer) -> None:
    """Keep the page of certain runs in the store."""
    made = KeptAnswer(answer, CLOCKS.epoch())
    _with_desk(lambda desk: put_run_answer(desk.store, path, parameters, made, maker=desk.maker))


def receive(body: bytes, project: str | None, run_id: str) -> Answer:
    """A run that was sent is taken in."""

    def take(desk: ServerDesk) -> Answer:
        received = receive_run(
            desk.settings,
            desk.store,
            body,
            project=project,
            run_id=run_id,
            most_bytes=desk.config.most_unpacked_bytes,
        )
        return json_answer(
            {**received._asdict(), "refused": [each._asdict() for each in received.refused]},
            201 if received.is_new else 200,
        )

    return _answered(take, _api_error)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A run is ten thousand objects and more without a cycle: looking for one takes a fourth of an answer."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def change_state(project: str, nodeid: str, state: str, until_ns: int, actor: str) -> Answer:
    """Somebody says of a regression what it is."""

    def change(desk: ServerDesk) -> Answer:
        settings = desk.settings_of(project)
        items = {item.nodeid: item.after_ns for item in desk.inbox(project)[0].items}
        if state == ItemState.ACCEPTED:  # as 'lapwing accept' does: the baseline begins at the new level
            accept_steps(
                settings, desk.store, Wish(nodeids=(nodeid,), by=actor, reason="accepted in the dashboard")
            )
        took_ns = items.get(nodeid, 0)
        set_state(settings, desk.store, nodeid, state, actor=actor, until_ns=until_ns, took_ns=took_ns)
        return json_answer({"state": state})

    # A form was sent: who did reads a page.
    return _answered(
        change,
        lambda desk, status, error: Answer(
            failed_page(desk, "/inbox", {"project": project}, error), status=status
        ),
    )


def token(text: str) -> Token | None:
    """The token that a request brought, if it is worth anything. Raises StoreError."""
    return _with_desk(lambda desk: token_of(desk.store, text))


def live(project: str, told: tuple[LiveRun, ...]) -> tuple[str, str]:
    """What is running now, as the content of its page and as JSON; `told` are its runs on other machines."""

    def look(desk: ServerDesk) -> tuple[str, str]:
        board = desk.standings(project)
        expected = Expectation(
            {each.nodeid: each.p95_ns for each in board.standings},
            {each.nodeid: each.p50_ns for each in board.standings},
        )
        runs = [run for run in live_runs(desk.spool, expected) if run.project == project]
        runs += [as_expected(run, expected) for run in told]
        facts: SystemFacts = system_facts()
        document = {"runs": [live_run_dict(run) for run in runs], "system": facts._asdict()}
        alerts = lasting_alerts(desk.config.root) if project == desk.settings.project else ()
        document["alerts"] = [{**each._asdict(), "level": each.level.value} for each in alerts]
        return render_fragment(live_page(runs, facts, alerts), link=linker(project)), json.dumps(document)

    return _with_desk(look)


def metrics() -> str:
    """What Prometheus reads: runs and the newest run of each project."""

    def count(desk: ServerDesk) -> str:
        return metrics_text(desk.store)

    return _with_desk(count)


def is_ready() -> bool:
    """Whether the store answers."""
    try:
        _with_desk(lambda desk: desk.store.run_count())
    except LapwingError:
        return False
    return True


def _with_desk(ask: Callable[[ServerDesk], _T]) -> _T:
    assert _desk is not None
    was_open = _desk.is_open
    try:
        return _asked(_desk, ask)
    except StoreAwayError:
        if not was_open:
            raise
        # A database ends connections over which nothing was asked for long, and all as it starts anew.
        return _asked(_desk, ask)


def _asked(desk: ServerDesk, ask: Callable[[ServerDesk], _T]) -> _T:
    try:
        return ask(desk)
    except StoreError:
        desk.let_go()
        raise


def _answered(
    ask: Callable[[ServerDesk], Answer], error: Callable[[ServerDesk, int, LapwingError], Answer]
) -> Answer:
    assert _desk is not None
    began = CLOCKS.wall()
    try:
        with _without_collector():
            answer = _with_desk(ask)
    except LapwingError as fault:
        status = next((status for kind, status in _STATUS if isinstance(fault, kind)), 500)
        answer = error(_desk, status, fault)
    took_ms = (CLOCKS.wall() - began) / 1e6
    return answer._replace(headers=(*answer.headers, ("Server-Timing", f"answer;dur={took_ms:.1f}")))


def _api_error(desk: ServerDesk, status: int, error: LapwingError) -> Answer:
    return error_answer(status, error.what, error.mend)
