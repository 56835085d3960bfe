"""What stands around every page: navigation, the project, style and script."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from lapwing.report.markup import element, escaped
from lapwing.report.page import Page
from lapwing.report.render.html import Link, render_fragment
from lapwing.report.render.html_document import SCRIPT_FILE, STYLE_FILE, asset, hatches

LOGIN: Final = "/login"
"""The page that asks for a token: for who sees it all others are still closed."""

NAVIGATION: Final = (
    ("/", "Overview"),
    ("/runs", "Runs"),
    ("/tests", "Tests"),
    ("/inbox", "Inbox"),
    ("/compare", "Compare"),
    ("/trend", "Trend"),
    ("/flaky", "Flaky"),
    ("/leaks", "Leaks"),
    ("/what-if", "What if"),
    ("/benchmarks", "Benchmarks"),
    ("/live", "Live"),
    ("/log", "Log"),
)

_BELOW: Final = {"/run": "/runs", "/why": "/runs", "/test": "/tests"}
"""Pages of one thing, and the page that lists such things."""

ASSETS: Final = {"style.css": "text/css; charset=utf-8", "script.js": "text/javascript; charset=utf-8"}

_MAIN: Final = b'<main id="main">\n'
_OLD: Final = (
    b'<p class="lw-state" role="status">Something has changed since this page was made, be it that a run has '
    b"come: it is being made anew.</p>\n"
)

_METRIC: Final = re.compile(r" \([^()]*\)\Z")  # what of a test is meant, such as "(peak memory)"


@cache
def static_file(name: str) -> str:
    """The style sheet or script of all pages: that of the report with what a server adds."""
    own = (files("lapwing.serve") / "static" / name).read_text(encoding="utf-8")
    return asset(STYLE_FILE if name == "style.css" else SCRIPT_FILE) + "\n" + own


def framed(
    page: Page,
    *,
    path: str,
    project: str,
    projects: Sequence[str],
    above: str = "",
    below: str = "",
) -> str:
    """The whole document. `above` and `below` are markup: forms and links around the page itself."""
    content = f"{above}{render_fragment(page, link=linker(project))}{below}"
    return document(page.title, content, path=path, project=project, projects=projects)


def without_chooser(page: bytes) -> bytes:
    """A page for who may see one project alone, and is told no names of others."""
    begin = page.find(b"<nav")
    end = page.find(b"</nav>", begin)
    chooser = page.find(b"<form", begin, end)
    return page if chooser < 0 else page[:chooser] + page[end:]


def told_old(page: bytes) -> bytes:
    """A page that no longer holds, saying so, for whoever reads it until the next one is made."""
    before, main, content = page.partition(_MAIN)
    return b"".join((before, main, _OLD if main else b"", content))


def document(title: str, content: str, *, path: str, project: str, projects: Sequence[str]) -> str:
    """The whole document around `content`, which is markup."""
    body = element(
        "body",
        {"data-lw-page": path},
        '<a class="lw-skip" href="#main">To the content</a>\n',
        hatches(),
        _navigation(path, project, projects) if path != LOGIN else "",
        element("main", {"id": "main"}, "\n", content),
        "\n",
    )
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            '<link rel="stylesheet" href="/static/style.css">\n<link rel="icon" href="data:,">\n',
            element("title", {}, escaped(f"{title[:1].upper()}{title[1:]} – {project or 'Lapwing'}")),
            '\n<script src="/static/script.js" defer></script>\n</head>\n',
            f"{body}\n</html>\n",
        )
    )


def address(path: str, project: str, **values: str) -> str:
    """A link inside of the server that stays in its project."""
    # A name may hold half of a pair of surrogates, which no text of UTF-8 can: the way back is the same.
    query = urlencode({**({"project": project} if project else {}), **values}, errors="surrogatepass")
    return f"{path}?{query}" if query else path


def form(path: str, fields: Mapping[str, str], *content: str, method: str = "get") -> str:
    """A form with hidden `fields`."""
    hidden = [
        element("input", {"type": "hidden", "name": name, "value": value})
        for name, value in fields.items()
        if value
    ]
    return element("form", {"action": path, "method": method, "class": "lw-bar-tools"}, *hidden, *content)


def field(name: str, label: str, value: str = "", *, kind: str = "text", size: int = 24) -> str:
    """A labeled field of a form."""
    attributes: dict[str, str | float | None] = {
        "name": name,
        "value": value,
        "type": kind,
        "size": size,
        "autocomplete": "off",
    }
    return element("label", {}, escaped(label), " ", element("input", attributes))


def choice(name: str, label: str, options: Sequence[str], chosen: str = "") -> str:
    """A labeled list to choose from."""
    items = "".join(
        element("option", {"value": each, "selected": "selected" if each == chosen else None}, escaped(each))
        for each in options
    )
    return element("label", {}, escaped(label), " ", element("select", {"name": name}, items))


def button(said: str) -> str:
    """What sends a form."""
    return element("button", {"type": "submit"}, escaped(said))


def _navigation(path: str, project: str, projects: Sequence[str]) -> str:
    links = "".join(
        element(
            "li",
            {},
            element(
                "a",
                {"href": address(target, project), "aria-current": _current(target, path)},
                escaped(name),
            ),
        )
        for target, name in NAVIGATION
    )
    chooser = ""
    if len(projects) > 1:
        listed = choice("project", "Project", projects, project)
        chooser = form("/", {}, listed, button("Show"))
    return element("nav", {"aria-label": "Pages"}, element("ul", {}, links), chooser) + "\n"


def _current(target: str, path: str) -> str | None:
    """How a link says that `path` is its page, or a page below it."""
    if target == path:
        return "page"
    return "true" if _BELOW.get(path) == target else None


def linker(project: str) -> Link:
    """Where cells of tables lead to: to the pages of tests and runs."""

    def link(title: str, cell: str) -> str | None:
        if title == "test":
            return address("/test", project, nodeid=_METRIC.sub("", cell))
        if title == "run":
            return address("/run", project, id=cell)
        return None

    return link
