"""A page as one file of HTML: style and script inside, nothing fetched, readable with scripts blocked."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from lapwing._version import __version__
from lapwing.report.charts.parts import PATTERNS
from lapwing.report.markup import element, escaped
from lapwing.report.page import Page
from lapwing.report.render.html import render_fragment

STYLE_FILE: Final = "report.css"
SCRIPT_FILE: Final = "report.js"

_HATCHES: Final = (
    None,
    '<path d="M0 6 6 0"/>',
    '<circle cx="3" cy="3" r="1"/>',
    '<path d="M0 3H6"/>',
    '<path d="M0 0 6 6"/>',
    '<path d="M3 0V6"/>',
)
"""What is laid over the color of the parts of a chart, by the number of the part."""


@cache
def asset(name: str) -> str:
    """The text of a style sheet or script of ours."""
    return (files("lapwing.report") / "assets" / name).read_text(encoding="utf-8")


def render_document(page: Page) -> str:
    """The whole file. Its own policy lets nothing be fetched and no script but ours run."""
    style, script = asset(STYLE_FILE), asset(SCRIPT_FILE)
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f'<meta name="generator" content="lapwing {__version__}">\n',
            element("title", {}, escaped(page.title)),
            f"\n<style>{style}</style>\n</head>\n<body>\n",
            hatches(),
            _contents(page),
            f"<main>\n{render_fragment(page)}</main>\n",
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def hatches() -> str:
    """The patterns that charts refer to; once per document, before its first chart."""
    patterns = "".join(
        f'<pattern id="lw-hatch-{at}" width="6" height="6" patternUnits="userSpaceOnUse">{lines}</pattern>'
        for at, lines in enumerate(_HATCHES[:PATTERNS])
        if lines
    )
    return f'<svg class="lw-hatches" width="0" height="0" aria-hidden="true"><defs>{patterns}</defs></svg>\n'


def _contents(page: Page) -> str:
    """Links to the sections."""
    links = "".join(
        element("li", {}, element("a", {"href": f"#{section.slug}"}, escaped(section.title)))
        for section in page.sections
        if section.slug and section.title
    )
    return element("nav", {"aria-label": "Sections"}, element("ul", {}, links)) + "\n" if links else ""


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
