"""The server's routes: who may ask what, and which process answers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from lapwing.errors import LapwingError
from lapwing.model.access import ANY_PROJECT, Scope, Token
from lapwing.model.ids import is_run_id
from lapwing.model.live import LiveRun, RunningTest
from lapwing.report.page import Page
from lapwing.serve import work
from lapwing.serve.access import Visitor, cookie_header, is_session_key, visitor_of
from lapwing.serve.answer import HTML, JSON, Answer, error_answer
from lapwing.serve.answers import Answers
from lapwing.serve.api import QUICK, ROUTES
from lapwing.serve.config import ServeConfig
from lapwing.serve.frame import ASSETS, button, field, form, framed, static_file
from lapwing.serve.guard import Guard, is_same_origin
from lapwing.serve.limits import Buckets
from lapwing.serve.metrics import KIND as METRICS_KIND
from lapwing.serve.openapi import openapi_document
from lapwing.serve.pages import PAGES
from lapwing.serve.processes import Processes
from lapwing.units import NS_PER_S

_API: Final = "/api/v1"
_LIVE_EVERY_S: Final = 1.0
_PUSHED_FOR_S: Final = 15.0  # a run that was told of is forgotten after so long without news
_MOST_PUSHED: Final = 200
_MOST_SOCKETS: Final = 100


class _RefusedError(Exception):
    """A request that gets this answer instead of what it asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Server:
    """State of one running server: its processes, permits, and runs that are told of from elsewhere."""

    def __init__(self, config: ServeConfig) -> None:
        self.config = config
        self.readers = Processes(config, config.page_processes)
        self.intake = Processes(config, 1)
        self.makers = Processes(config, 1, niceness=10)
        self.answers = Answers(self.readers, self.makers, time.monotonic)
        self.asked = Buckets(config.requests_a_minute, time.monotonic)
        self.failed = Buckets(config.failures_a_minute, time.monotonic)
        self.pushed: dict[tuple[str, str], tuple[float, LiveRun]] = {}
        self.sockets = 0

    async def visitor(self, headers: Headers, address: str, wanted: Scope, project: str | None) -> Visitor:
        """Who asks. Raises _RefusedError for nobody that is known, and for who may not."""
        wait = self.failed.wait_s(address, take=False)
        if wait:
            raise _RefusedError(_too_often(wait))
        found = await visitor_of(
            headers.get("authorization", ""),
            headers.get("cookie", ""),
            session_key=self.config.session_key,
            token=self._token,
        )
        if found is None:
            if headers.get("authorization"):
                self.failed.wait_s(address)
            raise _RefusedError(
                error_answer(401, "this needs a token", "Open the printed URL, or send a token.")
            )
        wait = self.asked.wait_s(f"{found.name} {found.project}")
        if wait:
            raise _RefusedError(_too_often(wait))
        if not found.may(wanted, project):
            said = f"this token does not allow {wanted.value} in that project"
            raise _RefusedError(error_answer(403, said))
        return found

    async def _token(self, text: str) -> Token | None:
        return await self.readers.do(work.token, text)

    def pushed_runs(self) -> tuple[LiveRun, ...]:
        """Runs that were told of lately."""
        now = time.monotonic()
        self.pushed = {key: each for key, each in self.pushed.items() if now - each[0] < _PUSHED_FOR_S}
        return tuple(run for _, run in self.pushed.values())


def make_app(config: ServeConfig) -> Starlette:
    """The application; its processes start with it and end with it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.server = server = Server(config)
        try:
            yield
        finally:
            await asyncio.to_thread(server.readers.close)
            await asyncio.to_thread(server.makers.close)
            await asyncio.to_thread(server.intake.close)

    routes = [
        Route("/healthz", _healthz),
        Route("/metrics", _metrics),
        Route("/login", _login, methods=["GET", "POST"]),
        Route("/static/{name}", _static),
        Route("/live", _live),
        Route("/live/part", _live_part),
        WebSocketRoute("/live/socket", _live_socket),
        Route("/inbox/state", _set_state, methods=["POST"]),
        *(Route(path, _page) for path in PAGES),
        Route(f"{_API}/openapi.json", _openapi),
        Route(f"{_API}/runs", _take_run, methods=["POST"]),
        Route(f"{_API}/live", _live_json),
        Route(f"{_API}/live", _take_live, methods=["POST"]),
        Route(f"{_API}/runs/{{id}}", _api_run),
        *(Route(f"{_API}{path}", _api) for path in ROUTES if path != "/run"),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, allowed_hosts=config.allowed_hosts)],
        exception_handlers={
            _RefusedError: _refused,
            LapwingError: _fault,
            404: _nowhere,
            405: _wrong_method,
            500: _bug,
        },
    )


async def _page(request: Request) -> Response:
    visitor = await _visitor(request, Scope.READ)
    path, parameters = request.url.path, _parameters(request, visitor)
    return _response(await _server(request).answers.get(work.page, path, parameters))


async def _api(request: Request) -> Response:
    visitor = await _visitor(request, Scope.READ)
    path, parameters = request.url.path.removeprefix(_API), _parameters(request, visitor)
    server = _server(request)
    if path in QUICK:
        return _response(await server.readers.do(work.api, path, parameters))
    return _response(await server.answers.get(work.api, path, parameters))


async def _api_run(request: Request) -> Response:
    visitor = await _visitor(request, Scope.READ)
    parameters = {**_parameters(request, visitor), "id": request.path_params["id"]}
    return _response(await _server(request).readers.do(work.api, "/run", parameters))


async def _take_run(request: Request) -> Response:
    visitor = await _visitor(request, Scope.WRITE)
    body = await _body(request)
    wanted = request.query_params.get("project")
    project = wanted if visitor.project == ANY_PROJECT else visitor.project
    run_id = request.query_params.get("run_id", "")
    if run_id and not is_run_id(run_id):
        raise _RefusedError(error_answer(400, "run_id is no UUID"))
    answer = await _server(request).intake.do(work.receive, body, project, run_id)
    if answer.status < 300:
        _server(request).pushed.clear()
    return _response(answer)


async def _take_live(request: Request) -> Response:
    visitor = await _visitor(request, Scope.WRITE)
    server = _server(request)
    run = _live_run(await _body(request), visitor)
    server.pushed_runs()
    if len(server.pushed) < _MOST_PUSHED or (run.project, run.run_id) in server.pushed:
        server.pushed[run.project, run.run_id] = (time.monotonic(), run)
    return Response(status_code=204)


async def _set_state(request: Request) -> Response:
    body = await _body(request)
    fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    project = fields.get("project", "")
    visitor = await _visitor(request, Scope.ADMIN, project)
    until_ns = 0
    with suppress(ValueError):
        until = datetime.fromisoformat(fields.get("until", "")).replace(tzinfo=UTC)
        until_ns = int(until.timestamp()) * NS_PER_S
    arguments = (project, fields.get("nodeid", ""), fields.get("state", ""), until_ns, visitor.name)
    answer = await _server(request).intake.do(work.change_state, *arguments)
    _server(request).answers.forget()  # who changed something sees it changed
    if answer.status >= 300:
        return _response(answer)
    query = f"?project={project}" if project else ""
    return RedirectResponse(f"/inbox{query}", status_code=303)


async def _live(request: Request) -> Response:
    visitor = await _visitor(request, Scope.READ)
    server, parameters = _server(request), _parameters(request, visitor)
    content, _ = await server.readers.do(work.live, parameters.get("project"), server.pushed_runs())
    # The first content stands in the page: without scripts it is read again by loading it again.
    empty = Page(title="Live", verdict="")
    frame = framed(empty, path="/live", project=parameters.get("project", ""), projects=())
    before, _, _ = frame.partition('<main id="main">')
    return Response(f'{before}<main id="main">\n{content}</main>\n</body>\n</html>\n', media_type=HTML)


async def _live_part(request: Request) -> Response:
    visitor = await _visitor(request, Scope.READ)
    server, parameters = _server(request), _parameters(request, visitor)
    content, _ = await server.readers.do(work.live, parameters.get("project"), server.pushed_runs())
    return Response(content, media_type=HTML)


async def _live_json(request: Request) -> Response:
    visitor = await _visitor(request, Scope.READ)
    server, parameters = _server(request), _parameters(request, visitor)
    _, document = await server.readers.do(work.live, parameters.get("project"), server.pushed_runs())
    return Response(document, media_type=JSON)


async def _live_socket(socket: WebSocket) -> None:
    server: Server = socket.app.state.server
    origin, host = socket.headers.get("origin", ""), socket.headers.get("host", "")
    project = socket.query_params.get("project")
    try:
        if not is_same_origin(origin, host) or server.sockets >= _MOST_SOCKETS:
            raise _RefusedError(error_answer(403, "of another origin"))
        visitor = await server.visitor(socket.headers, _address(socket), Scope.READ, project)
    except _RefusedError:
        await socket.close(1008)
        return
    if visitor.project != ANY_PROJECT:
        project = visitor.project
    await socket.accept()
    server.sockets += 1
    listening = asyncio.ensure_future(socket.receive())  # ends when the other side goes
    shown = ""
    try:
        while not listening.done():
            content, _ = await server.readers.do(work.live, project, server.pushed_runs())
            if content != shown:
                await socket.send_text(content)
                shown = content
            await asyncio.wait([listening], timeout=_LIVE_EVERY_S)
    except (WebSocketDisconnect, RuntimeError, LapwingError):
        pass
    finally:
        server.sockets -= 1
        listening.cancel()
        with suppress(RuntimeError):
            await socket.close()


async def _login(request: Request) -> Response:
    server = _server(request)
    key = request.query_params.get("key", "")
    if request.method == "GET" and not key:
        return _login_page("")
    address = _address(request)
    wait = server.failed.wait_s(address)
    if wait:
        return _response(_too_often(wait))
    if request.method == "POST":
        _check_origin(request)
        fields = parse_qs((await _body(request)).decode("utf-8", "replace"))
        key = fields.get("token", [""])[0].strip()
        known = await server.readers.do(work.token, key) is not None
    else:
        known = is_session_key(key, server.config.session_key)
    if not known:
        return _login_page("This is no token that the server knows.", status=401)
    answer = RedirectResponse("/", status_code=303)
    answer.headers["Set-Cookie"] = cookie_header(key, is_secure=request.url.scheme == "https")
    return answer


async def _healthz(request: Request) -> Response:
    ready = await _server(request).readers.do(work.is_ready)
    return Response("ok\n" if ready else "the store does not answer\n", status_code=200 if ready else 503)


async def _metrics(request: Request) -> Response:
    await _visitor(request, Scope.READ, ANY_PROJECT)
    return Response(await _server(request).readers.do(work.metrics), media_type=METRICS_KIND)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return _response(error_answer(404, "there is no such file"))
    return Response(static_file(name), media_type=ASSETS[name], headers={"Cache-Control": "max-age=300"})


async def _openapi(request: Request) -> Response:
    await _visitor(request, Scope.READ)
    return _response(openapi_document())


async def _visitor(request: Request, wanted: Scope, project: str | None = None) -> Visitor:
    """Who asks. Raises _RefusedError for who may not, and for a change that another site asks for."""
    asked = project if project is not None else request.query_params.get("project")
    server = _server(request)
    try:
        found = await server.visitor(request.headers, _address(request), wanted, asked)
    except _RefusedError as refused:
        if refused.answer.status == 401 and "text/html" in request.headers.get("accept", ""):
            raise _RefusedError(Answer(bytes(_login_page("").body), status=401)) from None
        raise
    if found.by_cookie and request.method != "GET":
        _check_origin(request)
    return found


def _check_origin(request: Request) -> None:
    if not is_same_origin(request.headers.get("origin", ""), request.headers.get("host", "")):
        raise _RefusedError(error_answer(403, "the request comes from another site"))


async def _body(request: Request) -> bytes:
    """The body, whole. Raises _RefusedError for one that is too large or comes too slowly."""
    most = _server(request).config.most_body_bytes
    too_large = _RefusedError(
        error_answer(413, f"the body has more than {most:,} bytes", "Pack it with gzip.")
    )
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise too_large
    pieces, size = [], 0
    try:
        async with asyncio.timeout(_server(request).config.body_patience_s):
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise too_large
                pieces.append(piece)
    except TimeoutError:
        raise _RefusedError(error_answer(408, "the body comes too slowly")) from None
    return b"".join(pieces)


def _parameters(request: Request, visitor: Visitor) -> dict[str, str]:
    """The query; of a token for one project, with that one."""
    asked = dict(request.query_params)
    return asked if visitor.project == ANY_PROJECT else {**asked, "project": visitor.project}


def _live_run(body: bytes, visitor: Visitor) -> LiveRun:
    """A live run that was told of. Raises _RefusedError for anything else."""
    import json

    try:
        fields = json.loads(body)
        running = tuple(
            RunningTest(str(each["nodeid"])[:2_000], str(each["worker"])[:100], int(each["elapsed_ns"]))
            for each in fields["running"][:50]
        )
        project = str(fields["project"])[:200]
        return LiveRun(
            run_id=str(fields["run_id"])[:200],
            project=project if visitor.project == ANY_PROJECT else visitor.project,
            started_at_ns=int(fields["started_at_ns"]),
            elapsed_ns=int(fields["elapsed_ns"]),
            finished=int(fields["finished"]),
            failed=int(fields["failed"]),
            running=running,
            failures=tuple(str(each)[:2_000] for each in fields["failures"][:20]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _RefusedError(error_answer(422, "this is no live run")) from error


def _login_page(said: str, *, status: int = 200) -> Response:
    page = Page(
        title="Sign in",
        verdict=said or "This server shows its pages to those who have its key.",
        hints=("Open the URL that 'lapwing serve' printed, or paste a token.",),
    )
    asked = field("token", "Token", kind="password", size=48)
    below = form("/login", {}, asked, button("Sign in"), method="post")
    markup = framed(page, path="/login", project="", projects=(), below=below)
    return Response(markup, status, media_type=HTML)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, _RefusedError)
    return _response(error.answer)


async def _fault(request: Request, error: Exception) -> Response:
    return _response(error_answer(503, str(error)))


async def _nowhere(request: Request, error: Exception) -> Response:
    return _response(error_answer(404, "there is no such page"))


async def _wrong_method(request: Request, error: Exception) -> Response:
    return _response(error_answer(405, "this is not what can be done here"))


async def _bug(request: Request, error: Exception) -> Response:
    return _response(error_answer(500, "the server made a mistake; its log tells more"))


def _too_often(wait_s: float) -> Answer:
    answer = error_answer(429, "too many requests", f"Wait {wait_s:.0f} seconds.")
    return answer._replace(headers=(("Retry-After", str(max(1, round(wait_s)))),))


def _server(request: Request) -> Server:
    server: Server = request.app.state.server
    return server


def _address(connection: Any) -> str:
    return connection.client.host if connection.client else ""


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), answer.kind)
