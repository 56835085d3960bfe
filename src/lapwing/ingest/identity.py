"""The name under which a test's history is kept: what changes from run to run is taken out.

Run times in the names of suites (unittest-xml-reporting), pointers in parameters (GoogleTest),
colors, the quotes that node escapes twice, the `@group` that pytest-xdist appends. pytest's tests
get the node id that pytest itself would print, so that a report and a recorded run meet.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from lapwing.ingest.plain_tests import PlainTests
from lapwing.model.ids import NodeId, normalize_node_id
from lapwing.model.read_test import ReadTest

LONGEST: Final = 2_000
"""Characters of an identity; longer names end in a digest of the whole."""

_COLOR: Final = re.compile(r"\x1b?\[(?:\d{1,3}(?:;\d{1,3})*)?m")
_POINTER: Final = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_RUN_TIME: Final = re.compile(
    r"[-_. ]?(?<!\d)(?:20\d{12}|20\d\d-\d\d-\d\d[T _]\d\d[:\-]\d\d[:\-]\d\d"
    r"(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)(?!\d)"
)
_FILE_LINE: Final = re.compile(r":\d+\Z")
_SAYS_NOTHING: Final = frozenset({"pytest", "rspec", "undefined", "root suite", "mocha tests", "testresults"})
_ABSOLUTE: Final = re.compile(r"[/\\]|[A-Za-z]:[/\\]")


def identity(test: ReadTest, tool: str = "") -> NodeId:
    """The identity of `test` in a report of `tool`."""
    if tool == "pytest":
        return _cut(_pytest_id(test.name, test.classname, test.file))
    around = _container(test.package, test.file, test.suite_path, test.classname, tool)
    return _cut(_within(around, test.name, tool))


def identities(tests: PlainTests, tool: str = "") -> list[NodeId]:
    """The identity of each of `tests`, at a third of what it costs to make them tests first."""
    names, classnames = map(str.strip, tests.names), tests.classnames
    files = tests.files or ("",) * tests.count
    if tool == "pytest":
        return list(map(_cut, map(_pytest_id, names, classnames, files)))
    package, suites = tests.package, tests.suite_path
    return [
        _cut(_within(_container(package, file, suites, classname, tool), name, tool))
        for name, classname, file in zip(names, classnames, files, strict=True)
    ]


def _within(around: Iterable[str], name: str, tool: str) -> str:
    """The test `name` after the names `around` it, but for those that it says itself."""
    name = _stable(_unescaped(name) if tool == "node" else name)
    pieces: list[str] = []
    for piece in around:
        if piece != name and piece not in pieces and not name.startswith(f"{piece}."):
            pieces.append(piece)
    return "::".join((*pieces, name))


@lru_cache(maxsize=4096)
def _container(
    package: str, file: str, suites: tuple[str, ...], classname: str, tool: str
) -> tuple[str, ...]:
    """The stable names around a test, outermost first."""
    place = _FILE_LINE.sub("", file)
    if _ABSOLUTE.match(place):
        # It differs from machine to machine. Without a class the file is what tells like names apart.
        place = "" if classname else _base_name(place)
    place = place.removeprefix("./")
    names = [package, place, *suites, "" if tool == "node" and classname == "test" else classname]
    stable = [_base_name(_RUN_TIME.sub("", _stable(name))) for name in names]
    dotted = re.sub(r"\.[A-Za-z]{1,4}\Z", "", place).replace("/", ".")
    said = [
        name
        for name in stable
        if name and name.lower() not in _SAYS_NOTHING and (not place or name != dotted)
    ]
    return tuple(
        name for at, name in enumerate(said) if not any(_repeats(name, inner) for inner in said[at + 1 :])
    )


def _repeats(outer: str, inner: str) -> bool:
    """Whether the dotted name `inner` says what `outer` does: N and C of N.C."""
    return inner.startswith(f"{outer}.") or inner.endswith(f".{outer}")


def _base_name(name: str) -> str:
    """The last part of a path that differs from machine to machine, as .NET names its assemblies."""
    return re.split(r"[\\/]", name.rstrip("\\/"))[-1] if _ABSOLUTE.match(name) else name


def _pytest_id(name: str, classname: str, file: str) -> str:
    """The node id that pytest prints, from the dotted class name and, where told, the file."""
    if not classname:
        return name
    nodeid = f"{_pytest_container(classname, file)}::{name}"
    return normalize_node_id(nodeid) if "@" in name else nodeid


@lru_cache(maxsize=4096)
def _pytest_container(classname: str, file: str) -> str:
    parts = classname.split(".")
    file = _FILE_LINE.sub("", file)
    if file:
        module = file.removesuffix(".py").replace("\\", "/").strip("/").split("/")
        at = _find(parts, module)
        if at is not None:
            return "::".join((file, *parts[at + len(module) :]))
        return "::".join((file, *_classes(parts)))
    classes = _classes(parts)
    module = parts[: len(parts) - len(classes)]
    return "::".join(("/".join(module) + ".py", *classes)) if module else "::".join(classes)


def _classes(parts: list[str]) -> list[str]:
    """The last parts that begin with a capital, as the names of classes do."""
    at = len(parts)
    while at and parts[at - 1][:1].isupper():
        at -= 1
    return parts[at:]


def _find(parts: list[str], module: list[str]) -> int | None:
    width = len(module)
    return next((at for at in range(len(parts) - width + 1) if parts[at : at + width] == module), None)


def _unescaped(name: str) -> str:
    import html  # for node's names only

    return html.unescape(name)


def _stable(name: str) -> str:
    if "0x" in name:
        name = _POINTER.sub("0x…", name)
    return _COLOR.sub("", name) if "[" in name else name


def _cut(name: str) -> NodeId:
    if len(name) <= LONGEST:
        return NodeId(name)
    import hashlib  # few names are so long, and it is much to load

    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return NodeId(f"{name[: LONGEST - 17]}…{digest}")
