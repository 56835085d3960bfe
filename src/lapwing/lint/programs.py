"""Programs that tests run: strings which flow into `makepyfile`, `python -c`, `exec`, or a file that is run.

Told are those of which that is sure: the string is Python that imports something, and the code around it runs
Python, or it is a docstring with examples in a file that runs those. Names and functions of the same project
are followed on the way.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lapwing.lint.body import Body, body_of
from lapwing.lint.calls import PROCESSES
from lapwing.lint.chains import last_name
from lapwing.lint.dead_code import is_dead
from lapwing.lint.doctests import doctest_program, is_doctest
from lapwing.lint.fixtures import parameter_names
from lapwing.lint.module import Definition, is_own_attribute
from lapwing.lint.program_text import ProgramText, keeps_program, program_text
from lapwing.lint.replaced import Replacements
from lapwing.lint.scope import FUNCTIONS
from lapwing.lint.view import View
from lapwing.lint.words import has_line_between, lines_with

_WORDS: Final = (
    "sleep(",
    "Popen(",
    "subprocess.",
    "os.system(",
    "os.fork(",
    "os.spawn",
    "urlopen(",
    "Process(",
    "ProcessPool",
    "create_subprocess",
)
_RUNS_TEXT: Final = re.compile(
    r"(?i)^_*(?:exec|execute|execute_(?:request|interactive)\w*|remote_exec|run_cell(?:_magic|_async)?|run_line_magic|"
    r"runsource|runpython_c|inline_runsource|(?:assert|spawn|run|check|call)_python\w*|"
    r"(?:run|exec|execute|spawn)_\w*(?:python|code|script|source|program|snippet|isolated|interpreter)\w*)$"
)
_MAKES_TESTS: Final = frozenset({"makepyfile", "makeconftest"})
_MAKES_SCRIPT: Final = re.compile(r"^_*(?:make|write|create|save|add)_(?:\w+_)?(?:script|program|tmp_test)$")
_MAKES_CELL: Final = "new_code_cell"
_RUNS_CELLS: Final = re.compile(r"(?i)execut|\brun\w*\(|notebookclient")
_WRITES: Final = frozenset({"write_text", "write_bytes", "write", "writelines"})
_RUNS_TESTS: Final = re.compile(r"\b\w*(?:run|spawn|popen|pytest)\w*\(")
_RUNS_FILE: Final = re.compile(
    r"sys\.executable(?!, *['\"]-m['\"], *['\"](?!pytest|unittest|coverage|trace|c?[pP]rofile|pdb))|"
    r"['\"]python[\d.]*['\"]|"
    r"\b(?:assert_|spawn_|run_)?python\w*\(|\brunpytest|\brunpy\.|\bimport_module\(|\bexec_module\(|\bexec\("
)
_RUNS: Final = r"\b\w*(?:run|spawn|popen|exec|call|invoke|python)\w*\([^()]*\b"
_NO_NETWORK: Final = re.compile(r"disable[-_]socket|allow[-_]hosts|block[-_]network")
_ONLY_LOOKS: Final = re.compile(r"--collect-only|--co\b|--setup-plan|py_compile|ast\.parse")
_ENDED: Final = re.compile(
    r"\b(?:kill\w*|terminate|send_signal|interrupt\w*|cancel\w*|move_on_after|fail_after)\(|"
    r"TimeoutExpired|KeyboardInterrupt"
)
_COMMAND: Final = re.compile(r"-[A-Za-z]*c")
_WAITED_FOR: Final = re.compile(
    r"\b(?:run|call|check_call|check_output|getoutput|communicate|wait|join|read|readlines?|exec|execute)\(|"
    r"\b(?:run|assert|call|check)_\w+\("
)
_MOST_PROGRAMS: Final = 100  # of one function; for each its whole text is looked through
_MOST_STEPS: Final = 3  # from a string through names and functions of ours to what runs it


class Program(NamedTuple):
    """A program in a string, and who runs it."""

    source: ProgramText
    definition: Definition | None  # that runs it
    is_ended: bool  # by whoever runs it, before it comes to its end
    is_cut_off: bool  # from the network


class _Use(NamedTuple):
    """What takes a program, or a name for it. `whole` is the expression that it is."""

    whole: ast.expr
    holder: ast.AST  # a call or an assignment
    keyword: str | None
    is_command: bool  # stands right behind "-c"


class _Around(NamedTuple):
    """The function in which a program is used, and its text without that of the program."""

    definition: Definition | None
    body: Body
    text: str


class ProgramFinder:
    """Looks through one file."""

    def __init__(self, view: View, replacements: Replacements) -> None:
        self._view = view
        self._module = view.module
        self._replacements = replacements

    def programs(self) -> Iterator[Program]:
        """The programs of the file, each with the first function that runs it."""
        lines = lines_with(self._module.text, _WORDS)
        seen: set[ast.expr] = set()
        for definition, body in self._view.bodies_at(lines):
            inside = (
                node
                for node in body.texts
                if has_line_between(lines, node.lineno, node.end_lineno or node.lineno)
            )
            for node in itertools.islice(inside, _MOST_PROGRAMS):
                if is_doctest(node, body):
                    examples = doctest_program(node, self._module)
                    if examples is not None and not self._view.is_exempt(definition):
                        yield Program(examples, definition, is_ended=False, is_cut_off=False)
                    continue
                use = _use_of(node, body)
                if use is None or use.whole in seen:
                    continue
                seen.add(use.whole)
                around = self._around(definition, body, use.whole)
                runner = next(self._runners(use, around, _MOST_STEPS), None)
                source = program_text(use.whole) if runner is not None else None
                if source is not None and runner is not None and not self._view.is_exempt(runner.definition):
                    yield Program(
                        source,
                        runner.definition,
                        is_ended=_is_ended(use, runner.text),
                        is_cut_off=_NO_NETWORK.search(runner.text) is not None,
                    )

    def _around(self, definition: Definition | None, body: Body, whole: ast.expr | None) -> _Around:
        first, last = body.root.lineno, body.root.end_lineno or body.root.lineno
        lines = body.module.text.split("\n")[first - 1 : last]
        if whole is not None:
            inside = slice(whole.lineno - first + 1, (whole.end_lineno or whole.lineno) - first)
            lines[inside] = []
        return _Around(definition, body, "\n".join(lines))

    def _runners(self, use: _Use, around: _Around, steps: int) -> Iterator[_Around]:
        """The functions that run what is used so."""
        if isinstance(use.holder, ast.Call):
            if self._is_run(use, use.holder, around) or (steps and self._hands_on(use, around, steps - 1)):
                yield around
        elif use.is_command:
            names = _names_of(use.holder)
            if any(_is_named_again(each, around) for each in names) or (
                not names and _RUNS_TESTS.search(around.text)
            ):
                yield around
        elif steps:
            for name in _names_of(use.holder):
                yield from self._runners_of(name, around, steps - 1)

    def _runners_of(self, name: str, around: _Around, steps: int) -> Iterator[_Around]:
        """The functions that run the program called `name`."""
        if isinstance(around.body.root, FUNCTIONS):
            others = [around]
        else:
            found = self._view.bodies_with([name])
            others = [self._around(*each, None) for each in found if each[1] is not around.body]
        for other in others:
            for use in _uses_of(name, other.body):
                yield from self._runners(use, other, steps)

    def _is_run(self, use: _Use, call: ast.Call, around: _Around) -> bool:
        """Whether a call runs the program that it is given, or writes it for what runs it in the same
        function.
        """
        if _ONLY_LOOKS.search(around.text) or is_dead(
            call, around.body, self._view.place_of(call, around.body)
        ):
            return False
        last = last_name(call.func)
        if use.is_command or _RUNS_TEXT.search(last):
            dotted = self._view.place_of(call, around.body).dotted(call.func)
            is_elsewhere = around.body.module is not self._module
            is_site = is_elsewhere or any(each.node is call for each in self._view.sites)
            return is_site or dotted not in PROCESSES
        if last == _MAKES_CELL:
            return _RUNS_CELLS.search(around.text) is not None
        if last in _MAKES_TESTS:
            return _RUNS_TESTS.search(around.text) is not None
        if _MAKES_SCRIPT.search(last):
            return _RUNS_FILE.search(self._module.text) is not None
        if last in _WRITES:
            return _RUNS_FILE.search(around.text) is not None
        name = _file_name(call)
        return name is not None and re.search(_RUNS + re.escape(name), around.text) is not None

    def _hands_on(self, use: _Use, around: _Around, steps: int) -> bool:
        """Whether a function of the project runs what it is given."""
        assert isinstance(use.holder, ast.Call)
        function = use.holder.func
        found = self._replacements.definition_of(function, around.body)
        if found is None and is_own_attribute(function):
            found = self._replacements.inherited_method(function.attr, around.body)
        if found is None:
            return False
        node, module, scope = found
        if not isinstance(node, FUNCTIONS) or node is around.body.root:
            return False
        name = _parameter(use, node)
        if name is None:
            return False
        body = body_of(node, module, scope)
        there = self._around(around.definition, body, None)
        there = there._replace(text=f"{around.text}\n{there.text}")
        return any(True for each in _uses_of(name, body) for _ in self._runners(each, there, steps))


def _is_ended(use: _Use, text: str) -> bool:
    """Whether a program is ended, or started and not waited for, by the function with this text."""
    return _ENDED.search(text) is not None or (use.is_command and _WAITED_FOR.search(text) is None)


def _use_of(node: ast.expr, body: Body) -> _Use | None:
    """What takes the program that `node` is, or is a part of."""
    whole, child = node, node
    keyword = None
    is_command = False
    for parent in body.upward(node):
        if isinstance(parent, ast.JoinedStr | ast.BinOp):
            whole = child = parent
        elif isinstance(parent, ast.Attribute | ast.Starred | ast.Dict):
            child = parent
        elif isinstance(parent, ast.keyword):
            child, keyword = parent, parent.arg  # type: ignore[assignment]
        elif isinstance(parent, ast.List | ast.Tuple):
            is_command = is_command or _is_behind_flag(child, parent.elts)
            child = parent
        elif isinstance(parent, ast.Call):
            if child is parent.func or (parent.args and child is parent.args[0] and not is_command):
                is_kept = keeps_program(parent)
                is_joined = isinstance(parent.func, ast.Attribute) and parent.func.attr == "join"
                if is_kept or is_joined:
                    whole = child = parent
                    continue
            is_command = is_command or _is_behind_flag(child, parent.args)
            return _Use(whole, parent, keyword, is_command)
        else:
            is_bound = isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr)
            return _Use(whole, parent, None, is_command) if is_bound else None
    return None


def _file_name(call: ast.Call) -> str | None:
    """The name of a Python file that a call is given, as `make_file("it.py", program)` is."""
    for each in call.args:
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.endswith(".py"):
            return each.value
    return None


def _is_behind_flag(child: ast.AST, row: list[ast.expr]) -> bool:
    at = next((at for at, each in enumerate(row) if each is child), 0)
    before = row[at - 1] if at else None
    return (
        isinstance(before, ast.Constant)
        and isinstance(before.value, str)
        and _COMMAND.fullmatch(before.value) is not None
    )


def _uses_of(name: str, body: Body) -> Iterator[_Use]:
    for node in body.parents:
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            use = _use_of(node, body)
            if use is not None:
                yield use


def _is_named_again(name: str, around: _Around) -> bool:
    """Whether a command line that is bound to `name` is named elsewhere: in its function, or for one outside
    functions in the file.
    """
    is_inside = isinstance(around.body.root, FUNCTIONS)
    text = around.text if is_inside else around.body.module.text
    return len(re.findall(rf"\b{re.escape(name)}\b", text)) > 1


def _names_of(node: ast.AST) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _parameter(use: _Use, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The parameter of a function that is given the program."""
    names = parameter_names(node)
    if use.keyword is not None:
        return use.keyword if use.keyword in names else None
    assert isinstance(use.holder, ast.Call)
    at = next(
        (
            at
            for at, each in enumerate(use.holder.args)
            if each.lineno <= use.whole.lineno and (use.whole.end_lineno or 0) <= (each.end_lineno or 0)
        ),
        None,
    )
    return names[at] if at is not None and at < len(names) else None
