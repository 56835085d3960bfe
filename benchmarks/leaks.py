"""Who finds leaks, and who calls leaks what is none?

Each trial is a process of its own that searches one function: by `memory_leak_test`, and beside it by
psleak's `MemoryLeakTestCase` and by pytest-memray's `limit_leaks`, where an interpreter with them is named.

    python benchmarks/leaks.py --trials 50                       about 10 minutes on one core
    python benchmarks/leaks.py --trials 5 --peer-python PATH     and the neighbors
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from child_pytest import write_json

FUNCTIONS = """
import ctypes, functools, itertools, os, random, threading
from collections import deque

kept = []
numbers = itertools.count()
draw = random.Random(os.getpid())
ring = deque([None] * 500, maxlen=500)
malloc = ctypes.CDLL(None).malloc
malloc.argtypes, malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
cached = functools.lru_cache(maxsize=256)(lambda number: bytes(200))


def churn():
    [bytes(draw.randrange(10_000)) for _ in range(20)]


def cycles():
    one = {}
    one["self"] = one


def threads():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def full_ring_buffer():
    ring.append(bytes(draw.randrange(5_000)))


def saturating_cache():
    cached(next(numbers))


def python_leak():
    kept.append(bytes(100))


def c_leak():
    malloc(100)


def file_leak():
    kept.append(os.open(os.devnull, os.O_RDONLY))


for _ in range(500):
    full_ring_buffer()
"""
LEAKS = {
    "churn": False,
    "cycles": False,
    "threads": False,
    "full_ring_buffer": False,
    "saturating_cache": False,
    "python_leak": True,
    "c_leak": True,
    "file_leak": True,
}
_OURS = """
from lapwing.api.leaks import memory_leak_test
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
print("leak" if memory_leak_test({name}, iterations={calls}).leak_detected else "none")
"""
_PSLEAK = """
import unittest
from psleak import MemoryLeakTestCase

class Test(MemoryLeakTestCase):
    def test(self):
        self.execute({name})

result = unittest.main(argv=["leaks"], exit=False).result
print("leak" if result.failures or result.errors else "none")
"""
_MEMRAY = """
import pytest

@pytest.mark.limit_leaks("{limit} B")
def test():
    for _ in range(500):
        {name}()
"""
_MEMRAY_LIMIT = 20_000  # bytes over 500 calls: 40 per call
_CALLS = {"file_leak": 20}


def main() -> None:
    """Run the trials, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--peer-trials", type=int, default=5)
    parser.add_argument("--peer-python", help="interpreter with psleak, pytest and pytest-memray")
    parser.add_argument("--only", nargs="*", choices=LEAKS, help="functions to try (default: all)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    arguments = parser.parse_args()
    head = f"{'function':20}{'leaks':>7}{'found by Lapwing':>22}"
    if arguments.peer_python:
        head += f"{'psleak':>10}{'limit_leaks':>14}"
    print(head)
    figures = {}
    for name in arguments.only or LEAKS:
        found = sum(_ours(name) for _ in range(arguments.trials))
        row = f"{name:20}{'yes' if LEAKS[name] else 'no':>7}{f'{found} of {arguments.trials}':>22}"
        figures[name] = {"lapwing": [found, arguments.trials]}
        if arguments.peer_python:
            for peer, search, wide in (("psleak", _psleak, 10), ("limit_leaks", _memray, 14)):
                found = sum(search(arguments.peer_python, name) for _ in range(arguments.peer_trials))
                row += f"{f'{found} of {arguments.peer_trials}':>{wide}}"
                figures[name][peer] = [found, arguments.peer_trials]
        print(row, flush=True)
    if arguments.json:
        write_json(Path(arguments.json), figures)


def _ours(name: str) -> bool:
    script = FUNCTIONS + _OURS.format(name=name, calls=_CALLS.get(name, 100))
    with tempfile.TemporaryDirectory() as folder:  # a run of its own, which nobody keeps
        return _answer([sys.executable, "-c", script], folder)


def _psleak(python: str, name: str) -> bool:
    script = FUNCTIONS + _PSLEAK.format(name=name)
    with tempfile.TemporaryDirectory() as folder:
        return _answer([python, "-c", script], folder, PYTHONMALLOC="malloc", PYTHONUNBUFFERED="1")


def _memray(python: str, name: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_leak.py")
        test.write_text(FUNCTIONS + _MEMRAY.format(name=name, limit=_MEMRAY_LIMIT))
        done = subprocess.run(
            [python, "-m", "pytest", "-q", "--memray", "-p", "no:cacheprovider", test],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise SystemExit(done.stdout + done.stderr)
        return done.returncode == 1


def _answer(command: list[str], folder: str, **variables: str) -> bool:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | variables
    )
    words = done.stdout.split()
    if not words or words[-1] not in ("leak", "none"):
        raise SystemExit(done.stdout + done.stderr)
    return words[-1] == "leak"


if __name__ == "__main__":
    main()
