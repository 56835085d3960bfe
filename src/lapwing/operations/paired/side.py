"""One side of a paired comparison: a tree, the interpreter and environment that import it, its processes."""

import contextlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

import lapwing
from lapwing.environment.worktree_imports import import_facts, import_roots, python_path
from lapwing.errors import ProjectError
from lapwing.model.metric import CPU, WALL
from lapwing.model.value import Value
from lapwing.operations.child_process import run_process

_CHILD: Final = Path(str(lapwing.__file__)).parent / "plugin" / "confirm_child.py"
_PASSED: Final = "passed"
_MEASURED: Final = "LAPWING_MEASURED"  # to the side's process: where its benchmarks tell what they measured


class Side(Value):
    """A tree that is ready to be tested."""

    name: str
    tree: Path  # top of the tree
    root: Path  # folder in it where pytest starts
    python: str
    environ: Mapping[str, str]


class TestTiming(Value):
    """One test, or one benchmark in it, in one process. Times in nanoseconds."""

    outcome: str
    reason: str
    wall_ns: float  # less the waits for a processor; of a benchmark the median of its samples
    cpu_ns: float | None  # with that of children; None where a benchmark does not measure it


TestTiming.__test__ = False  # type: ignore[attr-defined]


class Subject(Value):
    """What is measured in pairs."""

    nodeid: str
    benchmark: str = ""  # its name inside of the test; "" for the test itself


class SideAnswer(Value):
    """What one process of a side told."""

    tests: Mapping[str, TestTiming]  # by node id, in the order run
    errors: tuple[str, ...]  # files that could not be collected
    modules: Mapping[str, str]  # top-level module -> file
    prefixes: tuple[str, ...]
    benchmarks: Mapping[Subject, TestTiming] = {}  # of those with times, in the order measured


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
    measured = work / "measured.jsonl"
    answer.unlink(missing_ok=True)
    measured.unlink(missing_ok=True)
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
        # The process is nobody's worker, whoever asks: pytest-benchmark would measure nothing in one.
        own = {name: value for name, value in side.environ.items() if not name.startswith("PYTEST_XDIST_")}
        environ = {**own, _MEASURED: str(measured)}
        status = run_process(command, side.root, environ, stream, choice.timeout_s)
    try:
        told = json.loads(answer.read_bytes())
        return _answer_of(told, [*told.get("benchmarks", ()), *_lines(measured)])
    except (OSError, ValueError, KeyError) as error:
        raise ProjectError(
            f"pytest gave no answer on {side.name} ({status}): {_last_words(output)}",
            where=str(side.root),
            mend="Run the test there by itself, or name the interpreter that has pytest with --python.",
        ) from error


def has_passed(answer: SideAnswer, nodeid: str) -> bool:
    """Whether the test passed, and how long it took is known."""
    return passed_timing(answer, Subject(nodeid)) is not None


def passed_timing(answer: SideAnswer, subject: Subject) -> TestTiming | None:
    """How long it took, where its test passed and that is known."""
    timing = answer.benchmarks.get(subject) if subject.benchmark else answer.tests.get(subject.nodeid)
    return timing if timing is not None and timing.outcome == _PASSED and timing.wall_ns > 0 else None


def _lines(path: Path) -> Iterator[Any]:
    """What was measured; a line that a killed process left half is no evidence."""
    if path.exists():
        for line in path.read_bytes().splitlines():
            with contextlib.suppress(ValueError):
                yield json.loads(line)


def _benchmarks(told: Iterable[Any], tests: Mapping[str, TestTiming]) -> dict[Subject, TestTiming]:
    """The medians by benchmark. What is not of the form that we write was written by somebody else."""
    samples: dict[Subject, dict[str, list[float]]] = {}
    for each in told:
        match each:
            case {"nodeid": str(nodeid), "name": str(name), "metric": str(metric), "samples": list(values)}:
                known = [
                    value for value in values if isinstance(value, int | float) and 0 <= value < math.inf
                ]
                if nodeid in tests and metric in (WALL.name, CPU.name):
                    samples.setdefault(Subject(nodeid, name), {}).setdefault(metric, []).extend(known)
    return {
        subject: tests[subject.nodeid]._replace(
            wall_ns=median(of_metric[WALL.name]),
            cpu_ns=median(of_metric[CPU.name]) if of_metric.get(CPU.name) else None,
        )
        for subject, of_metric in samples.items()
        if of_metric.get(WALL.name)
    }


def _answer_of(told: dict[str, Any], measured: Iterable[Any]) -> SideAnswer:
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
        benchmarks=_benchmarks(measured, tests),
    )


def _last_words(output: Path) -> str:
    with contextlib.suppress(OSError):
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        wrong = [line for line in said if "rror" in line]
        return (wrong or said or ["it said nothing"])[-1][:300]
    return "it said nothing"
