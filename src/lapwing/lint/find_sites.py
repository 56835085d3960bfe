"""Finds the known calls of one file and sorts out those that are dead, exempt, mocked or too short."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lapwing.lint.argument import argument_of
from lapwing.lint.asserted_short import is_asserted_short
from lapwing.lint.body import Body, body_of
from lapwing.lint.by_shape import known_by_shape
from lapwing.lint.calls import KNOWN, SLEEPS, Kind, Operation
from lapwing.lint.cancelled import cut_to, is_cut_short
from lapwing.lint.chains import last_name
from lapwing.lint.constant import number
from lapwing.lint.context import Context
from lapwing.lint.dead_code import (
    dead_blocks,
    is_behind_error,
    is_dead,
    is_on_failure,
    is_refusal,
    is_refused,
)
from lapwing.lint.ended import is_ended_from_outside
from lapwing.lint.exemption import Exemptions
from lapwing.lint.fixtures import SETUPS, FixtureTable, is_test_function, parameter_names
from lapwing.lint.given_by_call import names_function
from lapwing.lint.given_inside import given_inside
from lapwing.lint.given_up import is_given_up_by_callers
from lapwing.lint.left_behind import (
    is_handed_to_ended,
    is_in_killed_fork,
    is_left_behind,
    is_never_started,
)
from lapwing.lint.left_tasks import (
    is_canceled_at_once,
    is_in_canceled_group,
    is_left_task,
    is_task_of_object,
)
from lapwing.lint.loops import wait_of
from lapwing.lint.mocking import Reached
from lapwing.lint.module import Definition, Module, attribute_of, is_own_attribute
from lapwing.lint.package_names import Origin, origin_of, sounds_known
from lapwing.lint.patches import Patch
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.rare_packages import RARE, words_of
from lapwing.lint.reaching import judged_reach
from lapwing.lint.replaced import Replacements
from lapwing.lint.scope import FUNCTIONS, How
from lapwing.lint.site import Site
from lapwing.lint.skipped_around import is_skipped_around
from lapwing.lint.words import has_line_between, interesting_lines

_MOST_HANDED_S: Final = 10.0  # a longer sleep handed to a thread or task is a stand-in for "forever"
_NEVER_WAITED_S: Final = 30.0  # outside a test's own body nobody waits so long: something ends it before
_MOST_WAITED_S: Final = 10.0  # a script that a test runs waits longer only until the test ends it
_NEVER_AWAITED_S: Final = (
    5.0  # the same for one that lets others run: a server or task that is to take "long"
)
_RUNNING: Final = frozenset({"run", "run_until_complete", "gather"})
_MOST_IGNORED: Final = 2
_YIELDING: Final = frozenset({"gevent.sleep", "eventlet.sleep"})  # without a duration they let others run
_CALLERS: Final = frozenset(
    {
        *("submit", "map", "imap", "starmap", "apply", "apply_async", "Thread", "Process", "deferToThread"),
        *("run_in_executor", "to_thread", "run_sync", "raises", "assertRaises", "assertRaisesRegex"),
    }
)
"""What calls a function that it is given."""

_DEFERRED: Final = "twisted.internet.task.deferLater"
_SET_ASIDE: Final = re.compile(r"(?i)real|orig|true|actual|old|unpatched")
"""Names of what a fake stands in front of."""

_SMALL_PART: Final = 0.01
_ALIASING: Final = ("partial", "staticmethod", "getattr")
_KEPT: Final = " = subprocess"
_KEPT_ON_SELF: Final = re.compile(r"\bself\.(\w+) = subprocess(?:\.\w+)?(?=\n)")
_ROOTS: Final = frozenset(name.partition(".")[0] for name in KNOWN)


class _Candidate(NamedTuple):
    """A known call, by its own name or through one of the project's."""

    node: ast.expr
    call: str
    operation: Operation
    place: Place
    through: str = ""


class SiteFinder:
    """Looks through one module. `fixtures` are those that its tests can see."""

    def __init__(
        self,
        module: Module,
        text_of_file: str,
        fixtures: FixtureTable,
        exemptions: Exemptions,
        replacements: Replacements,
    ) -> None:
        self._module = module
        self._text = text_of_file
        self._fixtures = fixtures
        self._exemptions = exemptions
        self._replacements = replacements
        self._own_fixtures = {fixture.node: fixture for fixture in fixtures.own()}
        self._origins: dict[str, Origin | None] = {}

    def sites(self) -> Iterator[Site]:
        """All sites, in the order of the file's functions, then of what stands outside functions."""
        lines = interesting_lines(self._text, self._more_names())
        if not lines:
            return
        place = Place(self._module, self._module.scope, 0, nothing_given)
        dead = [*dead_blocks(self._module.tree.body, place)]
        for definition in self._module.definitions:
            node = definition.node
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if dead and any(start <= node.lineno <= end for start, end in dead):
                continue
            if has_line_between(lines, first, node.end_lineno or first):
                if self._exemptions.of_marks(node, definition.classes, definition.scope):
                    continue
                body = body_of(node, self._module, definition.scope)
                found = [*self._of_body(body, definition, lines)]
                # Asked last: few functions have a site at all, and these look far around.
                if found and not (
                    self._exemptions.of_skips(node, definition.scope)
                    or is_skipped_around(definition, self._replacements, self._exemptions.fixtures)
                ):
                    yield from found
        for statement, _, scope in () if self._exemptions.of_module else self._module.loose:
            if dead and any(start <= statement.lineno <= end for start, end in dead):
                continue
            if has_line_between(lines, statement.lineno, statement.end_lineno or statement.lineno):
                yield from self._of_body(body_of(statement, self._module, scope), None, lines)

    def _more_names(self) -> Iterator[str]:
        """Names of this file that stand for known calls or their modules without saying so."""
        module = self._module
        for scope in (module.scope, *module.class_scopes.values()):
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    dotted = binding.dotted
                    if isinstance(binding.node, ast.Name | ast.Attribute | ast.ClassDef) or _is_alias(
                        binding.node
                    ):
                        dotted = module.dotted(ast.Name(name, lineno=binding.line), scope) or ""
                    if not dotted:
                        continue
                    root = name
                    if dotted != name:
                        root = dotted.partition(".")[0]
                        if root in _ROOTS or (binding.how is How.IMPORT and sounds_known(dotted)):
                            yield name
                    if root in RARE:
                        yield from words_of(name, dotted, self._text)
        if _KEPT in self._text:
            yield from _KEPT_ON_SELF.findall(self._text)
        for source in module.stars:
            if source.partition(".")[0] in _ROOTS:
                yield from (name[len(source) + 1 :] for name in KNOWN if name.startswith(source + "."))
        for definition in module.definitions:
            arguments = definition.node.args
            plain = [*arguments.posonlyargs, *arguments.args]
            pairs = [*zip(reversed(plain), reversed(arguments.defaults), strict=False)]
            for parameter, default in (
                *pairs,
                *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
            ):
                is_name = isinstance(default, ast.Name | ast.Attribute)
                if is_name and module.dotted(default, definition.scope) in KNOWN:
                    yield parameter.arg

    def _of_body(self, body: Body, definition: Definition | None, lines: list[int]) -> Iterator[Site]:
        candidates = [*self._candidates(body, lines)]
        if not candidates:
            return
        context = Context(self._replacements, body, definition)
        for node, call, operation, place, through in candidates:
            if is_dead(node, body, place) or (operation.kind is Kind.PROCESS and is_refused(node, body)):
                continue
            if operation.kind is Kind.SLEEP and is_behind_error(node, body):
                continue
            function = node.func if isinstance(node, ast.Call) else node
            assert isinstance(function, ast.expr)
            reached = Reached(function, call, operation, place, through)
            around = [patch for patch in context.patches if patch.first <= node.lineno <= patch.last]
            if any(reached.is_replaced_by(patch) for patch in around):
                continue
            is_http = operation.kind is Kind.HTTP
            if context.is_replaced_for_all_callers(reached, is_far=is_http) or context.has_clock_for(call):
                continue
            if context.fakes_process(call):
                continue
            site = Site(
                node=node,
                call=call,
                operation=operation,
                body=body,
                definition=definition,
                function=definition.qualified_name if definition else "",
                fixture=self._own_fixtures.get(definition.node) if definition else None,
                is_test=definition is not None and is_test_function(definition.node),
                ignored=_ignored(around),
                is_on_failure=is_on_failure(node, body),
                is_reference=not (isinstance(node, ast.Call) and node.func is function),
                through=through,
            )
            judged = self._judged(site, place, context)
            if judged is not None:
                yield judged

    def _candidates(self, body: Body, lines: list[int]) -> Iterator[_Candidate]:
        given = self._replacements.given(body.root if isinstance(body.root, FUNCTIONS) else None)
        aliases = {*self._aliases(body, lines)}
        for node in body.calls:
            # The name of what is called stands in the first lines, what is handed over in any.
            last = node.end_lineno if node.args or node.keywords else node.func.end_lineno
            is_alias = isinstance(node.func, ast.Name) and node.func.id in aliases
            if is_alias or has_line_between(lines, node.lineno, last or node.lineno):
                helpers = self._replacements.helpers
                here = given_inside(node, body, given, helpers)
                place = Place(self._module, body.scope_of(node), node.lineno, here, helpers)
                yield from self._called(node, place, body)
                yield from _handed_over(node, place)

    def _aliases(self, body: Body, lines: list[int]) -> Iterator[str]:
        """Names that a function binds to what may be a known call, or is given it by its decorators."""
        for each in body.assignments:
            is_other_name = isinstance(each.value, ast.Attribute) or _is_alias(each.value)
            if is_other_name and has_line_between(lines, each.lineno, each.end_lineno or each.lineno):
                yield from (to.id for to in each.targets if isinstance(to, ast.Name))
        root = body.root
        for decorator in root.decorator_list if isinstance(root, FUNCTIONS) else ():
            if has_line_between(lines, decorator.lineno, decorator.end_lineno or decorator.lineno):
                yield from parameter_names(root)  # type: ignore[arg-type]

    def _called(self, node: ast.Call, place: Place, body: Body) -> Iterator[_Candidate]:
        function = node.func
        call = self._resolved(function, place)
        operation = KNOWN.get(call) if call else None
        if operation is not None and call is not None:
            yield _Candidate(node, call, operation, place)
            return
        origin = self._origin(call) if call is not None else self._starred(function, place)
        if origin is not None:
            if origin.is_class and not isinstance(body.parents.get(node), ast.Attribute):
                return  # what is kept may be asked for anything
            yield _Candidate(node, origin.call, origin.operation, place, origin.through)
            return
        shaped = known_by_shape(node, call, place)
        if shaped is not None and not (shaped[1].kind is Kind.SLEEP and _is_kept(node, body)):
            yield _Candidate(node, *shaped, place)

    def _starred(self, function: ast.expr, place: Place) -> Origin | None:
        """What a name stands for that is imported with all names of a module of the project."""
        stars = self._module.stars
        if not stars or not isinstance(function, ast.Name) or place.scope.lookup(function.id) is not None:
            return None
        found = (self._origin(f"{star}.{function.id}") for star in stars)
        return next((each for each in found if each is not None), None)

    def _origin(self, call: str | None) -> Origin | None:
        """What a name of the project's own stands for."""
        if call is None or not sounds_known(call):
            return None
        if call not in self._origins:
            self._origins[call] = origin_of(call, self._module, self._replacements.helpers)
        return self._origins[call]

    def _resolved(self, function: ast.expr, place: Place) -> str | None:
        """The canonical name of what is called, through fixtures that give clients."""
        call = place.dotted(function)
        if call is None and isinstance(function, ast.Name):
            given = (there.dotted(value) for value, there in place.given(function.id))
            return next((each for each in given if each in KNOWN), None)
        if call in SLEEPS and isinstance(function, ast.Name) and _is_parameter(function.id, place):
            asked = [there.dotted(value) for value, there in place.given(function.id)]
            return call if not asked or any(each in KNOWN for each in asked) else None
        if call is None and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            for value, there in place.given(function.value.id):
                base = there.dotted(value)
                if base:
                    return attribute_of(base, function.attr)
        return call

    def _judged(self, site: Site, place: Place, context: Context) -> Site | None:
        """The site with what its arguments say, or None where it is harmless."""
        if site.operation.kind is Kind.SLEEP:
            return self._sleep(site, place)
        if site.operation.kind is Kind.PROCESS:
            return None if is_never_started(site) else site
        return judged_reach(site, place, context)

    def _is_never_waited(self, site: Site, seconds: float) -> bool:
        """Whether a sleep outside the test's own body is so long that it stands for "forever"."""
        if seconds >= _NEVER_WAITED_S:
            return not self._is_waited_for(site)
        return site.operation.is_async and seconds >= _NEVER_AWAITED_S and not self._is_awaited(site)

    def _is_awaited(self, site: Site) -> bool:
        """Whether a fixture or set-up sleeps, or a function that this file awaits, runs, or hands to what it
        awaits or runs.
        """
        inner = site.body.function_around(site.node)
        is_coroutine = isinstance(inner, ast.AsyncFunctionDef)
        if inner is None or not is_coroutine or site.fixture is not None or inner.name in SETUPS:
            return True
        for call, definition in self._replacements.callers_of(inner.name, handed_on=True):
            holder = body_of(definition.node, self._module, definition.scope).parents.get(call)
            around = [call, holder] if isinstance(holder, ast.Call) else [call]
            if isinstance(holder, ast.Await) or any(last_name(each.func) in _RUNNING for each in around):
                return True
        return False

    def _is_waited_for(self, site: Site) -> bool:
        """Whether a sleep that lets nothing else run stands in a function that this file calls, rather than
        hands to a thread.
        """
        definition = site.definition
        if definition is None or site.operation.is_async or site.is_reference or site.fixture is not None:
            return False
        function = definition.node
        if site.body.function_around(site.node) is not function or definition.classes:
            return False
        callers = self._replacements.callers_of(function.name, handed_on=True)
        return bool(callers) and all(names_function(call.func, function.name) for call, _ in callers)

    def _seconds(self, given: ast.expr | None, site: Site, place: Place) -> float | None:
        """How long a sleep is, as the test asks for who makes the object that keeps its duration."""
        seconds = number(given, place)
        owner = site.definition.classes[-1] if site.definition and site.definition.classes else None
        if seconds is None or owner is None or given is None or not is_own_attribute(given):
            return seconds
        asked = [number(each, there) for each, there in self._replacements.given_to_init(given.attr, owner)]
        known = [each for each in asked if each is not None]
        return max(known) if known and len(known) == len(asked) else seconds

    def _sleep(self, site: Site, place: Place) -> Site | None:
        given = argument_of(site)
        if given is None and (site.is_reference or site.call in _YIELDING):
            return None
        if _is_left_unawaited(site) or is_handed_to_ended(site):
            return None
        if site.call == _DEFERRED and not _is_of_reactor(site.node, place):
            return None
        if isinstance(given, ast.BinOp) and _is_small_part_of_asked(given, site):
            return None
        seconds = None if _grows(given, site) else self._seconds(given, site, place)
        if seconds is not None and (not site.operation.is_async or site.call in _YIELDING):
            seconds = cut_to(site.node, seconds * site.operation.unit_s, site.body, place)
        if site.is_reference and (seconds is None or seconds >= _MOST_HANDED_S or is_in_canceled_group(site)):
            return None
        call = site.node if site.operation.is_async else None
        if isinstance(call, ast.Call) and is_cut_short(call, seconds, site.body, place):
            return None
        is_of_test = site.is_test and site.body.function_around(site.node) is site.body.root
        if is_in_killed_fork(site):
            return None
        if not is_of_test and (
            is_ended_from_outside(site, seconds, self._module)
            or is_left_behind(site, seconds, self._replacements)
            or is_left_task(site)
            or is_canceled_at_once(site)
            or is_task_of_object(site, self._module)
            or is_given_up_by_callers(site, seconds, self._replacements)
            or is_asserted_short(site, seconds)
        ):
            return None
        if not is_of_test and seconds is not None and self._is_never_waited(site, seconds):
            site = site._replace(is_on_failure=True)
        wait = wait_of(site.node, seconds, site.body, place)
        is_of_script = self._module.is_script and site.definition is None
        if is_of_script and wait.seconds is not None and wait.seconds * wait.rounds >= _MOST_WAITED_S:
            return None
        return site._replace(wait=wait)


def _is_small_part_of_asked(given: ast.BinOp, site: Site) -> bool:
    """Whether a fake of sleep passes on a hundredth or less of what it is asked for, as in
    `real_sleep(seconds * 0.001)`.
    """
    factor = given.right.value if isinstance(given.right, ast.Constant) else None
    if (
        not isinstance(site.node, ast.Call)
        or not _SET_ASIDE.search(last_name(site.node.func))
        or not isinstance(given.left, ast.Name)
        or not isinstance(factor, int | float)
    ):
        return False
    around = (each.args for each in site.body.upward(site.node) if isinstance(each, (*FUNCTIONS, ast.Lambda)))
    if not any(each.arg == given.left.id for arguments in around for each in arguments.args):
        return False
    is_product = isinstance(given.op, ast.Mult) and factor <= _SMALL_PART
    return is_product or (isinstance(given.op, ast.Div) and factor >= 1 / _SMALL_PART)


def _is_parameter(name: str, place: Place) -> bool:
    """Whether a name is a parameter of the function around, and nothing else there."""
    return all(each.how is How.PARAMETER for each in place.scope.bindings.get(name, ())) and (
        name in place.scope.bindings
    )


def _is_of_reactor(node: ast.AST, place: Place) -> bool:
    """Whether the clock that a call is given first is the reactor, and no clock of a test."""
    given = node.args[0] if isinstance(node, ast.Call) and node.args else None
    return place.dotted(given) == "twisted.internet.reactor"


def _is_left_unawaited(site: Site) -> bool:
    """Whether a sleep that has to be awaited stands alone as a statement: that makes a coroutine only."""
    if not site.operation.is_async or site.through or site.call not in SLEEPS:
        return False
    is_statement = isinstance(site.body.parents.get(site.node), ast.Expr)
    return is_statement and site.call not in _YIELDING and site.call != _DEFERRED


def _is_kept(node: ast.Call, body: Body) -> bool:
    """Whether what a call gives is bound to a name: a sleep gives nothing, but in a chain of calls."""
    is_of_chain = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call)
    return not is_of_chain and isinstance(body.parents.get(node), ast.Assign | ast.AnnAssign | ast.NamedExpr)


def _grows(given: ast.expr | None, site: Site) -> bool:
    """Whether the loop around a sleep makes its duration longer each time."""
    if not isinstance(given, ast.Name):
        return False
    for parent in site.body.upward(site.node):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda)):
            return False
        if isinstance(parent, ast.While | ast.For | ast.AsyncFor):
            return any(
                isinstance(each, ast.AugAssign)
                and isinstance(each.op, ast.Add | ast.Mult | ast.Pow)
                and isinstance(each.target, ast.Name)
                and each.target.id == given.id
                for statement in parent.body
                for each in ast.walk(statement)
            )
    return False


def _is_alias(value: ast.AST | None) -> bool:
    """Whether this is `partial(…)`, `staticmethod(…)` or `getattr(…)`, which may be a known call."""
    return isinstance(value, ast.Call) and last_name(value.func) in _ALIASING


def _handed_over(node: ast.Call, place: Place) -> Iterator[_Candidate]:
    """A call that is handed to something that makes it, such as `submit(time.sleep, 1)`."""
    taker = last_name(node.func)
    if taker in ("object", "setattr", "patch"):
        return
    if any(each.arg == "daemon" and _is_true(each.value) for each in node.keywords):
        return  # nobody waits for it
    known = KNOWN if taker in _CALLERS and not _expects_refusal(node, taker) else SLEEPS
    for argument in (*node.args, *(each.value for each in node.keywords if each.arg == "target")):
        if isinstance(argument, ast.Name | ast.Attribute):
            handed = place.dotted(argument)
            if handed is not None and handed in known and not known[handed].opens_client:
                yield _Candidate(argument, handed, known[handed], place)


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _expects_refusal(node: ast.Call, taker: str) -> bool:
    """Whether this is `raises(OSError, call, …)`, which expects that what is called does not start."""
    return "aises" in taker and bool(node.args) and is_refusal(node.args[0])


def _ignored(around: Iterable[Patch]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(patch.target for patch in around if patch.first))[:_MOST_IGNORED]
