"""What a rule gets to see of one file, and how it makes a finding of what it saw."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from lapwing.lint.body import Body, body_of
from lapwing.lint.calls import KNOWN
from lapwing.lint.chains import chain
from lapwing.lint.exemption import Exemptions
from lapwing.lint.fixtures import Fixture, FixtureTable
from lapwing.lint.heavy_packages import HEAVY
from lapwing.lint.module import Definition, Module
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.site import Site
from lapwing.lint.words import has_line_between, lines_with
from lapwing.model.finding import Confidence, Finding
from lapwing.model.lint_options import LintOptions
from lapwing.model.test_history import FileHistory


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
        exemptions: Exemptions,
        options: LintOptions,
        *,
        own_packages: frozenset[str] = frozenset(),
        known: FileHistory = FileHistory(),
    ) -> None:
        self.module = module
        self.text = text
        self.sites = sites
        self.fixtures = fixtures
        self.exemptions = exemptions
        self.options = options
        self.own_packages = own_packages  # that the project itself makes
        self.heavy_work: list[tuple[Fixture, str]] | None = None  # of the function of that name
        self.tests = known.tests  # what recorded runs know of the tests in this file
        self.collection_ns = known.collection_ns  # what collecting it takes by them; None: not known

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file without their ends."""
        return self.text.split("\n")

    def bodies_with(self, words: Iterable[str]) -> Iterator[tuple[Definition | None, Body]]:
        """The functions, and statements outside functions, in which one of `words` stands."""
        yield from self.bodies_at(lines_with(self.text, words))

    def bodies_at(self, lines: list[int]) -> Iterator[tuple[Definition | None, Body]]:
        """The functions, and statements outside functions, in which one of the ascending `lines` stands."""
        module = self.module
        if not lines:
            return
        for definition in module.definitions:
            node = definition.node
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if has_line_between(lines, first, node.end_lineno or first):
                yield definition, body_of(node, module, definition.scope)
        for statement, _, scope in module.loose:
            if has_line_between(lines, statement.lineno, statement.end_lineno or statement.lineno):
                yield None, body_of(statement, module, scope)

    def place_of(self, node: ast.expr, body: Body) -> Place:
        """Where an expression of `body` stands."""
        return Place(self.module, body.scope_of(node), node.lineno, nothing_given)

    @property
    def heavy_packages(self) -> frozenset[str]:
        """Packages that take long to import, but for the one that is tested here."""
        return (HEAVY | {*self.options.heavy_imports}) - self.own_packages

    def is_exempt(self, definition: Definition | None) -> bool:
        """Whether tests of a function may be slow."""
        if definition is None:
            return self.exemptions.of_module is not None
        return self.exemptions.of_function(definition.node, definition.classes, definition.scope) is not None

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
    if site.through:
        resolved = f"{written} is {site.call}, which calls {site.through}"
    elif site.call not in KNOWN and not site.call.startswith("pytester."):
        resolved = "by its name, what it does is not known"
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
