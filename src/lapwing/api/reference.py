"""The page of what test authors call: signatures and docstrings as the source has them. Nothing loads it."""

import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, Final

import lapwing._public as public

_HEAD: Final = """\
# Python API

What `import lapwing` offers, and the fixture `perf` of its pytest plugin. [Measure code in
tests](../how-to/measure-code.md) and [load a server](../how-to/load-a-server.md) show how it is used. Other
modules below `lapwing` may change in every version."""
_WIDTH: Final = 110
_PERF: Final = {
    "benchmark": ("lapwing.api.perf", "Perf.benchmark"),
    "measure": ("lapwing.api.tester", "PerformanceRegressionTester.measure"),
    "compare": ("lapwing.api.perf", "Perf.compare"),
    "queries": ("lapwing.api.database", "queries"),
    "leaks": ("lapwing.api.perf", "Perf.leaks"),
    "instructions": ("lapwing.api.instructions", "count_instructions"),
    "record": ("lapwing.api.record", "record_metric"),
}
_CLASSES: Final = {
    "PerformanceRegressionTester": ("benchmark", "measure"),
    "PerformanceRegressionDetector": ("get_baseline",),
}
_RESULTS: Final = {
    "lapwing.perftest.results": (
        "BenchmarkResult",
        "Durations",
        "MemoryUse",
        "CpuUse",
        "Regression",
    ),
    "lapwing.api.detector": ("BaselineFigures",),
    "lapwing.api.database": ("DatabaseResult", "QueriesResult", "Pattern"),
    "lapwing.api.leaks": ("LeakResult",),
    "lapwing.api.monitoring": ("MonitoringResult", "Counted"),
    "lapwing.api.page": ("PageResult",),
    "lapwing.model.load": ("LoadResult", "LoadSummary", "LoadStep"),
}


def api_markdown() -> str:
    """The whole page."""
    functions = [name for name in public.find("__all__") if name not in _CLASSES and name != "__version__"]
    parts = [_HEAD, "## Functions"]
    for name in functions:
        module = inspect.getmodule(public.find(name))
        assert module is not None
        parts += _function(module, name, shown=name, level=3)
    parts += ["## The fixture `perf`", "All functions above are there, too, as `perf.memory_leak_test(…)`."]
    for name, (home, path) in _PERF.items():
        parts += _function(importlib.import_module(home), path, shown=f"perf.{name}", level=3)
    parts.append("## Classes")
    for name, methods in _CLASSES.items():
        made = public.find(name)
        module = importlib.import_module(made.__module__)
        parts += [f"### {name}", inspect.getdoc(made) or ""]
        for method in methods:
            parts += _function(module, f"{name}.{method}", shown=f"{name}.{method}", level=4)
    parts += [
        "## Results",
        "Times are seconds and sizes MB (10^6 bytes) unless it says otherwise; `_ns` are nanoseconds. But "
        'for load tests a field can be asked for by name, too, as in `result["duration"]["mean"]`, and '
        "`result.as_dict()` is what JSON takes.",
    ]
    for home, names in _RESULTS.items():
        module = importlib.import_module(home)
        for name in names:
            parts += [f"### {name}", inspect.getdoc(getattr(module, name)) or "", _fields(module, name)]
    return "\n\n".join(parts)


def _function(module: ModuleType, path: str, *, shown: str, level: int) -> Iterator[str]:
    node = _definition(module, path)
    assert isinstance(node, ast.FunctionDef)
    lines = _source(module)[node.lineno - 1 : node.body[0].lineno - 1]
    signature = inspect.cleandoc("\n" + "\n".join(lines)).removesuffix(":")
    signature = re.sub(r"^def \w+", f"def {shown.rpartition('.')[2]}", signature)
    signature = re.sub(r"\((\n *)?self(, |,\n *)?", lambda found: f"({found[1] or ''}", signature, count=1)
    signature = re.sub(
        r"= ([A-Z_]{2,})\b", lambda found: f"= {json.dumps(getattr(module, found[1]))}", signature
    )
    signature = re.sub(r"  # .*", "", signature)
    if any(ast.unparse(each) == "contextmanager" for each in node.decorator_list):
        signature = f"@contextmanager\n{signature}"
    yield f"{'#' * level} {shown}"
    if len(signature) + len(": ...") > _WIDTH and "\n" not in signature:
        signature = re.sub(r"\((.*)\) ->", r"(\n    \1\n) ->", signature)
    yield f"```python\n{signature}: ...\n```"
    yield inspect.cleandoc(ast.get_docstring(node) or "")


def _fields(module: ModuleType, name: str) -> str:
    """A row for each field: its name, its type, and what the comment beside it says."""
    node = _definition(module, name)
    assert isinstance(node, ast.ClassDef)
    rows = ["| field | type | |", "| --- | --- | --- |"]
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            line = _source(module)[(each.end_lineno or each.lineno) - 1]
            comment = line.partition("  # ")[2]
            said = "" if comment.startswith("noqa") else comment.replace("|", "\\|")
            kind = ast.unparse(each.annotation).replace("|", "\\|")
            rows.append(f"| `{each.target.id}` | `{kind}` | {said} |")
    return "\n".join(rows)


def _definition(module: ModuleType, path: str) -> Any:
    """The definition of `name`, or of `Class.name`."""
    body: list[ast.stmt] = _tree(module).body
    for name in path.split("."):
        node: Any = next(each for each in body if getattr(each, "name", None) == name)
        body = node.body
    return node


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


@cache
def _source(module: ModuleType) -> list[str]:
    return inspect.getsource(module).splitlines()
