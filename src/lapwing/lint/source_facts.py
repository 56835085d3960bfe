"""What the source of test files tells to who gives advice: definitions, changes of values, sleeps,
imports."""

import ast
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Final

from lapwing.model.source_facts import FixtureSource, SourceFacts

_SLEEPS: Final = ("time.sleep", "asyncio.sleep", "sleep", "anyio.sleep", "trio.sleep")
_CHANGES: Final = frozenset(
    (
        *("add", "append", "clear", "commit", "discard", "execute", "extend", "insert"),
        *("pop", "popitem", "remove", "setdefault", "sort", "update", "write"),
    )
)
"""Methods that change what they belong to."""

_RESTORES: Final = frozenset(
    (
        *("clear", "clear_all", "clear_mappers", "cache_clear", "delete", "drop_all", "flushall", "flushdb"),
        *("reset", "reset_all", "restore", "rollback", "truncate", "undo"),
    )
)
"""Methods and functions that put back what was changed."""
_SETUPS: Final = frozenset(
    ("setUpClass", "setUpModule", "setup_class", "setup_function", "setup_method", "setup_module")
)
_OF_ANY_SCOPE: Final = frozenset(("addfinalizer", "config", "fixturename", "param", "param_index", "session"))
"""What a fixture of any scope can ask `request` for."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def source_facts(texts: Mapping[str, str], *, coverage: str = "") -> SourceFacts:
    """The facts of files, by their path below the root; a file that is no Python gives none."""
    tests: dict[str, str] = {}
    fixtures: dict[str, FixtureSource] = {}
    setups: dict[str, FixtureSource] = {}
    changed: dict[str, list[str]] = {}
    sleeps: dict[str, tuple[str, ...]] = {}
    imports: dict[str, tuple[str, ...]] = {}
    users: dict[str, tuple[str, ...]] = {}
    for path, text in texts.items():
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        named = [(f"{path}:{line} {module}", names) for line, module, names in _imports(tree)]
        imports[path] = tuple(import_ for import_, _ in named)
        sleeps[path] = tuple(
            f"{path}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _dotted(node.func) in _SLEEPS
        )
        own = _definitions(tree)
        own_tests: dict[str, dict[str, str]] = {}
        setups |= _setups(path, tree, own)
        uses = _uses(path, tree)
        for import_, names in named:
            users[import_] = tuple(place for place, used in uses if not used.isdisjoint(names))
        for scope, function in _functions(tree, path):
            if _is_fixture(function):
                source = _fixture(path, function, own)
                fixtures[source.location] = source
            elif function.name.startswith("test"):
                own_tests.setdefault(scope, {})[function.name] = f"{path}:{function.lineno}"
                for name, line in _changes(function):
                    changed.setdefault(name, []).append(f"{path}:{line}")
        for scope, own_ones in own_tests.items():
            tests |= {f"{scope}::{name}": place for name, place in own_ones.items()}
        for scope, at in _inheritance(path, tree):
            for name, place in own_tests.get(at, {}).items():
                tests.setdefault(f"{scope}::{name}", place)
    return SourceFacts(
        tests=tests,
        fixtures=fixtures,
        setups=setups,
        changed={name: tuple(places) for name, places in changed.items()},
        sleeps={path: lines for path, lines in sleeps.items() if lines},
        imports={path: lines for path, lines in imports.items() if lines},
        users={import_: places for import_, places in users.items() if places},
        coverage=coverage,
    )


def _functions(tree: ast.Module, path: str) -> Iterator[tuple[str, _Function]]:
    """Functions of the module and of its classes, with the beginning of their node ids."""
    todo: list[tuple[str, list[ast.stmt]]] = [(path, tree.body)]
    while todo:
        scope, body = todo.pop()
        for node in body:
            if isinstance(node, ast.ClassDef):
                todo.append((f"{scope}::{node.name}", node.body))
            elif isinstance(node, _Function):
                yield scope, node


def _is_fixture(function: _Function) -> bool:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (_dotted(called) or "").rpartition(".")[2] in ("fixture", "yield_fixture"):
            return True
    return False


def _definitions(tree: ast.Module) -> dict[str, str]:
    """What the module itself defines at its top level, by name, as text that differs where it does."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, _Function | ast.ClassDef):
            found[node.name] = ast.dump(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        found[name.id] = ast.dump(node)
    return found


def _fixture(path: str, function: _Function, own: Mapping[str, str]) -> FixtureSource:
    name = function.name
    for decorator in function.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                name = str(keyword.value.value)
    body = [node for node in function.body if not _is_text(node)]
    # Bodies that read alike do the same only where what they use of their module is the same.
    used = {each.id for node in body for each in ast.walk(node) if isinstance(each, ast.Name)}
    shape = "\n".join([*map(ast.dump, body), *(own[name] for name in sorted(used & own.keys()))])
    trivial = len(body) == 1 and isinstance(body[0], ast.Pass)
    likeness = "" if trivial else blake2b(shape.encode(), digest_size=8).hexdigest()
    arguments = function.args
    depends = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    if "request" in depends and _asks_for_any_scope(function):
        depends.remove("request")
    return FixtureSource(
        name,
        _location(path, function),
        tuple(depends),
        likeness,
        gives=_gives(function),
        restores=next((f"{path}:{at}" for at in _restores(function)), ""),
        is_async=isinstance(function, ast.AsyncFunctionDef),
    )


def _setups(path: str, tree: ast.Module, own: Mapping[str, str]) -> dict[str, FixtureSource]:
    """Methods and functions that set up, those that classes inherit from classes of the file too."""
    found: dict[str, FixtureSource] = {}
    for scope, function in _functions(tree, path):
        if function.name in _SETUPS:
            source = _fixture(path, function, own)
            owner = scope.partition("::")[2].replace("::", ".")
            is_set = any(
                isinstance(node, ast.Attribute | ast.Global) and _is_stored(node)
                for node in _own_nodes(function)
            )
            found[f"{scope}::{function.name}"] = source._replace(
                name=f"{owner}.{function.name}" if owner else function.name, gives=is_set
            )
    for scope, at in _inheritance(path, tree):
        for method in _SETUPS:
            if f"{at}::{method}" in found:
                found.setdefault(f"{scope}::{method}", found[f"{at}::{method}"])
    return found


def _inheritance(path: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each class of the file with each one of the file that it inherits from, the nearest first."""
    bases = {
        f"{path}::{node.name}": [f"{path}::{base.id}" for base in node.bases if isinstance(base, ast.Name)]
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    for scope in bases:
        lineage = [scope]
        for at in lineage:  # grows as it is walked
            lineage.extend(base for base in bases.get(at, ()) if base not in lineage)
        yield from ((scope, at) for at in lineage[1:])


def _is_stored(node: ast.Attribute | ast.Global) -> bool:
    return isinstance(node, ast.Global) or isinstance(node.ctx, ast.Store)


def _location(path: str, function: _Function) -> str:
    """Python tells the line of the first decorator as that of the function."""
    line = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return f"{path}:{line}"


def _own_nodes(function: _Function) -> Iterator[ast.AST]:
    """What a function itself does, without the functions and classes that it defines."""
    todo: list[ast.AST] = list(reversed(function.body))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _Function | ast.Lambda | ast.ClassDef):
            todo.extend(reversed(list(ast.iter_child_nodes(node))))


def _gives(function: _Function) -> bool:
    return any(
        isinstance(node, ast.Return | ast.Yield | ast.YieldFrom)
        and node.value is not None
        and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        for node in _own_nodes(function)
    )


def _restores(function: _Function) -> Iterator[int]:
    """Lines after the `yield` that put something back."""
    is_after = False
    for node in _own_nodes(function):
        if isinstance(node, ast.Yield):
            is_after = True
        elif is_after and isinstance(node, ast.Call) and _called(node) in _RESTORES:
            yield node.lineno


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _asks_for_any_scope(function: _Function) -> bool:
    """Whether `request` is asked for nothing but what a fixture of any scope may know."""
    uses = sum(isinstance(node, ast.Name) and node.id == "request" for node in ast.walk(function))
    harmless = sum(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
        and node.attr in _OF_ANY_SCOPE
        for node in ast.walk(function)
    )
    return uses == harmless


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(function: _Function) -> Iterator[tuple[str, int]]:
    """Arguments of a test whose value it changes in place, with the line."""
    arguments = function.args
    names = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = list(node.targets)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            targets = [node.func] if node.func.attr in _CHANGES else []
        for target in targets:
            if isinstance(target, ast.Attribute | ast.Subscript):
                name = _root(target)
                if name in names:
                    yield name, target.lineno


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, frozenset[str]]]:
    """The line, the module and the names that each import at the top level binds."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, frozenset({alias.asname or alias.name.partition(".")[0]})
        elif isinstance(node, ast.ImportFrom):
            names = frozenset(alias.asname or alias.name for alias in node.names)
            yield node.lineno, "." * node.level + (node.module or ""), names
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            asked = node.value.args[:1]
            if _called(node.value) == "importorskip" and asked and isinstance(asked[0], ast.Constant):
                names = frozenset(name.id for name in node.targets if isinstance(name, ast.Name))
                yield node.lineno, str(asked[0].value), names


def _uses(path: str, tree: ast.Module) -> list[tuple[str, frozenset[str]]]:
    """What names each part of a file uses, by the location of a fixture; "" for all other code."""
    fixtures = [function for _, function in _functions(tree, path) if _is_fixture(function)]
    inside = {id(node) for function in fixtures for node in ast.walk(function)}
    found = [
        (
            _location(path, function),
            frozenset(each.id for each in ast.walk(function) if isinstance(each, ast.Name)),
        )
        for function in fixtures
    ]
    others = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in inside]
    return [*found, ("", frozenset((*others, "*")))]  # of all names, some are used


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""
