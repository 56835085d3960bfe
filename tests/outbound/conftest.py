"""A server on this machine that answers as GitHub and GitLab do, with their pages, limits and faults."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest


class Remote:
    """What the server holds, how it is to behave, and what it was asked."""

    def __init__(self):
        self.comments = []
        self.checks = []
        self.pulls = []
        self.asked = []
        self.tokens = []
        self.planned = []  # answers given before any other: (status, headers, body)
        self.is_read_only = False
        self.is_bot = True
        self.has_given_up = threading.Event()
        self.hold = threading.Event()  # set: requests are answered at once
        self.hold.set()
        self.drop_s = None  # seconds between two bytes of an answer
        self.url = ""

    def add(self, author, body, **more):
        """A comment that is there already."""
        self.comments.append(
            {
                "id": 1000 + len(self.comments),
                "body": body,
                "user": {"login": author},
                "author": {"username": author},
                "system": False,
                **more,
            }
        )

    def answer(self, method, path, query, body):
        """Status, headers and document of a request."""
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["30"])[0])
        shown = self.comments[(page - 1) * size : page * size]
        if path == "/user":
            if self.is_bot:
                return 403, {}, {"message": "Resource not accessible by integration"}
            return 200, {}, {"login": "lapwing-bot", "username": "lapwing-bot"}
        if method != "GET" and self.is_read_only:
            return 403, {}, {"message": "Resource not accessible by integration"}
        if re.fullmatch(r"/repos/o/r/issues/7/comments|/projects/5/merge_requests/7/notes", path):
            if method == "GET":
                more = {"x-next-page": str(page + 1) if page * size < len(self.comments) else ""}
                return 200, more, shown
            self.add("lapwing-bot" if not self.is_bot else "github-actions[bot]", body["body"])
            return 201, {}, self.comments[-1]
        edited = re.fullmatch(
            r"/repos/o/r/issues/comments/(\d+)|/projects/5/merge_requests/7/notes/(\d+)", path
        )
        if edited and method in ("PATCH", "PUT"):
            known = next(each for each in self.comments if str(each["id"]) in edited.groups())
            known["body"] = body["body"]
            return 200, {}, known
        if path == "/repos/o/r/check-runs":
            self.checks.append(body)
            return 201, {}, {}
        if path == "/repos/o/r/pulls":
            return 200, {}, [each for each in self.pulls if each["label"] == query["head"][0]]
        return 404, {}, {"message": "Not Found"}


@pytest.fixture
def remote():
    known = Remote()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self):
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            known.asked.append((self.command, parts.path))
            known.tokens.append(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN"))
            known.hold.wait(10)
            if known.planned:
                status, headers, document = known.planned.pop(0)
            else:
                status, headers, document = known.answer(
                    self.command, parts.path, parse_qs(parts.query), body
                )
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if known.drop_s is None:
                    self.wfile.write(content)
                    return
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    known.has_given_up.wait(known.drop_s)
            except OSError:
                pass  # the client has given up

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield known
    known.hold.set()
    known.has_given_up.set()
    server.shutdown()
    server.server_close()
    thread.join()
