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
import importlib, inspect, sys
import _frozen_importlib
from lapwing.plugin.plain_imports import PlainImports

class Asked:
    names = []
    def find_spec(self, name, path=None, target=None):
        self.names.append(name)

sys.meta_path.insert(0, Asked())
before, door = list(sys.meta_path), _frozen_importlib._find_and_load
with PlainImports():
    from lapwing.model import trend as module
assert sys.meta_path == before and _frozen_importlib._find_and_load is door
way = "long" if module.__name__ in Asked.names else "short"
print(way, module.__file__, module.__spec__.cached, getattr(module, "ADDED", None))
assert inspect.getsource(module).startswith(module.__doc__ and '"' * 3)
assert type(module.__loader__).__name__ == "SourceFileLoader" and module.__spec__.loader is module.__loader__
assert module.__cached__ == module.__spec__.cached and module.__spec__.has_location
assert importlib.reload(module) is module
"""


@pytest.fixture
def package(tmp_path):
    """A copy of the package without any compiled file."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(Path(lapwing.__file__).parent, tmp_path / "lapwing", ignore=ignored))


def ask(package):
    """The way, file, compiled file and content of a module imported in a fresh process."""
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

    assert first[0] == "long"
    assert second[0] == "short"
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

    assert answers[:2] == ["short", str(package / "stats" / "__init__.py")]
    assert answers[-1] == str(package / "stats")


def test_the_collector_rests_meanwhile_and_goes_on_afterwards():
    from lapwing.plugin.plain_imports import PlainImports

    assert gc.isenabled()
    with PlainImports():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_module_that_raises_is_not_loaded_and_raises_again(package):
    (package / "model" / "trend.py").write_text("raise RuntimeError('of the module')\n")
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(package / "model")], check=True)
    again = """
import sys
from lapwing.plugin.plain_imports import PlainImports
with PlainImports():
    for _ in range(2):
        try:
            import lapwing.model.trend
        except RuntimeError as error:
            print(error.args[0].replace(" ", "_"), "lapwing.model.trend" in sys.modules)
"""

    assert run(again, package) == ["of_the_module", "False"] * 2


def test_a_module_that_is_there_is_not_made_again(package):
    ask(package)
    script = """
import importlib
from lapwing.plugin.plain_imports import PlainImports
from lapwing.model import trend
with PlainImports():
    print(importlib.import_module("lapwing.model.trend") is trend)
"""

    assert run(script, package) == ["True"]


def test_another_thread_imports_the_long_way_meanwhile(package):
    ask(package)
    script = """
import sys, threading
from lapwing.plugin.plain_imports import PlainImports

class Asked:
    names = []
    def find_spec(self, name, path=None, target=None):
        self.names.append(name)

sys.meta_path.insert(0, Asked())
with PlainImports():
    thread = threading.Thread(target=lambda: __import__("lapwing.model.trend"))
    thread.start()
    thread.join()
print("lapwing.model.trend" in Asked.names, "lapwing.model.trend" in sys.modules)
"""

    assert run(script, package) == ["True", "True"]


def test_what_someone_froze_for_the_collector_stays_frozen():
    from lapwing.plugin.plain_imports import PlainImports

    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with PlainImports():
            pass
        assert gc.get_freeze_count() >= frozen - 100  # what is freed meanwhile thaws, too
    finally:
        gc.unfreeze()
