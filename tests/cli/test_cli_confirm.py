"""`lapwing confirm` on real repositories. What is tested computes for a fixed processor time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.cli.main import main
from lapwing.store.open_store import open_store

PACKAGE = """\
import time


def work(milliseconds={milliseconds}):
    end = time.process_time() + milliseconds / 1000
    while time.process_time() < end:
        pass
"""

TESTS = """\
import pytest
import shop


@pytest.mark.parametrize("what", ["a b::c[d]"])
def test_list(what):
    shop.work()


def test_steady():
    shop.work(40)
"""

# By turns quick and slow: equal code in whose pairs one side is now the first and now the second of two.
UNSTEADY = """\
import os
import pathlib
import shop


def test_steady():
    calls = pathlib.Path(os.environ["CALLS"])
    number = len(calls.read_text()) if calls.exists() else 0
    calls.write_text("x" * (number + 1))
    shop.work(45 if number % 2 else 30)
"""

NAME = "tests/test_shop.py::test_list[a b::c[d]]"
FAST, SLOWER, TWICE = 20, 30, 40  # milliseconds


class Shop:
    """A repository with its package below `src`, found through PYTHONPATH as by an editable installation."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.out = self.err = ""
        self._capsys = capsys
        (root / "src" / "shop").mkdir(parents=True)
        (root / "tests").mkdir()
        (root / "pytest.ini").write_text("[pytest]\n")
        (root / ".gitignore").write_text("__pycache__\n.lapwing\n")
        (root / "tests" / "test_shop.py").write_text(TESTS)
        self.git("init", "--quiet", "--initial-branch=main")
        self.takes(FAST)
        self.commit("first")

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        done = subprocess.run(
            ["git", *who, *words], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def takes(self, milliseconds: int) -> None:
        (self.root / "src" / "shop" / "__init__.py").write_text(PACKAGE.format(milliseconds=milliseconds))

    def commit(self, subject: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def state(self) -> tuple[str, ...]:
        """What a command must not change."""
        files = {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not {".git", ".lapwing", "__pycache__"} & set(path.parts)
        }
        told = [self.git(*words.split()) for words in ("status --porcelain", "worktree list", "stash list")]
        return (*told, self.git("rev-parse", "HEAD"), repr(sorted(files.items())))

    def run(self, *words: str) -> int:
        self._capsys.readouterr()
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, *words: str) -> dict:
        self.run(*words, "--format", "json")
        return json.loads(self.out)


@pytest.fixture
def shop(tmp_path, monkeypatch, capsys) -> Shop:
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", str(root / "src"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in [name for name in os.environ if name.startswith(("GIT_", "LAPWING", "PYTEST_ADDOPTS"))]:
        monkeypatch.delenv(name)
    return Shop(root, capsys)


QUICK = ("--pairs", "1", "--max-pairs", "1")


@pytest.mark.slow_suite
def test_a_change_that_is_not_committed_is_found_and_the_checkout_stays_as_it_is(shop):
    shop.takes(SLOWER)
    (shop.root / "notes.txt").write_text("mine")
    before = shop.state()

    names = (NAME, "tests/test_shop.py::test_steady")
    code = shop.run("confirm", *names, "--against", "HEAD", "--threshold", "20%")

    assert code == 1
    assert "of 2 tests 1 slower, 1 not changed" in shop.out
    assert "computes longer" in shop.out
    assert shop.state() == before


@pytest.mark.slow_suite
def test_the_document_gives_every_number(shop):
    shop.takes(TWICE)

    found = shop.json("confirm", "tests/test_shop.py::test_list", "--against", "HEAD")

    (test,) = found["tests"]
    cpu = test["comparisons"][0]
    assert (found["format_version"], found["verdict"], found["pairs"]) == (1, "regressed", 10)
    assert (test["nodeid"], test["severity"]) == (NAME, "critical")
    assert cpu["metric"] == "cpu"
    assert cpu["interval"][0] > 1.8
    assert cpu["p"] < 0.01
    assert found["b"]["commit"] is None


@pytest.mark.slow_suite
def test_the_default_is_where_the_branch_left_the_base(shop):
    shop.git("checkout", "--quiet", "-b", "feature")
    shop.takes(SLOWER)
    shop.commit("slower")

    found = shop.json("confirm", NAME, *QUICK)

    assert found["a"] == {"name": "the merge base with main", "commit": shop.git("rev-parse", "main")}
    assert found["b"]["commit"] == shop.git("rev-parse", "HEAD")
    assert found["tests"][0]["comparisons"][0]["ratio"] == pytest.approx(1.5, rel=0.2)


def test_equal_sides_are_refused_unless_asked_for(shop):
    assert shop.run("confirm", NAME) == 2

    assert "the checkout is the same as the merge base with main" in shop.err


@pytest.mark.slow_suite
def test_a_test_that_one_side_lacks_fails_or_skips_cannot_be_told_and_the_others_can(shop):
    tests = shop.root / "tests" / "test_shop.py"
    tests.write_text(
        TESTS + "\n\ndef test_new():\n    pass\n\n\ndef test_bad():\n    assert shop.work() is None\n"
    )
    shop.commit("more tests")
    tests.write_text(tests.read_text().replace("assert shop.work() is None", "assert False, 'broken'"))

    found = shop.json("confirm", "tests/test_shop.py", "--against", "HEAD", *QUICK)
    against_first = shop.json("confirm", "tests/test_shop.py::test_new", "--against", "HEAD~1", *QUICK)

    by_name = {test["nodeid"].partition("::")[2]: test for test in found["tests"]}
    assert by_name["test_bad"]["reason"].startswith(
        "on the checkout as it is it fails: AssertionError: broken"
    )
    assert by_name["test_steady"]["comparisons"]
    assert against_first["tests"][0]["reason"] == "HEAD~1 does not have this test"
    assert against_first["verdict"] == "cannot_tell"


@pytest.mark.slow_suite
def test_code_that_both_sides_take_from_an_installation_cannot_be_told(shop, tmp_path, monkeypatch):
    installed = tmp_path / "site-packages" / "shop"
    installed.mkdir(parents=True)
    (installed / "__init__.py").write_text(PACKAGE.format(milliseconds=1))
    monkeypatch.setenv("PYTHONPATH", str(installed.parent))
    shop.takes(SLOWER)

    code = shop.run("confirm", NAME, "--against", "HEAD")

    assert code == 2
    assert "both sides imported shop from" in " ".join(shop.out.split())
    assert "1 cannot be told" in shop.out


@pytest.mark.slow_suite
def test_a_tree_can_be_prepared_in_an_environment_of_its_own(shop, tmp_path):
    (shop.root / "tests" / "conftest.py").write_text("import generated\n")
    shop.commit("needs a module that is installed")
    (shop.root / "generated.py").write_text("")  # the checkout has it, git does not
    install = tmp_path / "install.py"
    install.write_text(
        "import pathlib, sysconfig\n"
        "site = pathlib.Path(sysconfig.get_path('purelib'))\n"
        "(site / 'generated.py').write_text('')\n"
        f"pathlib.Path({str(tmp_path / 'site')!r}).write_text(str(site))\n"
    )

    found = shop.json("confirm", NAME, "--against", "HEAD", "--prepare", f"python '{install}'", *QUICK)

    assert found["tests"][0]["comparisons"]
    site = Path((tmp_path / "site").read_text())
    assert not site.is_relative_to(sys.prefix)
    assert not site.exists()


@pytest.mark.slow_suite
def test_untracked_files_can_be_brought_along(shop):
    (shop.root / "tests" / "conftest.py").write_text("import shop.version\n")
    shop.commit("needs a file that is made")
    (shop.root / "src" / "shop" / "version.py").write_text("")

    without = shop.json("confirm", NAME, "--against", "HEAD", *QUICK)
    brought = shop.json("confirm", NAME, "--against", "HEAD", "--copy", "src/shop/version.py", *QUICK)

    assert "No module named 'shop.version'" in without["tests"][0]["reason"]
    assert brought["tests"][0]["comparisons"]


def test_a_glob_that_fits_nothing_is_an_error(shop):
    shop.takes(SLOWER)

    assert shop.run("confirm", NAME, "--against", "HEAD", "--copy", "*.nothing") == 2

    assert "no file of the checkout fits '*.nothing'" in shop.err
    assert shop.git("worktree", "list").count("\n") == 0


def test_a_preparation_that_fails_is_told_and_leaves_nothing(shop):
    shop.takes(SLOWER)

    assert shop.run("confirm", NAME, "--against", "HEAD", "--prepare", "echo an error; exit 7") == 2

    assert "--prepare failed (exit status 7): an error" in shop.err
    assert shop.git("worktree", "list").count("\n") == 0


def test_a_name_that_fits_no_test_is_an_error(shop):
    shop.takes(SLOWER)

    assert shop.run("confirm", "tests/test_shop.py::test_nothing", "--against", "HEAD") == 2

    assert "no test ran on either side: none fits the names given" in shop.err


def test_outside_of_git_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert main(["confirm", "test_it.py", "--root", str(tmp_path)]) == 2

    assert "this is no git repository" in capsys.readouterr().err


def test_without_runs_there_are_no_suspects(shop):
    assert shop.run("confirm") == 2

    assert "there is no store here" in shop.err


@pytest.mark.slow_suite
def test_a_suspect_is_cleared_once_it_is_surely_not_slower_by_its_own_threshold(
    shop, make_run, monkeypatch, tmp_path
):
    steady = "tests/test_shop.py::test_steady"
    (shop.root / "tests" / "test_shop.py").write_text(UNSTEADY)
    shop.commit("unsteady")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    runs = [make_run(number, factors={7: 4.0} if number == 7 else {}) for number in range(8)]
    with open_store(str(shop.root / ".lapwing" / "store.sqlite"), create=True) as store:
        for run in runs:
            tests = [*run.tests[:7], run.tests[7]._replace(nodeid=steady), *run.tests[8:]]
            store.write_run(run._replace(tests=tuple(tests)))
    (shop.root / "pyproject.toml").write_text(
        f'[tool.lapwing]\nbase_branch = "main"\n[tool.lapwing.thresholds.steady]\ntests = ["{steady}"]\n'
        'warning = "150%"\n'
    )

    found = shop.json("confirm", "--against", "HEAD", "--threshold", "0%")

    (test,) = found["tests"]
    assert (test["nodeid"], test["verdict"], test["reason"]) == (steady, "unchanged", "not slower by 150%")


BENCHMARK = """\
import shop


def test_times(perf):
    perf.benchmark(lambda: shop.work(2), name="steady", iterations=4, memory=False)
    perf.benchmark(shop.work, name="working", iterations=4, memory=False)
"""

ONE_BENCHMARK = "".join(BENCHMARK.splitlines(keepends=True)[:-1])

FOREIGN = """\
import shop


def test_foreign(benchmark):
    benchmark.pedantic(shop.work, rounds=4)
"""


@pytest.mark.slow_suite
@pytest.mark.parametrize(
    ("text", "plugin", "name", "others"),
    [
        (BENCHMARK, "lapwing.plugin", "working", {"steady"}),
        (FOREIGN, "pytest_benchmark.plugin", "test_foreign", set()),
    ],
)
def test_a_benchmark_is_compared_in_place_of_its_test(shop, monkeypatch, text, plugin, name, others):
    monkeypatch.setenv("PYTEST_PLUGINS", plugin)
    (shop.root / "tests" / "test_times.py").write_text(text)
    shop.takes(4)
    shop.commit("benchmarks")
    shop.takes(40)

    found = shop.json("confirm", "tests/test_times.py", "--against", "HEAD", *QUICK)

    ratios = {each["benchmark"]: each["comparisons"][0]["ratio"] for each in found["tests"]}
    assert ratios.keys() == {name, *others}
    assert ratios[name] > 2  # of wall time, of a few pairs: ten times as long on a quiet machine
    assert all(ratios[other] < ratios[name] for other in others)


@pytest.mark.slow_suite
def test_a_benchmark_that_one_side_lacks_leaves_its_test(shop, monkeypatch):
    monkeypatch.setenv("PYTEST_PLUGINS", "lapwing.plugin")
    (shop.root / "tests" / "test_times.py").write_text(ONE_BENCHMARK)
    shop.commit("one benchmark")
    (shop.root / "tests" / "test_times.py").write_text(BENCHMARK.replace('"steady"', '"new"'))

    found = shop.json("confirm", "tests/test_times.py", "--against", "HEAD", *QUICK)

    assert [each["benchmark"] for each in found["tests"]] == [""]
