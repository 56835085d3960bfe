"""One side of a paired comparison: a tree, the interpreter and environment that import it, its processes."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import lapwing
from lapwing.environment.worktree_imports import import_facts, import_roots, python_path
from lapwing.errors import ProjectError
from lapwing.model.value import Value
from lapwing.operations.confirm_process import run_process

_CHILD: Final = Path(str(lapwing.__file__)).parent / "plugin" / "confirm_child.py"
_PASSED: Final = "passed"


class Side(Value):
    """A tree that is ready to be tested."""

    name: str
    tree: Path  # top of the tree
    root: Path  # folder in it where pytest starts
    python: str
    environ: Mapping[str, str]


class TestTiming(Value):
    """One test in one process. Times in nanoseconds."""

    outcome: str
    reason: str
    wall_ns: int  # less the waits for a processor
    cpu_ns: int  # with that of children


TestTiming.__test__ = False  # type: ignore[attr-defined]


class SideAnswer(Value):
    """What one process of a side told."""

    tests: Mapping[str, TestTiming]  # by node id, in the order run
    errors: tuple[str, ...]  # files that could not be collected
    modules: Mapping[str, str]  # top-level module -> file
    prefixes: tuple[str, ...]


class PytestChoice(Value):
    """What is run on each side, and how."""

    names: tuple[str, ...]  # node ids, or files and classes of them
    arguments: tuple[str, ...] = ()  # handed to pytest on both sides
    timeout_s: float = 600.0  # of one process


def side_at(
    name: str, tree: Path, *, top: Path, root: Path, python: str, environ: Mapping[str, str], facts_from: Path
) -> Side:
    """The side that tests `tree`, a tree of the repository at `top`, with `root` as pytest's folder.

    Where the interpreter imports from the checkout (asked in `facts_from`), it imports from `tree` instead.
    """
    environ = {**environ, "PERFORMANCE_MONITORING": "0"}
    roots = import_roots(import_facts(python, facts_from, environ), top)
    path = python_path(environ, top, tree, tuple(each for each in roots if top / each != root))
    environ["PYTHONPATH"] = path
    if not path:
        del environ["PYTHONPATH"]
    return Side(name=name, tree=tree, root=tree / root.relative_to(top), python=python, environ=environ)


def run_side(side: Side, choice: PytestChoice, work: Path) -> SideAnswer:
    """Run the chosen tests once in a fresh process; `work` is a folder for what it leaves.

    Raises ProjectError where it gives no answer: it crashed, hung or has no pytest.
    """
    work.mkdir(parents=True, exist_ok=True)
    answer, output = work / "answer.json", work / "output.txt"
    answer.unlink(missing_ok=True)
    files = dict.fromkeys(name.partition("::")[0] for name in choice.names)
    request = {
        "names": list(choice.names),
        "files": [name for name in files if (side.root / name).exists()],
        "arguments": list(choice.arguments),
        "answer": str(answer),
        "work": str(work),
    }
    if not request["files"]:
        return SideAnswer(tests={}, errors=(), modules={}, prefixes=())
    (work / "request.json").write_text(json.dumps(request), encoding="ascii")
    with output.open("wb") as stream:
        command = [side.python, str(_CHILD), str(work / "request.json")]
        status = run_process(command, side.root, side.environ, stream, choice.timeout_s)
    try:
        return _answer_of(json.loads(answer.read_bytes()))
    except (OSError, ValueError, KeyError) as error:
        raise ProjectError(
            f"pytest gave no answer on {side.name} ({status}): {_last_words(output)}",
            where=str(side.root),
            mend="Run the test there by itself, or name the interpreter that has pytest with --python.",
        ) from error


def has_passed(answer: SideAnswer, nodeid: str) -> bool:
    """Whether the test passed, and how long it took is known."""
    timing = answer.tests.get(nodeid)
    return timing is not None and timing.outcome == _PASSED and timing.wall_ns > 0


def _answer_of(told: dict[str, Any]) -> SideAnswer:
    tests = {}
    for nodeid, test in told["tests"].items():
        phases = test.get("phases", ())
        tests[nodeid] = TestTiming(
            outcome=test["outcome"],
            reason=test["reason"],
            wall_ns=sum(wall for wall, _ in phases),
            cpu_ns=sum(cpu for _, cpu in phases),
        )
    return SideAnswer(
        tests=tests,
        errors=tuple(told["errors"]),
        modules=told["modules"],
        prefixes=tuple(told["prefixes"]),
    )


def _last_words(output: Path) -> str:
    with contextlib.suppress(OSError):
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        wrong = [line for line in said if "rror" in line]
        return (wrong or said or ["it said nothing"])[-1][:300]
    return "it said nothing"
