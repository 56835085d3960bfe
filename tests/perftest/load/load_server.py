"""A real ASGI server with known behavior, as a process: `python load_server.py` prints its port."""

import asyncio
import random
import socket
import sys
import threading
import time

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

next_free = {}
first_asked = {}
seen = []
taken = []


async def ok(request):
    return PlainTextResponse("ok")


async def capacity(request):
    """Serve exactly `rate` a second, one after another, whatever a timer is off."""
    rate = float(request.query_params["rate"])
    key = request.query_params.get("key", "")
    now = time.monotonic()
    next_free[key] = max(now, next_free.get(key, 0.0)) + 1 / rate
    await asyncio.sleep(next_free[key] - now)
    return PlainTextResponse("ok")


async def freeze(request):
    """Answer at once, but once, `after` seconds from the first request of `key`, freeze for `lasts`."""
    key, now = request.query_params["key"], time.monotonic()
    first = first_asked.setdefault(key, now)
    if first is not None and now - first > float(request.query_params["after"]):
        first_asked[key] = None
        time.sleep(float(request.query_params["lasts"]))  # the whole server freezes
    return PlainTextResponse("ok")


async def never(request):
    await asyncio.sleep(3600)
    return PlainTextResponse("late")


async def failing(request):
    return PlainTextResponse("no", status_code=503)


async def away(request):
    return RedirectResponse("/note?moved=1")


async def logged(request):
    """Answer after 10 ms to 200 ms, most of them soon; keep how long it took by the server's own clock."""
    began = time.perf_counter()
    await asyncio.sleep(min(0.2, 0.01 + random.expovariate(30)))
    taken.append(time.perf_counter() - began)
    return PlainTextResponse("ok")


async def log(request):
    """Seconds that requests to /logged took, since it was last asked."""
    answer = list(taken)
    taken.clear()
    return JSONResponse(answer)


async def note(request):
    """Keep what was asked, for /noted."""
    body = (await request.body()).decode()
    headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
    seen.append({"method": request.method, "url": str(request.url), "headers": headers, "body": body})
    return PlainTextResponse("noted")


async def noted(request):
    answer = list(seen)
    seen.clear()
    return JSONResponse(answer)


app = Starlette(
    routes=[
        Route("/", ok),
        Route("/capacity", capacity),
        Route("/freeze", freeze),
        Route("/never", never),
        Route("/failing", failing),
        Route("/away", away),
        Route("/note", note, methods=["GET", "POST", "PUT"]),
        Route("/noted", noted),
        Route("/logged", logged),
        Route("/log", log),
    ]
)


def end_with_stdin(server):
    sys.stdin.read()
    server.should_exit = True
    time.sleep(5)
    raise SystemExit


if __name__ == "__main__":
    # The protocol is named so that asyncio switches Nagle's algorithm off: answers would wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)  # before the port is told: somebody asks at once
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, backlog=2048)
    )
    threading.Thread(target=end_with_stdin, args=(server,), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])
