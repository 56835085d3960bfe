"""What a request says, read as far as it is let in: who asks, in which project, with which body."""

import asyncio
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from lapwing.model.access import ANY_PROJECT, Scope
from lapwing.report.page import Page
from lapwing.serve.access import Visitor
from lapwing.serve.answer import HTML, Answer, error_answer
from lapwing.serve.frame import LOGIN, button, field, form, framed
from lapwing.serve.guard import is_same_origin
from lapwing.serve.held_bytes import Share
from lapwing.serve.households import household
from lapwing.serve.state import RefusedError, Server

_FORM_BYTES: Final = 64_000
_NO_ROOM: Final = error_answer(503, "others send as much as the server can hold", "Try again.")._replace(
    headers=(("Retry-After", "2"),)
)


async def visitor_asking(request: Request, wanted: Scope, project: str | None = None) -> Visitor:
    """Who asks. Raises RefusedError for who may not, and for a change that another site asks for."""
    asked = project if project is not None else query_of(request).get("project")
    server = server_of(request)
    try:
        found = await server.visitor(request.headers, address_of(request), wanted, asked)
    except RefusedError as refused:
        if refused.answer.status == 401 and reads_pages(request):
            raise RefusedError(Answer(bytes(login_page("").body), status=401)) from None
        raise
    request.state.visitor = f"{found.name} {found.project}"  # whose connection it is
    if found.by_cookie and request.method not in ("GET", "HEAD"):
        check_origin(request)
    return found


def reads_pages(request: Request) -> bool:
    """Whether it is a browser that asks, for somebody to read; a program takes anything."""
    return "text/html" in request.headers.get("accept", "")


def check_origin(request: Request) -> None:
    """Let nobody change anything from a page of another site. Raises RefusedError."""
    if not is_same_origin(request.headers.get("origin", ""), request.headers.get("host", "")):
        raise RefusedError(error_answer(403, "the request comes from another site"))


async def body_of(request: Request, *, most: int | None = None, share: Share | None = None) -> bytes:
    """The body, whole. Raises RefusedError for one that is larger than `most` bytes or comes too slowly.

    Without `most` it may be as large as a run. `share` says of each piece whether there is room for it
    beside what others send; where there is none it is refused for now.
    """
    most = server_of(request).config.most_body_bytes if most is None else most
    too_large = RefusedError(
        error_answer(413, f"the body has more than {most:,} bytes", "Pack it with gzip.")
    )
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise too_large
    pieces, size = [], 0
    try:
        async with asyncio.timeout(server_of(request).config.body_patience_s) as patience:
            if share is not None:
                share.give_up = lambda: patience.reschedule(0)
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise too_large
                if share is not None and not share.take(len(piece)):
                    raise RefusedError(_NO_ROOM)
                pieces.append(piece)
    except TimeoutError:
        if share is not None and share.is_lost:
            raise RefusedError(_NO_ROOM) from None
        raise RefusedError(error_answer(408, "the body comes too slowly")) from None
    except ClientDisconnect:  # a job was canceled: nobody hears the answer, and nothing is wrong here
        raise RefusedError(error_answer(400, "the body broke off")) from None
    finally:
        if share is not None:
            share.give_up = None
    return b"".join(pieces)


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form. Raises RefusedError: it is read before anybody knows who sends it."""
    body = await body_of(request, most=_FORM_BYTES)
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


async def in_project(request: Request, visitor: Visitor) -> dict[str, str]:
    """The query, with the project that is meant."""
    parameters = parameters_of(request, visitor)
    if "project" not in parameters:
        parameters["project"] = await server_of(request).project()
    return parameters


def parameters_of(request: Request, visitor: Visitor) -> dict[str, str]:
    """The query; of a token for one project, with that one."""
    asked = query_of(request)
    return asked if visitor.project == ANY_PROJECT else {**asked, "project": visitor.project}


def query_of(request: Request) -> dict[str, str]:
    """The query, as links of ours write it: names of tests may hold lone surrogates."""
    text = request.scope["query_string"].decode("latin-1")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="surrogatepass"))
    except UnicodeDecodeError:
        return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def login_page(said: str, *, status: int = 200) -> Response:
    """The page that asks for a token."""
    page = Page(
        title="Sign in",
        verdict=said or "This server shows its pages to those who have its key.",
        hints=("Open the URL that 'lapwing serve' printed, or paste a token.",),
    )
    asked = field("token", "Token", kind="password", size=48)
    below = form(LOGIN, {}, asked, button("Sign in"), method="post")
    markup = framed(page, path=LOGIN, project="", projects=(), below=below)
    return Response(markup, status, media_type=HTML)


def server_of(request: Request) -> Server:
    """The server that was asked."""
    server: Server = request.app.state.server
    return server


def address_of(connection: Any) -> str:
    """From which address a request came, or which network where one machine has that to itself."""
    return household(connection.client.host) if connection.client else ""


def response_of(answer: Answer) -> Response:
    """The answer as what goes over the wire."""
    return Response(answer.body, answer.status, dict(answer.headers), answer.kind)
