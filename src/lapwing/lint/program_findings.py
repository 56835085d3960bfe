"""What rules see in the programs that a file's tests run, at the lines of the file in which it stands."""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from lapwing.lint.chains import chain
from lapwing.lint.program_text import ProgramText
from lapwing.lint.registry import rule
from lapwing.lint.replaced import Replacements
from lapwing.lint.site import Site
from lapwing.lint.uncalled import unnamed
from lapwing.lint.view import Seen, View
from lapwing.lint.waivers import waivers_in, without_waived
from lapwing.model.finding import Confidence, Finding

if TYPE_CHECKING:
    from lapwing.lint.programs import Program

_RUNNERS: Final = (
    *("exec", "run_", "ython(", "ython_", "runpy", "makepyfile", "makeconftest", "spawn_", "doctest"),
)
"""One of these stands in every file whose tests run a program that they hold."""

_CODES: Final = frozenset({"LW101", "LW102", "LW103", "LW104", "LW105"})
"""The rules that look at calls."""

_OF_NETWORK: Final = frozenset({"LW102", "LW104"})
_MOST_WAITED_S: Final = 10.0  # a longer sleep in a program is there to be ended


def findings_in_programs(
    view: View,
    replacements: Replacements,
    codes: Iterable[str],
    view_of: Callable[[ProgramText], View],
) -> Iterator[Finding]:
    """The findings of the rules `codes` in the programs of a file; `view_of` makes the view of one."""
    chosen = [code for code in codes if code in _CODES]
    if not chosen or not any(word in view.text for word in _RUNNERS):
        return
    from lapwing.lint.programs import ProgramFinder  # a pre-commit run of one file starts faster without it

    told: set[tuple[str, int, int]] = set()
    for program in ProgramFinder(view, replacements).programs():
        inner = view_of(program.source)
        never = {each.node for each in inner.sites if program.is_ended or _is_never_waited(each)}
        idle = unnamed(inner.module)
        waivers = waivers_in(program.source.text, program.source.tree)
        for code in chosen:
            if program.is_cut_off and code in _OF_NETWORK:
                continue
            for seen in rule(code).check(inner):
                finding = inner.finding(code, seen)
                if finding.function in idle or not without_waived([finding], waivers)[0]:
                    continue
                placed = _placed(finding, seen, program, view, is_ended=seen.node in never)
                if (place := (code, placed.line, placed.col)) not in told:
                    told.add(place)
                    yield placed


def _is_never_waited(site: Site) -> bool:
    wait = site.wait
    return wait is not None and wait.seconds is not None and wait.seconds * wait.rounds >= _MOST_WAITED_S


def _placed(finding: Finding, seen: Seen, program: "Program", view: View, *, is_ended: bool) -> Finding:
    function = seen.node.func if isinstance(seen.node, ast.Call) else seen.node
    written = chain(function)
    line, column = program.source.place_in(view.lines, finding.line, written)
    what, colon, why = finding.message.partition(":")
    place = "in a program that is run here" + (", but perhaps ended before" if is_ended else "")
    source = view.lines[line - 1]
    return finding._replace(
        line=line,
        col=column + 1,
        source=source,
        length=len(written) if source.startswith(written, column) else 1,
        function=program.definition.qualified_name if program.definition is not None else "",
        gate=finding.gate and not is_ended,
        confidence=Confidence.LOW if is_ended else finding.confidence,
        message=f"{what}, {place}{colon}{why}",
    )
