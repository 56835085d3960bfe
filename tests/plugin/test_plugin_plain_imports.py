"""Our modules come by the short way, and are what the interpreter's own way would have brought."""

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lapwing

ASK = """
import inspect, sys
from lapwing.plugin.plain_imports import PlainImports
before = list(sys.meta_path)
with PlainImports():
    from lapwing.model import trend as module
assert sys.meta_path == before
loader = type(module.__loader__).__name__
print(loader, module.__file__, module.__spec__.cached, getattr(module, "ADDED", None))
assert inspect.getsource(module).startswith(module.__doc__ and '"' * 3)
"""


@pytest.fixture
def package(tmp_path):
    """A copy of the package without any compiled file."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(Path(lapwing.__file__).parent, tmp_path / "lapwing", ignore=ignored))


def ask(package):
    """Loader, file, compiled file and content of a module imported in a fresh process."""
    return run(ASK, package)


def run(script, package):
    """What a fresh process prints, that may write bytecode and whose coverage nobody wants: a copy is run."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    environ = {**kept, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_a_compiled_module_comes_by_the_short_way_and_knows_its_files(package):
    first = ask(package)
    second = ask(package)

    assert first[0] == "SourceFileLoader"
    assert second[0] == "_CompiledLoader"
    assert first[1:] == second[1:]
    assert second[1] == str(package / "model" / "trend.py")


def test_a_module_that_has_changed_since_is_read_anew(package):
    ask(package)
    with (package / "model" / "trend.py").open("a") as file:
        file.write("\nADDED = 'changed'\n")

    assert ask(package)[-1] == "changed"


def test_a_package_comes_by_the_short_way_and_knows_its_folder(package):
    ask_for_package = ASK.replace("lapwing.model import trend as module", "lapwing import stats as module")
    ask_for_package += "print(module.__path__[0])\n"
    run(ask_for_package, package)
    answers = run(ask_for_package, package)

    assert answers[:2] == ["_CompiledLoader", str(package / "stats" / "__init__.py")]
    assert answers[-1] == str(package / "stats")


def test_the_collector_rests_meanwhile_and_goes_on_afterwards():
    from lapwing.plugin.plain_imports import PlainImports

    assert gc.isenabled()
    with PlainImports():
        assert not gc.isenabled()
    assert gc.isenabled()
