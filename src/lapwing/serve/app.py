"""The server's routes: who may ask what, and which process answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from lapwing.errors import LapwingError, StoreError
from lapwing.model.access import ANY_PROJECT, Scope
from lapwing.model.ids import is_run_id
from lapwing.serve import live, work
from lapwing.serve.access import cookie_header, is_session_key
from lapwing.serve.answer import Answer, error_answer
from lapwing.serve.api import QUICK, ROUTES
from lapwing.serve.config import ServeConfig
from lapwing.serve.frame import ASSETS, LOGIN, static_file, without_chooser
from lapwing.serve.guard import Guard
from lapwing.serve.metrics import KIND as METRICS_KIND
from lapwing.serve.openapi import openapi_document
from lapwing.serve.pages import PAGES, error_page
from lapwing.serve.requests import (
    address_of,
    body_of,
    check_origin,
    fields_of,
    in_project,
    login_page,
    parameters_of,
    reads_pages,
    response_of,
    server_of,
    visitor_asking,
)
from lapwing.serve.state import PROJECT_FOR_S, RefusedError, Server
from lapwing.serve.turns import asking
from lapwing.units import NS_PER_S

_API: Final = "/api/v1"


def make_app(config: ServeConfig) -> Starlette:
    """The application; its processes start with it and end with it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.server = server = Server(config)
        readiness = asyncio.ensure_future(_keep_ready(server))
        try:
            yield
        finally:
            readiness.cancel()
            await asyncio.to_thread(server.readers.close, at_once=True)
            await asyncio.to_thread(server.makers.close, at_once=True)
            await asyncio.to_thread(server.intake.close)

    routes = [
        Route("/healthz", _healthz),
        Route("/metrics", _metrics),
        Route("/login", _login, methods=["GET", "POST"]),
        Route("/static/{name}", _static),
        Route("/live", live.show_live),
        Route("/live/part", live.show_part),
        WebSocketRoute("/live/socket", live.watch),
        Route("/inbox/state", _set_state, methods=["POST"]),
        *(Route(path, _page) for path in PAGES),
        Route(f"{_API}/openapi.json", _openapi),
        Route(f"{_API}/runs", _take_run, methods=["POST"]),
        Route(f"{_API}/live", live.show_json),
        Route(f"{_API}/live", live.take_live, methods=["POST"]),
        Route(f"{_API}/runs/{{id}}", _api_run),
        *(Route(f"{_API}{path}", _api) for path in ROUTES if path != "/run"),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, allowed_hosts=config.allowed_hosts)],
        exception_handlers={
            RefusedError: _refused,
            LapwingError: _fault,
            404: _nowhere,
            405: _wrong_method,
            500: _bug,
        },
    )


async def _keep_ready(server: Server) -> None:
    while True:
        try:
            await server.readiness.keep_up(await server.project())
        except StoreError:  # it may be there later
            await asyncio.sleep(PROJECT_FOR_S)


async def _page(request: Request) -> Response:
    visitor = await visitor_asking(request, Scope.READ)
    server, parameters = server_of(request), await in_project(request, visitor)
    server.readiness.want(parameters["project"])
    # Whoever reads it in a browser is shown at once that it is being made; a program waits for the page.
    answer = await server.answers.get("page", request.url.path, parameters, at_once=reads_pages(request))
    if visitor.project != ANY_PROJECT:
        answer = answer._replace(body=without_chooser(answer.body))
    return response_of(answer)


async def _api(request: Request) -> Response:
    visitor = await visitor_asking(request, Scope.READ)
    path, parameters = request.url.path.removeprefix(_API), await in_project(request, visitor)
    server = server_of(request)
    if path == "/projects":
        parameters["among"] = visitor.project
    if path in QUICK:
        return response_of(await server.readers.do(work.api, path, parameters))
    of_now = "no-cache" in request.headers.get("cache-control", "").lower()
    return response_of(await server.answers.get("api", path, parameters, of_now=of_now))


async def _api_run(request: Request) -> Response:
    visitor = await visitor_asking(request, Scope.READ)
    parameters = {**parameters_of(request, visitor), "id": request.path_params["id"]}
    return response_of(await server_of(request).readers.do(work.api, "/run", parameters))


async def _take_run(request: Request) -> Response:
    visitor = await visitor_asking(request, Scope.WRITE)
    wanted = request.query_params.get("project")
    project = wanted if visitor.project == ANY_PROJECT else visitor.project
    run_id = request.query_params.get("run_id", "")
    if run_id and not is_run_id(run_id):
        raise RefusedError(error_answer(400, "run_id is no UUID"))
    with server_of(request).held.share(asking.get()) as share:
        body = await body_of(request, share=share)
        answer = await server_of(request).intake.do(work.receive, body, project, run_id)
    if answer.status < 300:
        of_project = None if visitor.project == ANY_PROJECT else visitor.project
        server_of(request).told.end(json.loads(answer.body)["run_id"], of_project)
    return response_of(answer)


async def _set_state(request: Request) -> Response:
    fields = await fields_of(request)
    project = fields.get("project", "")
    visitor = await visitor_asking(request, Scope.ADMIN, project)
    until_ns = 0
    with suppress(ValueError):
        until = datetime.fromisoformat(fields.get("until", "")).replace(tzinfo=UTC)
        until_ns = int(until.timestamp()) * NS_PER_S
    arguments = (project, fields.get("nodeid", ""), fields.get("state", ""), until_ns, visitor.name)
    answer = await server_of(request).intake.do(work.change_state, *arguments)
    server_of(request).answers.forget(project)
    if answer.status >= 300:
        return response_of(answer)
    query = f"?{urlencode({'project': project})}" if project else ""
    return RedirectResponse(f"/inbox{query}", status_code=303)


async def _login(request: Request) -> Response:
    server = server_of(request)
    key = request.query_params.get("key", "")
    if request.method == "GET" and not key:
        return login_page("")
    if request.method == "POST":
        check_origin(request)
        key = (await fields_of(request)).get("token", "").strip()
        known = await server.token(key, address_of(request)) is not None
    else:
        known = is_session_key(key, server.config.session_key)
    if not known:
        return login_page("This is no token that the server knows.", status=401)
    answer = RedirectResponse("/", status_code=303)
    # A proxy that ends TLS asks in plain text; the browser says by which way it came.
    is_secure = request.headers.get("origin", "").startswith("https://")
    answer.headers["Set-Cookie"] = cookie_header(key, request.headers.get("host", ""), is_secure=is_secure)
    return answer


async def _healthz(request: Request) -> Response:
    ready = await server_of(request).readers.do(work.is_ready)
    return Response("ok\n" if ready else "the store does not answer\n", status_code=200 if ready else 503)


async def _metrics(request: Request) -> Response:
    await visitor_asking(request, Scope.READ, ANY_PROJECT)
    return Response(await server_of(request).readers.do(work.metrics), media_type=METRICS_KIND)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return response_of(error_answer(404, "there is no such file"))
    return Response(static_file(name), media_type=ASSETS[name], headers={"Cache-Control": "max-age=300"})


async def _openapi(request: Request) -> Response:
    await visitor_asking(request, Scope.READ)
    return response_of(openapi_document())


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return response_of(error.answer)


async def _fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, LapwingError)
    if not hasattr(request.state, "visitor"):  # nobody that is known is told where the store is
        return _told(request, 503, "the store does not answer", "Try again in a while.")
    return _told(request, 503, f"{error.what}: {error.where}" if error.where else error.what, error.mend)


async def _nowhere(request: Request, error: Exception) -> Response:
    return _told(request, 404, "there is no such page", "The first page is at /.")


async def _wrong_method(request: Request, error: Exception) -> Response:
    return response_of(error_answer(405, "this is not what can be done here"))


async def _bug(request: Request, error: Exception) -> Response:
    return _told(request, 500, "the server made a mistake; its log tells more")


def _told(request: Request, status: int, what: str, mend: str = "") -> Response:
    """What went wrong, as a page for whoever reads it in a browser."""
    if reads_pages(request):
        # Who asks may not be known: a page without the others' addresses, as the one that asks for a token.
        said = error_page(LOGIN, f"{what[:1].upper()}{what[1:]}.", mend)
        return response_of(Answer(said, status=status))
    return response_of(error_answer(status, what, mend))
