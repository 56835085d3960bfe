"""Routes of what is going on now: the page, its part for scripts, a socket, runs elsewhere."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from lapwing.errors import LapwingError
from lapwing.model.access import ANY_PROJECT, Scope
from lapwing.model.live import LiveRun, RunningTest
from lapwing.serve.access import Visitor
from lapwing.serve.answer import HTML, JSON, error_answer
from lapwing.serve.frame import document
from lapwing.serve.guard import is_same_origin
from lapwing.serve.requests import address_of, body_of, parameters_of, server_of, visitor_asking
from lapwing.serve.state import RefusedError, Server

_EVERY_S: Final = 1.0
_COME_LATER: Final = 1013
_LIVE_BYTES: Final = 1_000_000
_LONGEST_NS: Final = 2**63 - 1


async def show_live(request: Request) -> Response:
    """The page. Without scripts it is read again by loading it again."""
    project, content, _ = await _now(request)
    page = document("Live", content, path="/live", project=project or "", projects=())
    return Response(page, media_type=HTML)


async def show_part(request: Request) -> Response:
    """What of the page changes."""
    _, content, _ = await _now(request)
    return Response(content, media_type=HTML)


async def show_json(request: Request) -> Response:
    """The same for programs."""
    _, _, told = await _now(request)
    return Response(told, media_type=JSON)


async def _now(request: Request) -> tuple[str | None, str, str]:
    """The project asked for, and what is running in it as markup and as JSON."""
    visitor = await visitor_asking(request, Scope.READ)
    server, project = server_of(request), parameters_of(request, visitor).get("project")
    return project, *await server.live(project)


async def take_live(request: Request) -> Response:
    """A run of another machine tells how far it is."""
    visitor = await visitor_asking(request, Scope.WRITE)
    server = server_of(request)
    run = _live_run(await body_of(request, most=_LIVE_BYTES), visitor)
    server.told.tell(run)
    return Response(status_code=204)


async def watch(socket: WebSocket) -> None:
    """What of the page changes, whenever it does, until the other side goes or has to."""
    server: Server = socket.app.state.server
    origin, host = socket.headers.get("origin", ""), socket.headers.get("host", "")
    project = socket.query_params.get("project")
    try:
        if not is_same_origin(origin, host):
            raise RefusedError(error_answer(403, "of another origin"))
        visitor = await server.visitor(socket.headers, address_of(socket), Scope.READ, project)
    except RefusedError:
        await socket.close(1008)
        return
    except LapwingError:  # the store is away
        await socket.close(_COME_LATER)
        return
    if visitor.project != ANY_PROJECT:
        project = visitor.project

    async def may_still() -> bool:
        try:
            await server.visitor(socket.headers, address_of(socket), Scope.READ, project)
        except RefusedError as refused:
            return refused.answer.status == 429  # who they are was not even looked at
        return True

    has_to_go = asyncio.Event()
    seat = server.seats.take((visitor.name, visitor.project, address_of(socket)), has_to_go.set)
    if seat is None:
        await socket.close(_COME_LATER)
        return
    try:
        await _watch(socket, partial(_show, socket, server, project, may_still), has_to_go)
    finally:
        server.seats.leave(seat)
    with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout(_EVERY_S):  # who does not read is not waited for
            await socket.close(_COME_LATER if has_to_go.is_set() else 1000)


async def _watch(socket: WebSocket, show: Callable[[], Awaitable[None]], has_to_go: asyncio.Event) -> None:
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.accept()
        showing = asyncio.ensure_future(show())
        leaving = asyncio.ensure_future(socket.receive())  # ends when the other side goes
        losing = asyncio.ensure_future(has_to_go.wait())
        await asyncio.wait((showing, leaving, losing), return_when=asyncio.FIRST_COMPLETED)
        for task in (showing, leaving, losing):
            task.cancel()
        await asyncio.gather(showing, leaving, losing, return_exceptions=True)
        if not showing.cancelled():
            showing.result()  # a fault of ours is told


async def _show(
    socket: WebSocket, server: Server, project: str | None, may_still: Callable[[], Awaitable[bool]]
) -> None:
    shown, let_in_s = "", time.monotonic()
    with suppress(RuntimeError, WebSocketDisconnect, LapwingError):
        while True:
            if time.monotonic() - let_in_s > server.config.watcher_for_s:
                if not await may_still():  # a token was revoked, or has expired
                    return
                let_in_s = time.monotonic()
            content = await server.watched.content(project)
            if content != shown:
                await socket.send_text(content)
                shown = content
            await asyncio.sleep(_EVERY_S)


def _live_run(body: bytes, visitor: Visitor) -> LiveRun:
    """A live run that was told of. Raises RefusedError for anything else."""
    import json

    try:
        fields = json.loads(body)
        running = tuple(
            RunningTest(_text(each["nodeid"], 2_000), _text(each["worker"], 100), _whole(each["elapsed_ns"]))
            for each in fields["running"][:50]
        )
        project = _text(fields["project"], 200)
        return LiveRun(
            run_id=_text(fields["run_id"], 200),
            project=project if visitor.project == ANY_PROJECT else visitor.project,
            started_at_ns=_whole(fields["started_at_ns"]),
            elapsed_ns=_whole(fields["elapsed_ns"]),
            finished=_whole(fields["finished"]),
            failed=_whole(fields["failed"]),
            running=running,
            failures=tuple(_text(each, 2_000) for each in fields["failures"][:20]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError(error_answer(422, "this is no live run")) from error


def _text(value: object, most: int) -> str:
    """At most so many characters of a name, such as any page can hold: of half a pair its escape."""
    return str(value)[:most].encode("utf-8", "backslashreplace").decode()


def _whole(value: object) -> int:
    """A whole number of 64 bits, from 0. Raises ValueError for anything else."""
    if not isinstance(value, int) or value > _LONGEST_NS:
        raise ValueError("no whole number")
    return max(0, value)  # a clock was set back
