"""What a rule gets to see of one file, and how it makes a finding of what it saw."""

import ast
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from lapwing.lint.fixtures import FixtureTable
from lapwing.lint.module import Module
from lapwing.lint.patches import chain
from lapwing.lint.site import Site
from lapwing.model.finding import Confidence, Finding
from lapwing.model.lint_options import LintOptions


class Seen(NamedTuple):
    """One thing that a rule saw."""

    node: ast.AST
    kind: str
    confidence: Confidence
    gate: bool
    message: str
    call: str = ""
    function: str = ""


class View:
    """One parsed file with the sites found in it."""

    def __init__(
        self,
        module: Module,
        text: str,
        sites: Sequence[Site],
        fixtures: FixtureTable,
        options: LintOptions,
    ) -> None:
        self.module = module
        self.text = text
        self.sites = sites
        self.fixtures = fixtures
        self.options = options

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file without their ends."""
        return self.text.split("\n")

    def finding(self, code: str, seen: Seen) -> Finding:
        """The finding of what a rule saw, at the place of its node."""
        line = getattr(seen.node, "lineno", 1)
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        start = _characters(source, getattr(seen.node, "col_offset", 0))
        is_one_line = getattr(seen.node, "end_lineno", line) == line
        end = _characters(source, getattr(seen.node, "end_col_offset", 0)) if is_one_line else len(source)
        return Finding(
            code=code,
            file=self.module.path,
            line=line,
            col=start + 1,
            call=seen.call,
            kind=seen.kind,
            confidence=seen.confidence,
            gate=seen.gate,
            message=seen.message,
            source=source,
            length=max(1, end - start),
            function=seen.function,
        )


def why(site: Site) -> str:
    """The reason why a call is believed to be real, after what it resolved to."""
    written = chain(site.node.func if isinstance(site.node, ast.Call) else site.node)
    resolved = f"{written} is {site.call}" if written != site.call else "the real function"
    if site.is_reference:
        resolved += ", handed over to be called"
    if site.ignored:
        return f"{resolved}; replaced around it is something else: {', '.join(site.ignored)}"
    return f"{resolved}, and nothing around it replaces it"


def of_site(site: Site, kind: str, confidence: Confidence, gate: bool, message: str) -> Seen:
    """What a rule saw at a site, with the reason why it is believed; on a path of failure it fails
    nothing.
    """
    if site.is_on_failure:
        message, confidence, gate = f"{message} where something has failed", Confidence.LOW, False
    return Seen(site.node, kind, confidence, gate, f"{message}: {why(site)}", site.call, site.function)


def _characters(line: str, offset: int) -> int:
    """The column in characters of a byte `offset` into `line`."""
    return offset if line.isascii() else len(line.encode()[:offset].decode("utf-8", "replace"))
