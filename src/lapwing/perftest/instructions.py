"""How many instructions a call takes, exactly: by valgrind's callgrind, in processes of their own.

The same code with the same hash seed takes the same instructions, however busy the machine is. What starting
the interpreter and importing take falls out of the difference between two forks with different numbers of
calls. Blind to waiting, system calls and caches.
"""

import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lapwing.errors import MissingToolError
from lapwing.perftest.callee import is_async

_VALGRIND: Final = "valgrind"
_COLLECTED: Final = re.compile(rb"^==(\d+)== Collected\s*:\s*(\d+)", re.MULTILINE)
_ENDED: Final = re.compile(rb"^lapwing: (\d+) calls by (\d+)$", re.MULTILINE)
_PATIENCE_S: Final = 300
_COVERAGE: Final = "COVERAGE_PROCESS_"  # would measure the child, too, and be measured
_CHILD: Final = """
import importlib.util, os, sys, traceback
path, name, *numbers = sys.argv[1:]
spec = importlib.util.spec_from_file_location("measured", path)
module = importlib.util.module_from_spec(spec)
sys.modules["measured"] = module
spec.loader.exec_module(module)
function = module
for part in name.split("."):
    function = getattr(function, part)
for calls in map(int, numbers):
    child = os.fork()
    if not child:
        try:
            for _ in range(calls):
                function()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(1)
    os.write(1, b"\\nlapwing: %d calls by %d\\n" % (calls, child))
"""


def is_there() -> bool:
    """Whether valgrind is installed."""
    return shutil.which(_VALGRIND) is not None


def instructions_per_call(function: Callable[[], Any], *, calls: tuple[int, int] = (20, 120)) -> float:
    """Instructions of one call of `function`, which a fresh process can import and call without arguments.

    `calls` are the numbers of calls of the two forks; the interpreter settles in the fewer ones. Raises
    MissingToolError without valgrind, ValueError for a function inside another or without a file, TypeError
    for one that runs nothing when it is called, RuntimeError with the child's output where that fails.
    """
    if not is_there():
        raise MissingToolError(
            "valgrind is not installed",
            mend="Install it with the system's packages: apt-get install valgrind.",
        )
    if is_async(function):
        raise TypeError(f"{function!r} is async: give a function that runs it to its end")
    name = getattr(function, "__qualname__", repr(function))
    try:
        file = inspect.getsourcefile(function)
    except TypeError:  # of C, or an object that can be called
        file = None
    if file is None or "<" in name:
        raise ValueError(f"{name} cannot be imported by another process: it must stand in a module by itself")
    few, many = sorted(calls)
    if few < 1 or few == many:
        raise ValueError(f"two different numbers of calls are needed, got {calls}")
    counted = _count(Path(file), name, (few, many))
    return (counted[many] - counted[few]) / (many - few)


def _count(file: Path, name: str, numbers: tuple[int, ...]) -> dict[int, int]:
    """Instructions by number of calls, each in a fork of one process that has imported what it needs.

    In processes started one by one the same import took two million instructions more after files had
    appeared in a folder that it looks through.
    """
    command = [_VALGRIND, "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", _CHILD]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(_COVERAGE)} | {
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(each or str(Path.cwd()) for each in sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [*command, str(file), name, *map(str, numbers)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    collected = {int(process): int(count) for process, count in _COLLECTED.findall(done.stderr)}
    ended = {int(calls): int(process) for calls, process in _ENDED.findall(done.stdout)}
    if done.returncode or not set(ended.values()) <= collected.keys() or not set(numbers) <= ended.keys():
        raise RuntimeError(
            f"callgrind could not run {name}: {done.stderr.decode('utf-8', 'replace')[-2000:]}"
        )
    return {calls: collected[process] for calls, process in ended.items()}
